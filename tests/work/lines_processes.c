/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes that are made, become others, end, are waited for. Halves of calls are to be joined. */
#include "lines.h"

#include <linux/sched.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char *self;
static struct rusage usage;

static const char *usage_text(void)
{
	return out(&usage,
		   "{ru_utime={tv_sec=%ld, tv_usec=%ld}, ru_stime={tv_sec=%ld, tv_usec=%ld}, ...}",
		   usage.ru_utime.tv_sec, usage.ru_utime.tv_usec, usage.ru_stime.tv_sec,
		   usage.ru_stime.tv_usec);
}

/* What a child does that only ends. */
static _Noreturn void child(int status)
{
	begins();
	line_is("?", "exit_group(%d)", status);
	line_event("+++ exited with %d +++", status & 0xff);
	for (;;)
		sys(exit_group, status);
}

/* On a stack of its own. Threads end here, too, and leave their parent's thread variables alone. */
static _Noreturn void child_raw(void)
{
	raw(__NR_close, MARK_BEGIN, 0, 0, 0, 0, 0);
	for (;;)
		raw(__NR_exit, 5, 0, 0, 0, 0, 0);
}

static char stack[65536] __attribute__((aligned(16)));

/* clone or clone3, where the child begins on @stack. */
static long clone_raw(long nr, long a, long b, long c, long d)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;

	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "call *%[fn]\n"
			 "1:"
			 : "+a"(nr)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), [fn] "b"(child_raw)
			 : "rcx", "r11", "memory");
	return nr;
#else
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	/* Here tls comes before child_tid. */
	register long x3 __asm__("x3") = 0;
	register long x4 __asm__("x4") = d;

	__asm__ volatile("svc 0\n\t"
			 "cbnz x0, 1f\n\t"
			 "blr %[fn]\n"
			 "1:"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), [fn] "r"(child_raw)
			 : "x30", "memory");
	return x0;
#endif
}

static void child_raw_lines(int pid)
{
	int me = tid;

	tid = pid;
	line_is("?", "exit(5)");
	line_event("+++ exited with 5 +++");
	tid = me;
}

