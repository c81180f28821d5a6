/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes and threads that come, change, are sent signals, and go. */
#ifndef SONDE_TRACE_LIFE_BPF_H
#define SONDE_TRACE_LIFE_BPF_H

#include <bpf/bpf_tracing.h>
#include "trace_show.bpf.h"

/* include/linux/sched.h */
#define PF_IO_WORKER   0x00000010
#define PF_USER_WORKER 0x00004000

#define SIGKILL   9
#define SIGCHLD   17
#define SIGIO     29
#define SIGSYS    31
#define SI_KERNEL 0x80
/* QUIT, ILL, TRAP, ABRT, BUS, FPE, SEGV, XCPU, XFSZ, SYS: those that leave a core. */
#define DUMPING                                                                                    \
	(1U << 3 | 1U << 4 | 1U << 5 | 1U << 6 | 1U << 7 | 1U << 8 | 1U << 11 | 1U << 24 |         \
	 1U << 25 | 1U << 31)

/* A thread that the kernel added to a process. It makes no calls. */
static __always_inline bool is_worker(struct task_struct *task)
{
	return compat_read(task, flags) & (PF_IO_WORKER | PF_USER_WORKER);
}

/* In the parent's context, before the child runs. */
SEC("tp_btf/sched_process_fork")
int BPF_PROG(trace_fork, struct task_struct *parent, struct task_struct *child)
{
	u32 tgid = compat_read(parent, tgid), child_tgid = compat_read(child, tgid);
	struct trace_target target = {.start = compat_read(child, start_boottime)};
	struct trace_event ev = {};
	struct caller *c;

	if (!cfg.follow || tgid == child_tgid || !is_suspect(tgid))
		return 0;
	c = traced(parent, tgid);
	if (!c)
		return 0;
	/* That of an earlier process if its end was missed. */
	forget_target(child_tgid);
	count_target(child_tgid, 1);
	if (bpf_map_update_elem(&targets, &child_tgid, &target, BPF_NOEXIST)) {
		count_target(child_tgid, -1);
		lose(TRACE_LOST_TARGET);
		return 0;
	}
	if (!cfg.events)
		return 0;
	fill_event(&ev, c, TRACE_FORK, parent);
	ev.start = ev.end = bpf_ktime_get_ns();
	ev.arg[0] = child_tgid;
	ev.arg[1] = compat_read(child, pid);
	send(&ev, sizeof(ev), true);
	return 0;
}

/* What execve read is gone with the old memory. If it was not there to be copied at entry, such as
 * a constant that a new child has never touched, the kernel still knows it. */
static __noinline void recover_exec(struct task_struct *task, struct caller *c,
				    struct linux_binprm *bprm)
{
	struct memory *m = memory_of(task, false);
	const volatile struct trace_plan *p = plan_of(c);
	struct mm_struct *mm;

