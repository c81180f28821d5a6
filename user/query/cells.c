// SPDX-License-Identifier: GPL-2.0-only
#include "cells.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "units.h"

#define MAX_ROWS      10000
#define MAX_HEAT_ROWS 500
/* No store has more of anything; what is beyond would not be exact. */
#define MAX_VALUE 1e18

bool cells__wants(const struct query *q, const char *service, const char *host, const char *set,
		  const char *op)
{
	return strcmp(set, "self") && (!service || patterns__match(q->service, service)) &&
	       (!host || patterns__match(q->host, host)) && patterns__match(q->set, set) &&
	       patterns__match(q->op, op);
}

static struct cell *find(struct cells *c, const char *who, const char *set, const char *op,
			 int *err)
{
	struct cell *cell;
	char key[sizeof(cell->key)];

	snprintf(key, sizeof(key), "%s.%s.%s", who, set, op);
	HASH_FIND_STR(c->by_key, key, cell);
	if (cell)
		return cell;
	*err = -E2BIG;
	if (c->n >= (c->q->heat ? MAX_HEAT_ROWS : MAX_ROWS))
		return NULL;
	*err = -ENOMEM;
	cell = calloc(1, sizeof(*cell));
	if (!cell)
		return NULL;
	strcpy(cell->key, key);
	snprintf(cell->who, sizeof(cell->who), "%s", who);
	snprintf(cell->set, sizeof(cell->set), "%s", set);
	snprintf(cell->op, sizeof(cell->op), "%s", op);
	HASH_ADD_STR(c->by_key, key, cell);
	if (!hash_added(cell)) {
		free(cell);
		return NULL;
	}
	c->n++;
	return cell;
}

/* --- lines of a heat map */

/* Each is a multiple of the one before, so that lines can be put together. */
static u64 longer(u64 step)
{
	static const u64 steps[] = {1,    2,    10,   20,    60,    120,  600,
				    1200, 3600, 7200, 21600, 43200, 86400};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i] > step)
			return steps[i];
	return 2 * step;
}

static int put_together(struct cell *cell, u64 old_start, u64 old_step, u64 start, u64 step)
{
	struct dist *line;

	if (!cell->line)
		return 0;
	line = calloc(HEAT_LINES, sizeof(*line));
	if (!line)
		return -ENOMEM;
	for (u32 i = 0; i < HEAT_LINES; i++) {
		u64 time = (old_start + i) * old_step;

		if (cell->line[i].count)
			dist__add(&line[time / step - start], &cell->line[i]);
	}
	free(cell->line);
	cell->line = line;
	return 0;
}

/* Makes room for a slot: nobody says beforehand what times a file holds. */
static int widen(struct cells *c, u64 slot, u64 interval)
{
	struct cell *cell, *next;
	u64 first = slot, last = slot, step = c->step ? c->step : 1;
	int err = 0;

	if (c->step) {
		first = slot < c->first ? slot : c->first;
		last = slot > c->last ? slot : c->last;
	}
	while (step < interval || last / step - first / step >= HEAT_LINES)
		step = longer(step);
	if (c->step && (step != c->step || first / step != c->first / step))
		HASH_ITER(hh, c->by_key, cell, next)
			err = err ? err
				  : put_together(cell, c->first / c->step, c->step, first / step,
						 step);
	c->first = first;
	c->last = last;
	c->step = step;
	return err;
}

static int add_to_line(struct cells *c, struct cell *cell, u64 slot, u32 bucket, u64 n)
{
	struct dist *line;

	if (!cell->line)
		cell->line = calloc(HEAT_LINES, sizeof(*cell->line));
	if (!cell->line)
		return -ENOMEM;
	line = &cell->line[slot / c->step - c->first / c->step];
	line->bucket[bucket] += n;
	line->count += n;
	return 0;
}

u64 cells__line_time(const struct cells *c, u32 line)
{
	return (c->first / c->step + line) * c->step;
}

/* --- statistics */

static void set_unit(struct cell *cell, enum unit unit)
{
	cell->unit = unit;
	cell->has_unit = true;
}

/* However many values there are. */
static int add_count(u64 *count, double value)
{
	if (*count + value >= MAX_VALUE)
		return -EINVAL;
	*count += (u64)value;
	return 0;
}

static int add_bucket(struct cells *c, struct cell *cell, enum unit unit, const char *text,
		      u64 slot, u64 n)
{
	u64 bound;
	int bucket;

	if (units__number(text, 0, INT64_MAX, &bound))
		return -EINVAL;
	bucket = coarse__bucket(bound, unit);
	if (bucket < 0)
		return -EINVAL;
	if (add_count(&cell->total.bucket[bucket], n))
		return -EINVAL;
	set_unit(cell, unit);
	return c->q->heat && n ? add_to_line(c, cell, slot, bucket, n) : 0;
}

/* All the time that calls of thousands of hosts spent waiting is more ns than 64 bits hold. */
static void add_sum(u64 *sum, u64 amount)
{
	if (__builtin_add_overflow(*sum, amount, sum))
		*sum = SUM_TOO_LARGE;
}

