/* SPDX-License-Identifier: GPL-2.0-only */
/* sonde query: what was asked. */
#ifndef SONDE_QUERY_H
#define SONDE_QUERY_H

#include <stdbool.h>

#include "types.h"

/* What has a row of its own; operations add up only in BY_NONE. */
enum by { BY_SERVICE, BY_HOST, BY_OP, BY_NONE };

#define MAX_PERCENTILES 10

struct query {
	const char *graphite; /* URL, NULL: read files */
	char **files;         /* "-": standard input */
	u32 nfiles;
	const char *prefix;
	/* Names, or patterns, joined by commas. */
	const char *service, *set, *op;
	char host[1024];
	const char *p_name[MAX_PERCENTILES];
	double p[MAX_PERCENTILES]; /* 0 to 1 */
	u32 np;
	u64 slo;         /* ns, 0: none */
	u64 from, until; /* seconds since 1970, @until not included */
	u32 timeout;     /* s */
	enum by by;
	bool heat, json;
};

/* Returns 0, 1 if it was answered (--help), or -EINVAL after a line on the log. */
int query__parse(struct query *q, int argc, char **argv, u64 now);
void query__free(struct query *q);

#endif
