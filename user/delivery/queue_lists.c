// SPDX-License-Identifier: GPL-2.0-only
#include "queue_lists.h"

#include <stdlib.h>
#include <time.h>

#include "net.h"

#define SEC_NS UINT64_C(1000000000)

void queue__wake_disk(struct queue *q)
{
	q->disk_news++;
	pthread_cond_signal(&q->disk_cond);
}

static bool is_waiting(const struct queue *q, const struct batch *b)
{
	return b->list == &q->fresh || b->list == &q->backlog;
}

/* Adds @b's size to what its list is worth, or takes it away. */
static void account(struct queue *q, const struct batch *b, int sign)
{
	size_t size = b->e.size;

	if (b->list == &q->kept) {
		q->nkept += sign;
		q->kept_bytes += b->data ? sign * size : 0;
	} else if (is_waiting(q, b)) {
		q->memory_bytes += b->data ? sign * size : 0;
		q->stats.queued += sign;
		q->stats.queued_lines += sign * (int64_t)b->e.lines;
		q->stats.queued_bytes += sign * size;
	}
}

void queue__leave(struct queue *q, struct batch *b)
{
	account(q, b, -1);
	if (b->list)
		TAILQ_REMOVE(b->list, b, link);
	b->list = NULL;
}

void queue__join(struct queue *q, struct batch *b, struct batch_list *list)
{
	b->list = list;
	TAILQ_INSERT_TAIL(list, b, link);
	account(q, b, 1);
}

static bool is_before(const struct spool_entry *a, const struct spool_entry *b)
{
	return a->slot != b->slot ? a->slot < b->slot : a->number < b->number;
}

void queue__join_backlog(struct queue *q, struct batch *b)
{
	struct batch *at = TAILQ_LAST(&q->backlog, batch_list);

	while (at && is_before(&b->e, &at->e))
		at = TAILQ_PREV(at, batch_list, link);
	b->list = &q->backlog;
	if (at)
		TAILQ_INSERT_AFTER(&q->backlog, at, b, link);
	else
		TAILQ_INSERT_HEAD(&q->backlog, b, link);
	account(q, b, 1);
}

void queue__forget_data(struct queue *q, struct batch *b)
{
	if (!b->on_disk || b->sending || b->writing || !b->data)
		return;
	account(q, b, -1);
	free(b->data);
	b->data = NULL;
	account(q, b, 1);
}

void queue__free_batch(struct batch *b)
{
	free(b->data);
	free(b);
}

void queue__discard(struct queue *q, struct batch *b)
{
	queue__leave(q, b);
	if (b->on_disk)
		q->stats.spool_bytes -= b->e.size;
	if (b->writing)
		return;
	if (!b->on_disk) {
		queue__free_batch(b);
		return;
	}
	free(b->data);
	b->data = NULL;
	queue__join(q, b, &q->trash);
	queue__wake_disk(q);
}

void queue__drop(struct queue *q, struct batch *b)
{
	/* What the receiver had once is no loss that could be known. */
	if (!b->done_ns) {
		q->stats.dropped++;
		q->stats.dropped_lines += b->e.lines;
	}
	queue__discard(q, b);
}

struct batch *queue__oldest(struct queue *q, bool on_disk)
{
	struct batch_list *lists[] = {&q->backlog, &q->fresh};
	struct batch *b;

	for (int i = 0; i < 2; i++)
		TAILQ_FOREACH(b, lists[i], link)
			if (!b->sending && (on_disk ? b->on_disk : b->data != NULL))
				return b;
	return NULL;
}

static bool is_too_old(const struct queue *q, const struct batch *b)
{
	uint64_t age = q->opts.spool_age_s;

	if (b->put_ns)
		return net__now_ns() - b->put_ns > age * SEC_NS;
	/* The clock that it was stamped by may be another one now. */
	return time(NULL) > (time_t)(b->e.slot + age);
}

void queue__make_room(struct queue *q)
{
	struct batch *b;

	while (q->memory_bytes > q->opts.max_bytes && (b = queue__oldest(q, false)))
		queue__drop(q, b);
	if (!q->opts.spool)
		return;
	while (q->stats.spool_bytes > q->opts.spool_bytes && (b = queue__oldest(q, true)))
		queue__drop(q, b);
	while ((b = TAILQ_FIRST(&q->backlog)) && !b->sending && is_too_old(q, b))
		queue__drop(q, b);
}

bool queue__may_fit(struct queue *q, size_t size)
{
	struct batch_list *lists[] = {&q->backlog, &q->fresh};
	size_t pinned = 0;
	struct batch *b;

	for (int i = 0; i < 2; i++)
		TAILQ_FOREACH(b, lists[i], link)
			if (b->sending && b->data)
				pinned += b->e.size;
	return !q->closed && size + pinned <= q->opts.max_bytes;
}
