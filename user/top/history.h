/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was shown during the last five minutes: each frame, compressed, and the histogram of each
 * operation, small enough for a heat map to be drawn from all of them at once. Never more than
 * HISTORY_BYTES; where that does not hold five minutes it holds less.
 */
#ifndef SONDE_HISTORY_H
#define SONDE_HISTORY_H

#include <stddef.h>

#include "sink.h"
#include "sums.h"

#define HISTORY_NS    300000000000ULL
#define HISTORY_BYTES (64U << 20)

struct past {
	u64 number; /* of the frame, from 0 on */
	u64 taken, interval;
	unsigned char *packed; /* the frame as text, deflated */
	size_t packed_size, size;
	struct past_hist {
		u64 id;
		u32 at; /* in counts */
	} * hist;
	u32 nhists;
	struct text counts;
	char *verdicts; /* each ended by NUL */
	u32 nverdicts;
};

struct history {
	struct past *past; /* the oldest first */
	u32 n, room;
	u64 next; /* number of the next frame */
	size_t bytes;
};

/* Returns 0 or -ENOMEM. */
int history__add(struct history *h, const struct frame *f, const struct sums *s,
		 const char *const *verdict, u32 nverdicts);

/* The frame again; NULL if there is no memory. The caller's to free. */
struct frame *history__frame(const struct past *p);

/* One column of a heat map: the events of a while, in buckets as dist__coarse has them. */
struct heat_column {
	u64 taken; /* s since 1970, its end */
	u64 total;
	u64 count[DIST_COARSE];
};

/* At most @max columns, the oldest first, each of as many frames as it takes to hold all; *@ret is
 * the caller's to free. Returns their number or -ENOMEM. */
int history__heat(const struct history *h, u64 id, u32 max, struct heat_column **ret);

void history__free(struct history *h);

#endif
