// SPDX-License-Identifier: GPL-2.0-only
/* Probe set sched. */
#include "sched_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client_ports.h"
#include "compat.h"
#include "iterate.h"
#include "parts.h"
#include "probe.h"
#include "section.h"
#include "syscall_names.h"

extern const unsigned char sched_object[], sched_object_end[];

/* What is not named is CALL_OTHER. */
static const struct {
	enum call_class class;
	const char *names;
} classes[] = {
	{CALL_IDLE,
	 "accept accept4 clock_nanosleep clone clone3 epoll_pwait epoll_pwait2 epoll_wait futex_waitv io_getevents "
	 "io_pgetevents io_uring_enter mq_timedreceive msgrcv nanosleep pause pselect6 restart_syscall "
	 "rt_sigsuspend rt_sigtimedwait select vfork wait4 waitid"},
	{CALL_POLL, "poll ppoll"},
	{CALL_DISK, "fdatasync fsync msync sync sync_file_range syncfs"},
	{CALL_FILES,
	 "access chdir chmod chown copy_file_range creat execve execveat faccessat faccessat2 fallocate fchmod fchmodat "
	 "fchmodat2 fchown fchownat fgetxattr fsetxattr fstat fstatfs ftruncate getdents getdents64 getxattr lchown "
	 "lgetxattr link linkat lsetxattr lstat mkdir mkdirat mknod mknodat mount newfstatat open openat openat2 readlink "
	 "readlinkat removexattr rename renameat renameat2 rmdir setxattr stat statfs statx symlink symlinkat "
	 "truncate umount2 unlink unlinkat utime utimensat utimes"},
	{CALL_MEMORY, "brk madvise mlock mlock2 mlockall mmap mprotect mremap munmap"},
	{CALL_LOCK, "fcntl flock semop semtimedop"},
	{CALL_FUTEX, "futex"},
	{CALL_FUTEX2, "futex_wait"},
	{CALL_READ, "pread64 preadv preadv2 read readv recvfrom recvmmsg recvmsg splice"},
	{CALL_WRITE,
	 "pwrite64 pwritev pwritev2 sendfile sendmmsg sendmsg sendto tee vmsplice write writev"},
	{CALL_CONNECT, "connect"},
};

static bool is_listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; (p = strstr(p, name)); p += n)
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

static enum call_class class_of(const char *name)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (is_listed(classes[i].names, name))
			return classes[i].class;
	return CALL_OTHER;
}

static bool sched_op(u32 op, struct op_info *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (op < PARTS) {
		snprintf(ret->name, sizeof(ret->name), "%s", part_names[op]);
		snprintf(ret->stat, sizeof(ret->stat), "ms");
		ret->kind = OP_TIME;
		ret->wait = op == PART_IDLE;
		return true;
	}
	if (op != SCHED_OP_RUNQ)
		return false;
	snprintf(ret->name, sizeof(ret->name), "runq");
	ret->kind = OP_LATENCY;
	return true;
}

static int sched_prepare(struct probe_env *env)
{
	u8 *class = section__initial(env->obj, ".rodata.classes", CALL_CLASSES);

	if (!class)
		return -EINVAL;
	for (u32 nr = 0; nr < SYSCALL_NUMBERS; nr++)
		if (syscall_name(nr))
			class[nr] = class_of(syscall_name(nr));
	return client_ports__set(env->obj);
}

static int sched_settle(struct probe_env *env)
{
	return iterate(env->obj, env->compat->exchange ? "settle_threads" : "settle_threads_plain",
		       0, NULL, NULL);
}

static int sched_forget(struct probe_env *env)
{
	return iterate(env->obj, "forget", 0, NULL, NULL);
}

struct listing {
	thread_fn fn;
	void *ctx;
};

static void on_rows(void *ctx, const void *data, size_t size)
{
	const struct listing *l = ctx;
	const struct thread_row *row = data;

	for (size_t i = 0; i < size / sizeof(*row); i++)
		l->fn(l->ctx, &row[i]);
}

