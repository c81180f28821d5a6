// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"
#include "print_hist.h"
#include "sink.h"
#include "top/screen.h"
#include "view.h"

#define ROW_MAX 512

/* Lines that the parts of the screen get; a part without any has no head. */
struct layout {
	u32 calls, slow, now;
};

static u32 put_line(struct screen *s, u32 y, u8 style, const char *text)
{
	screen__put(s, 0, y, s->width, style, text);
	return y + 1;
}

/* --- the two lines at the top */

static u32 draw_title(struct screen *s, const struct trace_view *v, u32 y)
{
	char text[ROW_MAX], calls[AMOUNT_MAX], rate[AMOUNT_MAX];
	u64 lost = 0;
	int n;

	for (u32 i = 0; i < TRACE_LOST_MAX; i++)
		lost += i == TRACE_LOST_RING ? 0 : v->lost[i];
	n = snprintf(text, sizeof(text), "%s  %.1f s  %u thread%s  %s calls  %s", v->title,
		     v->elapsed / 1e9, v->threads, v->threads == 1 ? "" : "s",
		     format__count(calls, v->table->total.count),
		     format__rate(rate, v->table->total.count, v->elapsed));
	if (v->processes > 1)
		n += snprintf(text + n, sizeof(text) - n, "  %u processes", v->processes);
	if (lost)
		snprintf(text + n, sizeof(text) - n, "  LOST %" PRIu64 " threads", lost);
	return put_line(s, y, lost ? STYLE_ALARM : STYLE_TITLE, text);
}

/* "recv 78 %": the largest first, as many as there is room for. */
static u32 draw_split(struct screen *s, const struct trace_view *v, u32 y)
{
	bool done[PARTS] = {};
	u64 total = 0;
	u32 x;

	for (u32 i = 0; i < PARTS; i++)
		total += v->split[i];
	if (!v->has_split || !total)
		return y;
	x = screen__put(s, 0, y, s->width, STYLE_DIM, "time:");
	for (u32 k = 0; k < PARTS; k++) {
		char text[40];
		u32 best = PARTS;

		for (u32 i = 0; i < PARTS; i++)
			if (!done[i] && (best == PARTS || v->split[i] > v->split[best]))
				best = i;
		done[best] = true;
		snprintf(text, sizeof(text), "%s %.1f%%", part_names[best],
			 100.0 * v->split[best] / total);
		if (v->split[best] * 1000 < total || x + 2 + strlen(text) > s->width)
			break;
		x += 2;
		x += screen__put(s, x, y, s->width - x, STYLE_PLAIN, text);
	}
	return y + 1;
}

/* --- the table of calls */

struct call_column {
	const char *head;
	u32 width, from; /* the screen's least width that has it */
	enum trace_sort sort;
	void (*format)(char *text, const struct trace_view *v, const struct table_row *r);
};

static void format_time(char *text, u64 ns)
{
	format__amount(text, ns, UNIT_NS);
}

static void format_calls(char *text, const struct trace_view *v, const struct table_row *r)
{
	(void)v;
	format__count(text, r->count);
}

static void format_rate(char *text, const struct trace_view *v, const struct table_row *r)
{
	format__rate(text, r->count, v->elapsed);
}

static void format_errors(char *text, const struct trace_view *v, const struct table_row *r)
{
	(void)v;
	format__count(text, r->errors);
	if (!r->errors)
		text[0] = 0;
}

static void format_sum(char *text, const struct trace_view *v, const struct table_row *r)
{
	(void)v;
	format_time(text, r->sum);
}

/* Of the clock's time: several threads can be in it at once. */
static void format_wall(char *text, const struct trace_view *v, const struct table_row *r)
{
	snprintf(text, AMOUNT_MAX, "%.1f", v->elapsed ? 100.0 * r->sum / v->elapsed : 0.0);
}

static void format_p50(char *text, const struct trace_view *v, const struct table_row *r)
{
	(void)v;
	format_time(text, r->p50);
}

static void format_p95(char *text, const struct trace_view *v, const struct table_row *r)
{
	(void)v;
	format_time(text, r->p95);
}

static void format_p99(char *text, const struct trace_view *v, const struct table_row *r)
{
	(void)v;
	format_time(text, r->p99);
}

