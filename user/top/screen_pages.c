// SPDX-License-Identifier: GPL-2.0-only
/* What takes the table's place: help, menus, histograms, heat maps. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "keys.h"
#include "print_hist.h"
#include "screen.h"

/* --- help and menus */

static const char *const bar_help[] = {
	"TIME: u user  k kernel  q ready, waits for a CPU  d disk  r receiving  s sending",
	"      l lock  m memory  o other, as parts of what was not idle; | share that was",
};
#define BAR_HELP (sizeof(bar_help) / sizeof(bar_help[0]))

void screen__help(struct screen *s, const struct model *m, u32 y, u32 height)
{
	const struct view_info *v = &views[model__place(m)->view];
	u32 nkeys = 0, n, from;
	char line[160];

	while (keys_help[nkeys].keys)
		nkeys++;
	n = BAR_HELP + nkeys + v->ncolumns;
	from = m->menu + height > n ? (n > height ? n - height : 0) : m->menu;
	for (u32 i = from; i < n && i - from < height; i++) {
		const char *name, *what;

		if (i < BAR_HELP) {
			screen__put(s, 0, y + i - from, s->width, STYLE_PLAIN, bar_help[i]);
			continue;
		}
		name = i - BAR_HELP < nkeys ? keys_help[i - BAR_HELP].keys
					    : v->column[i - BAR_HELP - nkeys].head;
		what = i - BAR_HELP < nkeys ? keys_help[i - BAR_HELP].what
					    : v->column[i - BAR_HELP - nkeys].help;
		snprintf(line, sizeof(line), "%-14s ", name);
		screen__put(s, 0, y + i - from, s->width, STYLE_KEY, line);
		screen__put(s, 15, y + i - from, s->width, STYLE_PLAIN, what);
	}
}

void screen__menu(struct screen *s, const struct model *m, u32 y, u32 height)
{
	const enum view view = model__place(m)->view;
	const struct view_info *v = &views[view];
	u32 rows = height ? height - 1 : 0, from = m->menu >= rows ? m->menu - rows + 1 : 0;
	char line[160];

	screen__fill(s, 0, y, s->width, STYLE_HEAD, ' ');
	screen__put(s, 0, y++, s->width, STYLE_HEAD,
		    m->page == PAGE_SORT ? "sort by: Enter chooses, Esc leaves"
					 : "columns: Space shows or hides, Esc leaves");
	for (u32 i = from; i < v->ncolumns && i - from < rows; i++) {
		const struct column *c = &v->column[i];
		bool on = m->page == PAGE_SORT ? i == m->sort[view].column
					       : !(m->hidden[view] >> i & 1);

		snprintf(line, sizeof(line), "[%c] %-10s %s", on ? 'x' : ' ', c->head, c->help);
		screen__put(s, 0, y + i - from, s->width, STYLE_PLAIN, line);
		if (i == m->menu)
			screen__mark(s, y + i - from);
	}
}

/* --- histograms */

/* Lines of @text, from @y on. */
static void put_lines(struct screen *s, u32 y, u32 height, char *text)
{
	char *line;

	while (height && (line = strsep(&text, "\n"))) {
		screen__put(s, 0, y++, s->width, STYLE_PLAIN, line);
		height--;
	}
}

int screen__hist(struct screen *s, const struct model *m, u32 y, u32 height)
{
	const struct print_style style = {.width = s->width, .utf8 = s->utf8};
	const struct dist *d = model__dist(m);
	struct hist_head head = {.title = ""};
	char *text = NULL;
	size_t size;
	FILE *out;

	screen__fill(s, 0, y, s->width, STYLE_HEAD, ' ');
	screen__put(s, 0, y++, s->width, STYLE_HEAD, m->subject.title);
	if (!d || !d->count) {
		screen__put(s, 0, y, s->width, STYLE_DIM, "nothing of it in this interval");
		return 0;
	}
	out = open_memstream(&text, &size);
	if (!out)
		return -ENOMEM;
	head.elapsed = m->shown->interval;
	print_hist__head(out, &style, &head, d, m->subject.unit);
	print_hist__rows(out, &style, d, m->subject.unit);
	if (fclose(out) || !text) {
		free(text);
		return -ENOMEM;
	}
	put_lines(s, y, height ? height - 1 : 0, text);
	free(text);
	return 0;
}

/* --- heat maps */

#define LABEL 9 /* " 1.23 ms " */

