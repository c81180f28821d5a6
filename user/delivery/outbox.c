// SPDX-License-Identifier: GPL-2.0-only
#include "outbox.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "log.h"
#include "net.h"
#include "shortage.h"
#include "spooler.h"

#define SEC_NS UINT64_C(1000000000)
/* How long a cancelled thread may take before it is left to itself. */
#define CANCEL_GRACE_NS (SEC_NS / 5)
#define SPOOL_GRACE_NS  (2 * SEC_NS)
/* Until a slot is read again that could not be, for want of memory or descriptors. */
#define SHORTAGE_NS  SEC_NS
#define CLOSE_MAX_NS (86400 * SEC_NS)
/* Beside what is fresh; a carbon-cache takes some 100,000 lines a second from all its hosts. */
#define BACKLOG_LINES_PER_S 10000

struct outbox {
	struct queue queue;
	struct spool *spool;
	struct spooler *spooler;
	struct target *target; /* the thread's own */

	pthread_mutex_t lock;
	pthread_cond_t end_cond;
	pthread_t thread;
	int refs; /* the owner's and the thread's, who may outlive the owner in the resolver */
	bool started, stopping, ended;
	uint64_t failures, damaged;
	int closed;

	int wake_fd;   /* something was queued, or stopping */
	int cancel_fd; /* end now */
	int closed_fd;
	bool hurried; /* the thread's own */
};

static void count(struct outbox *o, uint64_t *counter)
{
	pthread_mutex_lock(&o->lock);
	(*counter)++;
	pthread_mutex_unlock(&o->lock);
}

/* A final target takes no more: its reader is gone, or the disk is full. */
static int closed(struct outbox *o, struct batch *b, int err)
{
	if (b)
		queue__failed(&o->queue, b);
	queue__close(&o->queue);
	pthread_mutex_lock(&o->lock);
	o->closed = -err;
	pthread_mutex_unlock(&o->lock);
	eventfd_write(o->closed_fd, 1);
	return err;
}

/* Nonzero ends the thread. */
static int failed(struct outbox *o, struct batch *b, int err)
{
	if (err == -ECANCELED) {
		if (b)
			queue__failed(&o->queue, b);
		return err;
	}
	count(o, &o->failures);
	if (o->target->ops->final)
		return closed(o, b, err);
	if (b && !o->target->ops->retry)
		queue__lost(&o->queue, b);
	else
		queue__failed(&o->queue, b);
	return 0;
}

/* Waits until woken or @until_ns. An idle pipe whose reader leaves is noticed as well. */
static int wait_until(struct outbox *o, uint64_t until_ns)
{
	const struct target_ops *ops = o->target->ops;
	struct pollfd p[] = {{.fd = o->cancel_fd, .events = POLLIN},
			     {.fd = o->wake_fd, .events = POLLIN},
			     {.fd = ops->idle || ops->final ? o->target->fd : -1,
			      .events = ops->idle ? POLLIN : 0}};
	uint64_t now = net__now_ns();
	int timeout_ms = -1;
	eventfd_t ignored;

	if (until_ns != QUEUE_NEVER)
		timeout_ms = until_ns > now ? (until_ns - now) / 1000000 + 1 : 0;
	poll(p, 3, timeout_ms);
	if (p[0].revents)
		return -ECANCELED;
	if (p[2].revents && ops->final)
		return failed(o, NULL, -EPIPE);
	eventfd_read(o->wake_fd, &ignored);
	return 0;
}

/* The text of @b, from memory or into *@copy, which is the caller's. Returns 0 or -errno. */
static int text_of(struct outbox *o, struct batch *b, char **copy, const char **text)
{
	int err;

	*copy = NULL;
	*text = b->data;
	if (b->data)
		return 0;
	err = spool__read(o->spool, &b->e, copy);
	*text = *copy;
	if (!err || is_shortage(err))
		return err;
	log_warn("%s: a slot of %u lines cannot be read back: %s", spool__path(o->spool),
		 b->e.lines, strerror(-err));
	count(o, &o->damaged);
	return err;
}

static int deliver(struct outbox *o, struct batch *b)
{
	const struct spool_entry e = b->e;
	const char *text;
	char *copy;
	int err = text_of(o, b, &copy, &text);

	if (is_shortage(err)) {
		o->target->due_ns = net__now_ns() + SHORTAGE_NS;
		return failed(o, b, err);
	}
	if (err) {
		queue__lost(&o->queue, b);
		return 0;
	}
	err = o->target->ops->deliver(o->target, text, e.size, o->cancel_fd);
	if (err) {
		free(copy);
		return failed(o, b, err);
	}
	if (queue__delivered(&o->queue, b, copy, net__now_ns()))
		spool__remove(o->spool, &e);
	return 0;
}

static int idle(struct outbox *o)
{
	struct target *t = o->target;
	int err = t->ops->idle ? t->ops->idle(t, o->cancel_fd) : 0;

	return err ? failed(o, NULL, err) : 0;
}

/* Does one thing, whatever is due. Nonzero ends the thread. */
static int step(struct outbox *o)
{
	struct target *t = o->target;
	uint64_t now = net__now_ns(), due_ns;
	struct batch *b;
	bool stopping;

	pthread_mutex_lock(&o->lock);
	stopping = o->stopping;
	pthread_mutex_unlock(&o->lock);
	/* There may be less time than the back-off has left. */
	if (stopping && !o->hurried)
		t->due_ns = 0;
	o->hurried = stopping;
	if (stopping && queue__is_empty(&o->queue))
		return 1;
	if (t->due_ns > now)
		return wait_until(o, t->due_ns);
	b = queue__take(&o->queue, now, &due_ns);
	if (b)
		return deliver(o, b);
	if (t->ops->idle && t->fd < 0)
		return idle(o);
	if (wait_until(o, due_ns))
		return -ECANCELED;
	return idle(o);
}

