// SPDX-License-Identifier: GPL-2.0-only
#include "outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>

#include "log.h"
#include "net.h"

#define SEC_NS UINT64_C(1000000000)
/* How long a cancelled thread may take before it is left to itself. */
#define CANCEL_GRACE_NS (SEC_NS / 5)
#define CLOSE_MAX_NS    (86400 * SEC_NS)
/*
 * What the kernel took may die with the receiver or the path, so a new connection begins with the
 * last batches again: receivers keep the last value of a slot, so repeating does no harm. The time
 * is longer than a dead path goes unnoticed (TCP_USER_TIMEOUT).
 */
#define RESEND_MIN 2
#define RESEND_NS  (15 * SEC_NS)

struct batch {
	TAILQ_ENTRY(batch) link;
	uint64_t sent_ns;
	bool delivered; /* at least once */
	size_t size;
	char data[];
};

struct outbox {
	pthread_mutex_t lock;
	pthread_cond_t end_cond;
	pthread_t thread;
	int refs; /* the owner's and the thread's, who may outlive the owner in the resolver */
	bool stopping, ended;

	/* Delivered batches kept for sending again, then those that wait. */
	TAILQ_HEAD(, batch) batches;
	struct batch *next; /* the first to write, NULL when all are written */
	bool writing;       /* the thread is using *next */
	unsigned int kept;
	size_t kept_bytes;
	size_t max_bytes;
	struct outbox_stats stats;

	int wake_fd;   /* something was queued, or stopping */
	int cancel_fd; /* end now */
	int closed_fd;

	/* The thread's own. */
	struct net_link *link; /* NULL: @fd is the target */
	int fd;
	bool hurried;
};

static void drop(struct outbox *o, struct batch *b)
{
	if (o->next == b)
		o->next = TAILQ_NEXT(b, link);
	TAILQ_REMOVE(&o->batches, b, link);
	if (b->delivered) {
		o->kept--;
		o->kept_bytes -= b->size;
	} else {
		o->stats.dropped++;
		o->stats.queued_bytes -= b->size;
	}
	free(b);
}

static bool in_flight(const struct outbox *o, const struct batch *b)
{
	return o->writing && b == o->next;
}

static void drop_oldest_waiting(struct outbox *o)
{
	struct batch *b, *after;

	for (b = o->next; b && o->stats.queued_bytes > o->max_bytes; b = after) {
		after = TAILQ_NEXT(b, link);
		if (!b->delivered && !in_flight(o, b))
			drop(o, b);
	}
}

/* Whether it could be queued if all that waits were dropped. */
static bool may_fit(const struct outbox *o, size_t size)
{
	size_t taken = o->writing && !o->next->delivered ? o->next->size : 0;

	return !o->stats.closed && size <= o->max_bytes - taken;
}

int outbox__put(struct outbox *o, const void *data, size_t size)
{
	struct batch *b;

	if (!size)
		return 0;
	b = malloc(sizeof(*b) + size);
	if (!b)
		return -ENOMEM;
	*b = (struct batch){.size = size};
	memcpy(b->data, data, size);

	pthread_mutex_lock(&o->lock);
	if (may_fit(o, size)) {
		TAILQ_INSERT_TAIL(&o->batches, b, link);
		if (!o->next)
			o->next = b;
		o->stats.queued_bytes += size;
		drop_oldest_waiting(o);
	} else {
		o->stats.dropped++;
		free(b);
	}
	pthread_mutex_unlock(&o->lock);
	eventfd_write(o->wake_fd, 1);
	return 0;
}

/* *next is written: keeps it for a while in case it has to be sent again. */
static void next_delivered(struct outbox *o)
{
	unsigned int keep = o->link ? RESEND_MIN : 0;
	struct batch *b = o->next;

	b->sent_ns = net__now_ns();
	o->next = TAILQ_NEXT(b, link);
	if (!b->delivered) {
		b->delivered = true;
		o->kept++;
		o->kept_bytes += b->size;
		o->stats.batches++;
		o->stats.bytes += b->size;
		o->stats.queued_bytes -= b->size;
	}
	while (o->kept > keep && (b = TAILQ_FIRST(&o->batches)) != o->next &&
	       (!keep || o->kept_bytes > o->max_bytes || b->sent_ns + RESEND_NS <= net__now_ns()))
		drop(o, b);
}

