// SPDX-License-Identifier: GPL-2.0-only
/* The table: which columns fit, and their cells. */
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "screen.h"

#define MAX_COLUMNS 32
#define IDLE_WIDTH  5 /* "|100%" */

struct layout {
	u32 n;
	struct {
		const struct column *column;
		u32 number, x, width;
	} slot[MAX_COLUMNS];
};

/* --- layout */

static const char *head_of(const struct model *m, const struct column *c, char buf[32])
{
	const char *unit = "";

	if (m->fixed &&
	    (c->amount == AMOUNT_NS || c->amount == AMOUNT_LATENCY || c->amount == AMOUNT_AGE))
		unit = " ms";
	if (m->fixed && c->amount == AMOUNT_BYTES)
		unit = " KiB";
	snprintf(buf, 32, "%s%s", c->head, unit);
	return buf;
}

static u32 width_of(const struct model *m, const struct column *c)
{
	char buf[32];
	u32 head = strlen(head_of(m, c, buf));

	return head > c->width ? head : c->width;
}

/* The least important go first, never the name and what rows are sorted by. */
static u64 choose_columns(const struct model *m, u32 room, u32 *taken)
{
	const enum view view = model__place(m)->view;
	const struct view_info *v = &views[view];
	u64 chosen = 0;

	*taken = 0;
	for (u32 rank = 0; rank <= MAX_COLUMNS; rank++) {
		for (u32 i = 0; i < v->ncolumns; i++) {
			bool sorted = i == m->sort[view].column;
			u32 width = width_of(m, &v->column[i]) + (*taken > 0);

			if ((sorted && i ? 1 : v->column[i].rank + (i > 0)) != rank)
				continue;
			if (m->hidden[view] >> i & 1 || (i && i <= m->skipped))
				continue;
			if (*taken && *taken + width > room)
				continue;
			*taken += width;
			chosen |= 1ULL << i;
		}
	}
	return chosen;
}

/* Gives columns of some kind up to @limit of what room is left. */
static void widen(struct layout *l, u32 *left, enum amount amount, bool name, u32 limit)
{
	for (u32 i = 0; i < l->n; i++) {
		u32 width = l->slot[i].width, more;

		if (l->slot[i].column->amount != amount || (amount == AMOUNT_TEXT && name != !i) ||
		    width >= limit || l->slot[i].column->width < 2)
			continue;
		more = limit - width < *left ? limit - width : *left;
		l->slot[i].width += more;
		*left -= more;
	}
}

static void make_layout(const struct model *m, u32 room, struct layout *l)
{
	const struct view_info *v = &views[model__place(m)->view];
	u32 taken, left, x = 0;
	u64 chosen = choose_columns(m, room, &taken);

	left = room > taken ? room - taken : 0;
	l->n = 0;
	for (u32 i = 0; i < v->ncolumns && l->n < MAX_COLUMNS; i++) {
		if (!(chosen >> i & 1))
			continue;
		l->slot[l->n].column = &v->column[i];
		l->slot[l->n].number = i;
		l->slot[l->n++].width = width_of(m, &v->column[i]);
	}
	widen(l, &left, AMOUNT_TEXT, true, 20);
	widen(l, &left, AMOUNT_TEXT, false, 20);
	widen(l, &left, AMOUNT_BAR, false, 30);
	widen(l, &left, AMOUNT_TEXT, true, 40);
	widen(l, &left, AMOUNT_TEXT, false, 60);
	widen(l, &left, AMOUNT_BAR, false, 60);
	for (u32 i = 0; i < l->n; i++) {
		l->slot[i].x = x;
		x += l->slot[i].width + 1;
	}
}

/* --- cells */

static bool at_left(const struct column *c)
{
	return c->amount == AMOUNT_TEXT || c->amount == AMOUNT_BAR;
}

/* A text that does not fit is cut; a figure would be another one, and is not shown. */
static void put_cell(struct screen *s, u32 x, u32 y, u32 width, bool left, u8 style,
		     const char *text)
{
	u32 len = left ? 0 : strlen(text);

	if (len < width && !left)
		x += width - len;
	if (!left && len > width) {
		screen__fill(s, x, y, width, style, '#');
		return;
	}
	screen__put(s, x, y, width, style, text);
}

