// SPDX-License-Identifier: GPL-2.0-only
#include "queue_lists.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "net.h"

#define SEC_NS UINT64_C(1000000000)
/* Sent again after a failure: at least so many, and all that is younger than that, which is longer
 * than a dead path goes unnoticed (TCP_USER_TIMEOUT). */
#define RESEND_MIN 2
#define RESEND_NS  (15 * SEC_NS)
/* A healthy receiver has taken it by then, and no disk is bothered. */
#define SPOOL_AFTER_NS (2 * SEC_NS)
#define DISK_RETRY_NS  (5 * SEC_NS)

static void lock(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
}

static void unlock(struct queue *q)
{
	pthread_mutex_unlock(&q->lock);
}

static uint32_t count_lines(const char *data, size_t size)
{
	const char *end = data + size;
	uint32_t n = 0;

	while ((data = memchr(data, '\n', end - data))) {
		data++;
		n++;
	}
	return n;
}

/* Behind a relay nobody sees a failure, so nothing would be sent again. */
static void repeat_last(struct queue *q)
{
	struct batch *b, *before;

	for (b = TAILQ_LAST(&q->kept, batch_list); b; b = before) {
		before = TAILQ_PREV(b, batch_list, link);
		if (b->repeats >= q->opts.repeat)
			return;
		b->repeats++;
		/* Fresh also for the spool, which a healthy receiver leaves alone. */
		b->put_ns = net__now_ns();
		queue__leave(q, b);
		queue__join(q, b, &q->fresh);
	}
}

static int add_spooled(void *ctx, const struct spool_entry *e)
{
	struct batch *b = calloc(1, sizeof(*b));
	struct queue *q = ctx;

	if (!b)
		return -ENOMEM;
	b->e = *e;
	b->on_disk = true;
	q->stats.spool_bytes += e->size;
	if (e->number >= q->number)
		q->number = e->number + 1;
	queue__join(q, b, &q->backlog);
	return 0;
}

int queue__init(struct queue *q, const struct queue_opts *opts, unsigned int *damaged)
{
	pthread_condattr_t attr;
	int err = 0;

	memset(q, 0, sizeof(*q));
	q->opts = *opts;
	TAILQ_INIT(&q->fresh);
	TAILQ_INIT(&q->backlog);
	TAILQ_INIT(&q->kept);
	TAILQ_INIT(&q->trash);
	pthread_mutex_init(&q->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&q->disk_cond, &attr);
	pthread_condattr_destroy(&attr);
	*damaged = 0;
	if (opts->spool)
		err = spool__scan(opts->spool, add_spooled, q, damaged);
	if (err)
		queue__destroy(q);
	else
		queue__make_room(q);
	return err;
}

void queue__destroy(struct queue *q)
{
	struct batch_list *lists[] = {&q->fresh, &q->backlog, &q->kept, &q->trash};
	struct batch *b;

	for (int i = 0; i < 4; i++) {
		while ((b = TAILQ_FIRST(lists[i]))) {
			TAILQ_REMOVE(lists[i], b, link);
			/* Of no use to the next process. */
			if (b->on_disk && i >= 2)
				spool__remove(q->opts.spool, &b->e);
			queue__free_batch(b);
		}
	}
	pthread_cond_destroy(&q->disk_cond);
	pthread_mutex_destroy(&q->lock);
}

/* What is fresh comes at this pace, so a backlog that goes no faster than that is never made up for
 * on a busy host. */
static void note_pace(struct queue *q, const struct spool_entry *e)
{
	if (q->last_slot && e->slot > q->last_slot)
		q->live_lines_per_s = e->lines / (e->slot - q->last_slot);
	q->last_slot = e->slot;
}

static uint64_t backlog_pace(const struct queue *q)
{
	uint64_t twice = 2 * q->live_lines_per_s;

	return twice > q->opts.lines_per_s ? twice : q->opts.lines_per_s;
}

int queue__put(struct queue *q, uint64_t slot, const void *data, size_t size, uint64_t due_ns)
{
	struct batch *b = calloc(1, sizeof(*b));
	char *copy = malloc(size + 1);

	if (!b || !copy) {
		free(b);
		free(copy);
		return -ENOMEM;
	}
	memcpy(copy, data, size);
	b->data = copy;
	b->due_ns = due_ns;
	b->put_ns = net__now_ns();
	b->e = (struct spool_entry){.slot = slot, .size = size, .lines = count_lines(data, size)};
	lock(q);
	note_pace(q, &b->e);
	if (queue__may_fit(q, size)) {
		b->e.number = q->number++;
		repeat_last(q);
		queue__join(q, b, &q->fresh);
		queue__make_room(q);
		queue__wake_disk(q);
	} else {
		queue__drop(q, b);
	}
	unlock(q);
	return 0;
}

struct batch *queue__take(struct queue *q, uint64_t now_ns, uint64_t *due_ns)
{
	struct batch *b;

	*due_ns = QUEUE_NEVER;
	lock(q);
	b = TAILQ_FIRST(&q->fresh);
	if (b && b->due_ns > now_ns && !q->stopping) {
		*due_ns = b->due_ns;
		b = NULL;
	}
	if (!b) {
		b = TAILQ_FIRST(&q->backlog);
		if (b && q->pace_ns > now_ns && !q->stopping) {
			if (q->pace_ns < *due_ns)
				*due_ns = q->pace_ns;
			b = NULL;
		}
	}
	if (b)
		b->sending = true;
	unlock(q);
	return b;
}

