/* SPDX-License-Identifier: GPL-2.0-only */
/* Descriptors: copies, flags, locks, and those that are no file. */
#include "lines.h"

#include <sys/timerfd.h>

static void copies(void)
{
	int fd, fds[2];

	sys(pipe2, fds, O_CLOEXEC | O_NONBLOCK | O_DIRECT);
	line("pipe2(%s, O_NONBLOCK|O_DIRECT|O_CLOEXEC)", out(fds, "[%d, %d]", fds[0], fds[1]));
	fd = (int)sys(dup, fds[0]);
	line("dup(%d)", fds[0]);
	sys(dup, -1);
	line("dup(-1)");
	sys(dup3, fds[0], 50, O_CLOEXEC);
	line("dup3(%d, 50, O_CLOEXEC)", fds[0]);
	sys(dup3, fds[0], fds[0], 0);
	line("dup3(%d, %d, 0)", fds[0], fds[0]);
#ifdef __NR_dup2
	sys(dup2, fds[1], 51);
	line("dup2(%d, 51)", fds[1]);
	sys(dup2, 99, 51);
	line("dup2(99, 51)");
#endif
#ifdef __NR_pipe
	sys(pipe, NULL);
	line("pipe(NULL)");
#endif
	sys(pipe2, NOWHERE, O_CLOEXEC);
	line("pipe2(%p, O_CLOEXEC)", NOWHERE);
	sys(close_range, 50, 51, 0);
	line("close_range(50, 51, 0)");
	sys(close_range, 60, ~0U, 2 | 4);
	line("close_range(60, 4294967295, CLOSE_RANGE_UNSHARE|CLOSE_RANGE_CLOEXEC)");
	sys(close_range, 6, 5, 0);
	line("close_range(6, 5, 0)");
	sys(close, fd);
	line("close(%d)", fd);
	sys(close, fds[0]);
	line("close(%d)", fds[0]);
	sys(close, fds[1]);
	line("close(%d)", fds[1]);
}

static void fcntls(int fd)
{
	struct f_owner_ex owner = {.type = F_OWNER_PID, .pid = tid};
	int copy = (int)sys(fcntl, fd, F_DUPFD, 20);
	char flags[64];

	line("fcntl(%d, F_DUPFD, 20)", fd);
	sys(close, copy);
	line("close(%d)", copy);
	copy = (int)sys(fcntl, fd, F_DUPFD_CLOEXEC, 0);
	line("fcntl(%d, F_DUPFD_CLOEXEC, 0)", fd);
	sys(fcntl, copy, F_GETFD);
	line_is("0x1 (flags FD_CLOEXEC)", "fcntl(%d, F_GETFD)", copy);
	sys(close, copy);
	line("close(%d)", copy);
	sys(fcntl, fd, F_GETFD);
	line("fcntl(%d, F_GETFD)", fd);
	sys(fcntl, fd, F_SETFD, FD_CLOEXEC);
	line("fcntl(%d, F_SETFD, FD_CLOEXEC)", fd);
	sys(fcntl, fd, F_SETFD, 0);
	line("fcntl(%d, F_SETFD, 0)", fd);
	sys(fcntl, fd, F_GETFL);
	snprintf(flags, sizeof(flags), "%#lx (flags O_RDWR|O_LARGEFILE)", result);
	line_is(flags, "fcntl(%d, F_GETFL)", fd);
	sys(fcntl, fd, F_SETFL, O_RDWR | O_NONBLOCK | O_APPEND);
	line("fcntl(%d, F_SETFL, O_RDWR|O_APPEND|O_NONBLOCK)", fd);
	sys(fcntl, -1, F_GETFL);
	line("fcntl(-1, F_GETFL)");
	sys(fcntl, fd, F_SETOWN, tid);
	line("fcntl(%d, F_SETOWN, %d)", fd, tid);
	sys(fcntl, fd, F_GETOWN);
	line("fcntl(%d, F_GETOWN)", fd);
	sys(fcntl, fd, F_SETOWN_EX, &owner);
	line("fcntl(%d, F_SETOWN_EX, {type=F_OWNER_PID, pid=%d})", fd, tid);
	sys(fcntl, fd, F_GETOWN_EX, &owner);
	line("fcntl(%d, F_GETOWN_EX, {type=F_OWNER_PID, pid=%d})", fd, tid);
	sys(fcntl, fd, F_SETSIG, SIGUSR1);
	line("fcntl(%d, F_SETSIG, SIGUSR1)", fd);
	sys(fcntl, fd, F_SETLEASE, F_RDLCK);
	line("fcntl(%d, F_SETLEASE, F_RDLCK)", fd);
	sys(fcntl, fd, F_GETPIPE_SZ);
	line("fcntl(%d, F_GETPIPE_SZ)", fd);
	sys(fcntl, fd, F_ADD_SEALS, 1 | 8);
	line("fcntl(%d, F_ADD_SEALS, F_SEAL_SEAL|F_SEAL_WRITE)", fd);
	sys(fcntl, fd, 999, 5);
	line("fcntl(%d, 0x3e7 /* F_??? */, 0x5)", fd);
}

