// SPDX-License-Identifier: GPL-2.0-only
#include "query.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool matches(const char *pattern, const char *text)
{
	return !pattern || !fnmatch(pattern, text, 0);
}

bool query__wants(const struct query *q, const struct query_place *at)
{
	const struct query_options *w = &q->o->query;

	return at->slot >= q->from && at->slot < q->until &&
	       matches(q->o->service_filter, at->service) && matches(w->host, at->host) &&
	       matches(w->set, at->set) && matches(w->op, at->op);
}

static void key_of(const struct query *q, const struct query_place *at, char *key, size_t size)
{
	switch (q->o->query.by) {
	case QUERY_BY_SERVICE:
		snprintf(key, size, "%s %s.%s", at->service, at->set, at->op);
		break;
	case QUERY_BY_HOST:
		snprintf(key, size, "%s %s.%s", at->host, at->set, at->op);
		break;
	default:
		snprintf(key, size, "%s.%s", at->set, at->op);
	}
}

struct query_row *query__row(struct query *q, const struct query_place *at, enum unit unit)
{
	u64 line = q->line_s ? at->slot - at->slot % q->line_s : 0;
	struct query_row *row;
	char key[512];

	key_of(q, at, key, sizeof(key));
	for (u32 i = 0; i < q->nrows; i++)
		if (q->row[i].line == line && q->row[i].unit == unit && !strcmp(q->row[i].key, key))
			return &q->row[i];
	if (q->nrows == q->rows_max) {
		u32 max = q->rows_max ? 2 * q->rows_max : 64;

		row = realloc(q->row, max * sizeof(*row));
		if (!row)
			goto out_of_memory;
		q->row = row;
		q->rows_max = max;
	}
	row = &q->row[q->nrows];
	*row = (struct query_row){.line = line, .unit = unit, .key = strdup(key)};
	if (!row->key)
		goto out_of_memory;
	q->nrows++;
	return row;
out_of_memory:
	q->out_of_memory = true;
	return NULL;
}

void query__add(struct query_row *row, const char *stat, double value)
{
	struct dist *d = &row->dist;
	bool bucket = !strncmp(stat, "le_ns.", 6) || !strncmp(stat, "le_bytes.", 9);

	if (!strcmp(stat, "count")) {
		d->count += value;
	} else if (!strcmp(stat, "errors")) {
		d->errors += value;
	} else if (!strcmp(stat, "sum_us") || !strcmp(stat, "sum_bytes")) {
		d->sum += row->unit == UNIT_NS ? llround(value * 1000) : llround(value);
	} else if (!strcmp(stat, "max_us") || !strcmp(stat, "max_bytes")) {
		u64 max = row->unit == UNIT_NS ? llround(value * 1000) : llround(value);

		if (max > d->max)
			d->max = max;
	} else if (bucket) {
		u64 bound = strtoull(strchr(stat, '.') + 1, NULL, 10);

		d->bucket[dist__bucket_of(bound, row->unit)] += value;
	}
}

static u64 samples(const struct dist *d)
{
	u64 n = 0;

	for (u32 i = 0; i < HIST_BUCKETS; i++)
		n += d->bucket[i];
	return n;
}

/* Where the coarse bucket begins that ends at fine bucket @i. */
static double lower(u32 i, enum unit unit)
{
	double upper = dist__bound(i, unit);

	return i >= 2 ? (double)dist__bound(i - 2, unit) : upper / exp2(0.25);
}

double query__quantile(const struct query_row *row, double q)
{
	const struct dist *d = &row->dist;
	u64 total = samples(d), below = 0;
	double rank = q * total, value = 0;

	for (u32 i = 0; i < HIST_BUCKETS && total; i++) {
		u64 n = d->bucket[i];

		if (n && below + n >= rank) {
			double from = lower(i, row->unit), to = dist__bound(i, row->unit);
			double part = rank > below ? (rank - below) / n : 0;

			/* The last one has no end. */
			value = i == HIST_BUCKETS - 1 ? from : from * pow(to / from, part);
			break;
		}
		below += n;
	}
	return d->max && value > d->max ? d->max : value;
}

double query__share(const struct query_row *row, u64 limit, bool *exact)
{
	const struct dist *d = &row->dist;
	u64 total = samples(d);
	double inside = 0;

	*exact = true;
	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		double from = lower(i, row->unit), to = dist__bound(i, row->unit);

		if (!d->bucket[i])
			continue;
		if (to <= limit || (d->max && d->max <= limit)) {
			inside += d->bucket[i];
		} else if (from < limit && i < HIST_BUCKETS - 1) {
			inside += d->bucket[i] * log(limit / from) / log(to / from);
			*exact = false;
		}
	}
	return total ? 100 * inside / total : 0;
}

void query__free(struct query *q)
{
	for (u32 i = 0; i < q->nrows; i++)
		free(q->row[i].key);
	free(q->row);
}
