/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Receivers, as an outbox sees them: each takes one batch at a time and says whether it has it. For
 * one thread; what may wait ends with -ECANCELED when @cancel_fd becomes readable.
 */
#ifndef SONDE_TARGET_H
#define SONDE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct target;

struct target_ops {
	/* 0 when the receiver has all of it, or -errno; it may have a part of it then. */
	int (*deliver)(struct target *t, const void *data, size_t size, int cancel_fd);
	/*
	 * With nothing to deliver: makes ready for what comes. -errno: the receiver went away, and
	 * what it took last may be lost. May be NULL.
	 */
	int (*idle)(struct target *t, int cancel_fd);
	void (*free)(struct target *t);
	bool retry;  /* what failed may be delivered again, for nothing is counted twice */
	bool resend; /* and so may what was taken before */
	bool final;  /* an error is the end */
};

struct target {
	const struct target_ops *ops;
	int fd;          /* to be watched for its end while there is nothing to do, -1: none */
	uint64_t due_ns; /* no use to try before */
	_Atomic uint64_t connects; /* established so far; read by others */
};

/*
 * Lines over TCP. One connection per batch: the batch, the end of our side, then the receiver's. It
 * closes when it has read everything, which is the only way in which this protocol can say so. The
 * next connection is opened at once, and tells by its end that the receiver went away.
 *
 * A number of constructors: each returns 0 and *@ret, or -errno. Strings are copied. @kept: what
 * becomes of slots during an outage, for the message.
 */
int target__tcp(struct target **ret, const char *host, const char *port, const char *kept);

/* Lines in datagrams of at most 1,432 bytes; nothing is ever sent again. */
int target__udp(struct target **ret, const char *host, const char *port);

/*
 * Appends to a file, made if need be with mode 0640. At @max_bytes (0: never) it is renamed to
 * PATH.1, that to PATH.2, and so on up to @keep. A file that somebody else renames is made again.
 * @header (may be NULL) begins each file. What could not be written whole is taken back.
 */
int target__file(struct target **ret, const char *path, const char *header, uint64_t max_bytes,
		 unsigned int keep, const char *kept);

/* A descriptor, which stays the caller's: the first error is the end. */
int target__fd(struct target **ret, int fd, const char *header);

#endif