static void add_amount(struct cell *cell, enum unit unit, u64 *sum, u64 *max, double value)
{
	double scaled = unit == UNIT_NS ? value * 1000 + 0.5 : value;
	u64 amount = scaled < 0x1p64 ? (u64)scaled : SUM_TOO_LARGE;

	set_unit(cell, unit);
	if (sum)
		add_sum(sum, amount);
	if (max && amount > *max)
		*max = amount;
}

static int add_stat(struct cells *c, struct cell *cell, const char *stat, u64 slot, double value)
{
	struct dist *d = &cell->total;

	if (!strcmp(stat, "count"))
		return add_count(&d->count, value);
	if (!strcmp(stat, "errors"))
		return add_count(&d->errors, value);
	if (!strcmp(stat, "sum_us"))
		add_amount(cell, UNIT_NS, &d->sum, NULL, value);
	else if (!strcmp(stat, "sum_bytes"))
		add_amount(cell, UNIT_BYTES, &d->sum, NULL, value);
	else if (!strcmp(stat, "max_us"))
		add_amount(cell, UNIT_NS, NULL, &d->max, value);
	else if (!strcmp(stat, "max_bytes"))
		add_amount(cell, UNIT_BYTES, NULL, &d->max, value);
	else if (!strncmp(stat, "le_ns.", 6))
		return add_bucket(c, cell, UNIT_NS, stat + 6, slot, value);
	else
		return add_bucket(c, cell, UNIT_BYTES, stat + 9, slot, value);
	return 0;
}

static bool adds_up(const char *stat)
{
	static const char *const stats[] = {"count",     "errors", "sum_us",
					    "sum_bytes", "max_us", "max_bytes"};

	for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++)
		if (!strcmp(stat, stats[i]))
			return true;
	return !strncmp(stat, "le_ns.", 6) || !strncmp(stat, "le_bytes.", 9);
}

int cells__add(struct cells *c, const char *who, const char *set, const char *op, const char *stat,
	       u64 slot, u64 interval, double value)
{
	struct cell *cell;
	int err = 0;

	if (!adds_up(stat))
		return 0;
	if (!(value >= 0 && value < MAX_VALUE) || slot > UINT32_MAX * 16ULL)
		return -EINVAL;
	cell = find(c, who, set, op, &err);
	if (!cell)
		return err;
	if (!c->step || slot < c->first || slot > c->last || interval > c->step) {
		err = widen(c, slot, interval < 86400 ? interval : 86400);
		if (err)
			return err;
	}
	return add_stat(c, cell, stat, slot, value);
}

const char *cells__why(const struct cells *c, int err)
{
	if (err != -E2BIG)
		return strerror(-err);
	return c->q->heat
		       ? "more than 500 rows with --heat; narrow it with --service, --set or --op"
		       : "more than 10000 rows; narrow it with --service, --set or --op";
}

/* --- rows */

static int compare(const void *a, const void *b)
{
	const struct cell *x = *(struct cell *const *)a, *y = *(struct cell *const *)b;
	int by_set = strcmp(x->set, y->set);

	if (by_set)
		return by_set;
	if (x->unit != y->unit)
		return x->unit < y->unit ? -1 : 1;
	if (x->total.sum != y->total.sum)
		return x->total.sum > y->total.sum ? -1 : 1;
	return strcmp(x->key, y->key);
}

/* Operations of one set and unit become one row. */
static int add_up(struct cells *c)
{
	struct cells sum = {.q = c->q, .first = c->first, .last = c->last, .step = c->step};
	struct cell *cell, *next, *to;
	u64 total;
	int err = 0;

	HASH_ITER(hh, c->by_key, cell, next) {
		if (!cell->has_unit)
			continue;
		to = find(&sum, cell->unit == UNIT_NS ? "" : "bytes", cell->set, "", &err);
		if (!to)
			break;
		err = 0;
		set_unit(to, cell->unit);
		total = to->total.sum;
		add_sum(&total, cell->total.sum);
		dist__add(&to->total, &cell->total);
		to->total.sum = total;
		if (cell->line && !to->line) {
			to->line = cell->line;
			cell->line = NULL;
		}
		for (u32 i = 0; cell->line && i < HEAT_LINES; i++)
			dist__add(&to->line[i], &cell->line[i]);
	}
	HASH_ITER(hh, sum.by_key, cell, next)
		cell->who[0] = 0;
	cells__free(c);
	*c = sum;
	return err;
}

int cells__rows(struct cells *c, struct cell ***ret)
{
	struct cell *cell, *next, **rows;
	int n = 0, err = c->q->by == BY_NONE ? add_up(c) : 0;

	rows = calloc(c->n + 1, sizeof(*rows));
	if (err || !rows) {
		free(rows);
		return -ENOMEM;
	}
	HASH_ITER(hh, c->by_key, cell, next)
		if (cell->has_unit && (cell->total.count || coarse__total(&cell->total)))
			rows[n++] = cell;
	qsort(rows, n, sizeof(*rows), compare);
	*ret = rows;
	return n;
}

void cells__free(struct cells *c)
{
	struct cell *cell, *next;

	HASH_ITER(hh, c->by_key, cell, next) {
		HASH_DEL(c->by_key, cell);
		free(cell->line);
		free(cell);
	}
	c->n = 0;
}
