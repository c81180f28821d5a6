// SPDX-License-Identifier: GPL-2.0-only
/* What the keys do. */
#include <stdio.h>
#include <string.h>

#include "model.h"

/* --- places */

static void enter(struct model *m, enum view view, const char *service, u32 pid)
{
	if (m->depth + 1 == MAX_PLACES)
		return;
	m->depth++;
	memset(here(m), 0, sizeof(*here(m)));
	here(m)->view = view;
	here(m)->pid = pid;
	snprintf(here(m)->service, sizeof(here(m)->service), "%s", service ? service : "");
	m->process = pid;
	m->skipped = 0;
	model__make_rows(m);
}

static void go_back(struct model *m)
{
	m->process = 0;
	m->skipped = 0;
	if (m->page != PAGE_TABLE)
		m->page = PAGE_TABLE;
	else if (here(m)->filter[0])
		here(m)->filter[0] = 0;
	else if (m->depth)
		m->depth--;
	if (here(m)->view == VIEW_THREADS)
		m->process = here(m)->pid;
	model__make_rows(m);
}

/* Within a service all tabs but the first are its own. */
static void show_tab(struct model *m, enum view view)
{
	m->page = PAGE_TABLE;
	m->process = 0;
	m->skipped = 0;
	if (here(m)->view == VIEW_THREADS)
		m->depth--;
	if (view == VIEW_SERVICES)
		m->depth = 0;
	here(m)->view = view;
	here(m)->selected = 0;
	here(m)->cursor = here(m)->top = 0;
	model__make_rows(m);
}

static void next_tab(struct model *m, int step)
{
	u32 first = here(m)->service[0] ? VIEW_PROCESSES : VIEW_SERVICES, n = TABS - first;
	u32 view = here(m)->view < TABS ? here(m)->view : VIEW_PROCESSES;

	show_tab(m, first + (view - first + n + step) % n);
}

/* --- distributions */

static bool choose_subject(struct model *m)
{
	const struct row *r = m->nrows ? &m->row[here(m)->cursor] : NULL;
	const char *service, *device;

	if (!r)
		return false;
	if (here(m)->view > VIEW_DEVICES || here(m)->view == VIEW_PROCESSES) {
		say(m, "distributions are kept of services, operations and devices");
		return false;
	}
	service = here(m)->view == VIEW_DEVICES ? here(m)->service : r->text[TEXT_SERVICE];
	device = r->text[TEXT_DEVICE];
	m->subject.id = r->id;
	m->subject.unit = r->unit;
	if (here(m)->view == VIEW_OPS)
		snprintf(m->subject.title, sizeof(m->subject.title), "%s: %s%s%s", service,
			 device ? device : "", device && *device ? " " : "", r->text[TEXT_NAME]);
	else if (here(m)->view == VIEW_DEVICES)
		snprintf(m->subject.title, sizeof(m->subject.title), "%s%s%s", service,
			 service[0] ? ": " : "", r->text[TEXT_NAME]);
	else
		snprintf(m->subject.title, sizeof(m->subject.title), "%s: calls", service);
	return true;
}

static void open_heat(struct model *m)
{
	const struct dist *d;

	if (m->page == PAGE_HEAT) {
		m->page = PAGE_TABLE;
		return;
	}
	if (m->page != PAGE_HIST && !choose_subject(m))
		return;
	d = model__dist(m);
	m->page = PAGE_HEAT;
	m->heat_back = 0;
	m->heat_row =
		d ? (dist__bucket_of(dist__quantile(d, .5, m->subject.unit), m->subject.unit) + 1) /
				2
		  : 0;
}

static void open_hist(struct model *m)
{
	if (m->page == PAGE_HIST)
		m->page = PAGE_TABLE;
	else if (m->page == PAGE_HEAT || choose_subject(m))
		m->page = PAGE_HIST;
}

/* --- moving */

static void move(struct model *m, long by)
{
	long to = (long)here(m)->cursor + by;

	model__select(m, to < 0 ? 0 : to);
}

static void go_home(struct model *m)
{
	here(m)->cursor = here(m)->top = 0;
	/* Whatever comes first, not what does now. */
	here(m)->selected = 0;
}

static void scroll(struct model *m, int by)
{
	if (by < 0 && m->skipped)
		m->skipped--;
	if (by > 0 && m->skipped + 2 < views[here(m)->view].ncolumns)
		m->skipped++;
}

static void open_row(struct model *m)
{
	const struct row *r = m->nrows ? &m->row[here(m)->cursor] : NULL;

	if (!r)
		return;
	model__select(m, here(m)->cursor);
	switch (here(m)->view) {
	case VIEW_SERVICES:
		enter(m, VIEW_PROCESSES, r->text[TEXT_SERVICE], 0);
		break;
	case VIEW_PEERS:
		if (!here(m)->service[0])
			enter(m, VIEW_PEERS, r->text[TEXT_SERVICE], 0);
		break;
	case VIEW_PROCESSES:
		enter(m, VIEW_THREADS, r->text[TEXT_SERVICE], r->pid);
		break;
	case VIEW_OPS:
	case VIEW_DEVICES:
		open_hist(m);
		break;
	case VIEW_THREADS:
	case VIEWS:
		break;
	}
}

/* --- order and columns */

static void next_sort(struct model *m, int by)
{
	const enum view view = here(m)->view;
	u32 n = views[view].ncolumns, column = m->sort[view].column;

	do
		column = (column + n + by) % n;
	while (m->hidden[view] >> column & 1);
	model__sort_by(m, column);
}

