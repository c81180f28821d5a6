/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for descriptors: poll, select, epoll. */
#include "lines.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

static int empty[2], full[2];

static void polls(void)
{
	struct pollfd fds[] = {{empty[0], POLLIN | POLLPRI, 0},
			       {full[0], POLLIN, 0},
			       {full[1], POLLOUT | POLLRDHUP, 0}};
	struct timespec ts = {0, 1000};
	uint64_t mask = 1 << (SIGINT - 1);
	char left[128];

#ifdef __NR_poll
	sys(poll, fds, 3, 1000);
	snprintf(left, sizeof(left), "2 ([{fd=%d, revents=POLLIN}, {fd=%d, revents=POLLOUT}])",
		 full[0], full[1]);
	line_is(left,
		"poll([{fd=%d, events=POLLIN|POLLPRI}, {fd=%d, events=POLLIN}, {fd=%d, "
		"events=POLLOUT|POLLRDHUP}], 3, 1000)",
		empty[0], full[0], full[1]);
	sys(poll, fds, 1, 0);
	line_is("0 (Timeout)", "poll([{fd=%d, events=POLLIN|POLLPRI}], 1, 0)", empty[0]);
	sys(poll, NULL, 0, 1);
	line_is("0 (Timeout)", "poll(NULL, 0, 1)");
	sys(poll, NOWHERE, 1, -1);
	line("poll(%p, 1, -1)", NOWHERE);
#endif
	sys(ppoll, fds + 1, 2, &ts, &mask, 8);
	snprintf(left, sizeof(left),
		 "2 ([{fd=%d, revents=POLLIN}, {fd=%d, revents=POLLOUT}], left {tv_sec=%ld, "
		 "tv_nsec=%ld})",
		 full[0], full[1], (long)ts.tv_sec, ts.tv_nsec);
	line_is(left,
		"ppoll([{fd=%d, events=POLLIN}, {fd=%d, events=POLLOUT|POLLRDHUP}], 2, {tv_sec=0, "
		"tv_nsec=1000}, [INT], 8)",
		full[0], full[1]);
	ts = (struct timespec){0, 1000};
	sys(ppoll, fds, 1, &ts, NULL, 8);
	line_is("0 (Timeout)",
		"ppoll([{fd=%d, events=POLLIN|POLLPRI}], 1, {tv_sec=0, tv_nsec=1000}, NULL, 8)",
		empty[0]);
	fds[0].fd = 99;
	sys(ppoll, fds, 1, NULL, NULL, 8);
	line_is("1 ([{fd=99, revents=POLLNVAL}])",
		"ppoll([{fd=99, events=POLLIN|POLLPRI}], 1, NULL, NULL, 8)");
	sys(ppoll, NULL, 1, NULL, &mask, 3);
	line("ppoll(NULL, 1, NULL, %p, 3)", (void *)&mask);
}

static void selects(void)
{
	fd_set in, write_to;
	struct timeval tv = {0, 5};
	struct timespec ts = {0, 1000};
	struct {
		const uint64_t *mask;
		size_t len;
	} mask = {NULL, 8};
	char left[128];

	FD_ZERO(&in);
	FD_ZERO(&write_to);
	FD_SET(empty[0], &in);
	FD_SET(full[0], &in);
	FD_SET(full[1], &write_to);
#ifdef __NR_select
	sys(select, full[1] + 1, &in, &write_to, NULL, &tv);
	snprintf(left, sizeof(left), "2 (in [%d], out [%d], left {tv_sec=%ld, tv_usec=%ld})",
		 full[0], full[1], (long)tv.tv_sec, tv.tv_usec);
	line_is(left, "select(%d, [%d %d], [%d], NULL, {tv_sec=0, tv_usec=5})", full[1] + 1,
		empty[0], full[0], full[1]);
	tv = (struct timeval){0, 5};
	FD_ZERO(&in);
	FD_SET(empty[0], &in);
	sys(select, full[1] + 1, &in, NULL, NULL, &tv);
	line_is("0 (Timeout)", "select(%d, [%d], NULL, NULL, {tv_sec=0, tv_usec=5})", full[1] + 1,
		empty[0]);
	sys(select, -1, NULL, NULL, NULL, NULL);
	line("select(-1, NULL, NULL, NULL, NULL)");
#endif
	(void)tv;
	FD_ZERO(&in);
	FD_SET(full[0], &in);
	sys(pselect6, full[1] + 1, &in, NULL, NULL, NULL, &mask);
	snprintf(left, sizeof(left), "1 (in [%d])", full[0]);
	line_is(left, "pselect6(%d, [%d], NULL, NULL, NULL, {sigmask=NULL, sigsetsize=8})",
		full[1] + 1, full[0]);
	FD_ZERO(&in);
	FD_SET(empty[0], &in);
	sys(pselect6, full[1] + 1, &in, NULL, NULL, &ts, NULL);
	line_is("0 (Timeout)", "pselect6(%d, [%d], NULL, NULL, {tv_sec=0, tv_nsec=1000}, NULL)",
		full[1] + 1, empty[0]);
	FD_SET(99, &in);
	sys(pselect6, 100, &in, NULL, NULL, &ts, NULL);
	line("pselect6(100, [99], NULL, NULL, {tv_sec=0, tv_nsec=0}, NULL)");
}

