// SPDX-License-Identifier: GPL-2.0-only
/* What is typed: filters, searches, the interval. */
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "print_hist.h"
#include "units.h"

static void set_interval(struct model *m, u64 ns)
{
	char amount[AMOUNT_MAX];

	m->interval = ns < INTERVAL_MIN ? INTERVAL_MIN : ns > INTERVAL_MAX ? INTERVAL_MAX : ns;
	say(m, "every %s", format__amount(amount, m->interval, UNIT_NS));
}

/* The next in a row that people would name. */
void model__change_interval(struct model *m, bool slower)
{
	static const u64 steps[] = {1, 2, 5, 10, 20, 50, 100, 300, 600, 3000, 6000, 36000};
	u32 n = sizeof(steps) / sizeof(steps[0]), i = 0;

	if (slower) {
		while (i < n - 1 && steps[i] * INTERVAL_MIN <= m->interval)
			i++;
	} else {
		for (i = n - 1; i && steps[i] * INTERVAL_MIN >= m->interval;)
			i--;
	}
	set_interval(m, steps[i] * INTERVAL_MIN);
}

/* From @from on, round the end. */
static void search(struct model *m, u32 from)
{
	for (u32 i = 0; i < m->nrows && m->typed[0]; i++) {
		if (row__has(&m->row[(from + i) % m->nrows], m->typed)) {
			model__select(m, (from + i) % m->nrows);
			return;
		}
	}
	if (m->typed[0])
		say(m, "nothing here has that in it");
}

static void typed(struct model *m)
{
	if (m->input == INPUT_FILTER) {
		model__set_filter(m, m->typed);
		model__make_rows(m);
	}
	if (m->input == INPUT_SEARCH)
		search(m, here(m)->cursor);
}

void model__begin_typing(struct model *m, enum input input)
{
	if (m->input == INPUT_SEARCH && input == INPUT_SEARCH) {
		search(m, here(m)->cursor + 1);
		return;
	}
	m->input = input;
	m->typed[0] = 0;
	if (input == INPUT_FILTER)
		memcpy(m->typed, here(m)->filter, sizeof(m->typed));
}

static void type(struct model *m, u32 c)
{
	size_t n = strlen(m->typed);
	char *at = m->typed + n;

	if (c < ' ' || c == 0x7f || c > 0xffff || n + 4 > sizeof(m->typed))
		return;
	if (c < 0x80) {
		*at++ = c;
	} else if (c < 0x800) {
		*at++ = 0xc0 | c >> 6;
		*at++ = 0x80 | (c & 0x3f);
	} else {
		*at++ = 0xe0 | c >> 12;
		*at++ = 0x80 | (c >> 6 & 0x3f);
		*at++ = 0x80 | (c & 0x3f);
	}
	*at = 0;
	typed(m);
}

static void erase(struct model *m)
{
	size_t n = strlen(m->typed);

	while (n && (m->typed[n - 1] & 0xc0) == 0x80)
		n--;
	m->typed[n ? n - 1 : 0] = 0;
	typed(m);
}

static void end_typing(struct model *m, bool accepted)
{
	enum input input = m->input;
	u64 ns;

	m->input = INPUT_NONE;
	if (input == INPUT_FILTER && !accepted) {
		model__set_filter(m, "");
		model__make_rows(m);
	}
	if (input != INPUT_INTERVAL || !accepted || !m->typed[0])
		return;
	if (units__duration(m->typed, &ns) || ns < INTERVAL_MIN || ns > INTERVAL_MAX)
		say(m, "expected a time from 100ms to 1h, such as 0.5, 200ms or 10");
	else
		set_interval(m, ns);
}

bool model__type(struct model *m, enum action action, u32 character)
{
	switch (action) {
	case ACT_TYPE:
		type(m, character);
		return true;
	case ACT_ERASE:
		erase(m);
		return true;
	case ACT_ENTER:
	case ACT_BACK:
		end_typing(m, action == ACT_ENTER);
		return true;
	default:
		return false;
	}
}
