// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* Heat maps of more rows than these are not looked at. */
#define HEAT_ROWS  10
#define DAY        86400
#define WHEN_WIDTH 8
#define MAX_CELLS  (8 + MAX_PERCENTILES)
#define CELL_MAX   640

void report__name(const struct cell *cell, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s.%s", cell->who, cell->who[0] ? " " : "", cell->set,
		 cell->op[0] ? cell->op : "*");
}

/* 0 where it is not known. */
static u64 sum_of(const struct dist *d)
{
	return d->sum == SUM_TOO_LARGE ? 0 : d->sum;
}

static u64 mean_of(const struct dist *d)
{
	return d->count ? (double)sum_of(d) / d->count + 0.5 : 0;
}

/* --- shares */

static bool has_share(const struct query *q, const struct cell *cell)
{
	return q->slo && cell->unit == UNIT_NS && coarse__total(&cell->total);
}

/* In percent. */
static void share_of(const struct query *q, const struct cell *cell, double *low, double *high)
{
	u64 l, h, total = coarse__total(&cell->total);

	coarse__at_most(&cell->total, q->slo, cell->unit, &l, &h);
	*low = 100.0 * l / total;
	*high = 100.0 * h / total;
}

/* Rounded down: what was missed once is not 100 %. */
static double three_decimals(double percent)
{
	return floor(percent * 1000 + 1e-6) / 1000;
}

static void format_share(const struct query *q, const struct cell *cell, char *buf)
{
	double low, high;

	if (!has_share(q, cell)) {
		strcpy(buf, "-");
		return;
	}
	share_of(q, cell, &low, &high);
	if (low == high)
		snprintf(buf, CELL_MAX, "%.3f %%", three_decimals(low));
	else
		snprintf(buf, CELL_MAX, "%.3f .. %.3f %%", three_decimals(low),
			 three_decimals(high));
}

/* --- the table */

/* Text by column; the first two are flush left. */
struct line {
	char cell[MAX_CELLS][CELL_MAX];
};

static u32 fill_head(const struct query *q, struct line *l)
{
	static const char *const who[] = {
		[BY_SERVICE] = "service", [BY_HOST] = "host", [BY_OP] = "", [BY_NONE] = ""};
	char amount[AMOUNT_MAX];
	u32 n = 0;

	strcpy(l->cell[n++], who[q->by]);
	strcpy(l->cell[n++], "operation");
	strcpy(l->cell[n++], "count");
	strcpy(l->cell[n++], "errors");
	strcpy(l->cell[n++], "sum");
	strcpy(l->cell[n++], "mean");
	for (u32 i = 0; i < q->np; i++)
		snprintf(l->cell[n++], CELL_MAX, "p%.20s", q->p_name[i]);
	strcpy(l->cell[n++], "max");
	if (q->slo)
		snprintf(l->cell[n++], CELL_MAX, "<= %s", format__amount(amount, q->slo, UNIT_NS));
	return n;
}

/* No event takes no time at all: a 0 was not sent. */
static const char *known_amount(char amount[AMOUNT_MAX], u64 value, enum unit unit)
{
	return value ? format__amount(amount, value, unit) : "-";
}

static void fill_line(const struct query *q, const struct cell *cell, struct line *l)
{
	const struct dist *d = &cell->total;
	char amount[AMOUNT_MAX];
	u32 n = 0;

	strcpy(l->cell[n++], cell->who);
	snprintf(l->cell[n++], CELL_MAX, "%s.%s", cell->set, cell->op[0] ? cell->op : "*");
	strcpy(l->cell[n++], format__count(amount, d->count));
	strcpy(l->cell[n++], format__count(amount, d->errors));
	strcpy(l->cell[n++], known_amount(amount, sum_of(d), cell->unit));
	strcpy(l->cell[n++], known_amount(amount, mean_of(d), cell->unit));
	for (u32 i = 0; i < q->np; i++)
		strcpy(l->cell[n++],
		       coarse__total(d)
			       ? format__amount(amount, coarse__quantile(d, q->p[i], cell->unit),
						cell->unit)
			       : "-");
	strcpy(l->cell[n++], known_amount(amount, d->max, cell->unit));
	if (q->slo)
		format_share(q, cell, l->cell[n++]);
}

