// SPDX-License-Identifier: GPL-2.0-only
/*
 * `sonde trace`: the calls of chosen processes, each as an event with the memory that its arguments
 * point to, and their sums. Nobody is stopped: an event is put together in the thread's own context
 * and left in a ring.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "trace_fetch.bpf.h"

#define MAX_ERRNO 4095
/* include/linux/sched.h */
#define TASK_DEAD      0x80
#define PF_IO_WORKER   0x00000010
#define PF_USER_WORKER 0x00004000

#define SIGKILL 9
#define SIGCHLD 17
#define SIGIO   29
#define SIGSYS  31
/* QUIT, ILL, TRAP, ABRT, BUS, FPE, SEGV, XCPU, XFSZ, SYS: those that leave a core. */
#define DUMPING                                                                                    \
	(1U << 3 | 1U << 4 | 1U << 5 | 1U << 6 | 1U << 7 | 1U << 8 | 1U << 11 | 1U << 24 |         \
	 1U << 25 | 1U << 31)
#define SI_KERNEL 0x80

/* A thread that the kernel added to a process. It makes no calls. */
static __always_inline bool is_worker(struct task_struct *task)
{
	return compat_read(task, flags) & (PF_IO_WORKER | PF_USER_WORKER);
}

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

	if (!m) {
		c->ev.flags |= TRACE_CUT;
		return;
	}
	m->used = 0;
	m->ev.flags = 0;
	c->copied = 1;
	fetch_entry(c);
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

static __always_inline bool is_wanted(struct caller *c, u64 ns, bool is_error)
{
	if (!cfg.events)
		return false;
	if (c->ev.flags & TRACE_WAS_SHOWN)
		return true;
	if (!plan_of(c)->show || ns < control.min_ns)
		return false;
	return is_error ? cfg.failed : cfg.succeeded;
}

static __always_inline void add_stack(void *ctx, struct memory *m)
{
	u32 at = m->used;
	long n;

	ONE_REGISTER(at);
	if (at > TRACE_MEMORY - HEAD - 8 * TRACE_STACK) {
		m->ev.flags |= TRACE_CUT;
		return;
	}
	n = bpf_get_stack(ctx, m->data + at + HEAD, 8 * TRACE_STACK, BPF_F_USER_STACK);
	if (n > 0)
		add_head(m, at, 0, n, PIECE_STACK);
}

/* Sends the event of @c, and the pieces that there are in @m. */
static __noinline void send_pieces(struct caller *c, struct memory *m, u32 may_wake)
{
	u32 bytes = m->used;

	c->ev.flags |= m->ev.flags & TRACE_CUT;
	ONE_REGISTER(bytes);
	if (bytes > TRACE_MEMORY)
		return;
	bytes += sizeof(m->ev);
	m->ev = c->ev;
	m->ev.bytes = bytes;
	send(m, bytes, may_wake);
}

static __noinline void show_call(void *ctx, struct task_struct *task, struct caller *c)
{
	u32 fetches = plan_of(c)->fetches;
	bool more = fetches & (FETCHES_AT_EXIT | FETCHES_LATE) || c->missing;
	struct memory *m;

	fill_event(&c->ev, c, TRACE_CALL, task);
	if (!more && !c->copied && !cfg.stacks) {
		send(&c->ev, sizeof(c->ev), true);
		return;
	}
	m = memory_of(task, true);
	if (!m) {
		c->ev.flags |= TRACE_CUT;
		send(&c->ev, sizeof(c->ev), true);
		return;
	}
	if (!c->copied) {
		m->used = 0;
		m->ev.flags = 0;
	}
	if (more)
		fetch_exit(c);
	if (cfg.stacks)
		add_stack(ctx, m);
	send_pieces(c, m, true);
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

/* A call in flight that will not be seen to return, or not for long. */
static __noinline void show_entered(struct task_struct *task, struct caller *c, u32 may_wake)
{
	struct memory *m = c->copied ? memory_of(task, false) : NULL;

	if (!plan_of(c)->show || c->ev.flags & TRACE_WAS_SHOWN)
		return;
	fill_event(&c->ev, c, TRACE_ENTERED, task);
	c->ev.start = c->start;
	c->ev.end = bpf_ktime_get_ns();
	c->ev.ret = 0;
	if (m)
		send_pieces(c, m, may_wake);
	else
		send(&c->ev, sizeof(c->ev), may_wake);
	c->ev.flags |= TRACE_WAS_SHOWN;
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

/* Of the thread that goes on; what it asked to execute was read from memory that is gone now. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(trace_exec, struct task_struct *task, pid_t old_pid)
{
	u32 tgid = compat_read(task, tgid);
	struct trace_event ev = {};
	struct caller *c;

	c = is_suspect(tgid) ? traced(task, tgid) : NULL;
	if (!c)
		return 0;
	for (u32 i = 0; i < TRACE_ARGS; i++)
		c->ev.unread += c->missing >> i & 1;
	c->missing = 0;
	if (!cfg.events)
		return 0;
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

SEC("tp_btf/sched_process_exit")
int BPF_PROG(trace_exit, struct task_struct *task)
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
	if (start) {
		row.nr = c->ev.nr;
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
