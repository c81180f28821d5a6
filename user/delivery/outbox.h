/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One receiver's queue and the thread that delivers from it, so that no receiver, however slow or
 * dead, delays collection; with a spool, another thread that writes to the disk. Several outboxes
 * never wait for each other.
 */
#ifndef SONDE_OUTBOX_H
#define SONDE_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "queue.h"
#include "target.h"

struct outbox;

struct outbox_stats {
	struct queue_stats queue;
	uint64_t connects; /* connections established */
	uint64_t failures; /* connections or deliveries that failed */
	uint64_t damaged;  /* files of the spool that were not what was written */
	int closed; /* errno that ended a final target, EPIPE if its reader is gone: nothing more
		       will be delivered; else 0 */
};

struct outbox_opts {
	size_t max_bytes;     /* that wait in memory; what is oldest is dropped beyond */
	struct spool *spool;  /* NULL: none */
	uint64_t spool_bytes; /* on disk */
	uint64_t spool_age_s;
	unsigned int repeat; /* see struct queue_opts; only of targets that may be sent again */
};

/* Takes @t and opts->spool, whatever it returns. Returns 0 or -errno. */
int outbox__new(struct outbox **ret, struct target *t, const struct outbox_opts *opts);

/* Begins to deliver, in threads of its own, if that was not done yet. Returns 0 or -errno. */
int outbox__start(struct outbox *o);

/*
 * Takes a copy of @data, whole lines of @slot, to be sent @delay_ns from now, or later. Never waits
 * for the receiver or a disk. Returns 0 or -ENOMEM.
 */
int outbox__put(struct outbox *o, uint64_t slot, const void *data, size_t size, uint64_t delay_ns);

void outbox__stats(struct outbox *o, struct outbox_stats *ret);

/* An eventfd that becomes readable when stats.closed turns true; for the caller's event loop. */
int outbox__closed_fd(const struct outbox *o);

/* Nothing more will be put: what waits is sent at once. Of several, before the first is closed, so
 * that they end side by side. */
void outbox__stop(struct outbox *o);

/*
 * Stops it, waits up to @timeout_ns for the queue to empty, then ends the threads and frees. What
 * was not delivered is in the spool, or counted in @last (may be NULL) as dropped. Takes NULL.
 */
void outbox__close(struct outbox *o, uint64_t timeout_ns, struct outbox_stats *last);

#endif