/* A descriptor takes no more: its reader is gone, or the disk is full. */
static int closed(struct outbox *o, int err)
{
	struct batch *b;

	pthread_mutex_lock(&o->lock);
	o->stats.failures++;
	o->stats.closed = -err;
	while ((b = TAILQ_FIRST(&o->batches)))
		drop(o, b);
	pthread_mutex_unlock(&o->lock);
	eventfd_write(o->closed_fd, 1);
	return err;
}

/* After a failure the next connection begins with what may be lost. Nonzero ends the thread. */
static int failed(struct outbox *o, int err)
{
	if (err == -ECANCELED)
		return err;
	if (!o->link)
		return closed(o, err);
	pthread_mutex_lock(&o->lock);
	o->stats.failures++;
	o->next = TAILQ_FIRST(&o->batches);
	pthread_mutex_unlock(&o->lock);
	return 0;
}

/* Waits until woken or @until_ns. An idle pipe whose reader leaves is noticed as well. */
static int wait_until(struct outbox *o, uint64_t until_ns)
{
	struct pollfd p[] = {{.fd = o->cancel_fd, .events = POLLIN},
			     {.fd = o->wake_fd, .events = POLLIN},
			     {.fd = o->fd}};
	uint64_t now = net__now_ns();
	int timeout_ms = -1;
	eventfd_t ignored;

	if (until_ns != NET_NEVER)
		timeout_ms = until_ns > now ? (until_ns - now) / 1000000 + 1 : 0;
	poll(p, 3, timeout_ms);
	if (p[0].revents)
		return -ECANCELED;
	if (p[2].revents)
		return closed(o, -EPIPE);
	eventfd_read(o->wake_fd, &ignored);
	return 0;
}

static int connect_link(struct outbox *o)
{
	int err;

	if (net__now_ns() < net_link__due_ns(o->link))
		return wait_until(o, net_link__due_ns(o->link));
	err = net_link__connect(o->link, o->cancel_fd);
	if (err)
		return failed(o, err);
	pthread_mutex_lock(&o->lock);
	o->stats.connects++;
	pthread_mutex_unlock(&o->lock);
	return 0;
}

static int write_next(struct outbox *o)
{
	struct batch *b;
	int err;

	pthread_mutex_lock(&o->lock);
	b = o->next;
	o->writing = true;
	pthread_mutex_unlock(&o->lock);
	if (o->link)
		err = net_link__write(o->link, b->data, b->size, o->cancel_fd);
	else
		err = net__write(o->fd, b->data, b->size, o->cancel_fd);
	pthread_mutex_lock(&o->lock);
	o->writing = false;
	if (!err)
		next_delivered(o);
	pthread_mutex_unlock(&o->lock);
	return err ? failed(o, err) : 0;
}

/* The queue is empty and no more will come. */
static int finish(struct outbox *o, bool connected)
{
	int err = connected ? net_link__finish(o->link, o->cancel_fd) : 0;

	return err ? failed(o, err) : 1;
}

/* Does one thing, whatever is due. Nonzero ends the thread. */
static int step(struct outbox *o)
{
	bool idle, stopping, connected = o->link && net_link__connected(o->link);
	int err;

	pthread_mutex_lock(&o->lock);
	idle = !o->next;
	stopping = o->stopping;
	pthread_mutex_unlock(&o->lock);

	/* There may be less time than the back-off has left. */
	if (stopping && !o->hurried && o->link)
		net_link__hurry(o->link);
	o->hurried = stopping;
	/* The first send after the peer's end would succeed, and be lost. */
	err = connected ? net_link__check(o->link) : 0;
	if (err)
		return failed(o, err);
	if (idle && stopping)
		return finish(o, connected);
	if (idle)
		return wait_until(o, connected ? net_link__due_ns(o->link) : NET_NEVER);
	if (o->link && !connected)
		return connect_link(o);
	return write_next(o);
}