/* The parts of what was not idle, as letters, then the share that was. */
static void put_bar(struct screen *s, u32 x, u32 y, u32 width, const u64 time[PARTS])
{
	static const char letters[PARTS] = "ukqdrslmo";
	u32 cells = width > IDLE_WIDTH ? width - IDLE_WIDTH : 0, to = 0;
	double busy = 0, sum = 0, idle = time[PART_IDLE];
	char text[16];

	for (u32 i = 0; i < PART_IDLE; i++)
		busy += time[i];
	if (busy + idle <= 0)
		return;
	for (u32 i = 0; i < PART_IDLE && busy > 0; i++) {
		u32 end;

		sum += time[i];
		end = sum / busy * cells + 0.5;
		if (end > to)
			screen__fill(s, x + to, y, end - to, STYLE_PART + i, letters[i]);
		to = end > to ? end : to;
	}
	snprintf(text, sizeof(text), "|%.0f%%", 100 * idle / (busy + idle));
	screen__put(s, x + cells, y, width - cells, STYLE_DIM, text);
}

static void put_heads(struct screen *s, const struct model *m, const struct layout *l, u32 y)
{
	static const char legend[] = "TIME ukqdrslmo|idle";
	const struct sorting *sort = &m->sort[model__place(m)->view];
	char head[40];

	screen__fill(s, 0, y, s->width, STYLE_HEAD, ' ');
	s->nheads = 0;
	for (u32 i = 0; i < l->n; i++) {
		const struct column *c = l->slot[i].column;
		bool sorted = l->slot[i].number == sort->column;

		head_of(m, c, head);
		if (c->amount == AMOUNT_BAR && l->slot[i].width >= strlen(legend))
			strcpy(head, legend);
		put_cell(s, l->slot[i].x, y, l->slot[i].width, at_left(c),
			 sorted ? STYLE_SORTED : STYLE_HEAD, head);
		s->head[s->nheads].from = l->slot[i].x;
		s->head[s->nheads].to = l->slot[i].x + l->slot[i].width;
		s->head[s->nheads++].column = l->slot[i].number;
	}
}

static void put_row(struct screen *s, const struct model *m, const struct layout *l,
		    const struct row *row, u32 y)
{
	struct cell cell;

	for (u32 i = 0; i < l->n; i++) {
		const struct column *c = l->slot[i].column;

		if (c->amount == AMOUNT_BAR) {
			if (row->time)
				put_bar(s, l->slot[i].x, y, l->slot[i].width, row->time);
			continue;
		}
		model__cell(m, row, c, &cell);
		put_cell(s, l->slot[i].x, y, l->slot[i].width, at_left(c), cell.style, cell.text);
	}
}

/* --- all of it */

static bool runs(const struct model *m, const char *set)
{
	for (u32 i = 0; i < m->shown->nsets; i++)
		if (!strcmp(m->shown->set[i].name, set))
			return m->shown->set[i].running;
	return false;
}

/* Nothing is said to be well: only that there is nothing to show, and why. */
static const char *why_empty(const struct model *m)
{
	if (!m->shown)
		return "waiting for the first interval";
	if (m->unfiltered)
		return "no row matches the filter; Esc ends it";
	switch (model__place(m)->view) {
	case VIEW_DEVICES:
		return runs(m, "block") ? "no request to a device in this interval"
					: "the set block is not on, so devices are not seen";
	case VIEW_PEERS:
		return runs(m, "tcp") ? "no peer in this interval"
				      : "the set tcp is not on, so peers are not seen";
	case VIEW_THREADS:
		return "its threads are not known yet, or it has ended";
	default:
		return "nothing seen in this interval";
	}
}

void screen__table(struct screen *s, struct model *m, u32 y, u32 height)
{
	u32 rows = height ? height - 1 : 0, top;
	struct layout l;

	make_layout(m, s->width, &l);
	put_heads(s, m, &l, y++);
	model__fit(m, rows);
	top = model__place(m)->top;
	s->table_y = y;
	s->table_first = top;
	s->table_rows = 0;
	for (u32 i = 0; i < rows && top + i < m->nrows; i++, s->table_rows++) {
		put_row(s, m, &l, &m->row[top + i], y + i);
		if (top + i == model__place(m)->cursor && !s->batch)
			screen__mark(s, y + i);
	}
	if (!m->nrows && rows)
		screen__put(s, 0, y, s->width, STYLE_DIM, why_empty(m));
}