static int sched_threads(struct probe_env *env, thread_fn fn, void *ctx)
{
	struct listing l = {fn, ctx};

	return iterate(env->obj, env->compat->exchange ? "list_threads" : "list_threads_plain",
		       sizeof(struct thread_row), on_rows, &l);
}

static void sched_finish(u32 svc, u64 *grown)
{
	u64 user = grown[SCHED_TICKS_USER], kernel = grown[SCHED_TICKS_KERNEL];
	u64 on_cpu = grown[SCHED_ON_CPU];

	if (svc == SVC_KERNEL)
		grown[PART_KERNEL] = on_cpu;
	else if (user + kernel)
		grown[PART_KERNEL] = (double)on_cpu * kernel / (user + kernel);
	grown[PART_USER] = on_cpu - grown[PART_KERNEL];
	grown[SCHED_TICKS_USER] = grown[SCHED_TICKS_KERNEL] = 0;
}

#define SWITCHES "sched_switch sched_wakeup sched_process_fork"

static const struct op_doc docs[] = {
	{"user", "a thread is put on a CPU", "it is taken off", "the scheduler, any task",
	 "the thread's service",
	 "interrupts that it was interrupted by are counted in it; threads that the kernel makes for io_uring, until the next reading; what part of the time is the kernel's is known from the timer's ticks, so that it is right on average only",
	 SWITCHES},
	{"kernel", "as user", "as user", "as user", "the thread's service", "as user", SWITCHES},
	{"runq", "a thread is ready to run: woken, made, or taken off its CPU for another one",
	 "it is put on a CPU", "the scheduler, any task", "the thread's service",
	 "a wakeup while it is still on its way off the CPU", SWITCHES},
	{"disk",
	 "a thread leaves the CPU to wait for a device, in fsync and its like, or in another call on a file where it cannot be interrupted",
	 "it is woken", "the scheduler, any task", "the thread's service", "which device",
	 SWITCHES},
	{"recv",
	 "a thread leaves the CPU to receive on a connection of which it is the client, also in poll of only that",
	 "it is woken", "the scheduler, any task", "the thread's service",
	 "clients that wait for several connections at once are idle; who is the client is told by the backlog of a socket that was accepted, else by the port numbers, of a UNIX socket by its name",
	 SWITCHES},
	{"send", "a thread leaves the CPU to send, or to connect", "it is woken",
	 "the scheduler, any task", "the thread's service", "", SWITCHES},
	{"lock",
	 "a thread leaves the CPU in a futex call whose value says that a lock is taken and waited for, in a call that locks a file, or on a System V semaphore",
	 "it is woken", "the scheduler, any task", "the thread's service",
	 "locks of programs that mark them otherwise are idle, as condition variables are",
	 SWITCHES},
	{"memory",
	 "a thread leaves the CPU in a page fault, in a call that changes its memory map, or to reclaim memory",
	 "it is woken", "the scheduler, any task", "the thread's service",
	 "faults that wait for a device are disk", SWITCHES},
	{"other", "a thread leaves the CPU for any other reason: a full pipe, locks of the kernel",
	 "it is woken", "the scheduler, any task", "the thread's service", "", SWITCHES},
	{"idle",
	 "a thread leaves the CPU to wait for work: epoll, poll, select, accept, sleep, wait, the next request of a client, a pipe, a terminal, a condition variable; or it is stopped",
	 "it is woken", "the scheduler, any task", "the thread's service", "", SWITCHES},
	{},
};

const struct probe sched_probe = {
	.name = "sched",
	.node = "time",
	.help = "where each service's time goes: on a CPU, waiting for one, disk, network, locks, memory; run-queue latency",
	.object = sched_object,
	.object_end = sched_object_end,
	.counters = SCHED_COUNTERS,
	.percpu = true,
	.on_request = true,
	.docs = docs,
	.op = sched_op,
	.prepare = sched_prepare,
	.attached = sched_settle,
	.forget = sched_forget,
	.settle = sched_settle,
	.finish = sched_finish,
	.threads = sched_threads,
};
