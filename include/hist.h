/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one histogram scheme, for the kernel side and the user side.
 *
 * Eight buckets per power of two, upper bounds at 2^(k/8) seconds, upper bound inclusive, from
 * 2^-24 s to 2^7 s: the bounds of a Prometheus native histogram with schema 3 and of an
 * OpenTelemetry exponential histogram with scale 3. Bucket 0 holds what is at or below 2^-24 s,
 * bucket HIST_ABOVE what is above 2^7 s.
 */
#ifndef SONDE_HIST_H
#define SONDE_HIST_H

#include "types.h"

#define HIST_BOUNDS  249 /* upper bounds, of buckets 0 to HIST_BOUNDS - 1 */
#define HIST_BUCKETS 250
#define HIST_ABOVE   (HIST_BUCKETS - 1)
#define HIST_WAITS   8

/* The table is a power of two long so that a masked index satisfies the verifier. */
#define HIST_TABLE 256

static const u64 hist_bound_ns[HIST_TABLE] = {
#include "hist_bounds.h"
};

/*
 * A histogram as the kernel keeps it. It only grows: user space subtracts. The 32-bit counters
 * wrap, which the subtraction of two snapshots less than 2^32 events apart undoes.
 *
 * A maximum cannot be subtracted, so there are two, each tagged with the epoch it belongs to: user
 * space advances the epoch and reads the finished one while events go to the other.
 */
struct hist {
	u64 sum; /* ns, bytes, or a counter's total */
	u64 max[2];
	u64 wait[HIST_WAITS]; /* ns of the sum that was waiting, by what for (see sched_parts.h) */
	u32 epoch[2];
	u32 errors;
	u32 slo_ok; /* at or below the operation's threshold */
	u32 bucket[HIST_BUCKETS];
};

_Static_assert(sizeof(struct hist) == 1040 + 8 * HIST_WAITS,
	       "struct hist is shared with the kernel side");

static inline __attribute__((always_inline)) u32 hist_log2(u64 v)
{
	u32 e = 0;

	if (v >> 32) {
		v >>= 32;
		e = 32;
	}
	if (v >> 16) {
		v >>= 16;
		e += 16;
	}
	if (v >> 8) {
		v >>= 8;
		e += 8;
	}
	if (v >> 4) {
		v >>= 4;
		e += 4;
	}
	if (v >> 2) {
		v >>= 2;
		e += 2;
	}
	return e + (v >> 1);
}

/*
 * The bucket of @ns. A power of two of nanoseconds is cut into sixteenths, each of which contains
 * at most one bound (they are a factor of 2^(1/8) apart), so the leading bit and the next four bits
 * leave two candidates and one comparison with the exact bound decides.
 */
static inline __attribute__((always_inline)) u32 hist_index(u64 ns)
{
	/* Per sixteenth: how many bounds lie between the octave's first and the sixteenth's start.
	 */
	const u64 passed = 0x8877665554332210ULL;
	u32 e, sixteenth, guess;

	if (ns < 64)
		return ns > hist_bound_ns[0];
	if (ns > hist_bound_ns[HIST_BOUNDS - 1])
		return HIST_ABOVE;
	e = hist_log2(ns);
	sixteenth = (ns >> (e - 4)) & 15;
	guess = 8 * e - 47 + ((passed >> (4 * sixteenth)) & 15);
	guess &= HIST_TABLE - 1;
	/* Past the last bound the table holds zeros, but no value that large comes here. */
	return guess + (ns > hist_bound_ns[guess]);
}

/* Sizes use the same buckets with one byte in the place of 2^-24 s, so their bounds are 2^(k/8)
 * bytes. */
static inline __attribute__((always_inline)) u64 hist_ns_of_bytes(u64 bytes)
{
	return bytes > 1ULL << 33 ? ~0ULL : bytes * 1000000000ULL >> 24;
}

#endif