static void reverse(struct model *m)
{
	m->sort[here(m)->view].reverse ^= true;
	model__sort_rows(m);
	model__find_selected(m);
}

static void open_menu(struct model *m, enum page page)
{
	m->page = m->page == page ? PAGE_TABLE : page;
	m->menu = page == PAGE_SORT ? m->sort[here(m)->view].column : 0;
}

static void choose(struct model *m)
{
	const enum view view = here(m)->view;

	if (m->page == PAGE_SORT) {
		model__sort_by(m, m->menu);
		m->page = PAGE_TABLE;
	} else if (m->menu && m->menu != m->sort[view].column) {
		m->hidden[view] ^= 1ULL << m->menu;
	} else {
		say(m, "the name and the column that rows are sorted by stay");
	}
}

/* --- dispatch */

/* Beyond its end help is scrolled no further, however long it is. */
#define MAX_HELP 100

static bool act_menu(struct model *m, enum action action)
{
	u32 n = m->page == PAGE_HELP ? MAX_HELP : views[here(m)->view].ncolumns;

	switch (action) {
	case ACT_UP:
		m->menu -= m->menu > 0;
		return true;
	case ACT_DOWN:
		m->menu += m->menu + 1 < n;
		return true;
	case ACT_ENTER:
	case ACT_PAUSE:
		if (m->page == PAGE_HELP)
			return false;
		choose(m);
		return true;
	default:
		return false;
	}
}

static bool act_heat(struct model *m, enum action action)
{
	switch (action) {
	case ACT_UP:
	case ACT_DOWN:
		model__move_in_heat(m, 0, action == ACT_UP ? 1 : -1);
		return true;
	case ACT_LEFT:
	case ACT_RIGHT:
		model__move_in_heat(m, action == ACT_LEFT ? -1 : 1, 0);
		return true;
	default:
		return false;
	}
}

static bool act_move(struct model *m, enum action action)
{
	switch (action) {
	case ACT_UP:
		move(m, -1);
		return true;
	case ACT_DOWN:
		move(m, 1);
		return true;
	case ACT_PAGE_UP:
		move(m, -(long)m->page_rows);
		return true;
	case ACT_PAGE_DOWN:
		move(m, m->page_rows);
		return true;
	case ACT_HOME:
		go_home(m);
		return true;
	case ACT_END:
		move(m, m->nrows);
		return true;
	case ACT_LEFT:
		scroll(m, -1);
		return true;
	case ACT_RIGHT:
		scroll(m, 1);
		return true;
	case ACT_ENTER:
		open_row(m);
		return true;
	default:
		return false;
	}
}

static bool act_time(struct model *m, enum action action)
{
	switch (action) {
	case ACT_PAUSE:
		model__pause(m);
		return true;
	case ACT_OLDER:
		model__step(m, -1);
		return true;
	case ACT_NEWER:
		model__step(m, 1);
		return true;
	case ACT_SLOWER:
	case ACT_FASTER:
		model__change_interval(m, action == ACT_SLOWER);
		return true;
	default:
		return false;
	}
}

static bool act_page(struct model *m, enum action action)
{
	switch (action) {
	case ACT_HELP:
		open_menu(m, PAGE_HELP);
		return true;
	case ACT_HIST:
		open_hist(m);
		return true;
	case ACT_HEAT:
		open_heat(m);
		return true;
	case ACT_SORT:
		open_menu(m, PAGE_SORT);
		return true;
	case ACT_COLUMNS:
		open_menu(m, PAGE_COLUMNS);
		return true;
	case ACT_TAB_NEXT:
		next_tab(m, 1);
		return true;
	case ACT_TAB_PREVIOUS:
		next_tab(m, -1);
		return true;
	case ACT_BACK:
	case ACT_ERASE:
		go_back(m);
		return true;
	default:
		if (action < ACT_TAB || action > ACT_TAB_LAST)
			return false;
		show_tab(m, action - ACT_TAB);
		return true;
	}
}

static void act_table(struct model *m, enum action action)
{
	switch (action) {
	case ACT_SEARCH:
		model__begin_typing(m, INPUT_SEARCH);
		break;
	case ACT_FILTER:
		model__begin_typing(m, INPUT_FILTER);
		break;
	case ACT_INTERVAL:
		model__begin_typing(m, INPUT_INTERVAL);
		break;
	case ACT_SORT_NEXT:
		next_sort(m, 1);
		break;
	case ACT_SORT_PREVIOUS:
		next_sort(m, -1);
		break;
	case ACT_REVERSE:
		reverse(m);
		break;
	case ACT_FOLLOW:
		m->unfollowed = !m->unfollowed;
		say(m, m->unfollowed ? "the selection stays in its line"
				     : "the selection follows its row");
		break;
	case ACT_UNITS:
		m->fixed = !m->fixed;
		say(m, m->fixed ? "times in ms, amounts in KiB" : "figures with their units");
		break;
	default:
		break;
	}
}

void model__act(struct model *m, enum action action, u32 character)
{
	m->message[0] = 0;
	if (action == ACT_QUIT)
		m->quit = true;
	if (m->input && model__type(m, action, character))
		return;
	if (m->page >= PAGE_HELP && act_menu(m, action))
		return;
	if (m->page == PAGE_HEAT && act_heat(m, action))
		return;
	if (act_time(m, action) || act_page(m, action))
		return;
	if (m->page == PAGE_TABLE && act_move(m, action))
		return;
	act_table(m, action);
}
