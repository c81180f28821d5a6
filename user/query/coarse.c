// SPDX-License-Identifier: GPL-2.0-only
#include "coarse.h"

#include <errno.h>
#include <math.h>

static u32 coarse_of(u64 value, enum unit unit)
{
	return (dist__bucket_of(value, unit) + 1) / 2;
}

static u32 fine_of(u32 coarse)
{
	return 2 * coarse < HIST_BUCKETS ? 2 * coarse : HIST_ABOVE;
}

int coarse__bucket(u64 bound, enum unit unit)
{
	u32 coarse = coarse_of(bound, unit);

	return dist__coarse_bound(coarse, unit) == bound ? (int)fine_of(coarse) : -EINVAL;
}

u64 coarse__total(const struct dist *d)
{
	u64 n = 0;

	for (u32 i = 0; i < HIST_BUCKETS; i++)
		n += d->bucket[i];
	return n;
}

/*
 * Where in a bucket of @width (1: all of it) the share @u of its @n samples ends, 0 to 1. Their
 * number grows as a cubic between the bounds, on a logarithmic scale; at each bound as fast as the
 * harmonic mean of the buckets on both sides, so that it never falls, and that a bucket beside an
 * empty one has its samples on the other side.
 */
static double inside(double before, double n, double after, double width, double u)
{
	double first = 2 * before * width / (before * width + n);
	double last = 2 * after * width / (after * width + n);
	double low = 0, high = 1;

	while (high - low > 1e-9) {
		double x = (low + high) / 2;

		if (x * (first + x * (3 - 2 * first - last + x * (first + last - 2))) < u)
			low = x;
		else
			high = x;
	}
	return high;
}

u64 coarse__quantile(const struct dist *d, double q, enum unit unit)
{
	u64 total = coarse__total(d), below = 0, n = 0;
	/* The subtraction undoes 0.999 * 1000 > 999. */
	double rank = fmax(1, ceil(q * total - 1e-6)), low, high, at;
	u32 i;

	if (!total)
		return 0;
	if (rank >= total && d->max)
		return d->max;
	for (i = 0; i < DIST_COARSE; i++, below += n) {
		n = dist__coarse(d, i);
		if (below + n >= rank)
			break;
	}
	low = i ? dist__coarse_bound(i - 1, unit) : 0;
	high = i < DIST_COARSE - 1 ? dist__coarse_bound(i, unit) : low;
	if (d->max && (d->max < high || i == DIST_COARSE - 1))
		high = d->max;
	/* The lowest bucket has no lower bound to begin at. */
	if (low <= 0 || high <= low)
		return high;
	at = inside(dist__coarse(d, i - 1), n, i + 1 < DIST_COARSE ? dist__coarse(d, i + 1) : 0,
		    fmin(log2(high / low) * 4, 1), (rank - below - 0.5) / n);
	return low * pow(high / low, at) + 0.5;
}

void coarse__at_most(const struct dist *d, u64 limit, enum unit unit, u64 *low, u64 *high)
{
	u32 at = coarse_of(limit, unit);

	*low = 0;
	for (u32 i = 0; i < at; i++)
		*low += dist__coarse(d, i);
	*high = *low + dist__coarse(d, at);
	if (dist__coarse_bound(at, unit) == limit || (d->max && d->max <= limit))
		*low = *high;
}

void coarse__around(u64 limit, enum unit unit, u64 *below, u64 *above)
{
	u32 at = coarse_of(limit, unit);

	*above = dist__coarse_bound(at, unit);
	*below = *above == limit ? limit : at ? dist__coarse_bound(at - 1, unit) : 0;
}