	if (!m || !c->copied || p->arg[0].kind != FETCH_STRING || p->arg[1].kind != FETCH_STRINGS)
		return;
	if (c->missing & 1 && compat.probe_read &&
	    copy_piece((u64)BPF_CORE_READ(bprm, filename), c->ev.arg[0], TRACE_PIECE, FROM_KERNEL) >
		    0)
		c->missing &= ~1u;
	/* A script's interpreter is told something else. */
	if (!(c->missing & 2) || compat_read(bprm, filename) != compat_read(bprm, interp))
		return;
	mm = compat_read(task, mm);
	if (mm && !recover_strings(compat_read(mm, arg_start)))
		c->missing &= ~2u;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(trace_exec, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	u32 tgid = compat_read(task, tgid);
	struct trace_event ev = {};
	struct caller *c;

	c = is_suspect(tgid) ? traced(task, tgid) : NULL;
	if (!c)
		return 0;
	if (c->missing)
		recover_exec(task, c, bprm);
	for (u32 i = 0; i < TRACE_ARGS; i++)
		c->ev.unread += c->missing >> i & 1;
	c->missing = 0;
	fill_event(&ev, c, TRACE_EXEC, task);
	ev.start = ev.end = bpf_ktime_get_ns();
	ev.arg[0] = (u32)old_pid;
	send(&ev, sizeof(ev), true);
	return 0;
}

static __noinline void show_signal(struct task_struct *task, struct caller *c,
				   const struct trace_siginfo *s)
{
	struct trace_event ev = {};

	ev.arg[SIGNAL_NUMBER] = s->number;
	ev.arg[SIGNAL_CODE] = (s64)s->code;
	ev.arg[SIGNAL_ERRNO] = s->error;
	if (s->code <= 0 || s->number == SIGCHLD) {
		ev.arg[SIGNAL_FROM] = s->pid;
		ev.arg[SIGNAL_BY] = s->uid;
		ev.arg[SIGNAL_STATUS] = s->number == SIGCHLD && s->code > 0 ? s->status : s->value;
	} else {
		ev.arg[SIGNAL_FROM] = s->addr;
	}
	if (s->code > 0 && (s->number == SIGIO || s->number == SIGSYS)) {
		ev.arg[SIGNAL_BY] = s->nr;
		ev.arg[SIGNAL_STATUS] = s->arch;
	}
	fill_event(&ev, c, TRACE_SIGNAL, task);
	ev.start = ev.end = bpf_ktime_get_ns();
	send(&ev, sizeof(ev), true);
}

SEC("tp_btf/signal_deliver")
int BPF_PROG(trace_signal, int number, void *info)
{
	struct task_struct *task = compat_current();
	struct trace_siginfo s = {};
	u32 tgid = current_tgid();
	struct caller *c;

	/* That is how a thread learns that another one ends the process. */
	if (number == SIGKILL || !is_suspect(tgid))
		return 0;
	c = traced(task, tgid);
	if (!c)
		return 0;
	if (compat.probe_read)
		bpf_probe_read_kernel(&s, sizeof(s), info);
	s.number = number;
	show_signal(task, c, &s);
	return 0;
}

/* One that ends a process without a core is not delivered, but turned into SIGKILL when it is sent.
 */
SEC("tp_btf/signal_generate")
int BPF_PROG(trace_send_signal, int number, void *info, struct task_struct *task)
{
	u32 tgid = compat_read(task, tgid);
	struct trace_siginfo s = {};
	struct trace_target *t;

	if (!is_suspect(tgid))
		return 0;
	t = target_of(task, tgid);
	if (!t)
		return 0;
	/* What stands for an address then says that it is from a process or from the kernel. */
	if ((u64)info > 1 && compat.probe_read) {
		bpf_probe_read_kernel(&s, sizeof(s), info);
	} else if ((u64)info == 1) {
		s.code = SI_KERNEL;
	} else {
		s.pid = bpf_get_current_pid_tgid() >> 32;
		s.uid = bpf_get_current_uid_gid();
	}
	s.number = number;
	t->signal = s;
	return 0;
}

/* The signal that ends the process, once. */
static __always_inline void show_fatal(struct task_struct *task, struct caller *c, u32 tgid)
{
	u32 number = compat_read(task, exit_code) & 0x7f;
	struct trace_siginfo s;
	struct trace_target *t;

	if (!number || number == SIGKILL || (number < 32 && DUMPING >> number & 1))
		return;
	t = target_of(task, tgid);
	if (!t || (u32)t->signal.number != number)
		return;
	s = t->signal;
	t->signal.number = 0;
	show_signal(task, c, &s);
}

static __always_inline void show_exit(struct task_struct *task, struct caller *c, u32 tgid)
{
	struct task_struct *by = compat_exec_task(compat_read(task, signal));
	struct trace_event ev = {};

	if (c->start && cfg.succeeded && cfg.failed &&
	    bpf_ktime_get_ns() - c->start >= control.min_ns)
		show_entered(task, c, true);
	show_fatal(task, c, tgid);
	fill_event(&ev, c, TRACE_EXIT, task);
	ev.start = ev.end = bpf_ktime_get_ns();
	ev.ret = (u32)compat_read(task, exit_code);
	if (by && by != task && !ev.ret && ev.pid == ev.tid)
		ev.arg[0] = BPF_CORE_READ(by, pid);
	send(&ev, sizeof(ev), true);
}

static __noinline int on_exit(struct task_struct *task)
{
	u32 tgid = compat_read(task, tgid);
	struct signal_struct *signal = compat_read(task, signal);
	struct caller *c = caller_of(task, false);

	/* Of several threads that end at once the last one may have come here first: then its
	 * process is no target any more. */
	if (!c && is_suspect(tgid) && !is_worker(task))
		c = new_caller(task, tgid);
	if (c && cfg.events)
		show_exit(task, c, tgid);
	if (c)
		c->start = 0;
	if (is_suspect(tgid) && !compat_read(signal, live.counter) && target_of(task, tgid))
		forget_target(tgid);
	forget_thread(task);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(trace_exit, struct task_struct *task)
{
	return on_exit(task);
}

SEC("tp/sched/sched_process_exit")
int trace_exit_event(void *ctx)
{
	return on_exit(compat_current());
}

#endif
