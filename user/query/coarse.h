/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Distributions as stores have them: four buckets per power of two, in the even ones of struct
 * dist. They add up by dist__add.
 */
#ifndef SONDE_QUERY_COARSE_H
#define SONDE_QUERY_COARSE_H

#include "dist.h"

/* The bucket of struct dist with that inclusive bound; -EINVAL if none of the coarse ones has it.
 */
int coarse__bucket(u64 bound, enum unit unit);

/* How many samples are in buckets. */
u64 coarse__total(const struct dist *d);

/*
 * The value at or below which a share of @q (0 to 1) of the samples lies. Within a bucket it is
 * interpolated from what the buckets beside it have; the true value is in the same bucket. Never
 * above the maximum, if that is known (not 0).
 */
u64 coarse__quantile(const struct dist *d, double q, enum unit unit);

/*
 * How many samples are at or below @limit: between *@low and *@high, which are equal where @limit
 * is a bucket's bound, or nothing is in its bucket. *@below and *@above are the bucket's bounds.
 */
void coarse__at_most(const struct dist *d, u64 limit, enum unit unit, u64 *low, u64 *high);
void coarse__around(u64 limit, enum unit unit, u64 *below, u64 *above);

#endif