static void print_line(FILE *out, const struct line *l, u32 columns, const u32 *width)
{
	for (u32 i = 0; i < columns; i++) {
		if (!width[i])
			continue;
		if (i < 2)
			fprintf(out, "%-*s", (int)width[i], l->cell[i]);
		else
			fprintf(out, "  %*s", (int)width[i], l->cell[i]);
		if (i == 0)
			fputs("  ", out);
	}
	fputc('\n', out);
}

static void widen(u32 *width, const struct line *l, u32 columns)
{
	for (u32 i = 0; i < columns; i++)
		if (strlen(l->cell[i]) > width[i])
			width[i] = strlen(l->cell[i]);
}

static void print_slo_note(FILE *out, const struct query *q)
{
	char limit[AMOUNT_MAX], low[AMOUNT_MAX], high[AMOUNT_MAX];
	u64 below, above;

	coarse__around(q->slo, UNIT_NS, &below, &above);
	if (below == above)
		return;
	fprintf(out,
		"no bucket ends at %s: the shares are those at or below %s and %s, the bounds around "
		"it\n",
		format__amount(limit, q->slo, UNIT_NS), format__amount(low, below, UNIT_NS),
		format__amount(high, above, UNIT_NS));
}

static void format_time(char *buf, size_t size, const char *format, u64 seconds)
{
	time_t t = seconds;
	struct tm tm;

	if (!localtime_r(&t, &tm) || !strftime(buf, size, format, &tm))
		snprintf(buf, size, "%" PRIu64, seconds);
}

/* Where the store has added slots up, no more is known than the time that was asked for. */
static bool knows_slots(const struct query *q)
{
	return !q->graphite || q->heat;
}

static void print_when(FILE *out, const struct cells *c)
{
	bool known = knows_slots(c->q);
	char first[64], last[64];

	format_time(first, sizeof(first), "%F %T", known ? c->first : c->q->from);
	format_time(last, sizeof(last), "%F %T %z", known ? c->last : c->q->until);
	fprintf(out, known ? "slots from %s to %s\n\n" : "slots between %s and %s\n\n", first,
		last);
}

void report__table(FILE *out, const struct cells *c, struct cell **rows, int n)
{
	u32 width[MAX_CELLS] = {}, columns;
	struct line l = {};

	columns = fill_head(c->q, &l);
	/* A column that nobody fills is left out. */
	widen(width, &l, columns);
	for (int i = 0; i < n; i++) {
		fill_line(c->q, rows[i], &l);
		widen(width, &l, columns);
	}
	print_when(out, c);
	fill_head(c->q, &l);
	print_line(out, &l, columns, width);
	for (int i = 0; i < n; i++) {
		fill_line(c->q, rows[i], &l);
		print_line(out, &l, columns, width);
	}
	if (c->q->slo)
		print_slo_note(out, c->q);
}

/* --- heat maps */

static void print_heat(FILE *out, const struct print_style *style, const struct cells *c,
		       const struct cell *cell)
{
	const char *format = c->last - c->first < DAY ? "%H:%M:%S" : "%d %H:%M";
	u32 last = c->last / c->step - c->first / c->step;
	char name[CELL_MAX], when[16];

	report__name(cell, name, sizeof(name));
	fprintf(out, "\n%s, a line is %" PRIu64 " s\n", name, c->step);
	print_heat__bounds(out, style, 0, cell->unit);
	for (u32 i = 0; i <= last && cell->line; i++) {
		format_time(when, sizeof(when), format, cells__line_time(c, i));
		print_heat__line(out, style, 0, when, "", &cell->line[i]);
	}
}

void report__heat(FILE *out, const struct print_style *style, const struct cells *c,
		  struct cell **rows, int n)
{
	struct print_style narrow = *style;

