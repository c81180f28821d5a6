// SPDX-License-Identifier: GPL-2.0-only
#include "hist_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LISTED   12
#define SERVICES 256

struct report {
	FILE *out;
	const struct print_style *style;
	const struct selection *s;
	u64 elapsed;
};

/* "10 s", "2.5 s" */
static const char *format_seconds(char buf[AMOUNT_MAX], u64 ns)
{
	u64 tenths = (ns + 50000000) / 100000000;

	if (tenths % 10)
		snprintf(buf, AMOUNT_MAX, "%" PRIu64 ".%" PRIu64 " s", tenths / 10, tenths % 10);
	else
		snprintf(buf, AMOUNT_MAX, "%" PRIu64 " s", tenths / 10);
	return buf;
}

static void print_heading(const struct report *r, u32 set, struct group **group, int n)
{
	static const char *const by[] = {
		[BY_SERVICE] = ", by service", [BY_OP] = "", [BY_DEVICE] = ", by device"};
	char seconds[AMOUNT_MAX], count[AMOUNT_MAX];
	u64 events = 0;

	for (int i = 0; i < n; i++)
		events += group[i]->total.count;
	fprintf(r->out, "%s%s%s%s, %s: %s events\n", probes[set]->name, r->s->service ? " of " : "",
		r->s->service ? r->s->service : "", by[r->s->by],
		format_seconds(seconds, r->elapsed), format__count(count, events));
}

static void print_group(const struct report *r, const struct group *g, bool rows)
{
	enum unit unit = g->info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;
	struct hist_head head = {
		.title = g->title,
		.note = g->info.wait ? "waits by design" : NULL,
		.elapsed = r->elapsed,
		.inflight = g->inflight,
		.inflight_age = g->inflight_age,
	};

	fputc('\n', r->out);
	print_hist__head(r->out, r->style, &head, &g->total, unit);
	if (rows)
		print_hist__rows(r->out, r->style, &g->total, unit);
}

/* The groups that are not shown, and how to see them. */
static void print_rest(const struct report *r, u32 set, struct group **group, int n)
{
	bool by_service = r->s->headline_only[set];
	char sum[AMOUNT_MAX];
	u64 total = 0;

	for (int i = 0; i < n; i++)
		total += group[i]->info.kind == OP_LATENCY ? group[i]->total.sum : 0;
	fprintf(r->out, "\n%d more, %s in all:", n, format__amount(sum, total, UNIT_NS));
	for (int i = 0; i < n && i < LISTED; i++)
		fprintf(r->out, "%s %s", i ? "," : "", group[i]->title);
	if (n > LISTED)
		fputs(", ...", r->out);
	if (by_service)
		fputs("; to see one: --service NAME\n", r->out);
	else
		fprintf(r->out, "; to see some: sonde hist %s OPERATION...\n", probes[set]->name);
}

static void counter_name(char *buf, size_t size, const struct group *g)
{
	/* "retransmits count" would say no more than "retransmits"; "connect errno.ETIMEDOUT" does.
	 */
	bool plain = !strcmp(g->info.stat, "count") || g->info.kind == OP_TIME;

	snprintf(buf, size, "%s%s%s", g->title, plain ? "" : " ", plain ? "" : g->info.stat);
}

static void print_counters(const struct report *r, struct group **group, int n)
{
	char sum[AMOUNT_MAX], rate[AMOUNT_MAX], name[256];
	int width = 0, len;

	for (int i = 0; i < n; i++) {
		counter_name(name, sizeof(name), group[i]);
		len = strlen(name);
		width = len > width ? len : width;
	}
	fputc('\n', r->out);
	for (int i = 0; i < n; i++) {
		counter_name(name, sizeof(name), group[i]);
		if (group[i]->info.kind == OP_TIME)
			/* So many at a time, on average. */
			fprintf(r->out, "%-*s  %15s  %.3f threads\n", width, name,
				format__amount(sum, group[i]->total.sum, UNIT_NS),
				(double)group[i]->total.sum / r->elapsed);
		else
			fprintf(r->out, "%-*s  %15s  %s\n", width, name,
				format__count(sum, group[i]->total.sum),
				format__rate(rate, group[i]->total.sum, r->elapsed));
	}
}

/* Groups up to the first that is a counter, or that waits where the ones before do not. */
static int same_class(struct group **group, int n)
{
	bool counter = n && op_kind__is_sum(group[0]->info.kind), wait = n && group[0]->info.wait;
	int i = 0;

	while (i < n && op_kind__is_sum(group[i]->info.kind) == counter &&
	       (counter || group[i]->info.wait == wait))
		i++;
	return i;
}

static void print_class(const struct report *r, u32 set, struct group **group, int n)
{
	bool named = r->s->has_ops[set];
	int shown = named || n < REPORT_GROUPS ? n : REPORT_GROUPS;

	if (op_kind__is_sum(group[0]->info.kind)) {
		print_counters(r, group, n);
		return;
	}
	/* How long a wait lasted by design is drawn only for who asks. */
	for (int i = 0; i < shown; i++)
		print_group(r, group[i], named || !group[i]->info.wait);
	if (n > shown)
		print_rest(r, set, group + shown, n - shown);
}

