// SPDX-License-Identifier: GPL-2.0-only
#include "dist.h"

#include <math.h>

void dist__add(struct dist *a, const struct dist *b)
{
	a->count += b->count;
	a->errors += b->errors;
	a->sum += b->sum;
	a->slo_ok += b->slo_ok;
	if (b->max > a->max)
		a->max = b->max;
	for (u32 i = 0; i < HIST_WAITS; i++)
		a->wait[i] += b->wait[i];
	for (u32 i = 0; i < HIST_BUCKETS; i++)
		a->bucket[i] += b->bucket[i];
}

/* Of sizes: the largest number of bytes that hist_ns_of_bytes puts at or below the bound in ns. */
u64 dist__bound(u32 i, enum unit unit)
{
	if (i >= HIST_BOUNDS)
		return INT64_MAX;
	if (unit == UNIT_NS)
		return hist_bound_ns[i];
	return (((hist_bound_ns[i] + 1) << 24) - 1) / 1000000000;
}

double dist__exact_bound(u32 i, enum unit unit)
{
	/* One byte stands in the place of 2^-24 s. */
	return exp2(i / 8.0 - (unit == UNIT_NS ? 24 : 0));
}

u32 dist__bucket_of(u64 value, enum unit unit)
{
	return hist_index(unit == UNIT_NS ? value : hist_ns_of_bytes(value));
}

/*
 * Where in its bucket a sample lies is not known. The geometric mean of the bounds is at most a
 * factor of 2^(1/16), 4.43 %, from all that may be there; interpolation by rank is nearer where
 * samples are spread evenly, and wrong by up to a whole bucket where they are not, as with a
 * timer's ticks.
 */
u64 dist__quantile(const struct dist *d, double q, enum unit unit)
{
	/* The smallest value that is not below a share of @q; the subtraction undoes 0.999 * 1000 >
	 * 999. */
	double rank = ceil(q * d->count - 1e-6), low, high;
	u64 below = 0;
	u32 i = 0;

	if (!d->count)
		return 0;
	if (rank >= d->count)
		return d->max;
	while (i < HIST_BUCKETS - 1 && below + d->bucket[i] < rank)
		below += d->bucket[i++];
	/* The lowest value that the bucket takes; a rank of 0 is the first sample. */
	while (i < HIST_BUCKETS - 1 && !d->bucket[i])
		i++;
	low = i ? dist__bound(i - 1, unit) : 0;
	high = dist__bound(i, unit);
	if (high > d->max)
		high = d->max;
	if (high <= low)
		return high;
	/* The lowest bucket has no lower bound to take a mean with. */
	return i ? sqrt(low * high) + 0.5 : high;
}

struct dist_moments dist__moments(const struct dist *d)
{
	struct dist_moments m = {};
	double sum = 0, squares = 0, mean, variance;

	if (!d->count)
		return m;
	for (u32 i = HIST_BUCKETS; i--;) {
		double low = i ? dist__bound(i - 1, UNIT_NS) : 0, high = dist__bound(i, UNIT_NS);
		double value;

		if (!d->bucket[i])
			continue;
		high = high > d->max ? d->max : high;
		value = i ? sqrt(low * high) : high;
		sum += d->bucket[i] * value;
		squares += d->bucket[i] * value * value;
		m.lower = low;
	}
	if (sum > 0)
		squares *= d->sum / sum * (d->sum / sum);
	if (d->count == 1)
		m.lower = d->max;
	mean = (double)d->sum / d->count;
	variance = squares / d->count - mean * mean;
	m.sum_squares = squares;
	m.std = variance > 0 ? sqrt(variance) : 0;
	return m;
}

u64 dist__coarse(const struct dist *d, u32 coarse)
{
	u32 fine = 2 * coarse;

	if (coarse == 0)
		return d->bucket[0];
	return fine < HIST_BUCKETS ? d->bucket[fine - 1] + d->bucket[fine] : d->bucket[HIST_ABOVE];
}

u64 dist__coarse_bound(u32 coarse, enum unit unit)
{
	return dist__bound(2 * coarse, unit);
}
