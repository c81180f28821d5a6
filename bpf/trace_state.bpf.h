/* SPDX-License-Identifier: GPL-2.0-only */
/* Which processes are traced, and what is kept for their threads. */
#ifndef SONDE_TRACE_STATE_BPF_H
#define SONDE_TRACE_STATE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "compat.bpf.h"
#include "trace.h"

#define TARGETS  65536
#define THREADS  32768
#define MEMORIES 8192

#define ENOENT 2

SEC(".rodata.config") const volatile struct trace_config cfg;
SEC(".rodata.plan") const volatile struct trace_plan plan[TRACE_NRS];
SEC(".rodata.births") const volatile struct trace_births births;
SEC(".data.control") struct trace_control control;
SEC(".data.state") struct trace_state state;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, TARGETS);
	__type(key, u32);
	__type(value, struct trace_target);
} targets SEC(".maps");

/* A traced thread. */
struct caller {
	struct trace_event ev; /* its last call */
	u64 start;             /* of the call in flight; 0: in none */
	u64 seq;
	u32 nr;      /* of the plan and the sums */
	u32 missing; /* arguments whose memory was not there at entry, by bits */
	u32 copied;  /* its struct memory is of this call */
	u32 gone;    /* it has exited */
};

/* An event with its pieces. */
struct memory {
	struct trace_event ev;
	u8 data[TRACE_MEMORY];
	u32 used;
	u32 nstrings; /* pointers to strings, */
	u32 strings;  /* that were copied to here */
	u32 pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct caller);
} callers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct memory);
} memories SEC(".maps");

/* The same by the task's address, for kernels that keep nothing with tasks. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, THREADS);
	__type(key, u64);
	__type(value, struct caller);
} callers_by_task SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, MEMORIES);
	__type(key, u64);
	__type(value, struct memory);
} memories_by_task SEC(".maps");

/* Empty ones, too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct memory);
} no_memory SEC(".maps");

/* One for each call number on each CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, TRACE_NRS); /* times the CPUs; set by the loader */
	__type(key, u32);
	__type(value, struct trace_sum);
} sums SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20); /* set by the loader */
} ring SEC(".maps");

static __always_inline void lose(enum trace_loss what)
{
	__sync_fetch_and_add(&state.lost[what], 1);
}

static __always_inline u32 current_tgid(void)
{
	if (compat.storage)
		return bpf_get_current_task_btf()->tgid;
	return bpf_get_current_pid_tgid() >> 32;
}

/* All that a process which is not traced pays for. */
static __always_inline bool is_suspect(u32 tgid)
{
	return state.maybe[tgid & (TRACE_SUSPECTS - 1)];
}

static __always_inline struct caller *caller_of(struct task_struct *task, bool create)
{
	u64 key = (u64)task;
	struct caller *c;
	struct memory *none;
	u32 zero = 0;

	if (compat.storage)
		return bpf_task_storage_get(&callers, task, NULL,
					    create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	c = bpf_map_lookup_elem(&callers_by_task, &key);
	if (c || !create)
		return c;
	none = bpf_map_lookup_elem(&no_memory, &zero);
	if (!none)
		return NULL;
	bpf_map_update_elem(&callers_by_task, &key, none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&callers_by_task, &key);
}

static __always_inline const volatile struct trace_plan *plan_of(const struct caller *c)
{
	u32 nr = c->nr;

	/* The compiler may know that it is small enough, the verifier does not. */
	ONE_REGISTER(nr);
	return &plan[nr & (TRACE_NRS - 1)];
}

static __always_inline struct memory *memory_of(struct task_struct *task, bool create)
{
	u64 key = (u64)task;
	struct memory *m, *none;
	u32 zero = 0;

	if (compat.storage)
		return bpf_task_storage_get(&memories, task, NULL,
					    create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	m = bpf_map_lookup_elem(&memories_by_task, &key);
	if (m || !create)
		return m;
	none = bpf_map_lookup_elem(&no_memory, &zero);
	if (!none)
		return NULL;
	bpf_map_update_elem(&memories_by_task, &key, none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&memories_by_task, &key);
}

static __always_inline void forget_thread(struct task_struct *task)
{
	u64 key = (u64)task;

	/* Storage goes with the task. */
	if (compat.storage)
		return;
	bpf_map_delete_elem(&callers_by_task, &key);
	bpf_map_delete_elem(&memories_by_task, &key);
}

static __always_inline void count_target(u32 tgid, int by)
{
	__sync_fetch_and_add(&state.maybe[tgid & (TRACE_SUSPECTS - 1)], by);
	__sync_fetch_and_add(&state.targets, by);
}

static __always_inline void forget_target(u32 tgid)
{
	long err = bpf_map_delete_elem(&targets, &tgid);

	if (!err)
		count_target(tgid, -1);
	else if (err != -ENOENT)
		__sync_fetch_and_add(&state.stuck, 1);
}

static __always_inline u64 process_start(struct task_struct *task)
{
	struct task_struct *leader = compat_read(task, group_leader);

	return compat_read(leader, start_boottime);
}

/* NULL if @task is of none. */
static __always_inline struct trace_target *target_of(struct task_struct *task, u32 tgid)
{
	struct trace_target *t = bpf_map_lookup_elem(&targets, &tgid);
	u64 start;

	if (!t)
		return NULL;
	start = process_start(task);
	if (!t->start)
		t->start = start;
	if (t->start == start)
		return t;
	/* Its end was missed. */
	forget_target(tgid);
	return NULL;
}

/* What is kept for a thread of a target: NULL for others, and where nothing could be. */
static __noinline struct caller *new_caller(struct task_struct *task, u32 tgid)
{
	struct caller *c;

	if (!target_of(task, tgid))
		return NULL;
	c = caller_of(task, true);
	if (!c)
		lose(TRACE_LOST_THREAD);
	return c;
}

/* Only threads of targets have one. */
static __always_inline struct caller *traced(struct task_struct *task, u32 tgid)
{
	struct caller *c = caller_of(task, false);

	return c ? c : new_caller(task, tgid);
}

/* In the context of the thread whose event it is. */
static __always_inline void fill_event(struct trace_event *ev, struct caller *c, u32 type,
				       struct task_struct *task)
{
	ev->type = type;
	ev->bytes = sizeof(*ev);
	ev->pid = compat_read(task, tgid);
	ev->tid = compat_read(task, pid);
	ev->seq = ++c->seq;
	compat_current_comm(ev->comm, task);
}

/* What they take in a ring, with their head. */
#define RING_BYTES(bytes) (((bytes) + 15) & ~7)

/* Waking the reader costs more than all the rest, so that is done only each time that so much more
 * is waiting; never with a lock of the scheduler held. */
static __always_inline void send(void *data, u32 bytes, bool may_wake)
{
	u64 flags = BPF_RB_NO_WAKEUP, waiting;

	if (may_wake) {
		waiting = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);
		if ((waiting ^ (waiting + RING_BYTES(bytes))) & control.wake_bytes)
			flags = BPF_RB_FORCE_WAKEUP;
	}
	if (bpf_ringbuf_output(&ring, data, bytes, flags))
		lose(TRACE_LOST_RING);
}

#endif
