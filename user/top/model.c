// SPDX-License-Identifier: GPL-2.0-only
#include "model.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int model__new(struct model **ret)
{
	struct model *m = calloc(1, sizeof(*m));

	if (!m)
		return -ENOMEM;
	m->interval = 1000000000;
	m->page_rows = 20;
	m->heat_width = m->heat_height = 1;
	for (u32 i = 0; i < VIEWS; i++)
		m->sort[i].column = views[i].sort;
	*ret = m;
	return 0;
}

static void free_frame(struct frame *f)
{
	if (f)
		frame__free(f);
	free(f);
}

void model__free(struct model *m)
{
	if (!m)
		return;
	if (m->shown != m->latest)
		free_frame(m->shown);
	free_frame(m->latest);
	sums__free(&m->sums);
	history__free(&m->history);
	free(m->row);
	free(m);
}

/* --- frames */

/* @s is taken over. */
static void show(struct model *m, struct frame *f, u64 number, const struct sums *s)
{
	if (m->shown != m->latest)
		free_frame(m->shown);
	sums__free(&m->sums);
	m->shown = f;
	m->shown_number = number;
	m->sums = *s;
}

static void show_verdicts(struct model *m, const struct past *p)
{
	const char *at = p->verdicts;

	m->nverdicts = 0;
	for (u32 i = 0; i < p->nverdicts && i < MAX_VERDICTS; i++, at += strlen(at) + 1)
		snprintf(m->verdict[m->nverdicts++], VERDICT_MAX, "%s", at);
}

static void note_running(struct model *m, const struct frame *f)
{
	for (u32 i = 0; i < f->nsets; i++) {
		u32 known = 0;

		while (known < m->nran && strcmp(m->ran[known], f->set[i].name))
			known++;
		if (f->set[i].running && known == m->nran &&
		    m->nran < sizeof(m->ran) / sizeof(m->ran[0]))
			memcpy(m->ran[m->nran++], f->set[i].name, sizeof(m->ran[0]));
	}
}

int model__put(struct model *m, struct frame *f, const char *const *verdict, u32 nverdicts)
{
	struct frame *before = m->latest;
	struct sums s = {};
	int err = sums__make(&s, f);

	if (!err)
		err = history__add(&m->history, f, &s, verdict, nverdicts);
	if (err) {
		sums__free(&s);
		free_frame(f);
		return err;
	}
	note_running(m, f);
	if (m->paused && m->shown) {
		m->latest = f;
		if (before != m->shown)
			free_frame(before);
		sums__free(&s);
		return 0;
	}
	show(m, f, m->history.next - 1, &s);
	m->latest = f;
	free_frame(before);
	show_verdicts(m, &m->history.past[m->history.n - 1]);
	return model__make_rows(m);
}

/* The place in the history of what is shown; the oldest if it is no longer there. */
static u32 shown_at(const struct model *m)
{
	const struct history *h = &m->history;

	if (!h->n || m->shown_number < h->past[0].number)
		return 0;
	return m->shown_number - h->past[0].number;
}

static int show_past(struct model *m, u32 i)
{
	const struct past *p = &m->history.past[i];
	bool newest = i == m->history.n - 1;
	struct frame *f = newest ? m->latest : history__frame(p);
	struct sums s = {};
	int err = f ? sums__make(&s, f) : -ENOMEM;

	if (err) {
		if (!newest)
			free_frame(f);
		return err;
	}
	show(m, f, p->number, &s);
	show_verdicts(m, p);
	return model__make_rows(m);
}

u64 model__behind(const struct model *m)
{
	u64 ns = 0;

	for (u32 i = m->history.n; i-- && m->history.past[i].number > m->shown_number;)
		ns += m->history.past[i].interval;
	return ns;
}

void model__step(struct model *m, int by)
{
	u32 at = shown_at(m);

	if (!m->shown)
		return;
	m->paused = true;
	if (by < 0 && !at)
		say(m, "that is as far back as is kept");
	else if (by > 0 && at + 1 >= m->history.n)
		say(m, "that is the latest");
	else if (show_past(m, at + by))
		say(m, "out of memory");
}

void model__pause(struct model *m)
{
	m->paused = !m->paused;
	if (!m->paused && m->shown != m->latest && show_past(m, m->history.n - 1))
		say(m, "out of memory");
}

/* --- what the command line says */

int model__set_view(struct model *m, const char *name)
{
	for (u32 i = 0; i < TABS; i++) {
		if (!strcmp(views[i].name, name)) {
			m->place[0].view = i;
			return 0;
		}
	}
	return -EINVAL;
}

int model__set_sort(struct model *m, const char *name)
{
	int column = columns__find(m->place[0].view, name);

	if (column < 0)
		return column;
	model__sort_by(m, column);
	return 0;
}

void model__set_filter(struct model *m, const char *text)
{
	struct place *place = here(m);

	snprintf(place->filter, sizeof(place->filter), "%s", text);
}

/* --- the table */

void model__sort_by(struct model *m, u32 column)
{
	m->sort[model__place(m)->view] = (struct sorting){.column = column};
	/* It must not be one that is not seen. */
	m->hidden[model__place(m)->view] &= ~(1ULL << column);
	model__sort_rows(m);
	model__find_selected(m);
}

void model__select(struct model *m, u32 row)
{
	struct place *place = here(m);

	if (!m->nrows)
		return;
	place->cursor = row < m->nrows ? row : m->nrows - 1;
	place->selected = m->row[place->cursor].id;
}

void model__fit(struct model *m, u32 rows)
{
	struct place *place = here(m);

	m->page_rows = rows ? rows : 1;
	if (place->cursor < place->top)
		place->top = place->cursor;
	if (place->cursor >= place->top + m->page_rows)
		place->top = place->cursor - m->page_rows + 1;
	if (place->top + m->page_rows > m->nrows)
		place->top = m->nrows > m->page_rows ? m->nrows - m->page_rows : 0;
}

/* --- distributions */

const struct dist *model__dist(const struct model *m)
{
	const struct frame *f = m->shown;

	for (u32 i = 0; f && i < f->nservices; i++)
		if (m->sums.service[i].id == m->subject.id)
			return &m->sums.service[i].calls;
	for (u32 i = 0; f && i < f->nops; i++)
		if (m->sums.op[i] == m->subject.id)
			return f->op[i].dist;
	for (u32 i = 0; f && i < m->sums.ndevices; i++)
		if (m->sums.device[i].id == m->subject.id)
			return &m->sums.device[i].device;
	return NULL;
}