static void forks(void)
{
	int status, pid, parent_tid = 0, child_tid = 0;

#ifdef __NR_fork
	int me = tid;

	pid = (int)sys(fork);
	if (!pid)
		child(7);
	line("fork()");
	sys(wait4, pid, &status, 0, NULL);
	line("wait4(%d, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL)", pid);
	pid = (int)sys(vfork);
	if (!pid)
		child(0);
	/* What the child has set. */
	tid = me;
	result = pid;
	line("vfork()");
	sys(wait4, -1, &status, __WALL, &usage);
	line("wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], __WALL, %s)", usage_text());
#endif
	pid = (int)sys(clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (!pid)
		child(300);
	line("clone(child_stack=NULL, flags=SIGCHLD)");
	sys(wait4, 0, &status, WUNTRACED | WCONTINUED, NULL);
	line("wait4(0, [{WIFEXITED(s) && WEXITSTATUS(s) == 44}], WSTOPPED|WCONTINUED, NULL)");
	result = clone_raw(__NR_clone,
			   CLONE_VM | CLONE_VFORK | CLONE_PARENT_SETTID | CLONE_FS | SIGCHLD,
			   (long)(stack + sizeof(stack)), (long)&parent_tid, 0);
	pid = (int)result;
	line("clone(child_stack=%p, flags=CLONE_VM|CLONE_FS|CLONE_VFORK|CLONE_PARENT_SETTID|"
	     "SIGCHLD, parent_tid=[%d])",
	     (void *)(stack + sizeof(stack)), pid);
	child_raw_lines(pid);
	sys(wait4, pid, NULL, 0, NULL);
	line("wait4(%d, NULL, 0, NULL)", pid);
	child_tid = 1;
	result = clone_raw(__NR_clone,
			   CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD |
				   CLONE_SYSVSEM | CLONE_CHILD_CLEARTID,
			   (long)(stack + sizeof(stack)), 0, (long)&child_tid);
	pid = (int)result;
	line("clone(child_stack=%p, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|"
	     "CLONE_SYSVSEM|CLONE_CHILD_CLEARTID, child_tidptr=%p)",
	     (void *)(stack + sizeof(stack)), (void *)&child_tid);
	child_raw_lines(pid);
	while (*(volatile int *)&child_tid)
		;
	sys(clone, CLONE_THREAD, NULL, NULL, NULL, NULL);
	line("clone(child_stack=NULL, flags=CLONE_THREAD)");
	sys(clone, CLONE_NEWUSER | CLONE_FS | CLONE_NEWNS | SIGUSR1, NULL, NULL, NULL, NULL);
	line("clone(child_stack=NULL, flags=CLONE_FS|CLONE_NEWNS|CLONE_NEWUSER|SIGUSR1)");
}

static void clone3s(void)
{
	struct clone_args args = {.flags = CLONE_FS | CLONE_FILES, .exit_signal = SIGCHLD};
	int pid, status, pidfd = -1, parent_tid = 0;

	pid = (int)sys(clone3, &args, sizeof(args));
	if (!pid)
		child(1);
	line("clone3({flags=CLONE_FS|CLONE_FILES, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, "
	     "88)");
	sys(wait4, pid, &status, 0, NULL);
	line("wait4(%d, [{WIFEXITED(s) && WEXITSTATUS(s) == 1}], 0, NULL)", pid);
	args = (struct clone_args){.flags = CLONE_PIDFD | CLONE_PARENT_SETTID,
				   .exit_signal = SIGUSR1,
				   .pidfd = (uint64_t)&pidfd,
				   .parent_tid = (uint64_t)&parent_tid};
	pid = (int)sys(clone3, &args, sizeof(args));
	if (!pid)
		child(2);
	line("clone3({flags=CLONE_PIDFD|CLONE_PARENT_SETTID, pidfd=%p, parent_tid=%p, "
	     "exit_signal=SIGUSR1, stack=NULL, stack_size=0} => {pidfd=[%d], parent_tid=[%d]}, 88)",
	     (void *)&pidfd, (void *)&parent_tid, pidfd, pid);
	sys(wait4, pid, &status, __WCLONE, NULL);
	line("wait4(%d, [{WIFEXITED(s) && WEXITSTATUS(s) == 2}], __WCLONE, NULL)", pid);
	sys(close, pidfd);
	line("close(%d)", pidfd);
	args = (struct clone_args){.flags = CLONE_INTO_CGROUP, .cgroup = 99};
	sys(clone3, &args, sizeof(args));
	line("clone3({flags=CLONE_INTO_CGROUP, exit_signal=0, stack=NULL, stack_size=0, "
	     "cgroup=99}, 88)");
	sys(clone3, &args, 3);
	line("clone3(%p, 3)", (void *)&args);
	sys(clone3, NULL, sizeof(args));
	line("clone3(NULL, 88)");
	sys(clone3, NOWHERE, sizeof(args));
	line("clone3(%p, 88)", NOWHERE);
}

/* A child that a signal ends, which it is sent only when it waits for it. */
static void killed(int sig, const char *name)
{
	siginfo_t info = {.si_signo = 0};
	int me = tid, pid = (int)sys(clone, SIGCHLD, NULL, NULL, NULL, NULL);

	if (!pid) {
		begins();
		sys(kill, tid, sig);
		for (;;)
			;
	}
	line("clone(child_stack=NULL, flags=SIGCHLD)");
	sys(waitid, P_PID, pid, &info, WEXITED | WNOWAIT, NULL);
	line("waitid(P_PID, %d, {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=%d, si_uid=0, "
	     "si_status=%s, si_utime=0, si_stime=0}, WEXITED|WNOWAIT, NULL)",
	     pid, pid, name);
	sys(waitid, P_ALL, 0, NULL, WEXITED, &usage);
	line("waitid(P_ALL, 0, NULL, WEXITED, %s)", usage_text());
	tid = pid;
	line_is(sig == SIGKILL ? "?" : "0", "kill(%d, %s)", pid, name);
	if (sig != SIGKILL)
		line_event("--- %s {si_signo=%s, si_code=SI_USER, si_pid=%d, si_uid=0} ---", name,
			   name, pid);
	line_event("+++ killed by %s +++", name);
	tid = me;
}

static void waits(void)
{
	siginfo_t info;
	int status;

	killed(SIGKILL, "SIGKILL");
	killed(SIGTERM, "SIGTERM");
	killed(SIGSEGV, "SIGSEGV");
	killed(SIGRTMIN, "SIGRT_2");
	sys(wait4, -1, &status, WNOHANG, &usage);
	line("wait4(-1, %p, WNOHANG, %p)", (void *)&status, (void *)&usage);
	sys(waitid, P_PGID, 1, &info, WSTOPPED | WNOHANG, NULL);
	line("waitid(P_PGID, 1, %p, WNOHANG|WSTOPPED, NULL)", (void *)&info);
	sys(waitid, P_PIDFD, 99, &info, WEXITED, NULL);
	line("waitid(P_PIDFD, 99, %p, WEXITED, NULL)", (void *)&info);
	sys(waitid, 9, 99, &info, 0, NULL);
	line("waitid(0x9 /* P_??? */, 99, %p, 0, NULL)", (void *)&info);
}

static void execs(void)
{
	char *argv[] = {"self", "exit", "two\n", NULL}, *envp[] = {"A=1", "B=2", NULL};
	char *bad[] = {"a", NOWHERE, NULL}, *many[41] = {NULL};
	char quoted[2048] = "\"arg\"";
	int status, pid;

	sys(execve, "/nonexistent", argv, envp);
	line("execve(\"/nonexistent\", [\"self\", \"exit\", \"two\\n\"], %p /* 2 vars */)",
	     (void *)envp);
	sys(execve, NULL, NULL, NULL);
	line("execve(NULL, NULL, NULL)");
	sys(execve, "absent", bad, NULL);
	line("execve(\"absent\", [\"a\", %p], NULL)", NOWHERE);
	sys(execve, "absent", NOWHERE, NULL);
	line("execve(\"absent\", %p, NULL)", NOWHERE);
	for (int i = 0; i < 40; i++) {
		many[i] = "arg";
		if (i && i <= 32)
			strcat(quoted, i < 32 ? ", \"arg\"" : ", ...");
	}
	sys(execve, "absent", many, many);
	line("execve(\"absent\", [%s], %p /* 40 vars */)", quoted, (void *)many);
	sys(execveat, 99, "", argv, NULL, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);
	line("execveat(99, \"\", [\"self\", \"exit\", \"two\\n\"], NULL, "
	     "AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH)");
	pid = (int)sys(clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (!pid) {
		begins();
		line_is("0", "execve(\"%s\", [\"self\", \"exit\", \"two\\n\"], %p /* 2 vars */)",
			self, (void *)envp);
		sys(execve, self, argv, envp);
		errx(1, "not executed");
	}
	line("clone(child_stack=NULL, flags=SIGCHLD)");
	sys(wait4, pid, &status, 0, NULL);
	line("wait4(%d, [{WIFEXITED(s) && WEXITSTATUS(s) == 0}], 0, NULL)", pid);
}

int main(int argc, char **argv)
{
	struct rlimit no_core = {0, 0};
	sigset_t set;

	if (argc > 1 && !strcmp(argv[1], "exit"))
		return 0;
	self = realpath("/proc/self/exe", NULL);
	/* When a child's end is signalled is chance; tests/work/lines_signals.c waits for it. */
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	setrlimit(RLIMIT_CORE, &no_core);
	lines_begin(argc, argv);
	forks();
	clone3s();
	waits();
	execs();
	return lines_end();
}
