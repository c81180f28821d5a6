/* SPDX-License-Identifier: GPL-2.0-only */
/* lines_processes [DIRECTORY [exec]]: processes that are made, become others, end, are waited for. */
#include "lines.h"

#include <linux/sched.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>

static char *self;

/* What a child does that only ends. */
static _Noreturn void child(int status)
{
	begins();
	line_is("?", "exit_group(%d)", status);
	line_event("+++ exited with %d +++", status);
	for (;;)
		sys(exit_group, status);
}

static void child_signal(int pid, const char *code, const char *status)
{
	line_event("--- SIGCHLD {si_signo=SIGCHLD, si_code=%s, si_pid=%d, si_uid=0, si_status=%s, "
		   "si_utime=0, si_stime=0} ---",
		   code, pid, status);
}

static void forks(void)
{
	int status, pid;
	struct rusage usage;

#ifdef __NR_fork
	pid = (int)sys(fork);
	if (!pid)
		child(7);
	line("fork()");
	sys(wait4, pid, &status, 0, NULL);
	line("wait4(%d, [{WIFEXITED(s) && WEXITSTATUS(s) == 7}], 0, NULL)", pid);
	child_signal(pid, "CLD_EXITED", "7");
	pid = (int)sys(vfork);
	if (!pid)
		child(0);
	tid = (int)raw(__NR_gettid, 0, 0, 0, 0, 0, 0);
	line("vfork()");
	line("gettid()" + 0);
#endif
	pid = (int)sys(clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (!pid)
		child(255);
	(void)usage;
	(void)status;
}

int main(int argc, char **argv)
{
	self = argv[0];
	(void)self;
	lines_begin(argc, argv);
	forks();
	return lines_end();
}
