// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probe set sched: where the time of threads goes.
 *
 * A thread is always in one part; what lies between two events is added to the part that it was in.
 * Its `since` says up to when that is done, and is only ever exchanged, so that each nanosecond is
 * counted once, whoever comes first: the thread's own events, or a reading, which brings all
 * threads up to date.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
/* Interrupts are off while the scheduler switches and wakes: no two of these additions meet on one
 * CPU. */
#define SET_PERCPU 1
/* It holds a lock meanwhile that an allocation might want. */
#define SET_LOCKED 1
#include "cause.bpf.h"
#include "store.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1); /* services; set by the loader */
	__type(key, u32);
	__type(value, struct counters);
} counters SEC(".maps");

/* @shared: this CPU's counter may be changed by an event that interrupts. */
static __always_inline void spend(struct who *w, u32 counter, u64 ns, bool shared)
{
	u32 svc = w->svc;
	struct counters *c = svc ? bpf_map_lookup_elem(&counters, &svc) : NULL;
	struct hist *h;

	if (c && shared) {
		__sync_fetch_and_add(&c->n[counter & (MAX_COUNTERS - 1)], ns);
	} else if (c) {
		c->n[counter & (MAX_COUNTERS - 1)] += ns;
	} else {
		h = early_hist(w, counter);
		svc = SVC_OTHER;
		if (h)
			__sync_fetch_and_add(&h->sum, ns);
		else if ((c = bpf_map_lookup_elem(&counters, &svc)))
			__sync_fetch_and_add(&c->n[counter & (MAX_COUNTERS - 1)], ns);
	}
}

/* The ticks that the task was found running at since it was last looked at. */
static __always_inline void spend_ticks(struct task_state *t, struct task_struct *task, bool shared)
{
	u64 user = compat_read(task, utime), kernel = compat_read(task, stime);

	if (user != t->ticks_user) {
		spend(&t->who, SCHED_TICKS_USER, user - t->ticks_user, shared);
		t->ticks_user = user;
	}
	if (kernel != t->ticks_kernel) {
		spend(&t->who, SCHED_TICKS_KERNEL, kernel - t->ticks_kernel, shared);
		t->ticks_kernel = kernel;
	}
}

/* Part of the call in flight, if there is one that is timed. */
static __always_inline void wait_in_call(struct task_state *t, u32 part, u64 ns)
{
	u32 i = part - PART_WAITS;

	if (!t->start)
		return;
	if (t->wait_start != t->start) {
		__builtin_memset(t->wait, 0, sizeof(t->wait));
		t->wait_start = t->start;
	}
	ONE_REGISTER(i);
	if (i < HIST_WAITS)
		__sync_fetch_and_add(&t->wait[i], ns);
}

/* The socket is there as long as the thread is in the call. */
static __noinline void wait_for_peer(struct task_state *t, u64 ns)
{
	struct peer_stats *p = peer_of(&t->who, (void *)t->socket, compat.any_context);

	if (p)
		__sync_fetch_and_add(&p->waited, ns);
}

static __noinline void peer_answered(struct task_state *t, u64 ns)
{
	struct peer_stats *p = peer_of(&t->who, (void *)t->socket, compat.any_context);

	if (p) {
		__sync_fetch_and_add(&p->waits, 1);
		peer_bucket(p->wait, ns);
	}
	t->socket = 0;
}

/* Counts the time up to @now as @part. */
static __always_inline void settle(struct task_state *t, struct task_struct *task, u32 part,
				   u64 now, bool atomic, bool shared)
{
	u64 old = compat_exchange(&t->since, now, atomic);
	u32 i;

	/* Clocks of two CPUs, or a reading that was interrupted. */
	if (!old || old > now)
		return;
	task_who(t, task);
	i = part;
	ONE_REGISTER(i);
	if (compat.storage && i < TIME_PARTS)
		t->time[i] += now - old;
	if (t->socket && (part == PART_RECV || part == PART_SEND))
		wait_for_peer(t, now - old);
	if (part == PART_USER)
		spend_ticks(t, task, shared);
	else
		wait_in_call(t, part, now - old);
	spend(&t->who, part, now - old, shared);
}

