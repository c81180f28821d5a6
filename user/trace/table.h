/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of calls: counts, errors and times, of the sums that the kernel side keeps. */
#ifndef SONDE_TRACE_TABLE_H
#define SONDE_TRACE_TABLE_H

#include "pick.h"
#include "print_hist.h"
#include "sort.h"

struct table_row {
	const char *name;
	u32 nr;
	u64 count, errors, sum, max, p50, p95, p99; /* ns */
};

struct table {
	struct table_row row[TRACE_NRS];
	u32 n;
	struct table_row total; /* without percentiles */
};

/* Of the calls that are wanted and were made. */
void table__fill(struct table *t, const struct trace_sum *sums, const struct pick *pick);
void table__sort(struct table *t, enum trace_sort sort);

/* In strace's columns, with percentiles before the name. */
void table__print(FILE *out, const struct table *t);
/* As one object: docs/trace.md. */
void table__json(FILE *out, const struct table *t, u64 elapsed, u64 lost);
/* A histogram of each call. */
void table__hist(FILE *out, const struct print_style *style, const struct table *t,
		 const struct trace_sum *sums, u64 elapsed);

#endif
