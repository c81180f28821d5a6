/* SPDX-License-Identifier: GPL-2.0-only */
/* What hist_index must answer, from the definition alone: no table, and integers of any size in the
 * place of floating point. */
#ifndef SONDE_HIST_EXPECT_H
#define SONDE_HIST_EXPECT_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A natural number of 512 bits, least word first. */
struct wide {
	uint32_t w[16];
};

static inline void wide__mul(struct wide *a, uint32_t b)
{
	uint64_t carry = 0;

	for (int i = 0; i < 16; i++) {
		carry += (uint64_t)a->w[i] * b;
		a->w[i] = carry;
		carry >>= 32;
	}
}

static inline struct wide wide__pow8(uint64_t v)
{
	struct wide r = {{1}};

	for (int i = 0; i < 8; i++) {
		struct wide low = r, high = r;
		uint64_t carry = 0;

		wide__mul(&low, (uint32_t)v);
		wide__mul(&high, v >> 32);
		for (int j = 0; j < 16; j++) {
			carry += low.w[j] + (uint64_t)(j ? high.w[j - 1] : 0);
			r.w[j] = carry;
			carry >>= 32;
		}
	}
	return r;
}

static inline int wide__cmp(const struct wide *a, const struct wide *b)
{
	for (int i = 15; i >= 0; i--)
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i] ? -1 : 1;
	return 0;
}

/* Whether @ns <= 10^9 * 2^(k/8 - 24), that is ns^8 * 2^192 <= 10^72 * 2^k; @ns below 2^37. */
static inline int expect__at_or_below(uint64_t ns, int k)
{
	struct wide left = wide__pow8(ns), right = {{1}};

	for (int i = 0; i < 72; i++)
		wide__mul(&right, 10);
	for (int i = k; i < 192; i++)
		wide__mul(&left, 2);
	for (int i = 192; i < k; i++)
		wide__mul(&right, 2);
	return wide__cmp(&left, &right) <= 0;
}

static inline uint32_t expect__index(uint64_t ns)
{
	uint32_t low = 0, high = 249;

	if (ns >> 37)
		return 249;
	while (low < high) {
		uint32_t mid = (low + high) / 2;

		if (expect__at_or_below(ns, mid))
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/* The largest whole number of ns at or below bound @k. */
static inline uint64_t expect__bound(int k)
{
	uint64_t low = 0, high = 1ULL << 37;

	while (high - low > 1) {
		uint64_t mid = low + (high - low) / 2;

		if (expect__at_or_below(mid, k))
			low = mid;
		else
			high = mid;
	}
	return low;
}

#endif
