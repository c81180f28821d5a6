// SPDX-License-Identifier: GPL-2.0-only
/* The whole screen: what is above and below the table. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "model.h"
#include "print_hist.h"
#include "screen.h"

/* Where the next piece of a line goes. */
struct pen {
	struct screen *s;
	u32 x, y;
};

__attribute__((format(printf, 3, 4))) static void put(struct pen *p, u8 style, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (p->x < p->s->width)
		p->x += screen__put(p->s, p->x, p->y, p->s->width - p->x, style, text);
}

/* --- lines above the table */

static void put_title(struct pen *p, const struct model *m)
{
	const struct frame *f = m->shown;
	char when[16] = "--:--:--", amount[AMOUNT_MAX];
	time_t taken = f ? f->taken : 0;
	struct tm tm;

	if (f && gmtime_r(&taken, &tm))
		strftime(when, sizeof(when), "%H:%M:%SZ", &tm);
	put(p, STYLE_TITLE, "%s", f && f->host[0] ? f->host : "sonde top");
	put(p, STYLE_PLAIN, " %s", when);
	if (m->paused)
		put(p, STYLE_WARN, " STOPPED, %s ago",
		    format__amount(amount, model__behind(m), UNIT_NS));
	else if (m->ended)
		put(p, STYLE_WARN, " no more frames will come");
	if (!f)
		return;
	put(p, STYLE_PLAIN, "  up %llu d %02llu:%02llu", (unsigned long long)f->uptime / 86400,
	    (unsigned long long)f->uptime / 3600 % 24, (unsigned long long)f->uptime / 60 % 60);
	put(p, f->load > f->cpus ? STYLE_WARN : STYLE_PLAIN, "  load %.2f of %llu CPUs", f->load,
	    (unsigned long long)f->cpus);
	put(p, STYLE_PLAIN, "  interval %s", format__amount(amount, f->interval, UNIT_NS));
}

static bool ran(const struct model *m, const char *set)
{
	for (u32 i = 0; i < m->nran; i++)
		if (!strcmp(m->ran[i], set))
			return true;
	return false;
}

static bool all_run(const struct model *m)
{
	for (u32 i = 0; m->shown && i < m->shown->nsets; i++)
		if (!m->shown->set[i].running)
			return false;
	return true;
}

/* What does not run comes first: it must not be cut. */
static void put_sets(struct pen *p, const struct model *m)
{
	const struct frame *f = m->shown;
	char rss[AMOUNT_MAX];

	for (u32 i = 0; i < f->nsets; i++) {
		const struct frame_set *set = &f->set[i];
		bool detached = ran(m, set->name);

		if (!set->running)
			put(p, detached ? STYLE_ALARM : STYLE_WARN, "%s %s%s%s", set->name,
			    detached ? "DETACHED" : "off", set->reason[0] ? ": " : "", set->reason);
		if (!set->running)
			put(p, STYLE_PLAIN, "  ");
	}
	put(p, STYLE_PLAIN, "sets");
	for (u32 i = 0; i < f->nsets; i++)
		if (f->set[i].running)
			put(p, STYLE_GOOD, " %s", f->set[i].name);
	put(p, STYLE_PLAIN, "  sonde %.1f%% CPU, %s",
	    f->interval ? 100.0 * f->self_cpu / f->interval : 0.0,
	    format__amount(rss, f->self_rss, UNIT_BYTES));
}

static void put_losses(struct pen *p, const struct model *m)
{
	const struct frame *f = m->shown;
	char now[AMOUNT_MAX], total[AMOUNT_MAX];

	for (u32 now_only = 2; now_only--;) {
		for (u32 i = 0; i < f->nlosses; i++) {
			const struct frame_loss *l = &f->loss[i];

			if (!l->total || now_only != (l->now > 0))
				continue;
			if (l->now)
				put(p, STYLE_ALARM, "LOST %s %s now, %s in all", l->name,
				    format__count(now, l->now), format__count(total, l->total));
			else
				put(p, STYLE_WARN, "lost %s %s in all", l->name,
				    format__count(total, l->total));
			put(p, STYLE_PLAIN, "  ");
		}
	}
}

static bool any_loss(const struct model *m)
{
	for (u32 i = 0; m->shown && i < m->shown->nlosses; i++)
		if (m->shown->loss[i].total)
			return true;
	return false;
}

static void put_tabs(struct pen *p, const struct model *m)
{
	const struct place *place = model__place(m);
	char n[AMOUNT_MAX], all[AMOUNT_MAX];

	if (place->view == VIEW_THREADS)
		put(p, STYLE_TAB, "%s > threads of %u", place->service, place->pid);
	else if (place->service[0])
		put(p, STYLE_TITLE, "%s >", place->service);
	for (u32 i = place->service[0] ? VIEW_PROCESSES : 0;
	     i < TABS && place->view != VIEW_THREADS; i++) {
		if (p->x)
			put(p, STYLE_PLAIN, " ");
		put(p, i == place->view ? STYLE_TAB : STYLE_PLAIN, "%u %s", i + 1, views[i].name);
	}
	put(p, STYLE_DIM, "  %s", format__count(n, m->nrows));
	if (m->nrows != m->unfiltered)
		put(p, STYLE_DIM, " of %s", format__count(all, m->unfiltered));
	if (place->filter[0])
		put(p, STYLE_WARN, "  with '%s'", place->filter);
}

/* --- below it */

