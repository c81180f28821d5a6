// SPDX-License-Identifier: GPL-2.0-only
/* Probe set syscalls: sys_enter to sys_exit of the same task. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
/* A system call exits in task context with preemption off: no two of these additions meet on one
 * CPU. */
#define SET_PERCPU 1
#include "store.bpf.h"
#include "syscalls.h"

#define MAX_ERRNO 4095

SEC(".rodata.numbers") const volatile struct syscall_numbers numbers;

/* FUTEX_WAIT, LOCK_PI, WAIT_BITSET, WAIT_REQUEUE_PI, LOCK_PI2 of include/uapi/linux/futex.h */
#define FUTEX_WAITS (1 << 0 | 1 << 6 | 1 << 9 | 1 << 11 | 1 << 13)

static __always_inline u32 call_op(u64 nr, u64 arg2, struct task_struct *task)
{
	if (compat_is_compat_call(task))
		return SYS_OP_COMPAT;
	if (nr == numbers.futex && (FUTEX_WAITS >> (arg2 & 15) & 1))
		return SYS_OP_FUTEX_WAIT;
	if (nr == numbers.futex_wait)
		return SYS_OP_FUTEX_WAIT;
	return nr < SYS_OP_COMPAT ? nr : SYS_OP_UNKNOWN;
}

static __always_inline void enter(u64 nr, u64 arg2)
{
	struct task_struct *task = compat_current();
	struct task_state *t = task_state(task, true);

	if (!t)
		return;
	t->op = call_op(nr, arg2, task);
	t->start = bpf_ktime_get_ns();
}

/* A child leaves the call that made it without having entered it. */
static __always_inline bool is_birth(u64 nr, s64 ret)
{
	if (ret)
		return false;
	for (u32 i = 0; i < MAX_BIRTHS; i++)
		if (i < numbers.births && nr == numbers.birth[i])
			return true;
	return false;
}

/* Adds to an operation what its last event spent waiting, and for what. Rare: only where it left
 * the CPU. */
static __noinline void record_waits(struct who *w, u64 op, const u64 *wait)
{
	struct hist *h = slot_hist(w, op);

	if (!h)
		h = early_or_other(w, op);
	for (int i = 0; h && i < HIST_WAITS; i++)
		if (wait[i])
			__sync_fetch_and_add(&h->wait[i], wait[i]);
}

static __always_inline void leave(u64 nr, s64 ret)
{
	struct task_struct *task = compat_current();
	struct task_state *t = task_state(task, false);
	u64 start, ns;
	u32 op;

	if (!t || !t->start) {
		if (!is_birth(nr, ret))
			lose(LOSS_UNSTARTED, 1);
		return;
	}
	start = t->start;
	ns = bpf_ktime_get_ns() - start;
	t->start = 0;
	op = t->op & (MAX_OPS - 1);
	record(task_who(t, task), op, ns, (u64)ret >= (u64)-MAX_ERRNO, cfg.slo ? slo[op] : 0);
	if (compat.storage) {
		t->calls++;
		t->errors += (u64)ret >= (u64)-MAX_ERRNO;
	}
	if (t->wait_start == start)
		record_waits(&t->who, op, t->wait);
}

static __always_inline void hook_accept(void *ctx, u32 nr)
{
	if (compat.tail_calls && (nr == numbers.accept || nr == numbers.accept4))
		bpf_tail_call(ctx, &accept_exit_hook, 0);
}

SEC("tp_btf/sys_enter")
int BPF_PROG(sys_enter, struct pt_regs *regs, long nr)
{
	enter(nr, compat_syscall_arg2(regs));
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sys_exit, struct pt_regs *regs, long ret)
{
	u32 nr = compat_syscall_nr(regs);

	leave(nr, ret);
	hook_accept(ctx, nr);
	return 0;
}

SEC("tp/raw_syscalls/sys_enter")
int sys_enter_event(struct compat_sys_enter *ctx)
{
	enter(ctx->id, ctx->args[1]);
	return 0;
}

SEC("tp/raw_syscalls/sys_exit")
int sys_exit_event(struct compat_sys_exit *ctx)
{
	leave(ctx->id, ctx->ret);
	hook_accept(ctx, ctx->id);
	return 0;
}

SEC("iter/task")
int inflight(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct inflight out = {};
	struct task_state *t;
	u64 start;

	if (!task)
		return 0;
	t = task_state(task, false);
	if (!t)
		return 0;
	start = t->start;
	/* One that is dead stays in its last call until it is reaped. */
	if (!start || compat_read(task, exit_state))
		return 0;
	out.op = t->op;
	out.svc = who_refresh(&t->who);
	/* The clock comes last: a call that began after it was read would seem to have begun in the
	 * future. */
	out.age_ns = bpf_ktime_get_ns() - start;
	bpf_seq_write(ctx->meta->seq, &out, sizeof(out));
	return 0;
}

/* Before it is attached again: a call that was in flight when it was detached may have ended since.
 */
SEC("iter/task")
int forget(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct task_state *t = task ? task_state(task, false) : NULL;

	if (t)
		t->start = 0;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
