// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system calls of a run under way: its own, and those of the C library's threads, memory and
 * resolver, of libmicrohttpd and of libbpf. Names that this architecture or library does not know
 * are passed over.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "confine.h"

/* Whatever their arguments are. */
static const char *const plain[] = {
	/* files */
	"access close faccessat faccessat2 fcntl flock fstat ftruncate getdents64 lseek lstat mkdir mkdirat newfstatat open openat",
	"openat2 pread64 read readlink readlinkat rename renameat renameat2 stat statfs statx unlink unlinkat write writev",
	/* sockets */
	"accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto",
	"setsockopt shutdown",
	/* waiting */
	"clock_nanosleep epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd2 nanosleep poll ppoll",
	"restart_syscall timerfd_create timerfd_settime",
	/* threads, signals, memory */
	"brk exit exit_group futex futex_wait futex_wake get_robust_list getpid gettid madvise membarrier mremap munmap rseq",
	"rt_sigaction rt_sigprocmask rt_sigreturn sched_getaffinity sched_yield set_robust_list set_tid_address sigaltstack",
	/* what there is to know */
	"clock_getres clock_gettime getegid geteuid getgid getppid getrandom getrusage gettimeofday getuid",
	"sched_getscheduler sysinfo time uname",
#ifdef __SANITIZE_ADDRESS__
	/* It looks for leaks at the end, with a process that traces this one. */
	"clone getdents prctl ptrace wait4",
#endif
};

/* Only where this argument, masked, has this value. */
struct rule {
	const char *call;
	unsigned int arg;
	scmp_datum_t mask, value;
};

#define INT 0xffffffff
#define BPF(cmd)                                                                                   \
	{                                                                                          \
		"bpf", 0, INT, cmd                                                                 \
	}
#define SOCK(fam)                                                                                  \
	{                                                                                          \
		"socket", 0, INT, fam                                                              \
	}
#define IOCTL(nr)                                                                                  \
	{                                                                                          \
		"ioctl", 1, INT, nr                                                                \
	}

static const struct rule rules[] = {
	/* Maps, iterators over what is loaded, and attaching it again; nothing is loaded any more.
	 */
	BPF(BPF_MAP_LOOKUP_ELEM),
	BPF(BPF_MAP_UPDATE_ELEM),
	BPF(BPF_MAP_DELETE_ELEM),
	BPF(BPF_MAP_GET_NEXT_KEY),
	BPF(BPF_MAP_LOOKUP_BATCH),
	BPF(BPF_OBJ_GET_INFO_BY_FD),
	BPF(BPF_LINK_CREATE),
	BPF(BPF_RAW_TRACEPOINT_OPEN),
	BPF(BPF_ITER_CREATE),
	/* No program: stdio's question whether this is a terminal, the resolver's how much there is
	   to read, the end of an event. */
	IOCTL(TCGETS),
	IOCTL(FIONREAD),
	IOCTL(FIONBIO),
	IOCTL(PERF_EVENT_IOC_DISABLE),
	SOCK(AF_UNIX),
	SOCK(AF_INET),
	SOCK(AF_INET6),
	SOCK(AF_NETLINK),
	/* Memory is not written to and executed at the same time; the resolver's modules are
	   libraries. */
	{"mmap", 2, PROT_EXEC, 0},
	{"mmap", 2, PROT_WRITE, 0},
	{"mprotect", 2, PROT_EXEC, 0},
	{"mprotect", 2, PROT_WRITE, 0},
	/* Threads, no processes. */
	{"clone", 0, CLONE_THREAD, CLONE_THREAD},
	{"prctl", 0, INT, PR_SET_NAME},
	/* To ask, not to set. */
	{"prlimit64", 2, ~0ULL, 0},
};

static int allow(scmp_filter_ctx ctx, const char *name, const struct rule *r)
{
	int nr = seccomp_syscall_resolve_name(name);
	struct scmp_arg_cmp cmp = {.op = SCMP_CMP_MASKED_EQ};

	if (nr < 0)
		return 0;
	if (!r)
		return seccomp_rule_add(ctx, SCMP_ACT_ALLOW, nr, 0);
	cmp.arg = r->arg;
	cmp.datum_a = r->mask;
	cmp.datum_b = r->value;
	return seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, nr, 1, &cmp);
}

static int allow_list(scmp_filter_ctx ctx, const char *list)
{
	char name[32];
	int err = 0;

	while (*list && !err) {
		size_t n = strcspn(list, " ");

		snprintf(name, sizeof(name), "%.*s", (int)n, list);
		err = allow(ctx, name, NULL);
		list += n + (list[n] == ' ');
	}
	return err;
}

static int add_rules(scmp_filter_ctx ctx, bool priority)
{
	const struct rule signal = {"tgkill", 0, INT, getpid()};
	/* Its flags are in memory, which a filter cannot see; the C library then asks clone(). */
	int clone3 = seccomp_syscall_resolve_name("clone3");
	int err = allow(ctx, signal.call, &signal);

	if (!err && clone3 >= 0)
		err = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), clone3, 0);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]) && !err; i++)
		err = allow_list(ctx, plain[i]);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !err; i++)
		err = allow(ctx, rules[i].call, &rules[i]);
	if (!err && priority)
		err = allow(ctx, "sched_setscheduler", NULL);
	return err;
}

int confine__filter_calls(bool priority)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err;

	if (!ctx)
		return -ENOMEM;
	/* Calls of another architecture, such as those of 32-bit programs, have numbers of their
	 * own. */
	err = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(EPERM));
	if (!err)
		err = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1);
	if (!err)
		err = add_rules(ctx, priority);
	/* The most frequent calls should not be the last that are compared. */
	if (!err)
		seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!err)
		err = seccomp_load(ctx);
	seccomp_release(ctx);
	return err;
}