static void outbox_free(struct outbox *o)
{
	int fds[] = {o->wake_fd, o->cancel_fd, o->closed_fd};

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	o->target->ops->free(o->target);
	queue__destroy(&o->queue);
	spool__close(o->spool);
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

int outbox__start(struct outbox *o)
{
	int err = 0;

	if (o->started)
		return 0;
	if (o->spool)
		err = spooler__new(&o->spooler, &o->queue);
	if (err)
		return err;
	err = start_thread(o);
	if (err) {
		spooler__end(o->spooler, SPOOL_GRACE_NS);
		return err;
	}
	o->started = true;
	return 0;
}

static int open_events(struct outbox *o)
{
	o->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	o->cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	o->closed_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return o->wake_fd < 0 || o->cancel_fd < 0 || o->closed_fd < 0 ? -errno : 0;
}

static int init_queue(struct outbox *o, const struct outbox_opts *opts)
{
	const struct queue_opts q = {.max_bytes = opts->max_bytes,
				     .spool = opts->spool,
				     .spool_bytes = opts->spool_bytes,
				     .spool_age_s = opts->spool_age_s,
				     .lines_per_s = BACKLOG_LINES_PER_S,
				     .repeat = o->target->ops->resend ? opts->repeat : 0,
				     .resend = o->target->ops->resend};
	unsigned int damaged;
	int err = queue__init(&o->queue, &q, &damaged);

	if (err)
		return err;
	o->damaged = damaged;
	if (damaged)
		log_warn("%s: %u damaged files were removed", spool__path(o->spool), damaged);
	if (o->queue.stats.queued)
		log_info("%s: %llu slots of an earlier run will be sent", spool__path(o->spool),
			 (unsigned long long)o->queue.stats.queued);
	return 0;
}

int outbox__new(struct outbox **ret, struct target *t, const struct outbox_opts *opts)
{
	struct outbox *o = calloc(1, sizeof(*o));
	pthread_condattr_t attr;
	int err = -ENOMEM;

	if (o) {
		o->refs = 2;
		o->target = t;
		o->spool = opts->spool;
		err = init_queue(o, opts);
	}
	if (err) {
		t->ops->free(t);
		spool__close(opts->spool);
		free(o);
		return err;
	}
	pthread_mutex_init(&o->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&o->end_cond, &attr);
	pthread_condattr_destroy(&attr);
	err = open_events(o);
	if (err)
		outbox_free(o);
	else
		*ret = o;
	return err;
}

int outbox__put(struct outbox *o, uint64_t slot, const void *data, size_t size, uint64_t delay_ns)
{
	int err;

	if (!size)
		return 0;
	err = queue__put(&o->queue, slot, data, size, delay_ns ? net__now_ns() + delay_ns : 0);
	if (!err)
		eventfd_write(o->wake_fd, 1);
	return err;
}

void outbox__stats(struct outbox *o, struct outbox_stats *ret)
{
	queue__stats(&o->queue, &ret->queue);
	pthread_mutex_lock(&o->lock);
	ret->connects = o->target->connects;
	ret->failures = o->failures;
	ret->damaged = o->damaged;
	ret->closed = o->closed;
	pthread_mutex_unlock(&o->lock);
}

int outbox__closed_fd(const struct outbox *o)
{
	return o->closed_fd;
}

/* Called locked. */
static void wait_ended(struct outbox *o, uint64_t timeout_ns)
{
	uint64_t until = net__now_ns() + timeout_ns;
	struct timespec ts = {.tv_sec = until / SEC_NS, .tv_nsec = until % SEC_NS};

	while (!o->ended && !pthread_cond_timedwait(&o->end_cond, &o->lock, &ts))
		;
}

void outbox__stop(struct outbox *o)
{
	queue__stop(&o->queue);
	pthread_mutex_lock(&o->lock);
	o->stopping = true;
	pthread_mutex_unlock(&o->lock);
	eventfd_write(o->wake_fd, 1);
}

void outbox__close(struct outbox *o, uint64_t timeout_ns, struct outbox_stats *last)
{
	if (!o)
		return;
	if (!o->started) {
		if (last)
			outbox__stats(o, last);
		outbox_free(o);
		return;
	}
	outbox__stop(o);
	pthread_mutex_lock(&o->lock);
	wait_ended(o, timeout_ns < CLOSE_MAX_NS ? timeout_ns : CLOSE_MAX_NS);
	eventfd_write(o->cancel_fd, 1);
	wait_ended(o, CANCEL_GRACE_NS);
	pthread_mutex_unlock(&o->lock);
	/* A disk that hangs keeps the queue for ever. */
	if (!spooler__end(o->spooler, SPOOL_GRACE_NS)) {
		pthread_mutex_lock(&o->lock);
		o->refs++;
		pthread_mutex_unlock(&o->lock);
	}
	queue__close(&o->queue);
	if (last)
		outbox__stats(o, last);
	pthread_mutex_lock(&o->lock);
	if (o->ended)
		pthread_join(o->thread, NULL);
	else
		pthread_detach(o->thread);
	unlock_and_unref(o);
}
