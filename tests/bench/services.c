/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * services DIR N OPS MS: N processes, each in a cgroup of its own below DIR, which exists; every MS
 * milliseconds each does OPS different system calls. Says `ready` when all run; when it is ended,
 * so are they, and the cgroups go.
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Without effect where all arguments are -1, which is no descriptor, address or size that any of
 * them takes. */
static const int calls[] = {
	SYS_read,         SYS_write,         SYS_close,        SYS_fstat,      SYS_lseek,
	SYS_ioctl,        SYS_pread64,       SYS_pwrite64,     SYS_readv,      SYS_writev,
	SYS_dup,          SYS_getpid,        SYS_getppid,      SYS_getuid,     SYS_getgid,
	SYS_geteuid,      SYS_getegid,       SYS_gettid,       SYS_sendto,     SYS_recvfrom,
	SYS_sendmsg,      SYS_recvmsg,       SYS_shutdown,     SYS_bind,       SYS_listen,
	SYS_getsockname,  SYS_getpeername,   SYS_setsockopt,   SYS_getsockopt, SYS_fcntl,
	SYS_flock,        SYS_fsync,         SYS_fdatasync,    SYS_ftruncate,  SYS_fchdir,
	SYS_fchmod,       SYS_fchown,        SYS_fstatfs,      SYS_getpgid,    SYS_getsid,
	SYS_sched_yield,  SYS_readahead,     SYS_fsetxattr,    SYS_fgetxattr,  SYS_flistxattr,
	SYS_fremovexattr, SYS_timer_gettime, SYS_timer_delete, SYS_epoll_ctl,  SYS_tgkill,
};

#define NCALLS (long)(sizeof(calls) / sizeof(calls[0]))

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	stop = sig;
}

static void enter(const char *dir)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", dir);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		err(1, "%s", path);
	close(fd);
}

static void work(long ops, long ms)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		for (long i = 0; i < ops; i++)
			syscall(calls[i], -1, -1, -1, -1, -1);
		usleep(ms * 1000);
	}
}

int main(int argc, char **argv)
{
	struct sigaction sa = {.sa_handler = on_signal};
	long n, ops, ms;
	char dir[2048];

	if (argc != 5)
		errx(2, "usage: services DIR N OPS MS");
	n = atol(argv[2]);
	ops = atol(argv[3]);
	ms = atol(argv[4]);
	if (n < 1 || ops < 1 || ops > NCALLS || ms < 1)
		errx(2, "N and MS from 1, OPS from 1 to %ld", NCALLS);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	setpgid(0, 0);
	for (long i = 0; i < n; i++) {
		snprintf(dir, sizeof(dir), "%s/service%ld", argv[1], i);
		if (mkdir(dir, 0755))
			err(1, "%s", dir);
		switch (fork()) {
		case -1:
			err(1, "fork");
		case 0:
			signal(SIGTERM, SIG_DFL);
			enter(dir);
			work(ops, ms);
		}
	}
	puts("ready");
	fflush(stdout);
	while (!stop)
		pause();
	signal(SIGTERM, SIG_IGN);
	kill(0, SIGTERM);
	while (wait(NULL) > 0)
		;
	for (long i = 0; i < n; i++) {
		snprintf(dir, sizeof(dir), "%s/service%ld", argv[1], i);
		rmdir(dir);
	}
	return 0;
}
