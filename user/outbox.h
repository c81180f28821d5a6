/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A bounded queue of formatted batches and the thread that delivers them, so that no receiver,
 * however slow or dead, delays collection. One outbox per destination; several never wait for each
 * other.
 */
#ifndef SONDE_OUTBOX_H
#define SONDE_OUTBOX_H

#include <stddef.h>
#include <stdint.h>

struct outbox;

struct outbox_stats {
	uint64_t batches; /* delivered to the kernel or, over TCP, taken by the receiver */
	uint64_t bytes;   /* delivered */
	uint64_t
		dropped; /* batches dropped because the queue was full, or undelivered at the end */
	uint64_t connects;     /* connections established; 0 for a descriptor */
	uint64_t failures;     /* connections or deliveries that failed */
	uint64_t queued_bytes; /* waiting now */
	int closed; /* errno that ended a descriptor, EPIPE if its reader is gone: nothing more will
		       be delivered; else 0 */
};

/*
 * Delivers to a descriptor (standard output, a file): @fd stays the caller's. Returns 0 or -errno.
 * @max_bytes bounds what waits; when a batch does not fit, the oldest are dropped and counted.
 */
int outbox__new_fd(struct outbox **ret, int fd, size_t max_bytes);

/*
 * Delivers over TCP to @host (name, IPv4 or IPv6 without brackets) and @port. Resolution and
 * connect happen in the outbox's thread. Reconnects with jittered exponential back-off, 0.5 s to 30
 * s; complains once per outage on the log and says when it recovered. Returns 0 or -errno.
 */
int outbox__new_tcp(struct outbox **ret, const char *host, const char *port, size_t max_bytes);

/* Takes a copy of @data, one whole batch of lines. Never blocks on the receiver. Returns 0 or
 * -ENOMEM. */
int outbox__put(struct outbox *o, const void *data, size_t size);

void outbox__stats(struct outbox *o, struct outbox_stats *ret);

/* An eventfd that becomes readable when stats.closed turns true; for the caller's event loop. */
int outbox__closed_fd(const struct outbox *o);

/*
 * Waits up to @timeout_ns for the queue to empty, then ends the thread and frees. What was not
 * delivered is counted in @last (may be NULL). Takes NULL.
 */
void outbox__close(struct outbox *o, uint64_t timeout_ns, struct outbox_stats *last);

#endif