/* Of a column's events; the next shade from twice to three times as many on. */
static const double shade_from[SHADES] = {0, 0, .01, .02, .05, .1, .2, .35, .5, .75};
static const char shades[SHADES + 1] = " .:-=+*#%@";
static const u32 shades_utf8[SHADES] = {' ',    0xb7,   0x2591, 0x2591, 0x2592,
					0x2592, 0x2593, 0x2593, 0x2588, 0x2588};

static void put_shade(struct screen *s, u32 x, u32 y, u64 count, u64 total, bool cursor)
{
	u32 shade = 0;

	for (u32 i = 1; i < SHADES && count; i++)
		if ((double)count / total >= shade_from[i])
			shade = i;
	screen__fill(s, x, y, 1, cursor ? STYLE_CURSOR : STYLE_SHADE + shade,
		     s->utf8 ? shades_utf8[shade] : (u32)shades[shade]);
}

static void put_bounds(char *to, size_t size, const struct model *m, const struct heat *h)
{
	u32 low = h->first + h->row_at * h->fold, high = low + h->fold - 1;
	char from[AMOUNT_MAX], until[AMOUNT_MAX];

	format__amount(from, low ? dist__coarse_bound(low - 1, m->subject.unit) : 0,
		       m->subject.unit);
	if (high >= DIST_COARSE - 1)
		snprintf(to, size, "above %s", from);
	else
		snprintf(to, size, "%s to %s", from,
			 format__amount(until, dist__coarse_bound(high, m->subject.unit),
					m->subject.unit));
}

/* What the cursor is on, in words. */
static void put_cursor(struct screen *s, const struct model *m, const struct heat *h, u32 y)
{
	const struct heat_column *c = &h->column[h->column_at];
	char line[256], when[16] = "", bounds[80], n[AMOUNT_MAX], total[AMOUNT_MAX];
	u64 count = heat__count(h, h->column_at, h->row_at);
	time_t taken = c->taken;
	struct tm tm;

	if (gmtime_r(&taken, &tm))
		strftime(when, sizeof(when), "%H:%M:%SZ", &tm);
	put_bounds(bounds, sizeof(bounds), m, h);
	snprintf(line, sizeof(line), "%s  %s: %s of %s (%.1f%%)", when, bounds,
		 format__count(n, count), format__count(total, c->total),
		 c->total ? 100.0 * count / c->total : 0.0);
	screen__put(s, 0, y, s->width, STYLE_TITLE, line);
}

static void put_legend(struct screen *s, u32 y)
{
	char text[16];
	u32 x = screen__put(s, 0, y, s->width, STYLE_DIM, "share of the column:");

	for (u32 i = 1; i < SHADES && x + 8 < s->width; i++) {
		x++;
		put_shade(s, x++, y, shade_from[i] * 1000 + 1, 1000, false);
		snprintf(text, sizeof(text), i == 1 ? " <1%%" : " %.0f%%", 100 * shade_from[i]);
		x += screen__put(s, x, y, s->width - x, STYLE_DIM, text);
	}
}

static void put_rows(struct screen *s, const struct model *m, const struct heat *h, u32 y)
{
	for (u32 row = h->rows; row--; y++) {
		u32 high = h->first + (row + 1) * h->fold - 1;
		char bound[AMOUNT_MAX], label[AMOUNT_MAX + 8];

		format__amount(bound,
			       dist__coarse_bound(high < DIST_COARSE - 1 ? high : DIST_COARSE - 2,
						  m->subject.unit),
			       m->subject.unit);
		snprintf(label, sizeof(label), "%8s ", bound);
		screen__put(s, 0, y, LABEL, row == h->row_at ? STYLE_TITLE : STYLE_DIM, label);
		for (u32 i = 0; i < h->n; i++)
			put_shade(s, s->width - h->n + i, y, heat__count(h, i, row),
				  h->column[i].total, i == h->column_at && row == h->row_at);
	}
}

int screen__heat(struct screen *s, struct model *m, u32 y, u32 height)
{
	u32 width = s->width > LABEL ? s->width - LABEL : 0;
	struct heat h;
	int err;

	screen__fill(s, 0, y, s->width, STYLE_HEAD, ' ');
	screen__put(s, 0, y++, s->width, STYLE_HEAD, m->subject.title);
	if (height < 4 || !width) {
		screen__put(s, 0, y, s->width, STYLE_DIM, "no room for a heat map");
		return 0;
	}
	m->heat_width = width;
	m->heat_height = height - 3;
	err = model__heat(m, &h);
	if (err)
		return err;
	if (h.n) {
		put_cursor(s, m, &h, y++);
		put_rows(s, m, &h, y);
		put_legend(s, y + h.rows);
	}
	free(h.column);
	return 0;
}