static void locks(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20};

	sys(fcntl, fd, F_SETLK, &lock);
	line("fcntl(%d, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=10, l_len=20})", fd);
	sys(fcntl, fd, F_GETLK, &lock);
	line("fcntl(%d, F_GETLK, {l_type=F_UNLCK, l_whence=SEEK_SET, l_start=10, l_len=20, "
	     "l_pid=0})",
	     fd);
	lock.l_type = F_RDLCK;
	lock.l_pid = 0;
	sys(fcntl, fd, F_OFD_SETLK, &lock);
	line("fcntl(%d, F_OFD_SETLK, {l_type=F_RDLCK, l_whence=SEEK_SET, l_start=10, l_len=20})",
	     fd);
	lock.l_type = F_UNLCK;
	sys(fcntl, fd, F_SETLKW, &lock);
	line("fcntl(%d, F_SETLKW, {l_type=F_UNLCK, l_whence=SEEK_SET, l_start=10, l_len=20})", fd);
	sys(fcntl, fd, F_SETLK, NULL);
	line("fcntl(%d, F_SETLK, NULL)", fd);
	sys(fcntl, fd, F_SETLK, NOWHERE);
	line("fcntl(%d, F_SETLK, %p)", fd, NOWHERE);
	sys(flock, fd, 2 | 4);
	line("flock(%d, LOCK_EX|LOCK_NB)", fd);
	sys(flock, fd, 8);
	line("flock(%d, LOCK_UN)", fd);
	sys(flock, -1, 1);
	line("flock(-1, LOCK_SH)");
}

static void events(void)
{
	uint64_t value = 7;
	sigset_t set;
	int fd;

	fd = (int)sys(eventfd2, 5, O_CLOEXEC | O_NONBLOCK | 1);
	line("eventfd2(5, EFD_SEMAPHORE|EFD_CLOEXEC|EFD_NONBLOCK)");
	sys(write, fd, &value, sizeof(value));
	line("write(%d, \"\\7\\0\\0\\0\\0\\0\\0\\0\", 8)", fd);
	sys(read, fd, &value, sizeof(value));
	line("read(%d, \"\\1\\0\\0\\0\\0\\0\\0\\0\", 8)", fd);
	sys(close, fd);
	line("close(%d)", fd);
#ifdef __NR_eventfd
	fd = (int)sys(eventfd, 0);
	line("eventfd(0)");
	sys(close, fd);
	line("close(%d)", fd);
#endif
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	fd = (int)sys(signalfd4, -1, &set, 8, O_CLOEXEC);
	line("signalfd4(-1, [INT CHLD], 8, SFD_CLOEXEC)");
	sys(signalfd4, fd, &set, 4, 0);
	line("signalfd4(%d, %p, 4, 0)", fd, (void *)&set);
	sys(close, fd);
	line("close(%d)", fd);
	fd = (int)sys(memfd_create, "in memory", 1 | 2);
	line("memfd_create(\"in memory\", MFD_CLOEXEC|MFD_ALLOW_SEALING)");
	sys(fcntl, fd, F_ADD_SEALS, 2 | 4);
	line("fcntl(%d, F_ADD_SEALS, F_SEAL_SHRINK|F_SEAL_GROW)", fd);
	sys(fcntl, fd, F_GET_SEALS);
	line_is("0x6 (seals F_SEAL_SHRINK|F_SEAL_GROW)", "fcntl(%d, F_GET_SEALS)", fd);
	sys(close, fd);
	line("close(%d)", fd);
	sys(memfd_create, "", 0xff00);
	line("memfd_create(\"\", 0xff00 /* MFD_??? */)");
}

