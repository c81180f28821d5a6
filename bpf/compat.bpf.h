/* SPDX-License-Identifier: GPL-2.0-only */
/* Every difference between kernels, one accessor each, decided by the running kernel's BTF (here by
 * CO-RE, or in user/kernel.c) and never by its version. What the kernel lacks is in branches that
 * are known to be dead when the verifier comes to them. */
#ifndef SONDE_COMPAT_BPF_H
#define SONDE_COMPAT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "compat.h"
#include "shared.h"

SEC(".rodata.compat") const volatile struct compat compat;

/* Makes the compiler check and use the same register: not every kernel's verifier follows a bound
 * from one copy to another. */
#define ONE_REGISTER(x) asm volatile("" : "+r"(x))

static __always_inline struct task_struct *compat_current(void)
{
	if (compat.storage)
		return bpf_get_current_task_btf();
	return (void *)bpf_get_current_task();
}

/* What @p points to, for pointers that the verifier knows where there is storage: it is read
 * directly there, which costs less, and may be done under lockdown. */
#define compat_read(p, member) (compat.storage ? (p)->member : BPF_CORE_READ(p, member))

/* The request among the arguments of block_rq_insert, _issue and _merge. */
static __always_inline struct request *compat_rq(unsigned long long *ctx)
{
	return compat.rq_second ? (void *)ctx[1] : (void *)ctx[0];
}

/* What perf's events raw_syscalls/sys_enter and sys_exit hand to a program, as their format files
 * say. */
struct compat_sys_enter {
	u64 common;
	s64 id;
	u64 args[6];
};

struct compat_sys_exit {
	u64 common;
	s64 id;
	s64 ret;
};

/* The second argument of a system call; the entry stub keeps the user's registers in
 * pt_regs. */
static __always_inline u64 compat_syscall_arg2(const struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->si;
#elif defined(__TARGET_ARCH_arm64)
	return regs->regs[1];
#else
#error "unknown architecture"
#endif
}

/* The number of the call that @regs belongs to, or -1. */
static __always_inline s64 compat_syscall_nr(const struct pt_regs *regs)
{
#if defined(__TARGET_ARCH_x86)
	return regs->orig_ax;
#elif defined(__TARGET_ARCH_arm64)
	return regs->syscallno;
#endif
}

/* Whether the call in flight of the current task came through the 32-bit entry. */
static __always_inline bool compat_is_compat_call(struct task_struct *task)
{
#if defined(__TARGET_ARCH_x86)
	return compat_read(task, thread_info.status) &
	       0x0002; /* TS_COMPAT, arch/x86/include/asm/thread_info.h */
#elif defined(__TARGET_ARCH_arm64)
	return compat_read(task, thread_info.flags) &
	       (1 << 22); /* TIF_32BIT, arch/arm64/include/asm/thread_info.h */
#endif
}

/* Since 633488947ef6 ("kernfs: Use RCU to access kernfs_node::parent.", 6.15) the member has
 * another name. */
struct kernfs_node___before_rcu {
	struct kernfs_node___before_rcu *parent;
} __attribute__((preserve_access_index));

static __always_inline struct kernfs_node *compat_kernfs_parent(struct kernfs_node *kn)
{
	struct kernfs_node___before_rcu *old = (void *)kn;

	if (bpf_core_field_exists(old->parent))
		return (void *)BPF_CORE_READ(old, parent);
	return BPF_CORE_READ(kn, __parent);
}

/* Since f3fa33acca9f ("block: remove the ->rq_disk field in struct request", 5.17) the disk is the
 * queue's. */
struct request___with_disk {
	struct gendisk *rq_disk;
} __attribute__((preserve_access_index));

struct request_queue___with_disk {
	struct gendisk *disk;
} __attribute__((preserve_access_index));

/* NULL for a queue that has no disk. */
static __always_inline struct gendisk *compat_rq_disk(struct request *rq)
{
	struct request___with_disk *old = (void *)rq;
	struct request_queue___with_disk *q;

	if (bpf_core_field_exists(old->rq_disk))
		return old->rq_disk;
	q = (void *)rq->q;
	return q->disk;
}

/* Whether a flush precedes or follows the data of @rq, so that the end of its data is not its end.
 */
static __always_inline bool compat_in_flush_sequence(struct request *rq)
{
	return rq->rq_flags >> compat.flush_seq_bit & 1;
}

enum req_flag_bits___compat {
	__REQ_META___compat = 12,
	__REQ_PREFLUSH___compat = 18,
};

static __always_inline bool compat_is_metadata(struct request *rq)
{
	return rq->cmd_flags >>
		       bpf_core_enum_value(enum req_flag_bits___compat, __REQ_META___compat) &
	       1;
}

