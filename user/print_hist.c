// SPDX-License-Identifier: GPL-2.0-only
#include "print_hist.h"

#include <inttypes.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define MAX_ROWS 20
#define MIN_BAR  8

#define BOLD  "\033[1m"
#define DIM   "\033[2m"
#define RED   "\033[31m"
#define CYAN  "\033[36m"
#define PLAIN "\033[0m"

static const char *colour(const struct print_style *style, const char *sequence)
{
	return style->colour ? sequence : "";
}

/* --- figures */

static const char *three_digits(char *buf, double value, const char *unit)
{
	/* 9.995 would round to 10.00, which has four digits. */
	int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;

	snprintf(buf, AMOUNT_MAX, "%.*f %s", decimals, value, unit);
	return buf;
}

const char *format__amount(char buf[AMOUNT_MAX], u64 value, enum unit unit)
{
	static const char *const names[][5] = {
		[UNIT_NS] = {"ns", "us", "ms", "s"},
		[UNIT_BYTES] = {"B", "KiB", "MiB", "GiB", "TiB"},
	};
	double step = unit == UNIT_NS ? 1000 : 1024, scaled = value;
	u32 i = 0, last = unit == UNIT_NS ? 3 : 4;

	if (value < step) {
		snprintf(buf, AMOUNT_MAX, "%" PRIu64 " %s", value, names[unit][0]);
		return buf;
	}
	/* What would be printed as 1000 belongs to the next unit. */
	while (i < last && scaled >= step - 0.5) {
		scaled /= step;
		i++;
	}
	return three_digits(buf, scaled, names[unit][i]);
}

const char *format__count(char buf[AMOUNT_MAX], u64 n)
{
	char digits[AMOUNT_MAX];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n), to = 0;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf[to++] = ',';
		buf[to++] = digits[i];
	}
	buf[to] = 0;
	return buf;
}

const char *format__rate(char buf[AMOUNT_MAX], u64 n, u64 elapsed)
{
	double rate = elapsed ? n * 1e9 / elapsed : 0;

	if (rate < 99.95) {
		snprintf(buf, AMOUNT_MAX, "%.1f/s", rate);
	} else {
		format__count(buf, rate + 0.5);
		strcat(buf, "/s");
	}
	return buf;
}

/* --- histograms */

void print_hist__head(FILE *out, const struct print_style *style, const struct hist_head *head,
		      const struct dist *d, enum unit unit)
{
	static const struct {
		const char *name;
		double q;
	} quantiles[] = {{"p50", .5}, {"p90", .9}, {"p95", .95}, {"p99", .99}, {"p99.9", .999}};
	char a[AMOUNT_MAX], b[AMOUNT_MAX];

	fprintf(out, "%s%s%s", colour(style, BOLD), head->title, colour(style, PLAIN));
	if (head->note)
		fprintf(out, "  %s(%s)%s", colour(style, DIM), head->note, colour(style, PLAIN));
	fprintf(out, "  count %s  %serrors %s%s", format__count(a, d->count),
		d->errors ? colour(style, RED) : "", format__count(b, d->errors),
		d->errors ? colour(style, PLAIN) : "");
	fprintf(out, "  rate %s", format__rate(a, d->count, head->elapsed));
	fprintf(out, "  sum %s", format__amount(a, d->sum, unit));
	if (head->inflight)
		fprintf(out, "  in flight %s, oldest %s", format__count(a, head->inflight),
			format__amount(b, head->inflight_age, UNIT_NS));
	fputs("\n ", out);
	for (size_t i = 0; i < ARRAY_SIZE(quantiles); i++)
		fprintf(out, " %s %s ", quantiles[i].name,
			format__amount(a, dist__quantile(d, quantiles[i].q, unit), unit));
	fprintf(out, " max %s\n", format__amount(a, d->max, unit));
}

/* Rows of @step buckets each, so that a row ends at the bound of a coarser scheme; what is above
 * all bounds has a row of its own. */
static u32 row_of(u32 bucket, u32 step)
{
	if (bucket == HIST_ABOVE)
		return (HIST_BOUNDS - 1 + step - 1) / step + 1;
	return (bucket + step - 1) / step;
}

static u64 row_bound(u32 row, u32 step, enum unit unit)
{
	u32 bucket = row * step;

	return dist__bound(bucket < HIST_BOUNDS ? bucket : HIST_BOUNDS - 1, unit);
}