static __always_inline void begin(struct task_state *t, struct task_struct *task, u32 part, u64 now)
{
	t->ticks_user = compat_read(task, utime);
	t->ticks_kernel = compat_read(task, stime);
	t->part = part;
	t->ready = now;
	t->left = now;
	*(volatile u64 *)&t->since = now;
}

/* Not made here: the scheduler's lock is held. */
static __always_inline struct task_state *known(struct task_struct *task)
{
	struct task_state *t = task_state(task, false);

	return t && t->since ? t : NULL;
}

static __always_inline void leave_cpu(struct task_struct *task, bool preempted, u32 state, u64 now,
				      bool atomic)
{
	struct task_state *t = known(task);

	if (!t)
		return;
	/* Whatever is written there: when all threads were looked at first it may have been about
	 * to run. */
	settle(t, task, PART_USER, now, atomic, false);
	if (preempted || !state) {
		t->part = PART_RUNQ;
		t->ready = now;
	} else if (state & TASK_DEAD) {
		t->part = PART_GONE;
		t->since = 0;
	} else {
		t->left = now;
		t->part = cause_of(t, task, state, true);
	}
}

static __always_inline void take_cpu(struct task_struct *task, u64 now, bool atomic)
{
	struct task_state *t = known(task);
	u32 part;

	if (!t)
		return;
	part = t->part;
	settle(t, task, part, now, atomic, false);
	t->part = PART_USER;
	if (part == PART_RUNQ && now >= t->ready)
		record(&t->who, SCHED_OP_RUNQ, now - t->ready, false,
		       cfg.slo ? slo[SCHED_OP_RUNQ] : 0);
}

static __always_inline int on_switch(unsigned long long *ctx, struct task_struct *prev,
				     struct task_struct *next, bool atomic)
{
	u64 now = bpf_ktime_get_ns();

	if (prev->pid)
		leave_cpu(prev, ctx[0], compat_switch_state(ctx, prev), now, atomic);
	if (next->pid)
		take_cpu(next, now, atomic);
	return 0;
}

static __always_inline int on_wakeup(struct task_struct *task, bool atomic)
{
	struct task_state *t = known(task);
	u64 now;

	/* One that has not left its CPU yet needs no waking. */
	if (!t || t->part == PART_USER || t->part == PART_RUNQ)
		return 0;
	now = bpf_ktime_get_ns();
	settle(t, task, t->part, now, atomic, false);
	if (t->socket && (t->part == PART_RECV || t->part == PART_SEND))
		peer_answered(t, now - t->left);
	t->part = PART_RUNQ;
	t->ready = now;
	return 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	return on_switch(ctx, prev, next, true);
}

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch_plain, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	return on_switch(ctx, prev, next, false);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(sched_wakeup, struct task_struct *task)
{
	return on_wakeup(task, true);
}

SEC("tp_btf/sched_wakeup")
int BPF_PROG(sched_wakeup_plain, struct task_struct *task)
{
	return on_wakeup(task, false);
}

/* In the parent's context, before the child runs. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(sched_process_fork, struct task_struct *parent, struct task_struct *child)
{
	struct task_state *t = task_state(child, true), *from;

	if (!t)
		return 0;
	from = task_state(parent, false);
	/* A thread belongs to its process. */
	if (from && from->cset == (u64)compat_read(child, cgroups) &&
	    (u64)compat_read(child, group_leader) == (u64)compat_read(parent, group_leader)) {
		t->who = from->who;
		t->cset = from->cset;
	}
	begin(t, child, PART_RUNQ, bpf_ktime_get_ns());
	return 0;
}

static __always_inline u32 part_now(struct task_state *t, struct task_struct *task)
{
	u32 state = compat_task_state(task);

	if (compat_on_cpu(task))
		return PART_USER;
	if (!state)
		return PART_RUNQ;
	return state & TASK_DEAD ? PART_GONE : cause_of(t, task, state, false);
}