static __always_inline bool compat_has_preflush(struct request *rq)
{
	return rq->cmd_flags >>
		       bpf_core_enum_value(enum req_flag_bits___compat, __REQ_PREFLUSH___compat) &
	       1;
}

struct page___head {
	unsigned long compound_head;
} __attribute__((preserve_access_index));

struct page___info {
	unsigned long compound_info;
} __attribute__((preserve_access_index));

/*
 * The first of the pages that @page was allocated with. Bit 0 marks one that is not the first. What
 * it holds was the address of the first one; since 7.3, as compound_info, it is the mask that leads
 * there where the size of a struct page is a power of two. A mask has all its upper bits set, an
 * address has not.
 */
static __always_inline struct page *compat_page_head(struct page *page)
{
	struct page___head *old = (void *)page;
	struct page___info *new = (void *)page;
	u64 info;

	if (bpf_core_field_exists(old->compound_head))
		info = BPF_CORE_READ(old, compound_head);
	else
		info = BPF_CORE_READ(new, compound_info);
	if (!(info & 1))
		return page;
	if (info >> 32 == 0xffffffff)
		return (void *)((u64)page & info);
	return (void *)(info - 1);
}

/* Before 8520e224f547 ("bpf, cgroups: Fix cgroup v2 fallback on v1/v2 mixed mode", 5.15) a socket's
 * cgroup shared its place with the numbers of cgroup v1's net_cls and net_prio, told by the lowest
 * bits. */
struct sock_cgroup_data___shared {
	u64 val;
} __attribute__((preserve_access_index));

/* NULL where it is not known. */
static __always_inline struct cgroup *compat_sock_cgroup(struct sock *sk)
{
	struct sock_cgroup_data___shared *old = (void *)&sk->sk_cgrp_data;
	u64 val;

	if (!bpf_core_field_exists(old->val))
		return BPF_CORE_READ(sk, sk_cgrp_data.cgroup);
	val = BPF_CORE_READ(old, val);
	return val & 3 ? NULL : (void *)val;
}

struct bio___with_blkg {
	struct blkcg_gq *bi_blkg;
} __attribute__((preserve_access_index));

/* The cgroup that a bio is charged to; NULL if there is none. */
static __always_inline struct cgroup *compat_bio_cgroup(struct bio *bio)
{
	struct bio___with_blkg *b = (void *)bio;

	/* Absent without CONFIG_BLK_CGROUP. */
	if (!bpf_core_field_exists(b->bi_blkg))
		return NULL;
	return BPF_CORE_READ(b, bi_blkg, blkcg, css.cgroup);
}

#define CALL_ARGS 6

/* Where the registers @regs have a call's number and arguments, in its order. arm64's first one is
 * overwritten with the result when the call returns, so it is kept twice. */
#if defined(__TARGET_ARCH_x86)
#define CALL_REGS(each)    each(0, di) each(1, si) each(2, dx) each(3, r10) each(4, r8) each(5, r9)
#define CALL_REGS_32(each) each(0, bx) each(1, cx) each(2, dx) each(3, si) each(4, di) each(5, bp)
#elif defined(__TARGET_ARCH_arm64)
#define CALL_REGS(each)                                                                            \
	each(0, orig_x0) each(1, regs[1]) each(2, regs[2]) each(3, regs[3]) each(4, regs[4])       \
		each(5, regs[5])
#define CALL_REGS_32 CALL_REGS
#endif

/* What a task entered the kernel for. */
struct compat_call {
	s64 nr; /* -1: no call, but a fault or an interrupt */
	u64 arg[CALL_ARGS];
};

#define TAKE_TYPED(i, member)                                                                      \
	if (i < args)                                                                              \
		arg[i] = regs->member;
#define TAKE_PROBED(i, member)                                                                     \
	if (i < args)                                                                              \
		arg[i] = BPF_CORE_READ(regs, member);

/* The first @args arguments of a call of the 64-bit table or, @is_32bit, the other one. */
static __always_inline void compat_syscall_args(const struct pt_regs *regs, bool is_32bit, u64 *arg,
						u32 args)
{
	if (is_32bit) {
		CALL_REGS_32(TAKE_TYPED)
	} else {
		CALL_REGS(TAKE_TYPED)
	}
}

/* Of a task that is blocked or is about to be: while it runs they are on their way. */
static __always_inline void compat_task_call(struct task_struct *task, struct compat_call *call,
					     bool is_32bit, u32 args)
{
	struct pt_regs *regs;
	u64 *arg = call->arg;

	if (compat.task_regs) {
		regs = (struct pt_regs *)bpf_task_pt_regs(task);
		call->nr = compat_syscall_nr(regs);
		compat_syscall_args(regs, is_32bit, arg, args);
		return;
	}
	regs = BPF_CORE_READ(task, stack) + compat.stack_bytes - bpf_core_type_size(struct pt_regs);
#if defined(__TARGET_ARCH_x86)
	call->nr = BPF_CORE_READ(regs, orig_ax);
#elif defined(__TARGET_ARCH_arm64)
	call->nr = BPF_CORE_READ(regs, syscallno);
#endif
	if (is_32bit) {
		CALL_REGS_32(TAKE_PROBED)
	} else {
		CALL_REGS(TAKE_PROBED)
	}
}