static void timers(void)
{
	struct itimerspec spec = {.it_interval = {1, 500}, .it_value = {3600, 0}}, old;
	int fd;

	fd = (int)sys(timerfd_create, CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	line("timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC|TFD_NONBLOCK)");
	sys(timerfd_settime, fd, 0, &spec, NULL);
	line("timerfd_settime(%d, 0, {it_interval={tv_sec=1, tv_nsec=500}, it_value={tv_sec=3600, "
	     "tv_nsec=0}}, NULL)",
	     fd);
	sys(timerfd_gettime, fd, &old);
	line("timerfd_gettime(%d, {it_interval={tv_sec=1, tv_nsec=500}, it_value={tv_sec=%ld, "
	     "tv_nsec=%ld}})",
	     fd, (long)old.it_value.tv_sec, old.it_value.tv_nsec);
	spec = (struct itimerspec){.it_value = {0, 0}};
	sys(timerfd_settime, fd, TFD_TIMER_ABSTIME, &spec, &old);
	line("timerfd_settime(%d, TFD_TIMER_ABSTIME, {it_interval={tv_sec=0, tv_nsec=0}, "
	     "it_value={tv_sec=0, tv_nsec=0}}, {it_interval={tv_sec=1, tv_nsec=500}, "
	     "it_value={tv_sec=%ld, tv_nsec=%ld}})",
	     fd, (long)old.it_value.tv_sec, old.it_value.tv_nsec);
	spec.it_value.tv_nsec = 2000000000;
	sys(timerfd_settime, fd, 0, &spec, &old);
	line("timerfd_settime(%d, 0, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, "
	     "tv_nsec=2000000000}}, %p)",
	     fd, (void *)&old);
	sys(timerfd_gettime, -1, &old);
	line("timerfd_gettime(-1, %p)", (void *)&old);
	sys(timerfd_create, 99, 0);
	line("timerfd_create(0x63 /* CLOCK_??? */, 0)");
	sys(close, fd);
	line("close(%d)", fd);
}

static void watches(void)
{
	int fd = (int)sys(inotify_init1, O_NONBLOCK | O_CLOEXEC), wd;

	line("inotify_init1(IN_NONBLOCK|IN_CLOEXEC)");
	wd = (int)sys(inotify_add_watch, fd, ".", 0x100 | 0x200 | 2);
	line("inotify_add_watch(%d, \".\", IN_MODIFY|IN_CREATE|IN_DELETE)", fd);
	sys(inotify_add_watch, fd, "absent", 0xfff);
	line("inotify_add_watch(%d, \"absent\", IN_ACCESS|IN_MODIFY|IN_ATTRIB|IN_CLOSE_WRITE|"
	     "IN_CLOSE_NOWRITE|IN_OPEN|IN_MOVED_FROM|IN_MOVED_TO|IN_CREATE|IN_DELETE|IN_DELETE_SELF|"
	     "IN_MOVE_SELF)",
	     fd);
	sys(inotify_rm_watch, fd, wd);
	line("inotify_rm_watch(%d, %d)", fd, wd);
	sys(inotify_rm_watch, fd, wd);
	line("inotify_rm_watch(%d, %d)", fd, wd);
	sys(close, fd);
	line("close(%d)", fd);
#ifdef __NR_inotify_init
	fd = (int)sys(inotify_init);
	line("inotify_init()");
	sys(close, fd);
	line("close(%d)", fd);
#endif
}

int main(int argc, char **argv)
{
	int fd;

	lines_begin(argc, argv);
	fd = (int)sys(openat, AT_FDCWD, "fd", O_RDWR | O_CREAT, 0600);
	line("openat(AT_FDCWD, \"fd\", O_RDWR|O_CREAT, 0600)");
	copies();
	fcntls(fd);
	locks(fd);
	events();
	timers();
	watches();
	return lines_end();
}