static void format_max(char *text, const struct trace_view *v, const struct table_row *r)
{
	(void)v;
	format_time(text, r->max);
}

static const struct call_column columns[] = {
	{"CALLS", 11, 0, SORT_COUNT, format_calls}, {"CALLS/S", 10, 110, TRACE_SORTS, format_rate},
	{"ERR", 8, 0, SORT_ERRORS, format_errors},  {"TIME", 9, 0, SORT_TIME, format_sum},
	{"WALL%", 7, 0, TRACE_SORTS, format_wall},  {"P50", 9, 80, SORT_P50, format_p50},
	{"P95", 9, 70, SORT_P95, format_p95},       {"P99", 9, 90, SORT_P99, format_p99},
	{"MAX", 9, 0, SORT_MAX, format_max},
};

#define NCOLUMNS  (sizeof(columns) / sizeof(columns[0]))
#define NAME_WIDE 18

static u32 name_width(const struct screen *s)
{
	u32 taken = 0;

	for (size_t i = 0; i < NCOLUMNS; i++)
		taken += s->width >= columns[i].from ? columns[i].width : 0;
	return s->width > taken + 10 && s->width - taken < NAME_WIDE ? s->width - taken : NAME_WIDE;
}

static void put_right(struct screen *s, u32 x, u32 y, u32 width, u8 style, const char *text)
{
	u32 n = strlen(text);

	if (n < width)
		screen__put(s, x + width - n, y, n, style, text);
	else
		screen__put(s, x + 1, y, width - 1, style, text);
}

static u32 draw_calls(struct screen *s, const struct trace_view *v, u32 y, u32 rows)
{
	u32 name = name_width(s), x = name, first = v->first;

	screen__fill(s, 0, y, s->width, STYLE_HEAD, ' ');
	screen__put(s, 0, y, name, v->sort == SORT_NAME ? STYLE_SORTED : STYLE_HEAD, "CALL");
	for (size_t i = 0; i < NCOLUMNS; i++) {
		if (s->width < columns[i].from)
			continue;
		put_right(s, x, y, columns[i].width,
			  columns[i].sort == v->sort ? STYLE_SORTED : STYLE_HEAD, columns[i].head);
		x += columns[i].width;
	}
	if (first + rows > v->table->n)
		first = v->table->n > rows ? v->table->n - rows : 0;
	for (u32 i = 0; i < rows && first + i < v->table->n; i++) {
		const struct table_row *r = &v->table->row[first + i];

		screen__put(s, 0, y + 1 + i, name - 1, STYLE_PLAIN, r->name);
		x = name;
		for (size_t k = 0; k < NCOLUMNS; k++) {
			char text[AMOUNT_MAX];

			if (s->width < columns[k].from)
				continue;
			columns[k].format(text, v, r);
			put_right(s, x, y + 1 + i, columns[k].width, STYLE_PLAIN, text);
			x += columns[k].width;
		}
	}
	return y + 1 + rows;
}

/* --- slow calls, threads */

static u32 draw_slow(struct screen *s, const struct trace_view *v, u32 y, u32 rows)
{
	if (!rows)
		return y;
	screen__fill(s, 0, y, s->width, STYLE_HEAD, ' ');
	screen__put(s, 0, y, s->width, STYLE_HEAD, "  SLOWEST  THREAD  CALL");
	for (u32 i = 0; i < rows; i++) {
		const struct slow_call *c = &v->slow[i];
		char text[ROW_MAX], took[AMOUNT_MAX];

		snprintf(text, sizeof(text), "%9s %7u  %s", format__amount(took, c->ns, UNIT_NS),
			 c->tid, c->text);
		put_line(s, y + 1 + i, STYLE_PLAIN, text);
	}
	return y + 1 + rows;
}

