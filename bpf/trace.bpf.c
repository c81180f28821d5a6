// SPDX-License-Identifier: GPL-2.0-only
/*
 * `sonde trace`: the calls of chosen processes, each as an event with the memory that its arguments
 * point to, and their sums. Nobody is stopped: an event is put together in the thread's own context
 * and left in a ring.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "trace_life.bpf.h"

#define MAX_ERRNO 4095
#define TASK_DEAD 0x80 /* include/linux/sched.h */

static __always_inline bool failed(s64 ret)
{
	return (u64)ret >= (u64)-MAX_ERRNO;
}

static __always_inline u32 plan_nr(s64 nr, bool is_32bit)
{
	if (is_32bit)
		return TRACE_NR_COMPAT;
	return nr >= 0 && nr < TRACE_NR_UNKNOWN ? nr : TRACE_NR_UNKNOWN;
}

/* One of the two says the arguments. */
static __always_inline void fill_call(struct caller *c, struct task_struct *task, s64 nr,
				      const struct pt_regs *regs,
				      const struct compat_sys_enter *ctx)
{
	bool is_32bit = compat_is_compat_call(task);

	c->nr = plan_nr(nr, is_32bit);
	c->missing = 0;
	c->copied = 0;
	c->ev.nr = nr;
	c->ev.flags = is_32bit ? TRACE_COMPAT : 0;
	c->ev.unread = 0;
	if (!ctx) {
		compat_syscall_args(regs, is_32bit, c->ev.arg, TRACE_ARGS);
		return;
	}
	for (u32 i = 0; i < TRACE_ARGS; i++)
		c->ev.arg[i] = *(volatile u64 *)&ctx->args[i];
}

static __always_inline void copy_at_entry(struct caller *c, struct task_struct *task)
{
	struct memory *m = memory_of(task, true);

	/* Perhaps at exit. */
	if (!m) {
		c->missing = ~0u;
		return;
	}
	m->used = 0;
	m->nstrings = 0;
	m->ev.flags = 0;
	c->copied = 1;
	fetch_entry(c, m);
}

static __always_inline int enter(s64 nr, const struct pt_regs *regs,
				 const struct compat_sys_enter *ctx)
{
	struct task_struct *task = compat_current();
	struct caller *c = traced(task, current_tgid());

	if (!c)
		return 0;
	fill_call(c, task, nr, regs, ctx);
	if (cfg.events && plan_of(c)->fetches & FETCHES_AT_ENTRY)
		copy_at_entry(c, task);
	c->start = bpf_ktime_get_ns();
	/* Before the other threads' ends are seen, of which it is the cause. */
	if (cfg.events && plan_of(c)->fetches & EXECUTES &&
	    compat_read(task, pid) != compat_read(task, tgid))
		show_entered(task, c, true);
	return 0;
}

static __always_inline void count(u32 nr, u64 ns, bool is_error)
{
	u32 key = bpf_get_smp_processor_id() * TRACE_NRS + nr, i = hist_index(ns);
	struct trace_sum *s = bpf_map_lookup_elem(&sums, &key);

	if (!s)
		return;
	s->count++;
	s->errors += is_error;
	s->sum += ns;
	if (ns > s->max)
		s->max = ns;
	ONE_REGISTER(i);
	if (i < HIST_BUCKETS)
		s->bucket[i]++;
}

/* A child leaves the call that made it without having entered it. */
static __always_inline bool is_birth(struct task_struct *task, s64 nr, s64 ret)
{
	if (ret)
		return false;
	/* fork, clone, vfork, clone3 of x86's and arm's 32-bit tables */
	if (compat_is_compat_call(task))
		return nr == 2 || nr == 120 || nr == 190 || nr == 435;
	for (u32 i = 0; i < TRACE_BIRTHS; i++)
		if (i < births.n && nr == births.nr[i])
			return true;
	return false;
}

/* A call that was not seen to begin: it had begun before its thread was traced, or seccomp answered
 * it. Returns NULL if it is none that is shown. */
static __noinline struct caller *unstarted(struct task_struct *task, s64 nr, s64 ret,
					   const struct pt_regs *regs)
{
	struct caller *c = caller_of(task, false);
	u64 now = bpf_ktime_get_ns();
	bool known = c;

	if (!known)
		c = new_caller(task, current_tgid());
	if (!c || nr < 0 || is_birth(task, nr, ret))
		return NULL;
	fill_call(c, task, nr, regs, NULL);
	c->missing = ~0u;
	c->ev.flags |= known ? TRACE_REFUSED : TRACE_UNSTARTED;
	c->ev.start = known ? now : 0;
	c->ev.end = now;
	c->ev.ret = ret;
	/* How long the other one took is not known. */
	if (known)
		count(c->nr, 0, failed(ret));
	return is_wanted(c, 0, failed(ret)) ? c : NULL;
}

