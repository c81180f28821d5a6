// SPDX-License-Identifier: GPL-2.0-only
/* sonde query: percentiles of a fleet, from its buckets in a store or in files. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "log.h"
#include "print_hist.h"
#include "query.h"

#define HEAT_LINES 24

static int by_name_and_line(const void *a, const void *b)
{
	const struct query_row *x = a, *y = b;
	int order = strcmp(x->key, y->key);

	return order ? order : (x->line > y->line) - (x->line < y->line);
}

static int by_count(const void *a, const void *b)
{
	const struct query_row *x = a, *y = b;

	if (x->dist.count != y->dist.count)
		return x->dist.count < y->dist.count ? 1 : -1;
	return strcmp(x->key, y->key);
}

static void print_amount(u64 value, enum unit unit)
{
	char text[AMOUNT_MAX];

	printf(" %9s", format__amount(text, value, unit));
}

static void print_share(const struct query_row *row, u64 limit)
{
	bool exact;
	double share = query__share(row, limit, &exact);

	printf(" %8.3f%%%s", share, exact ? " " : "~");
}

static void print_head(const struct query_options *w, u32 width)
{
	char limit[AMOUNT_MAX];

	printf("%-*s %12s %9s %9s", width, "", "count", "errors", "mean");
	for (u32 i = 0; i < w->npercentiles; i++) {
		char name[16];

		snprintf(name, sizeof(name), "p%g", w->percentile[i]);
		printf(" %9s", name);
	}
	printf(" %9s", "max");
	if (w->within)
		printf("  <= %s", format__amount(limit, w->within, UNIT_NS));
	putchar('\n');
}

static void print_table(const struct query *q)
{
	const struct query_options *w = &q->o->query;
	bool estimated = false;
	u32 width = 0;

	for (u32 i = 0; i < q->nrows; i++)
		if (strlen(q->row[i].key) > width)
			width = strlen(q->row[i].key);
	print_head(w, width);
	for (u32 i = 0; i < q->nrows; i++) {
		const struct query_row *row = &q->row[i];
		const struct dist *d = &row->dist;
		char count[AMOUNT_MAX];
		bool exact = true;

		printf("%-*s %12s", width, row->key, format__count(count, d->count));
		printf(" %9s", format__count(count, d->errors));
		print_amount(d->count ? d->sum / d->count : 0, row->unit);
		for (u32 k = 0; k < w->npercentiles; k++)
			print_amount(query__quantile(row, w->percentile[k] / 100), row->unit);
		print_amount(d->max, row->unit);
		if (w->within && row->unit == UNIT_NS) {
			print_share(row, w->within);
			query__share(row, w->within, &exact);
			estimated |= !exact;
		}
		putchar('\n');
	}
	if (estimated)
		puts("~ the limit is no bound of a bucket (1 s, 500 ms, 250 ms, ... are): estimated inside one");
}

static json_t *amount(double value, enum unit unit)
{
	return json_real(unit == UNIT_NS ? value / 1000 : value);
}

static void print_json(const struct query *q)
{
	const struct query_options *w = &q->o->query;
	json_t *rows = json_array();

	for (u32 i = 0; i < q->nrows; i++) {
		const struct query_row *row = &q->row[i];
		const struct dist *d = &row->dist;
		json_t *o = json_object(), *p = json_object();
		bool exact;

		json_object_set_new(o, "key", json_string(row->key));
		json_object_set_new(o, "unit", json_string(row->unit == UNIT_NS ? "us" : "bytes"));
		json_object_set_new(o, "count", json_integer(d->count));
		json_object_set_new(o, "errors", json_integer(d->errors));
		json_object_set_new(o, "sum", amount(d->sum, row->unit));
		json_object_set_new(o, "max", amount(d->max, row->unit));
		for (u32 k = 0; k < w->npercentiles; k++) {
			char name[16];

			snprintf(name, sizeof(name), "%g", w->percentile[k]);
			json_object_set_new(
				p, name,
				amount(query__quantile(row, w->percentile[k] / 100), row->unit));
		}
		json_object_set_new(o, "percentile", p);
		if (w->within && row->unit == UNIT_NS) {
			json_object_set_new(o, "share",
					    json_real(query__share(row, w->within, &exact)));
			json_object_set_new(o, "share_is_exact", json_boolean(exact));
		}
		json_array_append_new(rows, o);
	}
	json_dumpf(rows, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(rows);
}

static void print_heat(const struct query *q)
{
	const struct print_style style = {.width = 80,
					  .utf8 = !q->o->ascii,
					  .colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR")};
	u32 label = 0;

	for (u32 i = 0; i < q->nrows; i++)
		if (strlen(q->row[i].key) > label)
			label = strlen(q->row[i].key) < 24 ? strlen(q->row[i].key) : 24;
	print_heat__legend(stdout, &style);
	if (q->nrows)
		print_heat__bounds(stdout, &style, label, q->row[0].unit);
	for (u32 i = 0; i < q->nrows; i++) {
		time_t start = q->row[i].line;
		char when[16];
		struct tm tm;

		localtime_r(&start, &tm);
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
		print_heat__line(stdout, &style, label, when, q->row[i].key, &q->row[i].dist);
	}
}

static int read_sources(struct query *q)
{
	const struct query_options *w = &q->o->query;
	int err = 0;

	for (u32 i = 0; i < w->nfiles && !err; i++)
		err = query_json__read(q, w->file[i]);
	if (!err && w->graphite)
		err = query_graphite__read(q, w->graphite);
	if (!err && q->out_of_memory) {
		err = -ENOMEM;
		log_error("out of memory");
	}
	return err;
}

/* The times that are asked for; files are read whole unless some are named. */
static void set_times(struct query *q)
{
	const struct query_options *w = &q->o->query;
	u64 now = time(NULL);

	q->until = w->until ? w->until : w->last || !w->nfiles ? now : UINT64_MAX;
	if (w->from)
		q->from = w->from;
	else if (w->last || !w->nfiles)
		q->from = q->until - (w->last ? w->last : 3600);
	if (q->o->heat) {
		u64 span = q->until == UINT64_MAX || !q->from ? 0 : q->until - q->from;

		q->line_s = span / HEAT_LINES / 10 * 10;
		if (q->line_s < 10)
			q->line_s = 10;
	}
}

int cmd_query(const struct options *o)
{
	struct query q = {.o = o};
	int err;

	set_times(&q);
	err = read_sources(&q);
	if (!err && !q.samples) {
		err = -ENOENT;
		log_error(
			"nothing is there for set %s, operation %s and these times; --op '*' shows all operations",
			o->query.set, o->query.op);
	}
	if (!err) {
		qsort(q.row, q.nrows, sizeof(*q.row), o->heat ? by_name_and_line : by_count);
		if (o->json)
			print_json(&q);
		else if (o->heat)
			print_heat(&q);
		else
			print_table(&q);
	}
	query__free(&q);
	return err ? EXIT_FAILED : EXIT_DONE;
}
