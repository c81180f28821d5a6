/* SPDX-License-Identifier: GPL-2.0-only */
/* The clock that nobody sets. */
#ifndef SONDE_CLOCK_H
#define SONDE_CLOCK_H

#include <time.h>

#include "types.h"

static inline u64 now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

#endif
