// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tagged Graphite lines for VictoriaMetrics: counters that only grow, by the names that they have
 * in Prometheus, and buckets as it has them itself, vmrange=LO...HI.
 *
 * A bucket that was never hit is not sent; one that did not grow is sent once a minute, because
 * from a counter that was silent for longer than some five minutes `increase` makes nothing. For
 * the same reason a counter that begins now is sent as 0 before, right after the slot before was
 * taken: else what it has in its first slot would not count.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "families.h"
#include "sink.h"

#define RANGE_MAX (2 * BOUND_MAX + 16)

struct lines {
	struct text *out;
	struct text tags; /* of the metric at hand */
	u64 now, before;
	bool all;                               /* also buckets that did not grow */
	char range[2][HIST_BUCKETS][RANGE_MAX]; /* by unit */
};

static void fill_ranges(struct lines *l, enum unit unit)
{
	for (int i = 0; i < HIST_BUCKETS; i++) {
		char low[BOUND_MAX], high[BOUND_MAX];

		snprintf(l->range[unit][i], RANGE_MAX, ";vmrange=%s...%s",
			 family__bound(i - 1, unit, low), family__bound(i, unit, high));
	}
}

static char *copy(char *at, const char *data, size_t size)
{
	memcpy(at, data, size);
	return at + size;
}

static void put_value(struct lines *l, const struct family *f, const char *suffix,
		      const char *range, u64 value, enum scale scale, u64 time)
{
	size_t name = strlen(f->name), more = strlen(suffix), len = strlen(range);
	char *at = text__room(l->out, name + more + l->tags.size + len + 2 * NUMBER_MAX + 3);

	if (!at)
		return;
	at = copy(at, f->name, name);
	at = copy(at, suffix, more);
	at = copy(at, l->tags.data, l->tags.size);
	at = copy(at, range, len);
	*at++ = ' ';
	at = number__write(at, value, scale);
	*at++ = ' ';
	at = number__write(at, time, SCALE_UNIT);
	*at++ = '\n';
	l->out->size = at - l->out->data;
}

static void put_counter(struct lines *l, const struct family *f, const char *suffix,
			const char *range, u64 value, u64 grown, enum scale scale)
{
	if (value && value == grown)
		put_value(l, f, suffix, range, 0, scale, l->before);
	put_value(l, f, suffix, range, value, scale, l->now);
}

static void put_histogram(struct lines *l, const struct family *f, const struct metric *m)
{
	const struct dist *d = m->histogram->dist, *grown = m->histogram->grown;
	enum unit unit = m->histogram->info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;

	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		u64 n = d->bucket[i], more = grown ? grown->bucket[i] : 0;

		if (more || (n && l->all))
			put_counter(l, f, "_bucket", l->range[unit][i], n, more, SCALE_UNIT);
	}
	put_counter(l, f, "_count", "", d->count, grown ? grown->count : 0, SCALE_UNIT);
	put_counter(l, f, "_sum", "", m->value, m->grown, m->scale);
}

static void put_metric(struct lines *l, const struct family *f, const struct metric *m,
		       const char *host)
{
	text__clear(&l->tags);
	text__printf(&l->tags, ";host=%s", host);
	for (u32 i = 0; i < m->labels->n; i++)
		text__printf(&l->tags, ";%s=%s", m->labels->label[i].name,
			     m->labels->label[i].value);
	if (l->tags.err)
		l->out->err = l->tags.err;
	if (m->histogram)
		put_histogram(l, f, m);
	else if (f->type == STAT_COUNTER)
		put_counter(l, f, "_total", "", m->value, m->grown, m->scale);
	else
		put_value(l, f, "", "", m->value, m->scale, l->now);
}

static void format(struct text *out, const struct delta *d, const struct naming_scheme *names)
{
	struct lines l = {
		.out = out, .now = d->taken, .before = d->since + (d->since + 1 < d->taken)};
	struct families f;

	l.all = d->slot % 60 < d->interval;
	if (families__make(&f, d, names->prefix)) {
		out->err = -ENOMEM;
		return;
	}
	fill_ranges(&l, UNIT_NS);
	fill_ranges(&l, UNIT_BYTES);
	for (u32 i = 0; i < f.nmetrics; i++)
		put_metric(&l, &f.family[f.metric[i].family], &f.metric[i], names->host);
	text__free(&l.tags);
	families__free(&f);
}

const struct sink_format victoria_format = {.name = "victoria", .totals = true, .format = format};
