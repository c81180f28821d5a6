/* SPDX-License-Identifier: GPL-2.0-only */
/* Fills frames from a session: what the sets counted, and the threads and devices of this host. */
#ifndef SONDE_COLLECT_H
#define SONDE_COLLECT_H

#include "frame.h"
#include "session.h"

struct collector;

#define MAX_WANTED 32

/* Processes that somebody has opened; 0: none. */
struct wanted {
	u32 pid[MAX_WANTED];
};

/* What there is now is not of the first frame's interval, so this looks once. @root: where the
 * host's / is. Returns 0 or -ENOMEM. */
int collector__new(struct collector **ret, struct session *session, const char *root);
void collector__free(struct collector *c);

/*
 * *@ret, which is the caller's, holds the interval that @d is the difference of, @ns long. @pid:
 * the process of which it has the threads, 0: none. Returns 0 or -ENOMEM.
 */
int collector__frame(struct collector *c, const struct delta *d, u64 ns,
		     const struct wanted *wanted, struct frame **ret);

#endif
