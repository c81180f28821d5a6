/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a thread that leaves the CPU waits for.
 *
 * Nothing is remembered for it: the registers with which the thread entered the kernel are still
 * there, and say which call it is in and with what arguments, also of calls that began before
 * anything was attached.
 */
#ifndef SONDE_CAUSE_BPF_H
#define SONDE_CAUSE_BPF_H

#include "compat.bpf.h"
#include "file.bpf.h"
#include "peer.bpf.h"
#include "sched_parts.h"
#include "service.bpf.h"

#define PF_MEMALLOC 0x00000800 /* include/linux/sched.h */

#define TASK_UNINTERRUPTIBLE 0x0002
#define TASK_STOPPED         0x0004
#define TASK_TRACED          0x0008
#define TASK_DEAD            0x0080
#define TASK_NEW             0x0800
#define TASK_FROZEN          0x8000

#define POLLIN 1 /* include/uapi/asm-generic/poll.h */

/* FUTEX_LOCK_PI, LOCK_PI2; FUTEX_CMD_MASK leaves the operation. Of include/uapi/linux/futex.h */
#define FUTEX_CMD   127
#define FUTEX_LOCKS (1 << 6 | 1 << 13)
/* The value of a lock that is taken and waited for, in glibc, Go and Rust. */
#define LOCK_WAITED_FOR 2

SEC(".rodata.classes") const volatile u8 call_class[CALL_CLASSES];

/*
 * Whoever waits to receive waits for an answer if it is the client, and for the next request if it
 * is the server. Of UNIX sockets only a server's has a name, and those that it accepts have the
 * same; of a pair none has, which is as good as a pipe. Global, for the verifier to see it once.
 */
__noinline u32 receive_part(u64 sock)
{
	struct sock *sk = (void *)sock;
	bool client = false;
	u32 family;

	if (!compat.probe_read)
		return PART_OTHER;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family == AF_INET || family == AF_INET6)
		client = is_client(sk);
	else if (family == AF_UNIX)
		client = unix_server(sk);
	return client ? PART_RECV : PART_IDLE;
}

static __noinline u32 socket_part(struct task_state *t, struct file *file, bool reading)
{
	struct socket *socket = BPF_CORE_READ(file, private_data);
	struct sock *sk = BPF_CORE_READ(socket, sk);

	t->socket = control.detail ? (u64)sk : 0;
	return reading ? receive_part((u64)sk) : PART_SEND;
}

static __noinline u32 file_part(struct task_state *t, struct task_struct *task, u32 fd,
				bool reading)
{
	struct file *file;

	/* It could be anything. */
	if (!compat.probe_read)
		return PART_OTHER;
	file = task_file(task, fd);
	if (!file)
		return PART_OTHER;
	switch (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) {
	case S_IFSOCK:
		return socket_part(t, file, reading);
	case S_IFIFO:
	case S_IFCHR: /* terminals */
	case 0:       /* timers, signals, events */
		return reading ? PART_IDLE : PART_OTHER;
	default:
		return PART_DISK;
	}
}

/* Of one descriptor: what a read of it would wait for, if it is a client's connection. */
static __always_inline u32 poll_part(struct task_state *t, struct task_struct *task,
				     const struct compat_call *call, bool own)
{
	struct pollfd p;

	/* Where the kernel's memory may not be read libbpf takes the helper for the user's for
	 * missing, too. */
	if (!compat.probe_read || call->arg[1] != 1 || !own ||
	    bpf_probe_read_user(&p, sizeof(p), (void *)call->arg[0]) ||
	    file_part(t, task, p.fd, true) != PART_RECV)
		return PART_IDLE;
	return p.events & POLLIN ? PART_RECV : PART_SEND;
}

static __always_inline u32 futex_part(u64 op, u32 value)
{
	if (FUTEX_LOCKS >> (op & FUTEX_CMD & 15) & 1 || value == LOCK_WAITED_FOR)
		return PART_LOCK;
	return PART_IDLE;
}

static __always_inline u32 class_part(struct task_state *t, struct task_struct *task, u32 class,
				      const struct compat_call *call, bool deep, bool own)
{
	switch (class) {
	case CALL_IDLE:
		return PART_IDLE;
	case CALL_DISK:
		return PART_DISK;
	case CALL_FILES:
		return deep ? PART_DISK : PART_OTHER;
	case CALL_MEMORY:
		return PART_MEMORY;
	case CALL_LOCK:
		return PART_LOCK;
	case CALL_FUTEX:
		return futex_part(call->arg[1], call->arg[2]);
	case CALL_FUTEX2:
		return futex_part(0, call->arg[1]);
	case CALL_READ:
	case CALL_WRITE:
		return file_part(t, task, call->arg[0], class == CALL_READ);
	case CALL_CONNECT:
		return file_part(t, task, call->arg[0], false);
	case CALL_POLL:
		return poll_part(t, task, call, own);
	}
	return PART_OTHER;
}

/* @state: with which it left the CPU; not 0. @own: it is the current task, so that its memory can
 * be read. */
static __noinline u32 cause_of(struct task_state *t, struct task_struct *task, u32 state, bool own)
{
	bool deep = state & TASK_UNINTERRUPTIBLE;
	struct compat_call call = {};
	u32 flags = compat_read(task, flags), class;

	t->socket = 0;
	if (flags & PF_KTHREAD)
		return compat_in_iowait(task) ? PART_DISK : PART_IDLE;
	if (state & (TASK_STOPPED | TASK_TRACED | TASK_FROZEN))
		return PART_IDLE;
	if (flags & PF_MEMALLOC || compat_in_memstall(task))
		return PART_MEMORY;
	compat_task_call(task, &call, false, 3);
	class = call.nr >= 0 && call.nr < CALL_CLASSES ? call_class[call.nr] : CALL_OTHER;
	/* Its numbers are others. */
	if (compat_is_compat_call(task))
		class = CALL_OTHER;
	/* Rings wait in a way that looks like a device. */
	if (compat_in_iowait(task) && class != CALL_IDLE)
		return PART_DISK;
	if (call.nr < 0)
		return PART_MEMORY;
	return class_part(t, task, class, &call, deep, own);
}

#endif