/* 2f064a59a11f ("sched: Change task_struct::state", 5.14). */
struct task_struct___state {
	long state;
} __attribute__((preserve_access_index));

static __always_inline u32 compat_task_state(struct task_struct *task)
{
	struct task_struct___state *old = (void *)task;

	if (bpf_core_field_exists(task->__state))
		return compat_read(task, __state);
	return BPF_CORE_READ(old, state);
}

/* Its size differs; libbpf adjusts only what has no sign. */
struct task_struct___on_cpu {
	unsigned int on_cpu;
} __attribute__((preserve_access_index));

static __always_inline bool compat_on_cpu(struct task_struct *task)
{
	struct task_struct___on_cpu *t = (void *)task;

	if (compat.storage)
		return t->on_cpu;
	return BPF_CORE_READ(t, on_cpu);
}

/* 60700e38fb68 ("signal: Rename group_exit_task group_exec_task", 5.17); before, it was also set
 * for a dump. */
struct signal_struct___exec {
	struct task_struct *group_exec_task;
} __attribute__((preserve_access_index));

struct signal_struct___exit {
	struct task_struct *group_exit_task;
} __attribute__((preserve_access_index));

/* The thread that executes a program, for which the others of its process end; NULL: none. */
static __always_inline struct task_struct *compat_exec_task(struct signal_struct *signal)
{
	struct signal_struct___exec *s = (void *)signal;
	struct signal_struct___exit *old = (void *)signal;

	if (bpf_core_field_exists(s->group_exec_task))
		return BPF_CORE_READ(s, group_exec_task);
	return bpf_core_field_exists(old->group_exit_task) ? BPF_CORE_READ(old, group_exit_task)
							   : NULL;
}

/* The state that sched_switch's first task leaves with. */
static __always_inline u32 compat_switch_state(unsigned long long *ctx, struct task_struct *prev)
{
	return compat.switch_state ? (u32)ctx[3] : compat_task_state(prev);
}

/* Whether it waits for a device, as far as programs may know. */
static __always_inline bool compat_in_iowait(struct task_struct *task)
{
	/* A bit-field cannot be read through a typed pointer. */
	return compat.probe_read && BPF_CORE_READ_BITFIELD_PROBED(task, in_iowait);
}

/* Whether it is held up for want of memory: in reclaim, or reading again what was reclaimed. */
static __always_inline bool compat_in_memstall(struct task_struct *task)
{
	/* Absent without CONFIG_PSI. */
	if (!compat.probe_read || !bpf_core_field_exists(task->in_memstall))
		return false;
	return BPF_CORE_READ_BITFIELD_PROBED(task, in_memstall);
}

/* The old value of @p, which is @value now. @atomic is what the program's variant says: a kernel
 * without such instructions would refuse them even where they are never reached. */
static __always_inline u64 compat_exchange(u64 *p, u64 value, bool atomic)
{
	u64 old;

	if (atomic)
		return __sync_lock_test_and_set(p, value);
	old = *(volatile u64 *)p;
	*(volatile u64 *)p = value;
	return old;
}

/* Up to a NUL, which is counted: the bytes or a negative number. Up to Linux 6.12 and in some
 * later ones, strncpy_from_user_nofault() returns 0 for an empty string. */
static __always_inline long compat_read_user_str(void *to, u32 size, const void *from)
{
	long n = bpf_probe_read_user_str(to, size, from);

	if (n || !size)
		return n;
	*(char *)to = 0;
	return 1;
}

static __always_inline void read_comm(char *comm, struct task_struct *task)
{
	__builtin_memset(comm, 0, COMM_LEN);
	if (compat.probe_read || !compat.storage) {
		bpf_core_read_str(comm, COMM_LEN, &task->comm);
		return;
	}
	/* What follows the first NUL may be of an earlier name. */
	for (int i = 0; i < COMM_LEN - 1 && task->comm[i]; i++)
		comm[i] = task->comm[i];
}

/* The name of the current task, @task, and behind its NUL perhaps of an earlier one. Where it can
 * be read directly that costs less than the helper. */
static __always_inline void compat_current_comm(char *comm, struct task_struct *task)
{
	const u64 *from;

	if (!compat.storage) {
		bpf_get_current_comm(comm, COMM_LEN);
		return;
	}
	from = (const u64 *)task->comm;
	((u64 *)comm)[0] = from[0];
	((u64 *)comm)[1] = from[1];
}

#endif
