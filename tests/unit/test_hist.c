// SPDX-License-Identifier: GPL-2.0-only
/* The buckets against their definition, and percentiles against the sorted samples. */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "dist.h"
#include "hist_expect.h"

#define SAMPLES 100000

static void check_index(u64 ns)
{
	u32 want = expect__index(ns), got = hist_index(ns);

	if (got != want)
		printf("%llu ns: bucket %u, wanted %u\n", (unsigned long long)ns, got, want);
	CHECK(got == want);
}

static void test_bounds(void)
{
	for (int k = 0; k < HIST_BOUNDS; k++) {
		u64 bound = expect__bound(k);

		CHECK(hist_bound_ns[k] == bound);
		CHECK(dist__bound(k, UNIT_NS) == bound);
		CHECK(hist_index(bound) == (u32)k);
		CHECK(hist_index(bound + 1) == (u32)k + 1);
		check_index(bound - 1);
		check_index(bound);
		check_index(bound + 1);
	}
	CHECK(dist__bound(HIST_ABOVE, UNIT_NS) == INT64_MAX);
	/* Powers of two of a second are bounds. */
	for (int e = -9; e <= 7; e++)
		CHECK(hist_bound_ns[(e + 24) * 8] == (u64)(1e9 * exp2(e)));
}

static void test_everywhere(void)
{
	u64 x = 88172645463325252ULL;

	for (u64 ns = 0; ns < 4096; ns++)
		check_index(ns);
	for (u32 i = 0; i < 20000; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		check_index(x >> (i % 64));
	}
	for (int e = 0; e < 64; e++) {
		check_index((1ULL << e) - 1);
		check_index(1ULL << e);
		check_index((1ULL << e) + 1);
	}
	check_index(~0ULL);
}

/* Sizes: bucket k holds what is at or below 2^(k/8) bytes. */
static void test_bytes(void)
{
	for (int e = 0; e <= 33; e++) {
		u64 v = 1ULL << e;
		u32 want = e <= 31 ? 8 * e : HIST_ABOVE;

		CHECK(hist_ns_of_bytes(v) == (u64)((unsigned __int128)v * 1000000000 >> 24));
		CHECK(dist__bucket_of(v, UNIT_BYTES) == want);
		CHECK(dist__bucket_of(v + 1, UNIT_BYTES) ==
		      (e <= 31 ? expect__index(((v + 1) * 1000000000) >> 24) : HIST_ABOVE));
		CHECK(dist__bucket_of(v + 1, UNIT_BYTES) > want || e > 31);
		CHECK(dist__bucket_of(v - 1, UNIT_BYTES) <= want);
		CHECK(e < 2 || e > 31 || dist__bucket_of(v - 1, UNIT_BYTES) > want - 8);
		if (e <= 31)
			CHECK(dist__bound(8 * e, UNIT_BYTES) == v);
	}
	CHECK(hist_ns_of_bytes(0) == 0);
	CHECK(dist__bucket_of(~0ULL, UNIT_BYTES) == HIST_ABOVE);
	for (u32 k = 0; k < HIST_BOUNDS; k++) {
		u64 bound = dist__bound(k, UNIT_BYTES);

		/* The definition's bound, or the one byte above it that is nearer to it than 1 ns
		 * is to the same bound in ns. */
		CHECK(bound == floorl(exp2l(k / 8.0L)) || bound - exp2l(k / 8.0L) < 1 / 59.6L);
		CHECK(dist__bucket_of(bound, UNIT_BYTES) <= k);
		CHECK(dist__bucket_of(bound + 1, UNIT_BYTES) > k);
	}
	/* What is sent is the definition's bound, to the byte. */
	for (u32 i = 0; i < DIST_COARSE - 1; i++)
		CHECK(dist__coarse_bound(i, UNIT_BYTES) == floorl(exp2l(i / 4.0L)));
}

static void test_coarse(void)
{
	struct dist d = {};
	u64 fine = 0, coarse = 0;

	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		d.bucket[i] = 1000003 * i + 1;
		fine += d.bucket[i];
	}
	for (u32 c = 0; c < DIST_COARSE; c++) {
		u64 below = 0;

		coarse += dist__coarse(&d, c);
		/* Cumulated up to its bound it is what the fine ones are. */
		for (u32 i = 0;
		     i < HIST_BUCKETS && dist__bound(i, UNIT_NS) <= dist__coarse_bound(c, UNIT_NS);
		     i++)
			below += d.bucket[i];
		CHECK(below == coarse);
		if (c < DIST_COARSE - 1)
			CHECK(dist__coarse_bound(c, UNIT_NS) == expect__bound(2 * c));
	}
	CHECK(coarse == fine);
	CHECK(dist__coarse_bound(DIST_COARSE - 1, UNIT_NS) == INT64_MAX);
	CHECK(dist__coarse_bound(DIST_COARSE - 1, UNIT_BYTES) == INT64_MAX);
}

