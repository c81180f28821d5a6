/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For queue.c alone: where a batch is, the sums of each list, and what is dropped where there is no
 * room. All with the queue's lock held.
 */
#ifndef SONDE_QUEUE_LISTS_H
#define SONDE_QUEUE_LISTS_H

#include "queue.h"

/* At the end of a list; into the backlog in order of slots. */
void queue__join(struct queue *q, struct batch *b, struct batch_list *list);
void queue__join_backlog(struct queue *q, struct batch *b);
void queue__leave(struct queue *q, struct batch *b);

/* Its memory, if it is of no more use: it can be read again from the disk. */
void queue__forget_data(struct queue *q, struct batch *b);
void queue__free_batch(struct batch *b);

/* It is in no list any more: whoever still reads it frees it. */
void queue__discard(struct queue *q, struct batch *b);
/* The same, and counted as a loss if no receiver had it. */
void queue__drop(struct queue *q, struct batch *b);
/* The oldest that may be dropped: on disk, or in memory. */
struct batch *queue__oldest(struct queue *q, bool on_disk);
/* Drops what is beyond the bounds, the oldest first. */
void queue__make_room(struct queue *q);
/* Whether it could wait if all that may be dropped were. */
bool queue__may_fit(struct queue *q, size_t size);

/* There is something to do for the spooler. */
void queue__wake_disk(struct queue *q);

#endif