static void put_keys(struct pen *p)
{
	static const char *const keys[][2] = {
		{"F1", "help"},    {"Enter", "open"}, {"Esc", "back"},    {"/", "search"},
		{"\\", "only"},    {"> <", "sort"},   {"D", "histogram"}, {"H", "heat map"},
		{"Space", "stop"}, {"[ ]", "time"},   {"c", "columns"},   {"q", "quit"}};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		/* No half a hint. */
		if (p->x + strlen(keys[i][0]) + strlen(keys[i][1]) + 2 > p->s->width)
			continue;
		put(p, STYLE_KEY, "%s", keys[i][0]);
		put(p, STYLE_DIM, " %s ", keys[i][1]);
	}
}

static void put_footer(struct pen *p, const struct model *m)
{
	static const char *const prompts[] = {
		[INPUT_FILTER] = "only rows with: ",
		[INPUT_SEARCH] = "search: ",
		[INPUT_INTERVAL] = "interval (100ms to 1h): ",
	};

	if (m->input) {
		put(p, STYLE_KEY, "%s", prompts[m->input]);
		put(p, STYLE_PLAIN, "%s", m->typed);
		put(p, STYLE_TAB, " ");
		put(p, STYLE_WARN, " %s", m->message);
	} else if (m->message[0]) {
		put(p, STYLE_WARN, "%s", m->message);
	} else {
		put_keys(p);
	}
}

/* --- which of them there are */

enum line { LINE_TITLE, LINE_SETS, LINE_LOSSES, LINE_VERDICT, LINE_TABS, LINE_FOOTER, LINES };

/* How many lines each gets of a screen beside the table's head and first row: what tells that
 * figures are not to be trusted comes before all others. */
static void share_lines(const struct model *m, const struct screen *s, u32 lines[LINES])
{
	const bool complete = all_run(m), lost = any_loss(m);
	const enum line order[] = {LINE_LOSSES,
				   complete ? LINE_TITLE : LINE_SETS,
				   complete ? LINE_TABS : LINE_TITLE,
				   LINE_VERDICT,
				   complete ? LINE_FOOTER : LINE_TABS,
				   complete ? LINE_SETS : LINE_FOOTER};
	u32 room = s->height > 2 ? s->height - 2 : 0, more = s->height / 8;
	u32 wanted[LINES] = {[LINE_TITLE] = 1,     [LINE_SETS] = m->shown != NULL,
			     [LINE_LOSSES] = lost, [LINE_VERDICT] = m->nverdicts > 0,
			     [LINE_TABS] = 1,      [LINE_FOOTER] = !s->batch};

	memset(lines, 0, LINES * sizeof(*lines));
	for (u32 i = 0; i < LINES && room; i++) {
		lines[order[i]] = wanted[order[i]];
		room -= wanted[order[i]];
	}
	/* The help needs all the room that there is. */
	more = s->batch ? MAX_VERDICTS : m->page == PAGE_HELP ? 1 : more;
	while (room > 3 && lines[LINE_VERDICT] && lines[LINE_VERDICT] < m->nverdicts &&
	       lines[LINE_VERDICT] < more) {
		lines[LINE_VERDICT]++;
		room--;
	}
	/* Whoever types sees what. */
	if (m->input && !lines[LINE_FOOTER] && lines[LINE_TABS]) {
		lines[LINE_TABS] = 0;
		lines[LINE_FOOTER] = 1;
	}
}

/* How much of a sentence: where it is too long, up to a comma, lest a number lose its unit. */
static int fitting(const char *sentence, u32 width)
{
	int len = strlen(sentence);

	for (int at = len; at > 0; at--)
		if ((u32)at <= width && (at == len || sentence[at] == ',' || sentence[at] == ';'))
			return at;
	return len;
}

static int put_page(struct screen *s, struct model *m, u32 y, u32 height)
{
	switch (m->page) {
	case PAGE_TABLE:
		screen__table(s, m, y, height);
		break;
	case PAGE_HELP:
		screen__help(s, m, y, height);
		break;
	case PAGE_COLUMNS:
	case PAGE_SORT:
		screen__menu(s, m, y, height);
		break;
	case PAGE_HIST:
		return screen__hist(s, m, y, height);
	case PAGE_HEAT:
		return screen__heat(s, m, y, height);
	}
	return 0;
}

static void put_line(struct pen *p, const struct model *m, u32 wanted,
		     void (*what)(struct pen *p, const struct model *m))
{
	if (!wanted)
		return;
	what(p, m);
	p->x = 0;
	p->y++;
}

int screen__draw(struct screen *s, struct model *m)
{
	u32 lines[LINES], height;
	struct pen p = {.s = s};

	for (u32 y = 0; y < s->height; y++)
		screen__fill(s, 0, y, s->width, STYLE_PLAIN, ' ');
	s->table_rows = s->nheads = 0;
	share_lines(m, s, lines);
	put_line(&p, m, lines[LINE_TITLE], put_title);
	put_line(&p, m, lines[LINE_SETS], put_sets);
	put_line(&p, m, lines[LINE_LOSSES], put_losses);
	for (u32 i = 0; i < lines[LINE_VERDICT]; i++, p.x = 0, p.y++)
		put(&p, STYLE_TITLE, "%.*s", fitting(m->verdict[i], s->width), m->verdict[i]);
	put_line(&p, m, lines[LINE_TABS], put_tabs);
	height = s->height - p.y - lines[LINE_FOOTER];
	if (lines[LINE_FOOTER]) {
		struct pen footer = {.s = s, .y = s->height - 1};

		put_footer(&footer, m);
	}
	return put_page(s, m, p.y, height);
}