struct rows {
	u32 first, last, step;
	u64 count[HIST_BUCKETS + 1];
	u64 total, most;
};

static void fold_rows(const struct dist *d, struct rows *r, u32 step)
{
	memset(r, 0, sizeof(*r));
	r->step = step;
	r->first = HIST_BUCKETS;
	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		u32 row = row_of(i, step);

		if (!d->bucket[i])
			continue;
		if (r->first == HIST_BUCKETS)
			r->first = row;
		r->last = row;
		r->count[row] += d->bucket[i];
		r->total += d->bucket[i];
		if (r->count[row] > r->most)
			r->most = r->count[row];
	}
}

/* Empty rows from @row on. */
static u32 gap(const struct rows *r, u32 row)
{
	u32 n = 0;

	while (row + n <= r->last && !r->count[row + n])
		n++;
	return n;
}

static u32 count_lines(const struct rows *r)
{
	u32 lines = 0;

	for (u32 row = r->first; row <= r->last; row++, lines++)
		if (gap(r, row) > 1)
			row += gap(r, row) - 1;
	return lines;
}

static void print_bar(FILE *out, const struct print_style *style, u64 count, u64 most, u32 width)
{
	static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
	u32 parts = style->utf8 ? 8 : 1;
	u32 units = (double)count / most * width * parts + 0.5;

	if (!count)
		return;
	/* However few, they are there. */
	if (!units)
		units = 1;
	fprintf(out, "  %s", colour(style, CYAN));
	for (u32 i = 0; i < units / parts; i++)
		fputs(style->utf8 ? "█" : "#", out);
	fprintf(out, "%s%s", eighths[units % parts], colour(style, PLAIN));
}

static void print_row(FILE *out, const struct rows *r, u32 row, enum unit unit)
{
	char low[AMOUNT_MAX], high[AMOUNT_MAX];

	format__amount(low, row ? row_bound(row - 1, r->step, unit) : 0, unit);
	format__amount(high, row_bound(row, r->step, unit), unit);
	if (row == row_of(HIST_ABOVE, r->step))
		fprintf(out, "  %8s %11s", high, "and above");
	else
		fprintf(out, "  %8s .. %-8s", low, high);
}

static const char *format_share(char buf[AMOUNT_MAX], u64 count, u64 total)
{
	double share = 100.0 * count / total;

	if (count && share < 0.05)
		return "<0.1%";
	snprintf(buf, AMOUNT_MAX, "%.1f%%", share);
	return buf;
}

void print_hist__rows(FILE *out, const struct print_style *style, const struct dist *d,
		      enum unit unit)
{
	char count[AMOUNT_MAX], share[AMOUNT_MAX];
	u32 count_width, taken, bar;
	struct rows r;

	for (u32 step = 2; step <= 16; step *= 2) {
		fold_rows(d, &r, step);
		if (!r.total)
			return;
		if (count_lines(&r) <= MAX_ROWS)
			break;
	}
	count_width = strlen(format__count(count, r.most));
	taken = 22 + 2 + count_width + 2 + 6 + 2;
	bar = style->width > taken + MIN_BAR ? style->width - taken : MIN_BAR;
	for (u32 row = r.first; row <= r.last; row++) {
		/* A lone outlier shall not cost all others their resolution. */
		if (gap(&r, row) > 1) {
			row += gap(&r, row) - 1;
			fputs("           ...\n", out);
			continue;
		}
		print_row(out, &r, row, unit);
		fprintf(out, "  %*s  %6s", (int)count_width, format__count(count, r.count[row]),
			format_share(share, r.count[row], r.total));
		print_bar(out, style, r.count[row], r.most, bar);
		fputc('\n', out);
	}
}

/* --- heat maps */

/* The last bucket of the first column (2^-20 s, about 1 us) and the first of the last one (2^3.5 s,
 * about 11 s). */
#define HEAT_LOW     32
#define HEAT_HIGH    220
#define HEAT_COLUMNS (HEAT_HIGH - HEAT_LOW + 2)
#define HEAT_COUNT   5 /* "12.3k" */

/* Events of a column within a line's time, from which on it has the next shade. */
static const u64 shade_from[] = {1, 3, 10, 30, 100, 300, 1000, 3000, 10000};
static const char shades[] = " .:-=+*#%@";
static const char *const shades_utf8[] = {" ", "·", "░", "░", "▒", "▒", "▓", "▓", "█", "█"};
static const u8 shade_colour[] = {0, 17, 19, 55, 91, 127, 161, 196, 208, 226};

