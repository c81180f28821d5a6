/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Totals as Prometheus names them: families of metrics that have a type, a unit and a help text,
 * and are told apart by labels. VictoriaMetrics gets the same names, so that one dashboard serves
 * both.
 *
 *   PREFIX_SET_latency_seconds{service,op,device}   and likewise for each kind of value
 *   PREFIX_self_...                                 sonde's own
 */
#ifndef SONDE_FAMILIES_H
#define SONDE_FAMILIES_H

#include "sink.h"

#define FAMILY_NAME_MAX 160

struct family {
	char name[FAMILY_NAME_MAX]; /* of a counter: without _total */
	char help[256];
	const char *unit; /* that the name ends in: "seconds"; "" if in none */
	enum stat_type type;
};

struct label {
	const char *name;
	char value[SERVICE_NAME_MAX];
};

/* In alphabetical order of the names. */
struct labels {
	struct label label[4];
	u32 n;
};

struct metric {
	u32 family;
	const struct labels *labels;
	enum scale scale; /* of value; of a histogram: of its sum */
	u64 value;
	u64 grown;                      /* of a counter: in this slot */
	const struct sample *histogram; /* NULL: value is it */
};

struct families {
	struct family *family;
	struct metric *metric; /* in the order of the delta */
	struct labels *labels;
	u32 nfamilies, nmetrics, max_families;
};

/* Of @totals, which it refers to. @prefix may hold dots and dashes. Returns 0 or -ENOMEM. */
int families__make(struct families *f, const struct delta *totals, const char *prefix);
void families__free(struct families *f);

/*
 * The upper bound of a bucket in the unit of the name (seconds or bytes), as all that name bounds
 * write it: ten digits, which tell all bounds apart. @fine counts the buckets of struct dist; the
 * last is "+Inf", and what precedes the first is "0.0" (@fine -1).
 */
#define BOUND_MAX 32
const char *family__bound(int fine, enum unit unit, char buf[BOUND_MAX]);

#endif