static __always_inline int leave(void *ctx, s64 nr, s64 ret, const struct pt_regs *regs)
{
	u64 now = bpf_ktime_get_ns(), ns;
	struct task_struct *task = compat_current();
	struct caller *c = caller_of(task, false);

	if (!c || !c->start) {
		c = unstarted(task, nr, ret, regs);
		if (c)
			show_call(ctx, task, c);
		return 0;
	}
	ns = now - c->start;
	c->ev.start = c->start;
	c->ev.end = now;
	c->ev.ret = ret;
	c->start = 0;
	count(c->nr, ns, failed(ret));
	if (is_wanted(c, ns, failed(ret)))
		show_call(ctx, task, c);
	return 0;
}

/* What is for traced processes only is apart, so that the others have few registers to save. */
static __noinline int enter_typed(u64 *ctx)
{
	return enter(ctx[1], (void *)ctx[0], NULL);
}

static __noinline int leave_typed(u64 *ctx)
{
	const struct pt_regs *regs = (void *)ctx[0];

	return leave(ctx, compat_syscall_nr(regs), ctx[1], regs);
}

static __noinline int enter_event(struct compat_sys_enter *ctx)
{
	return enter(ctx->id, NULL, ctx);
}

static __noinline int leave_event(struct compat_sys_exit *ctx)
{
	if (!compat.task_regs)
		return 0;
	return leave(ctx, ctx->id, ctx->ret, (void *)bpf_task_pt_regs(compat_current()));
}

SEC("tp_btf/sys_enter")
int trace_enter(u64 *ctx)
{
	return is_suspect(current_tgid()) ? enter_typed(ctx) : 0;
}

SEC("tp_btf/sys_exit")
int trace_leave(u64 *ctx)
{
	return is_suspect(current_tgid()) ? leave_typed(ctx) : 0;
}

SEC("tp/raw_syscalls/sys_enter")
int trace_enter_event(struct compat_sys_enter *ctx)
{
	return is_suspect(current_tgid()) ? enter_event(ctx) : 0;
}

SEC("tp/raw_syscalls/sys_exit")
int trace_leave_event(struct compat_sys_exit *ctx)
{
	return is_suspect(current_tgid()) ? leave_event(ctx) : 0;
}

SEC("tp_btf/sched_switch")
int BPF_PROG(trace_block, bool preempt, struct task_struct *prev)
{
	u32 state = compat_switch_state(ctx, prev);
	struct caller *c;

	if (preempt || !state || state & TASK_DEAD || !is_suspect(compat_read(prev, tgid)))
		return 0;
	c = caller_of(prev, false);
	if (c && c->start)
		show_entered(prev, c, false);
	return 0;
}

static __always_inline void fill_unstarted(struct trace_thread *row, struct task_struct *task)
{
	struct compat_call call = {};

	if (row->running || is_worker(task))
		return;
	compat_task_call(task, &call, row->flags & TRACE_COMPAT, TRACE_ARGS);
	row->nr = call.nr;
	__builtin_memcpy(row->arg, call.arg, sizeof(row->arg));
}

/* Since when it has not run is when it last came to run at the latest. */
static __always_inline void fill_blocked(struct trace_thread *row, struct task_struct *task)
{
	u64 ran, now;

	/* Absent without CONFIG_SCHED_INFO. */
	if (row->running || !compat_task_state(task) ||
	    !bpf_core_field_exists(task->sched_info.last_arrival))
		return;
	ran = compat_read(task, sched_info.last_arrival);
	now = bpf_ktime_get_ns();
	if (ran && now > ran)
		row->blocked = now - ran;
	if (row->age && row->blocked > row->age)
		row->blocked = row->age;
}

SEC("iter/task")
int threads(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct trace_thread row = {.nr = -1};
	struct caller *c;
	u64 start = 0;
	u32 tgid;

	if (!task)
		return 0;
	tgid = compat_read(task, tgid);
	if (!is_suspect(tgid) || !target_of(task, tgid))
		return 0;
	c = caller_of(task, false);
	row.pid = tgid;
	row.tid = compat_read(task, pid);
	row.running = compat_on_cpu(task);
	row.flags = compat_is_compat_call(task) ? TRACE_COMPAT : 0;
	if (c)
		start = *(volatile u64 *)&c->start;
	if (c && start) {
		row.nr = c->ev.nr;
		row.flags = c->ev.flags & TRACE_COMPAT;
		__builtin_memcpy(row.arg, c->ev.arg, sizeof(row.arg));
		/* The clock comes last, lest a call seem to have begun in the future. */
		row.age = bpf_ktime_get_ns() - start;
	} else {
		fill_unstarted(&row, task);
	}
	fill_blocked(&row, task);
	read_comm(row.comm, task);
	bpf_seq_write(ctx->meta->seq, &row, sizeof(row));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