static u32 draw_now(struct screen *s, const struct trace_view *v, u32 y, u32 rows)
{
	char text[ROW_MAX];

	if (!rows)
		return y;
	screen__fill(s, 0, y, s->width, STYLE_HEAD, ' ');
	snprintf(text, sizeof(text), "%-15s %8s %-17s %9s  %s", v->ended ? "AT THE END" : "NOW",
		 "THREAD", "IN CALL", "FOR", "ON");
	screen__put(s, 0, y, s->width, STYLE_HEAD, text);
	for (u32 i = 0; i < rows; i++) {
		const struct now_thread *n = &v->now[i];
		char age[AMOUNT_MAX + 1] = "";

		if (n->call[0] && (n->age || !n->at_least)) {
			age[0] = n->at_least ? '>' : ' ';
			format__amount(age + 1, n->age, UNIT_NS);
		}
		snprintf(text, sizeof(text), "%-15.15s %8u %-17s %9s  %s", n->comm, n->tid,
			 n->call[0] ? n->call : "(runs)", age, n->on);
		put_line(s, y + 1 + i, STYLE_PLAIN, text);
	}
	return y + 1 + rows;
}

/* --- the whole */

static void draw_help(struct screen *s, u32 y)
{
	static const char *const lines[] = {
		"q F10          quit: the final table is printed",
		"t c e 5 9 x n  sort by time, calls, errors, p50, p95, max, name",
		"< >            sort by the column before, after",
		"j k Down Up    scroll the calls; PgDn PgUp Home End",
		"p Space        hold still, go on",
		"h ? F1         this help",
		"",
		"TIME: in all threads together; WALL%: of the clock's time, above 100 with several",
		"SLOWEST: up to two of each call, those that wait by design last, with what they were on",
		"NOW: >3.2 s began before the trace did: at least so long",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		y = put_line(s, y, STYLE_PLAIN, lines[i]);
}

static u32 least(u32 a, u32 b)
{
	return a < b ? a : b;
}

/* The threads get up to a third, slow calls a quarter, the calls what is left. */
static struct layout share(const struct trace_view *v, u32 lines)
{
	struct layout l;
	u32 rest, more;

	if (lines < 6)
		return (struct layout){.calls = lines ? lines - 1 : 0};
	rest = lines - 3;
	l.now = least(v->nnow, rest / 3 ? rest / 3 : 1);
	l.slow = least(v->nslow, rest / 4 ? rest / 4 : 1);
	l.calls = least(v->table->n, rest - l.now - l.slow);
	rest -= l.now + l.slow + l.calls;
	/* What the calls do not need. */
	more = least(v->nnow - l.now, rest);
	l.now += more;
	l.slow += least(v->nslow - l.slow, rest - more);
	return l;
}

static void draw_parts(struct screen *s, const struct trace_view *v, u32 y, const struct layout *l)
{
	y = draw_calls(s, v, y, l->calls);
	y = draw_slow(s, v, y, l->slow);
	draw_now(s, v, y, l->now);
}

void view__draw(struct screen *s, const struct trace_view *v)
{
	struct layout l;
	char foot[160];
	u32 y;

	for (u32 i = 0; i < s->height; i++)
		screen__fill(s, 0, i, s->width, STYLE_PLAIN, ' ');
	y = draw_title(s, v, 0);
	y = draw_split(s, v, y);
	if (v->help) {
		draw_help(s, y + 1);
	} else {
		l = share(v, s->height > y + 1 ? s->height - y - 1 : 0);
		draw_parts(s, v, y, &l);
	}
	snprintf(foot, sizeof(foot), "q quit  h help  < > sort: %s  p %s%s",
		 trace_sort__name(v->sort), v->paused ? "go on, it holds still" : "hold still",
		 v->ended ? "  all that was traced has ended" : "");
	put_line(s, s->height - 1, STYLE_DIM, foot);
}

int view__text(struct text *out, struct screen *s, const struct trace_view *v, u32 width)
{
	struct layout l = {v->table->n, least(v->nslow, 10), v->nnow};
	u32 y, height = 5 + l.calls + l.slow + l.now;

	if (screen__resize(s, width, height))
		return -ENOMEM;
	for (u32 i = 0; i < height; i++)
		screen__fill(s, 0, i, width, STYLE_PLAIN, ' ');
	y = draw_title(s, v, 0);
	y = draw_split(s, v, y);
	draw_parts(s, v, y, &l);
	y += 1 + l.calls + (l.slow ? 1 + l.slow : 0) + (l.now ? 1 + l.now : 0);
	for (u32 i = 0; i < y; i++)
		screen__text(s, i, out);
	return out->err;
}