static u64 values[SAMPLES];

static int by_value(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double uniform01(void)
{
	return (random() + 0.5) / ((double)RAND_MAX + 1);
}

static double normal(void)
{
	return sqrt(-2 * log(uniform01())) * cos(2 * M_PI * uniform01());
}

static void check_quantiles(const char *shape, enum unit unit)
{
	static const double q[] = {0.001, 0.01, 0.1,  0.25,  0.5,    0.75,
				   0.9,   0.95, 0.99, 0.999, 0.9999, 1};
	struct dist d = {};

	for (u32 i = 0; i < SAMPLES; i++) {
		d.count++;
		d.bucket[dist__bucket_of(values[i], unit)]++;
		if (values[i] > d.max)
			d.max = values[i];
	}
	qsort(values, SAMPLES, sizeof(values[0]), by_value);
	for (u32 i = 0; i < sizeof(q) / sizeof(q[0]); i++) {
		/* The smallest sample that at least a share of q is not above. */
		u64 exact = values[(u32)ceil(q[i] * SAMPLES - 1e-6) - 1];
		u64 got = dist__quantile(&d, q[i], unit);

		if (fabs((double)got - exact) > 0.044 * exact)
			printf("%s: q %g: %llu, exact %llu\n", shape, q[i], (unsigned long long)got,
			       (unsigned long long)exact);
		CHECK(fabs((double)got - exact) <= 0.044 * exact);
		CHECK(got <= d.max);
	}
	CHECK(dist__quantile(&d, 1, unit) == values[SAMPLES - 1]);
}

static void test_quantiles(void)
{
	srandom(1);
	for (u32 i = 0; i < SAMPLES; i++)
		values[i] = 1000 + uniform01() * 1e6;
	check_quantiles("uniform", UNIT_NS);
	for (u32 i = 0; i < SAMPLES; i++)
		values[i] = exp(log(50e3) + 1.5 * normal());
	check_quantiles("log-normal", UNIT_NS);
	for (u32 i = 0; i < SAMPLES; i++)
		values[i] = i % 10 < 6 ? 2000 * exp(0.1 * normal()) : 8e6 * exp(0.2 * normal());
	check_quantiles("bimodal", UNIT_NS);
	for (u32 i = 0; i < SAMPLES; i++)
		values[i] = i % 10 < 6 ? 1010 : 50000000;
	check_quantiles("two values", UNIT_NS);
	for (u32 i = 0; i < SAMPLES; i++)
		values[i] = fmin(1000 / pow(uniform01(), 1 / 1.2), 1.2e11);
	check_quantiles("Pareto", UNIT_NS);
	/* Each place in a bucket that one value can have. */
	for (u32 v = 1000; v < 1100; v++) {
		for (u32 i = 0; i < SAMPLES; i++)
			values[i] = v;
		check_quantiles("constant", UNIT_NS);
		values[SAMPLES - 1] = 1000000;
		check_quantiles("constant but one", UNIT_NS);
	}
	for (u32 i = 0; i < SAMPLES; i++)
		values[i] = 512 << (random() % 12);
	check_quantiles("sizes", UNIT_BYTES);
}

static void test_few(void)
{
	struct dist d = {}, e = {};

	CHECK(dist__quantile(&d, 0.5, UNIT_NS) == 0);
	d.count = d.bucket[HIST_ABOVE] = 1;
	d.max = 500000000000;
	CHECK(dist__quantile(&d, 0, UNIT_NS) <= d.max &&
	      dist__quantile(&d, 0, UNIT_NS) > 128000000000);
	CHECK(dist__quantile(&d, 0.001, UNIT_NS) == d.max);
	e.count = e.bucket[0] = 2;
	e.max = 40;
	CHECK(dist__quantile(&e, 0.5, UNIT_NS) <= 40);
	e.errors = 1;
	e.sum = 70;
	e.slo_ok = 2;
	dist__add(&e, &d);
	CHECK(e.count == 3 && e.errors == 1 && e.sum == 70 && e.slo_ok == 2 && e.max == d.max);
	CHECK(e.bucket[0] == 2 && e.bucket[HIST_ABOVE] == 1);
}

int main(void)
{
	test_bounds();
	test_everywhere();
	test_bytes();
	test_coarse();
	test_quantiles();
	test_few();
	return report();
}