bool queue__delivered(struct queue *q, struct batch *b, char *copy, uint64_t now_ns)
{
	bool had_file;

	lock(q);
	q->down = false;
	b->sending = false;
	if (b->list == &q->backlog)
		q->pace_ns = now_ns + b->e.lines * SEC_NS / backlog_pace(q);
	if (!b->done_ns) {
		q->stats.batches++;
		q->stats.lines += b->e.lines;
		q->stats.bytes += b->e.size;
	}
	b->done_ns = now_ns;
	queue__leave(q, b);
	if (copy)
		b->data = copy;
	had_file = b->on_disk;
	if (had_file)
		q->stats.spool_bytes -= b->e.size;
	b->on_disk = false;
	if (q->opts.resend)
		queue__join(q, b, &q->kept);
	else
		queue__discard(q, b);
	while (q->nkept > RESEND_MIN && (b = TAILQ_FIRST(&q->kept)) &&
	       (q->kept_bytes > q->opts.max_bytes || b->done_ns + RESEND_NS <= now_ns))
		queue__discard(q, b);
	unlock(q);
	return had_file;
}

void queue__failed(struct queue *q, struct batch *b)
{
	struct batch_list *lists[] = {&q->fresh, &q->kept};

	lock(q);
	q->down = true;
	if (b) {
		b->sending = false;
		queue__forget_data(q, b);
	}
	for (int i = 0; i < 2; i++) {
		while ((b = TAILQ_FIRST(lists[i]))) {
			queue__leave(q, b);
			queue__join_backlog(q, b);
		}
	}
	queue__make_room(q);
	queue__wake_disk(q);
	unlock(q);
}

void queue__lost(struct queue *q, struct batch *b)
{
	lock(q);
	b->sending = false;
	queue__drop(q, b);
	unlock(q);
}

struct batch *queue__take_unwritten(struct queue *q, uint64_t now_ns, uint64_t *due_ns)
{
	struct batch_list *lists[] = {&q->backlog, &q->fresh};
	struct batch *b, *found = NULL;

	*due_ns = QUEUE_NEVER;
	lock(q);
	for (int i = 0; i < 2 && !found; i++) {
		TAILQ_FOREACH(b, lists[i], link)
			if (b->data && !b->on_disk && !b->writing)
				break;
		found = b;
	}
	if (found && found->put_ns + SPOOL_AFTER_NS > now_ns && !q->down && !q->stopping) {
		*due_ns = found->put_ns + SPOOL_AFTER_NS;
		found = NULL;
	} else if (found && q->disk_retry_ns > now_ns) {
		*due_ns = q->disk_retry_ns;
		found = NULL;
	}
	if (found)
		found->writing = true;
	unlock(q);
	return found;
}

struct batch *queue__take_trash(struct queue *q)
{
	struct batch *b;

	lock(q);
	b = TAILQ_FIRST(&q->trash);
	if (b)
		queue__leave(q, b);
	unlock(q);
	return b;
}

bool queue__written(struct queue *q, struct batch *b, int err, uint64_t now_ns)
{
	bool wanted = !err;
	struct batch *old;

	lock(q);
	b->writing = false;
	if (!b->list) {
		queue__free_batch(b);
		wanted = false;
	} else if (b->list == &q->kept) {
		wanted = false;
	} else if (!err) {
		b->on_disk = true;
		q->stats.spool_bytes += b->e.size;
		queue__forget_data(q, b);
		queue__make_room(q);
	} else {
		/* On a full disk what is oldest makes room for what is newest, at once. */
		old = err == -ENOSPC || err == -EDQUOT ? queue__oldest(q, true) : NULL;
		if (old)
			queue__drop(q, old);
		else
			q->disk_retry_ns = now_ns + DISK_RETRY_NS;
	}
	unlock(q);
	return wanted;
}

void queue__stop(struct queue *q)
{
	lock(q);
	q->stopping = true;
	q->disk_retry_ns = 0;
	queue__wake_disk(q);
	unlock(q);
}

void queue__close(struct queue *q)
{
	struct batch_list *lists[] = {&q->backlog, &q->fresh};
	struct batch *b, *after;

	lock(q);
	q->closed = true;
	for (int i = 0; i < 2; i++) {
		for (b = TAILQ_FIRST(lists[i]); b; b = after) {
			after = TAILQ_NEXT(b, link);
			if (b->on_disk)
				continue;
			if (!b->sending) {
				queue__drop(q, b);
				continue;
			}
			/* Its thread is left to itself, in the resolver. */
			q->stats.dropped++;
			q->stats.dropped_lines += b->e.lines;
		}
	}
	unlock(q);
}

bool queue__is_empty(struct queue *q)
{
	bool empty;

	lock(q);
	empty = TAILQ_EMPTY(&q->fresh) && TAILQ_EMPTY(&q->backlog);
	unlock(q);
	return empty;
}

void queue__stats(struct queue *q, struct queue_stats *ret)
{
	lock(q);
	*ret = q->stats;
	unlock(q);
}
