/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `sonde query` adds up: buckets of any number of hosts and slots, by service, operation or
 * host. Sources put samples in; they know nothing of how they are shown.
 */
#ifndef SONDE_QUERY_H
#define SONDE_QUERY_H

#include "dist.h"
#include "options.h"

/* What a row is called, and what it adds up. Buckets are the coarse ones, each at its upper bound.
 */
struct query_row {
	char *key;
	u64 line; /* of a heat map: start of its time, s since 1970; else 0 */
	struct dist dist;
	enum unit unit;
};

struct query {
	const struct options *o;
	u64 from, until; /* s since 1970 */
	u64 line_s;      /* length of a heat map's line, 0: no heat map */
	struct query_row *row;
	u32 nrows, rows_max;
	u64 samples; /* operations of slots that were added */
	bool out_of_memory;
};

/* Where a sample belongs. */
struct query_place {
	const char *service, *host, *set, *op;
	u64 slot;
};

/* Whether the user asks for it. */
bool query__wants(const struct query *q, const struct query_place *at);

/* The row for it, made if need be; NULL if there is no memory, which is remembered. It is good
 * until the next call. */
struct query_row *query__row(struct query *q, const struct query_place *at, enum unit unit);

/*
 * Adds one statistic by its name in the formats: "count", "errors", "sum_us", "max_us",
 * "sum_bytes", "max_bytes", or with a bound "le_ns.1134". Others are none of ours and left out.
 */
void query__add(struct query_row *row, const char *stat, double value);

/* The smallest value that a share of @q of all samples does not exceed: interpolated inside its
 * bucket by rank, on a logarithmic scale, and never above the maximum. 0 if there is no sample. */
double query__quantile(const struct query_row *row, double q);

/* Percent of the samples at or below @limit; *@exact: it is a bucket's bound, so that nothing was
 * estimated. */
double query__share(const struct query_row *row, u64 limit, bool *exact);

void query__free(struct query *q);

/*
 * Sources. Each returns 0 or -errno after a line on the log.
 *
 * A file as `sonde run --output json` writes it, "-" for standard input. A last line that was cut
 * is left out, with a warning.
 */
int query_json__read(struct query *q, const char *path);

/* The render API of a graphite-web at @url, asked by the program curl. */
int query_graphite__read(struct query *q, const char *url);

#endif
