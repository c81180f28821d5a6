/* SPDX-License-Identifier: GPL-2.0-only */
/* What the sources give, added up by who, set and operation. */
#ifndef SONDE_QUERY_CELLS_H
#define SONDE_QUERY_CELLS_H

#include "coarse.h"
#include "hash.h"
#include "query.h"

/* Enough for a sentence that says what is wrong. */
#define WHY_MAX 600

/* Lines of a heat map. */
#define HEAT_LINES 40

/* In the place of a sum that 64 bits do not hold, whatever is added to it. */
#define SUM_TOO_LARGE UINT64_MAX

struct cell {
	char key[640]; /* "WHO.SET.OP" */
	char who[200]; /* service or host, "" where they add up */
	char set[200];
	char op[200]; /* "" where they add up */
	enum unit unit;
	bool has_unit; /* else it is a counter, which has no distribution */
	struct dist total;
	struct dist *line; /* of a heat map, HEAT_LINES; NULL: none yet */
	UT_hash_handle hh;
};

struct cells {
	const struct query *q;
	struct cell *by_key;
	u32 n;
	/* Of all values that were taken, and of the heat map's lines. */
	u64 first, last, step; /* s; @step 0: nothing yet */
};

/* Whether the query wants that; @service or @host is NULL where all of them were added up. */
bool cells__wants(const struct query *q, const char *service, const char *host, const char *set,
		  const char *op);

/*
 * Adds one statistic of a slot (docs/formats.md); those that do not add up are ignored. @interval:
 * s from this slot to the next, 0 if that is not known. Returns 0, -EINVAL (no bound of sonde's, or
 * no possible value), -E2BIG (too many rows), -ENOMEM.
 */
int cells__add(struct cells *c, const char *who, const char *set, const char *op, const char *stat,
	       u64 slot, u64 interval, double value);

/* What an error of cells__add means to the user. */
const char *cells__why(const struct cells *c, int err);

/*
 * The rows in the order in which they are shown: by set, then most time first. Adds operations up
 * where the query says so. *@ret is the caller's to free. Returns their number or -ENOMEM.
 */
int cells__rows(struct cells *c, struct cell ***ret);
void cells__free(struct cells *c);

/* The start of a heat map's line. */
u64 cells__line_time(const struct cells *c, u32 line);

#endif