/* Brings all threads up to date, and takes in those that are not known yet. */
static __always_inline int on_thread(struct task_struct *task, bool atomic)
{
	struct task_state *t;
	u32 part;
	u64 now;

	/* Of two who make a thread's storage at once one gets none: it is left to
	 * sched_process_fork, which has yet to come. */
	if (!task || compat_task_state(task) & TASK_NEW)
		return 0;
	t = task_state(task, true);
	if (!t || t->part == PART_GONE)
		return 0;
	part = *(volatile u32 *)&t->part;
	now = bpf_ktime_get_ns();
	if (t->since) {
		settle(t, task, part, now, atomic, true);
		return 0;
	}
	part = part_now(t, task);
	if (part == PART_GONE)
		t->part = PART_GONE;
	else
		begin(t, task, part, now);
	return 0;
}

SEC("iter/task")
int settle_threads(struct bpf_iter__task *ctx)
{
	return on_thread(ctx->task, true);
}

SEC("iter/task")
int settle_threads_plain(struct bpf_iter__task *ctx)
{
	return on_thread(ctx->task, false);
}

/* Before it is attached again: nobody knows what threads did meanwhile. */
SEC("iter/task")
int forget(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_state *t = task ? task_state(task, false) : NULL;

	if (t) {
		t->since = 0;
		t->socket = 0;
	}
	return 0;
}

static __always_inline void fill_call(struct thread_row *row, struct task_state *t,
				      struct task_struct *task)
{
	struct compat_call call = {};

	/* While it runs its registers are on their way; the kernel's own threads are in no call. */
	if (t->part == PART_USER || compat_read(task, flags) & PF_KTHREAD)
		return;
	compat_task_call(task, &call, false, 3);
	row->call = call.nr;
	row->arg = call.arg[0];
	row->blocked = t->part == PART_RUNQ ? 0 : bpf_ktime_get_ns() - t->left;
}

static __always_inline void fill_io(struct thread_row *row, struct task_struct *task)
{
	/* Absent without CONFIG_TASK_IO_ACCOUNTING. */
	if (!bpf_core_field_exists(task->ioac))
		return;
	row->read_bytes = compat_read(task, ioac.read_bytes);
	row->written_bytes = compat_read(task, ioac.write_bytes);
}

static __always_inline int list_thread(struct bpf_iter__task *ctx, bool atomic)
{
	struct task_struct *task = ctx->task, *parent;
	struct thread_row row = {.call = -1};
	struct task_state *t;
	u64 start;

	if (!task)
		return 0;
	t = task_state(task, false);
	if (!t || t->part == PART_GONE)
		return 0;
	if (t->since)
		settle(t, task, *(volatile u32 *)&t->part, bpf_ktime_get_ns(), atomic, true);
	row.pid = compat_read(task, tgid);
	row.tid = compat_read(task, pid);
	parent = compat_read(task, real_parent);
	row.ppid = compat_read(parent, tgid);
	row.svc = who_refresh(&t->who);
	read_comm(row.comm, task);
	row.started = compat_read(task, start_time);
	if (compat.storage) {
		__builtin_memcpy(row.time, t->time, sizeof(row.time));
		row.calls = t->calls;
		row.errors = t->errors;
	}
	row.ticks_user = t->ticks_user;
	row.ticks_kernel = t->ticks_kernel;
	row.part = t->part;
	fill_io(&row, task);
	fill_call(&row, t, task);
	start = t->start;
	/* The clock comes last, lest a call seem to have begun in the future. */
	if (start)
		row.age = bpf_ktime_get_ns() - start;
	bpf_seq_write(ctx->meta->seq, &row, sizeof(row));
	return 0;
}

SEC("iter/task")
int list_threads(struct bpf_iter__task *ctx)
{
	return list_thread(ctx, true);
}

SEC("iter/task")
int list_threads_plain(struct bpf_iter__task *ctx)
{
	return list_thread(ctx, false);
}

char LICENSE[] SEC("license") = "GPL";
