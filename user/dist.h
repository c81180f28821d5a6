/* SPDX-License-Identifier: GPL-2.0-only */
/* A distribution in user space: the difference of two kernel histograms, or a sum of such
 * differences. */
#ifndef SONDE_DIST_H
#define SONDE_DIST_H

#include <stdbool.h>

#include "hist.h"

/* What the values are. Sizes share the buckets, with one byte in the place of 2^-24 s. */
enum unit { UNIT_NS, UNIT_BYTES };

struct dist {
	u64 count;
	u64 errors;
	u64 sum; /* ns, bytes, or a counter's total */
	u64 max; /* exact, except as struct hist says */
	u64 slo_ok;
	u64 wait[HIST_WAITS]; /* ns of the sum, see sched_parts.h */
	u64 bucket[HIST_BUCKETS];
};

/* Adds @b to @a; exact, because all distributions have the same buckets. */
void dist__add(struct dist *a, const struct dist *b);

/*
 * The value at or below which a share of @q (0 to 1) of the samples lies: the geometric mean of its
 * bucket's bounds, which is at most 4.43 % off, and never above the maximum. 0 if there is no
 * sample.
 */
u64 dist__quantile(const struct dist *d, double q, enum unit unit);

/*
 * Of ns. The sum of squares takes each sample for the geometric mean of its bucket, all of them
 * scaled so that they add up to the exact sum; the standard deviation is what follows from it and
 * the exact mean. Zero if there is no sample.
 */
struct dist_moments {
	double sum_squares, std;
	u64 lower; /* the lowest bucket's lower bound: nothing was below */
};
struct dist_moments dist__moments(const struct dist *d);

/* The inclusive upper bound of bucket @i; INT64_MAX for the last. */
u64 dist__bound(u32 i, enum unit unit);

/* What that is rounded down from: a power of 2^(1/8), in seconds or bytes; not for the last. */
double dist__exact_bound(u32 i, enum unit unit);

/* The bucket that @value falls into. */
u32 dist__bucket_of(u64 value, enum unit unit);

/*
 * At most half as many buckets: the count at or below the same bound as bucket 2 * @coarse of the
 * fine ones, and above the one before. @coarse runs from 0 (at or below 2^-24 s) to DIST_COARSE - 1
 * (above 2^7 s).
 */
#define DIST_COARSE 126
u64 dist__coarse(const struct dist *d, u32 coarse);

/* Its inclusive upper bound, the same on all hosts for ever; INT64_MAX for the last. */
u64 dist__coarse_bound(u32 coarse, enum unit unit);

#endif