	/* Wider, there would be a column for each eighth of a power of two, and every other one
	 * empty. */
	if (narrow.width > 200)
		narrow.width = 200;
	fputc('\n', out);
	print_heat__legend(out, style);
	for (int i = 0; i < n && i < HEAT_ROWS; i++)
		print_heat(out, &narrow, c, rows[i]);
	if (n > HEAT_ROWS)
		fprintf(out, "\n%d more; to see some: --service, --op\n", n - HEAT_ROWS);
}

/* --- JSON */

static json_t *buckets_json(const struct dist *d, enum unit unit)
{
	json_t *to = json_object();
	char bound[24];

	for (u32 i = 0; i < DIST_COARSE; i++) {
		if (!dist__coarse(d, i))
			continue;
		snprintf(bound, sizeof(bound), "%" PRIu64, dist__coarse_bound(i, unit));
		json_object_set_new(to, bound, json_integer(dist__coarse(d, i)));
	}
	return to;
}

static json_t *amount_json(u64 value, enum unit unit)
{
	return unit == UNIT_NS ? json_real(value / 1000.0) : json_integer(value);
}

static json_t *lines_json(const struct cells *c, const struct cell *cell)
{
	json_t *lines = json_array();

	for (u32 i = 0; cell->line && i < HEAT_LINES; i++) {
		if (!cell->line[i].count)
			continue;
		json_array_append_new(lines, json_pack("{sIsIso}", "time",
						       (json_int_t)cells__line_time(c, i),
						       "seconds", (json_int_t)c->step, "buckets",
						       buckets_json(&cell->line[i], cell->unit)));
	}
	return lines;
}

static void set_amount(json_t *row, const char *name, u64 value, enum unit unit)
{
	char key[64];

	if (!value)
		return;
	snprintf(key, sizeof(key), "%.40s_%s", name, unit == UNIT_NS ? "us" : "bytes");
	json_object_set_new(row, key, amount_json(value, unit));
}

static json_t *row_json(const struct cells *c, const struct cell *cell)
{
	const struct query *q = c->q;
	const struct dist *d = &cell->total;
	json_t *row = json_object();
	char name[32];
	double low, high;

	if (q->by == BY_SERVICE || q->by == BY_HOST)
		json_object_set_new(row, q->by == BY_SERVICE ? "service" : "host",
				    json_string(cell->who));
	json_object_set_new(row, "set", json_string(cell->set));
	if (cell->op[0])
		json_object_set_new(row, "op", json_string(cell->op));
	json_object_set_new(row, "count", json_integer(d->count));
	json_object_set_new(row, "errors", json_integer(d->errors));
	set_amount(row, "sum", sum_of(d), cell->unit);
	set_amount(row, "mean", mean_of(d), cell->unit);
	set_amount(row, "max", d->max, cell->unit);
	for (u32 i = 0; i < q->np && coarse__total(d); i++) {
		snprintf(name, sizeof(name), "p%.20s", q->p_name[i]);
		set_amount(row, name, coarse__quantile(d, q->p[i], cell->unit), cell->unit);
	}
	if (has_share(q, cell)) {
		share_of(q, cell, &low, &high);
		json_object_set_new(row, "slo_low_percent", json_real(low));
		json_object_set_new(row, "slo_high_percent", json_real(high));
	}
	json_object_set_new(row, cell->unit == UNIT_NS ? "le_ns" : "le_bytes",
			    buckets_json(d, cell->unit));
	if (q->heat)
		json_object_set_new(row, "lines", lines_json(c, cell));
	return row;
}

int report__json(FILE *out, const struct cells *c, struct cell **rows, int n)
{
	json_t *list = json_array(), *root;
	bool known = knows_slots(c->q);
	int err;

	for (int i = 0; i < n; i++)
		json_array_append_new(list, row_json(c, rows[i]));
	root = json_pack("{sIsIso}", known ? "first_slot" : "from",
			 (json_int_t)(known ? c->first : c->q->from), known ? "last_slot" : "until",
			 (json_int_t)(known ? c->last : c->q->until), "rows", list);
	/* 17 digits would print 0.1 as what it is not. */
	err = !root ||
	      json_dumpf(root, out, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
	json_decref(root);
	fputc('\n', out);
	return err ? -ENOMEM : 0;
}