static void epolls(void)
{
	struct epoll_event ev = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET, .data.u64 = 5}, evs[4];
	struct timespec ts = {0, 1000};
	uint64_t mask = 1 << (SIGTERM - 1);
	int fd = (int)sys(epoll_create1, EPOLL_CLOEXEC);

	line("epoll_create1(EPOLL_CLOEXEC)");
#ifdef __NR_epoll_create
	sys(epoll_create, 0);
	line("epoll_create(0)");
#endif
	sys(epoll_ctl, fd, EPOLL_CTL_ADD, full[0], &ev);
	line("epoll_ctl(%d, EPOLL_CTL_ADD, %d, {events=EPOLLIN|EPOLLRDHUP|EPOLLET, data={u32=5, "
	     "u64=5}})",
	     fd, full[0]);
	sys(epoll_ctl, fd, EPOLL_CTL_ADD, full[0], &ev);
	line("epoll_ctl(%d, EPOLL_CTL_ADD, %d, {events=EPOLLIN|EPOLLRDHUP|EPOLLET, data={u32=5, "
	     "u64=5}})",
	     fd, full[0]);
	ev = (struct epoll_event){.events = EPOLLIN | EPOLLONESHOT, .data.u64 = 0x100000002};
	sys(epoll_ctl, fd, EPOLL_CTL_MOD, full[0], &ev);
	line("epoll_ctl(%d, EPOLL_CTL_MOD, %d, {events=EPOLLIN|EPOLLONESHOT, data={u32=2, "
	     "u64=4294967298}})",
	     fd, full[0]);
	sys(epoll_pwait, fd, evs, 4, -1, &mask, 8);
	line("epoll_pwait(%d, [{events=EPOLLIN, data={u32=2, u64=4294967298}}], 4, -1, [TERM], 8)",
	     fd);
	sys(epoll_pwait, fd, evs, 4, 0, NULL, 8);
	line("epoll_pwait(%d, [], 4, 0, NULL, 8)", fd);
	sys(epoll_pwait, -1, evs, 4, 0, NULL, 8);
	line("epoll_pwait(-1, %p, 4, 0, NULL, 8)", (void *)evs);
#ifdef __NR_epoll_wait
	sys(epoll_ctl, fd, EPOLL_CTL_MOD, full[0], &ev);
	line("epoll_ctl(%d, EPOLL_CTL_MOD, %d, {events=EPOLLIN|EPOLLONESHOT, data={u32=2, "
	     "u64=4294967298}})",
	     fd, full[0]);
	sys(epoll_wait, fd, evs, 4, 1000);
	line("epoll_wait(%d, [{events=EPOLLIN, data={u32=2, u64=4294967298}}], 4, 1000)", fd);
	sys(epoll_wait, fd, evs, 4, 0);
	line("epoll_wait(%d, [], 4, 0)", fd);
	sys(epoll_wait, fd, evs, 0, 0);
	line("epoll_wait(%d, %p, 0, 0)", fd, (void *)evs);
#endif
	sys(epoll_pwait2, fd, evs, 4, &ts, NULL, 0);
	line("epoll_pwait2(%d, %s, 4, {tv_sec=0, tv_nsec=1000}, NULL, 0)", fd, out(evs, "[]"));
	sys(epoll_pwait2, -1, evs, 4, NULL, NULL, 8);
	line("epoll_pwait2(-1, %p, 4, NULL, NULL, 8)", (void *)evs);
	sys(epoll_ctl, fd, EPOLL_CTL_DEL, full[0], NULL);
	line("epoll_ctl(%d, EPOLL_CTL_DEL, %d, NULL)", fd, full[0]);
	sys(epoll_ctl, fd, 9, full[0], &ev);
	line("epoll_ctl(%d, 0x9 /* EPOLL_CTL_??? */, %d, {events=EPOLLIN|EPOLLONESHOT, "
	     "data={u32=2, u64=4294967298}})",
	     fd, full[0]);
}

int main(int argc, char **argv)
{
	/* A number above those that there is room for is not looked at, so make room. */
	dup2(STDIN_FILENO, 99);
	close(99);
	lines_begin(argc, argv);
	sys(pipe2, empty, 0);
	line("pipe2([%d, %d], 0)", empty[0], empty[1]);
	sys(pipe2, full, 0);
	line("pipe2([%d, %d], 0)", full[0], full[1]);
	sys(write, full[1], "x", 1);
	line("write(%d, \"x\", 1)", full[1]);
	polls();
	selects();
	epolls();
	return lines_end();
}
