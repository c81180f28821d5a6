// SPDX-License-Identifier: GPL-2.0-only
#include "view.h"

#include <stdlib.h>
#include <string.h>

#include "top/keys.h"

/* --- slow calls */

/* The quickest one that has to go for another of call @nr: the quickest of its kind if there are
 * enough of that, else of all. */
static u32 place_for(const struct trace_view *v, u32 nr)
{
	u32 same = 0, last_same = 0;

	for (u32 i = 0; i < v->nslow; i++) {
		if (v->slow[i].nr != nr)
			continue;
		same++;
		last_same = i;
	}
	if (same >= TRACE_VIEW_SAME)
		return last_same;
	return v->nslow < TRACE_VIEW_SLOW ? v->nslow : TRACE_VIEW_SLOW - 1;
}

static bool is_slower(const struct slow_call *a, const struct slow_call *b)
{
	return a->waits != b->waits ? b->waits : a->ns > b->ns;
}

char *view__slow(struct trace_view *v, const struct slow_call *call)
{
	u32 at = place_for(v, call->nr);

	if (at < v->nslow && !is_slower(call, &v->slow[at]))
		return NULL;
	if (at == v->nslow)
		v->nslow++;
	while (at && is_slower(call, &v->slow[at - 1])) {
		v->slow[at] = v->slow[at - 1];
		at--;
	}
	v->slow[at] = *call;
	return v->slow[at].text;
}

/* --- keys */

static void sort_by(struct trace_view *v, int step)
{
	v->sort = (v->sort + TRACE_SORTS + step) % TRACE_SORTS;
	v->first = 0;
	table__sort(v->table, v->sort);
}

static void scroll(struct trace_view *v, int by)
{
	s64 to = (s64)v->first + by, last = v->table->n ? v->table->n - 1 : 0;

	v->first = to < 0 ? 0 : to > last ? last : to;
}

void view__key(struct trace_view *v, u32 key)
{
	static const struct {
		u32 key;
		enum trace_sort sort;
	} sorts[] = {{'t', SORT_TIME}, {'c', SORT_COUNT}, {'e', SORT_ERRORS}, {'5', SORT_P50},
		     {'9', SORT_P95},  {'x', SORT_MAX},   {'n', SORT_NAME}};

	for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
		if (key != sorts[i].key)
			continue;
		v->sort = sorts[i].sort;
		sort_by(v, 0);
	}
	switch (key) {
	case 'q':
	case KEY_CODE_F + 10:
		v->quit = true;
		break;
	case 'h':
	case '?':
	case KEY_CODE_F + 1:
		v->help = !v->help;
		break;
	case KEY_CODE_ESCAPE:
		v->help = false;
		break;
	case 'p':
	case ' ':
		v->paused = !v->paused && !v->ended;
		break;
	case '>':
	case KEY_CODE_RIGHT:
		sort_by(v, 1);
		break;
	case '<':
	case KEY_CODE_LEFT:
		sort_by(v, -1);
		break;
	case 'j':
	case KEY_CODE_DOWN:
		scroll(v, 1);
		break;
	case 'k':
	case KEY_CODE_UP:
		scroll(v, -1);
		break;
	case KEY_CODE_PAGE_DOWN:
		scroll(v, 10);
		break;
	case KEY_CODE_PAGE_UP:
		scroll(v, -10);
		break;
	case 'g':
	case KEY_CODE_HOME:
		v->first = 0;
		break;
	case 'G':
	case KEY_CODE_END:
		scroll(v, TRACE_NRS);
		break;
	}
}