/* Leaves those that had events or, for counters, grew. */
static int drop_empty(struct group **group, int n, struct group *inflight)
{
	int kept = 0;

	for (int i = 0; i < n; i++) {
		if (group[i]->total.count || group[i]->total.sum) {
			group[kept++] = group[i];
			continue;
		}
		inflight->inflight += group[i]->inflight;
		if (group[i]->inflight_age > inflight->inflight_age)
			inflight->inflight_age = group[i]->inflight_age;
	}
	return kept;
}

static void print_services(const struct report *r, const struct groups *g)
{
	const char *names[SERVICES];
	u32 n = groups__services(g, names, SERVICES);
	char near[256];

	if (!r->s->service)
		return;
	for (u32 i = 0; i < n; i++)
		if (!strcmp(names[i], r->s->service))
			return;
	suggest__nearest(near, sizeof(near), r->s->service, names, n);
	if (near[0]) {
		fprintf(r->out, "; near it: %s", near);
		return;
	}
	for (u32 i = 0; i < n && i < LISTED; i++)
		fprintf(r->out, "%s%s", i ? ", " : "; services seen: ", names[i]);
	if (n > LISTED)
		fputs(", ...", r->out);
}

static void print_none(const struct report *r, const struct groups *g, u32 set,
		       const struct group *inflight)
{
	char seconds[AMOUNT_MAX], count[AMOUNT_MAX], age[AMOUNT_MAX];
	bool first = true;

	fputs("no", r->out);
	if (!r->s->has_ops[set])
		fprintf(r->out, " %s", probes[set]->name);
	for (u32 i = 0; i < r->s->nwords; i++) {
		if (r->s->word[i].set != set)
			continue;
		fprintf(r->out, "%s %s", first ? "" : ",", r->s->word[i].text);
		first = false;
	}
	fprintf(r->out, " %s", probes[set]->headline ? "calls" : "events");
	if (r->s->service)
		fprintf(r->out, " of %s", r->s->service);
	fprintf(r->out, " in %s", format_seconds(seconds, r->elapsed));
	if (inflight->inflight)
		fprintf(r->out, "; %s begun and not ended, the oldest %s ago",
			format__count(count, inflight->inflight),
			format__amount(age, inflight->inflight_age, UNIT_NS));
	print_services(r, g);
	fputc('\n', r->out);
}

static int print_set(const struct report *r, const struct groups *g, u32 set)
{
	struct group *inflight = calloc(1, sizeof(*inflight));
	struct group **group = NULL;
	int n, same;

	n = inflight ? groups__sorted(g, set, &group) : -ENOMEM;
	if (n < 0)
		goto out;
	n = drop_empty(group, n, inflight);
	if (n)
		print_heading(r, set, group, n);
	else
		print_none(r, g, set, inflight);
	for (int i = 0; i < n; i += same) {
		same = same_class(group + i, n - i);
		print_class(r, set, group + i, same);
	}
out:
	free(inflight);
	free(group);
	return n < 0 ? n : 0;
}

int report__print(FILE *out, const struct print_style *style, const struct groups *g,
		  const struct selection *s, u64 elapsed)
{
	const struct report r = {out, style, s, elapsed};
	bool first = true;
	int err = 0;

	for (u32 i = 0; probes[i] && !err; i++) {
		if (!s->set[i])
			continue;
		if (!first)
			fputc('\n', out);
		first = false;
		err = print_set(&r, g, i);
	}
	return err;
}

u64 report__figure(const struct delta *d, const char *op, const char *stat)
{
	for (u32 i = 0; i < d->nself; i++)
		if (!strcmp(d->self[i].op, op) && !strcmp(d->self[i].stat, stat))
			return d->self[i].value;
	return 0;
}

static const char *explain(const char *cause)
{
	static const struct {
		const char *cause, *text;
	} texts[] = {
		{"unstarted", "already under way at the start"},
		{"storage", "without storage in the kernel"},
		{"early_full", "counted in _other, the table of new ones being full"},
		{"announce", "named late, the ring being full"},
		{"table_full", "for which the set's table was full"},
		{"completion", "ended unseen"},
		{"recursion", "inside another measurement"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!strcmp(texts[i].cause, cause))
			return texts[i].text;
	return cause;
}

void report__losses(FILE *out, const struct delta *from, const struct delta *now)
{
	char count[AMOUNT_MAX];
	bool any = false;

	for (u32 i = 0; i < now->nself; i++) {
		const struct self_figure *f = &now->self[i];
		u64 lost;

		if (strcmp(f->op, "lost"))
			continue;
		lost = f->value - report__figure(from, f->op, f->stat);
		if (!lost)
			continue;
		fprintf(out, "%s%s %s",
			any ? "; " : "\nnot measured in full: ", format__count(count, lost),
			explain(f->stat));
		any = true;
	}
	if (any)
		fputc('\n', out);
}