static void outbox_free(struct outbox *o)
{
	int fds[] = {o->fd, o->wake_fd, o->cancel_fd, o->closed_fd};
	struct batch *b;

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	while ((b = TAILQ_FIRST(&o->batches))) {
		TAILQ_REMOVE(&o->batches, b, link);
		free(b);
	}
	net_link__free(o->link);
	pthread_cond_destroy(&o->end_cond);
	pthread_mutex_destroy(&o->lock);
	free(o);
}

/* Called locked. */
static void unlock_and_unref(struct outbox *o)
{
	bool last = --o->refs == 0;

	pthread_mutex_unlock(&o->lock);
	if (last)
		outbox_free(o);
}

static void *run(void *arg)
{
	struct outbox *o = arg;

	while (!step(o))
		;
	pthread_mutex_lock(&o->lock);
	o->ended = true;
	pthread_cond_signal(&o->end_cond);
	unlock_and_unref(o);
	return NULL;
}

static int start_thread(struct outbox *o)
{
	sigset_t all, old;
	int err;

	/* Signals are for the main loop; SIGPIPE for nobody. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&o->thread, NULL, run, o);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return -err;
}

/* Takes @fd and @link, whatever it returns. */
static int outbox_new(struct outbox **ret, int fd, struct net_link *link, size_t max_bytes)
{
	struct outbox *o = calloc(1, sizeof(*o));
	pthread_condattr_t attr;
	int err = 0;

	if (!o) {
		if (fd >= 0)
			close(fd);
		net_link__free(link);
		return -ENOMEM;
	}
	*o = (struct outbox){.refs = 2, .max_bytes = max_bytes, .link = link, .fd = fd};
	TAILQ_INIT(&o->batches);
	pthread_mutex_init(&o->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&o->end_cond, &attr);
	pthread_condattr_destroy(&attr);
	o->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	o->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	o->closed_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (o->wake_fd < 0 || o->cancel_fd < 0 || o->closed_fd < 0)
		err = -errno;
	if (!err)
		err = start_thread(o);
	if (err)
		outbox_free(o);
	else
		*ret = o;
	return err;
}

int outbox__new_fd(struct outbox **ret, int fd, size_t max_bytes)
{
	/* Our own, so that a thread stuck in a write never meets a number that was reused. */
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	return own < 0 ? -errno : outbox_new(ret, own, NULL, max_bytes);
}

int outbox__new_tcp(struct outbox **ret, const char *host, const char *port, size_t max_bytes)
{
	struct net_link *link;
	int err = net_link__new(&link, host, port, max_bytes);

	return err ? err : outbox_new(ret, -1, link, max_bytes);
}

void outbox__stats(struct outbox *o, struct outbox_stats *ret)
{
	pthread_mutex_lock(&o->lock);
	*ret = o->stats;
	pthread_mutex_unlock(&o->lock);
}

int outbox__closed_fd(const struct outbox *o)
{
	return o->closed_fd;
}

static void wait_ended(struct outbox *o, uint64_t timeout_ns)
{
	uint64_t until = net__now_ns() + timeout_ns;
	struct timespec ts = {.tv_sec = until / SEC_NS, .tv_nsec = until % SEC_NS};

	while (!o->ended && !pthread_cond_timedwait(&o->end_cond, &o->lock, &ts))
		;
}

void outbox__close(struct outbox *o, uint64_t timeout_ns, struct outbox_stats *last)
{
	struct batch *b;

	if (!o)
		return;
	pthread_mutex_lock(&o->lock);
	o->stopping = true;
	eventfd_write(o->wake_fd, 1);
	wait_ended(o, timeout_ns < CLOSE_MAX_NS ? timeout_ns : CLOSE_MAX_NS);
	eventfd_write(o->cancel_fd, 1);
	wait_ended(o, CANCEL_GRACE_NS);

	TAILQ_FOREACH(b, &o->batches, link)
	o->stats.dropped += !b->delivered;
	o->stats.queued_bytes = 0;
	if (last)
		*last = o->stats;
	if (o->ended)
		pthread_join(o->thread, NULL);
	else
		pthread_detach(o->thread);
	unlock_and_unref(o);
}
