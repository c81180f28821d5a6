// SPDX-License-Identifier: GPL-2.0-only
/* Frames of this host: the sets are loaded for it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "collect.h"
#include "commands.h"
#include "log.h"
#include "session.h"
#include "source.h"

struct live {
	struct source source;
	struct session *session;
	struct collector *collector;
	int epoll, timer;
	struct wanted wanted;
	u64 taken; /* ns, monotonic */
};

static int live_fd(struct source *s)
{
	return ((struct live *)s)->epoll;
}

static int take(struct live *l, struct frame **ret)
{
	u64 now = now_ns(), before = l->taken;
	struct delta *d;
	int err = session__take(l->session, false, &d);

	/* On a busy host it may wait for a CPU between the two, and shares of a time that was not
	 * measured would come to more than all. */
	if (!err && d->settled)
		now = d->settled;
	l->taken = now;
	if (!err)
		err = collector__frame(l->collector, d, now - before, &l->wanted, ret);
	if (err)
		log_error("%s", strerror(-err));
	return err ? err : 1;
}

static int live_next(struct source *s, struct frame **ret)
{
	struct live *l = (struct live *)s;
	struct epoll_event ev[2];
	int n = epoll_wait(l->epoll, ev, 2, 0);
	bool due = false;
	u64 ticks;

	if (n < 0 && errno != EINTR) {
		int err = -errno;

		log_error("%s", strerror(-err));
		return err;
	}
	for (int i = 0; i < n; i++) {
		if (ev[i].data.fd == l->timer)
			due = read(l->timer, &ticks, sizeof(ticks)) > 0;
		else
			session__answer(l->session);
	}
	return due ? take(l, ret) : 0;
}

static int live_open_process(struct source *s, u32 pid)
{
	((struct live *)s)->wanted.pid[0] = pid;
	return 0;
}

static int live_set_interval(struct source *s, u64 ns)
{
	struct timespec ts = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
	struct itimerspec every = {ts, ts};

	return timerfd_settime(((struct live *)s)->timer, 0, &every, NULL) ? -errno : 0;
}

static void live_close(struct source *s)
{
	struct live *l = (struct live *)s;

	collector__free(l->collector);
	session__close(l->session);
	if (l->epoll >= 0)
		close(l->epoll);
	if (l->timer >= 0)
		close(l->timer);
	free(l);
}

static int watch(struct live *l, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

	return fd < 0 || epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) ? -errno : 0;
}

static const struct source_ops live_ops = {
	.fd = live_fd,
	.next = live_next,
	.open_process = live_open_process,
	.set_interval = live_set_interval,
	.close = live_close,
};

int source__live(struct source **ret, const struct options *o)
{
	struct live *l = calloc(1, sizeof(*l));
	struct delta *d;
	int status, err;

	if (!l) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	l->source.ops = &live_ops;
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	l->timer = l->epoll < 0 ? -1 : timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (l->timer < 0) {
		log_error("%s", strerror(errno));
		live_close(&l->source);
		return EXIT_FAILED;
	}
	status = session__open(&l->session, o, NULL);
	if (status) {
		live_close(&l->source);
		return status;
	}
	err = watch(l, l->timer);
	if (!err)
		err = watch(l, session__fd(l->session));
	if (!err)
		err = collector__new(&l->collector, l->session, o->root);
	/* What came while it was attached, and losses of that, are nobody's interval. */
	if (!err)
		err = session__take(l->session, false, &d);
	l->taken = !err && d->settled ? d->settled : now_ns();
	if (!err)
		err = live_set_interval(&l->source, o->refresh);
	if (err) {
		log_error("%s", strerror(-err));
		live_close(&l->source);
		return EXIT_FAILED;
	}
	*ret = &l->source;
	return 0;
}
