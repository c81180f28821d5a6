/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the time of threads goes, from the probe set sched, which is loaded for it. */
#ifndef SONDE_TRACE_SPLIT_H
#define SONDE_TRACE_SPLIT_H

#include "options.h"
#include "sched_parts.h"

struct split;

/* Logs why it cannot, then *@ret is NULL: there is no split, and all else goes on. */
void split__open(struct split **ret, const struct options *o);
void split__close(struct split *s);

/* Of all threads for which @wanted says so: ns by part since the first reading, the threads' whole
 * time in all. Returns 0 or -errno. */
int split__read(struct split *s, bool (*wanted)(void *ctx, u32 pid, u32 tid), void *ctx,
		u64 ret[PARTS]);

#endif
