// SPDX-License-Identifier: GPL-2.0-only
#include "spooler.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "net.h"

#define SEC_NS UINT64_C(1000000000)
/* A disk that is full has room for one file now and then. */
#define SETTLE_NS (30 * SEC_NS)

struct spooler {
	struct queue *q;
	pthread_t thread;
	pthread_cond_t end_cond;
	bool ending, ended;
	uint64_t failed_ns; /* last, 0: the log knows of no failure */
};

static void say(struct spooler *s, int err)
{
	const char *path = spool__path(s->q->opts.spool);
	uint64_t now = net__now_ns();

	if (err && !s->failed_ns)
		log_warn(
			"cannot write to the spool %s: %s; slots wait in memory (up to %zu bytes), then the oldest are dropped",
			path, strerror(-err), s->q->opts.max_bytes);
	if (err) {
		s->failed_ns = now;
	} else if (s->failed_ns && s->failed_ns + SETTLE_NS < now) {
		log_info("the spool %s can be written to again", path);
		s->failed_ns = 0;
	}
}

/* False: there is nothing to do before *@due_ns. */
static bool work(struct spooler *s, uint64_t *due_ns)
{
	struct queue *q = s->q;
	struct batch *b = queue__take_trash(q);
	struct spool_entry e;
	int err;

	if (b) {
		spool__remove(q->opts.spool, &b->e);
		free(b);
		return true;
	}
	b = queue__take_unwritten(q, net__now_ns(), due_ns);
	if (!b)
		return false;
	e = b->e;
	err = spool__write(q->opts.spool, &e, b->data);
	if (!queue__written(q, b, err, net__now_ns()) && !err)
		spool__remove(q->opts.spool, &e);
	say(s, err);
	return true;
}

static void *run(void *arg)
{
	struct spooler *s = arg;
	struct queue *q = s->q;
	bool ending = false;
	unsigned int news;
	uint64_t due_ns;

	for (;;) {
		pthread_mutex_lock(&q->lock);
		news = q->disk_news;
		pthread_mutex_unlock(&q->lock);
		if (work(s, &due_ns))
			continue;
		/* What waits was due at once, so it is written, or cannot be. */
		if (ending)
			break;
		pthread_mutex_lock(&q->lock);
		if (!s->ending && news == q->disk_news) {
			struct timespec ts = {.tv_sec = due_ns / SEC_NS,
					      .tv_nsec = due_ns % SEC_NS};

			if (due_ns == QUEUE_NEVER)
				pthread_cond_wait(&q->disk_cond, &q->lock);
			else
				pthread_cond_timedwait(&q->disk_cond, &q->lock, &ts);
		}
		ending = s->ending;
		pthread_mutex_unlock(&q->lock);
	}
	pthread_mutex_lock(&q->lock);
	s->ended = true;
	pthread_cond_signal(&s->end_cond);
	pthread_mutex_unlock(&q->lock);
	return NULL;
}

int spooler__new(struct spooler **ret, struct queue *q)
{
	struct spooler *s = calloc(1, sizeof(*s));
	pthread_condattr_t attr;
	sigset_t all, old;
	int err;

	if (!s)
		return -ENOMEM;
	s->q = q;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&s->end_cond, &attr);
	pthread_condattr_destroy(&attr);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&s->thread, NULL, run, s);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (err)
		free(s);
	else
		*ret = s;
	return -err;
}

bool spooler__end(struct spooler *s, uint64_t timeout_ns)
{
	uint64_t until = net__now_ns() + timeout_ns;
	struct timespec ts = {.tv_sec = until / SEC_NS, .tv_nsec = until % SEC_NS};
	bool ended;

	if (!s)
		return true;
	pthread_mutex_lock(&s->q->lock);
	s->ending = true;
	pthread_cond_signal(&s->q->disk_cond);
	while (!s->ended && !pthread_cond_timedwait(&s->end_cond, &s->q->lock, &ts))
		;
	ended = s->ended;
	pthread_mutex_unlock(&s->q->lock);
	if (!ended) {
		pthread_detach(s->thread);
		return false;
	}
	pthread_join(s->thread, NULL);
	pthread_cond_destroy(&s->end_cond);
	free(s);
	return true;
}