struct columns {
	u32 step, n;
};

/* As many columns as the terminal holds: eight, four, two ... per octave. */
static struct columns heat_columns(const struct print_style *style, u32 label_width)
{
	u32 taken = 8 + 1 + label_width + 1 + HEAT_COUNT + 1;
	struct columns c = {.step = 1, .n = HEAT_COLUMNS};

	while (c.step < 16 && taken + c.n > style->width) {
		c.step *= 2;
		c.n = (HEAT_HIGH - HEAT_LOW + c.step - 1) / c.step + 2;
	}
	return c;
}

static u32 heat_column(const struct columns *c, u32 bucket)
{
	if (bucket <= HEAT_LOW)
		return 0;
	return bucket > HEAT_HIGH ? c->n - 1 : 1 + (bucket - HEAT_LOW - 1) / c->step;
}

static void print_shade(FILE *out, const struct print_style *style, u64 count)
{
	u32 shade = 0;

	while (shade < ARRAY_SIZE(shade_from) && count >= shade_from[shade])
		shade++;
	if (style->colour && shade)
		fprintf(out, "\033[48;5;%um \033[0m", shade_colour[shade]);
	else if (style->utf8)
		fputs(shades_utf8[shade], out);
	else
		fputc(shades[shade], out);
}

void print_heat__legend(FILE *out, const struct print_style *style)
{
	fputs("events per column:", out);
	for (size_t i = 0; i < ARRAY_SIZE(shade_from); i++) {
		char buf[AMOUNT_MAX];

		fputs("  ", out);
		print_shade(out, style, shade_from[i]);
		fprintf(out, " %s", format__count(buf, shade_from[i]));
	}
	fputs(" and more\n", out);
}

void print_heat__bounds(FILE *out, const struct print_style *style, u32 label_width, enum unit unit)
{
	static const struct {
		u64 value;
		const char *text;
	} labels[][8] = {
		[UNIT_NS] = {{1000, "1us"},
			     {10000, "10us"},
			     {100000, "100us"},
			     {1000000, "1ms"},
			     {10000000, "10ms"},
			     {100000000, "100ms"},
			     {1000000000, "1s"},
			     {10000000000, "10s"}},
		[UNIT_BYTES] = {{64, "64B"},
				{512, "512B"},
				{4096, "4KiB"},
				{32768, "32KiB"},
				{262144, "256KiB"},
				{2097152, "2MiB"},
				{16777216, "16MiB"},
				{134217728, "128MiB"}},
	};
	struct columns c = heat_columns(style, label_width);
	u32 at = 0;

	fprintf(out, "%s%-8s %-*s %*s ", colour(style, DIM), "time", (int)label_width, "",
		HEAT_COUNT, "count");
	for (u32 i = 0; i < 8; i++) {
		u32 column = heat_column(&c, dist__bucket_of(labels[unit][i].value, unit));

		/* A label that would touch the one before is left out. */
		if (column < at + (at > 0))
			continue;
		at = column + fprintf(out, "%*s%s", (int)(column - at), "", labels[unit][i].text) -
		     (column - at);
	}
	fprintf(out, "%s\n", colour(style, PLAIN));
}

static const char *format_short(char buf[AMOUNT_MAX], u64 n)
{
	static const char suffix[] = "kMGTPE";
	double scaled = n;
	int i = -1;

	if (n < 1000) {
		snprintf(buf, AMOUNT_MAX, "%" PRIu64, n);
		return buf;
	}
	do {
		scaled /= 1000;
		i++;
	} while (scaled >= 999.5);
	three_digits(buf, scaled, "");
	buf[strlen(buf) - 1] = suffix[i];
	return buf;
}

void print_heat__line(FILE *out, const struct print_style *style, u32 label_width, const char *when,
		      const char *label, const struct dist *d)
{
	struct columns c = heat_columns(style, label_width);
	u64 count[HEAT_COLUMNS] = {};
	char buf[AMOUNT_MAX];
	u32 last = 0;

	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		u32 column = heat_column(&c, i);

		count[column] += d->bucket[i];
		if (d->bucket[i])
			last = column + 1;
	}
	fprintf(out, "%s %-*.*s %*s%s", when, (int)label_width, (int)label_width, label, HEAT_COUNT,
		format_short(buf, d->count), last ? " " : "");
	for (u32 i = 0; i < last; i++)
		print_shade(out, style, count[i]);
	fputc('\n', out);
}
