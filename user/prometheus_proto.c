// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prometheus's protocol buffers: one MetricFamily of io.prometheus.client after the other, each
 * with its length before it. Histograms are native ones with schema 3, whose bounds are ours.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "families.h"
#include "prometheus.h"
#include "protobuf.h"

/* Numbers of fields in metrics.proto. */
enum { FAMILY_NAME = 1, FAMILY_HELP, FAMILY_TYPE, FAMILY_METRIC };
enum { TYPE_COUNTER = 0, TYPE_GAUGE = 1, TYPE_HISTOGRAM = 4 };
enum { METRIC_LABEL = 1, METRIC_GAUGE = 2, METRIC_COUNTER = 3, METRIC_HISTOGRAM = 7 };
enum { LABEL_NAME = 1, LABEL_VALUE };
enum { VALUE = 1 };
enum {
	HISTOGRAM_COUNT = 1,
	HISTOGRAM_SUM = 2,
	HISTOGRAM_SCHEMA = 5,
	HISTOGRAM_ZERO_THRESHOLD = 6,
	HISTOGRAM_ZERO_COUNT = 7,
	HISTOGRAM_SPAN = 12,
	HISTOGRAM_DELTA = 13,
};
enum { SPAN_OFFSET = 1, SPAN_LENGTH };

#define SCHEMA 3

/* Messages on their way into the one around them. */
struct writer {
	struct text family, metric, value, small, deltas;
};

static double scaled(u64 value, enum scale scale)
{
	static const double one[] = {1, 1e3, 1e6, 1e9};

	return value / one[scale];
}

static void put_span(struct writer *w, s64 offset, u64 length)
{
	text__clear(&w->small);
	protobuf__sint(&w->small, SPAN_OFFSET, offset);
	protobuf__uint(&w->small, SPAN_LENGTH, length);
	protobuf__bytes(&w->value, HISTOGRAM_SPAN, w->small.data, w->small.size);
}

/*
 * Runs of buckets that are not empty. Bucket 0 is the zero bucket; the last one, which has no upper
 * bound, goes into the one that begins at its lower bound.
 */
static void put_buckets(struct writer *w, const struct dist *d, enum unit unit)
{
	/* The index of bucket 0: that of the upper bound 1 is 0. */
	s64 first = unit == UNIT_NS ? -24 * 8 : 0, next = 0;
	u64 last = 0;

	text__clear(&w->deltas);
	for (u32 i = 1; i < HIST_BUCKETS; i++) {
		u32 begin = i;

		for (; i < HIST_BUCKETS && d->bucket[i]; i++) {
			protobuf__varint(&w->deltas, protobuf__zigzag((s64)(d->bucket[i] - last)));
			last = d->bucket[i];
		}
		if (i == begin)
			continue;
		put_span(w, first + begin - next, i - begin);
		next = first + i;
	}
	/* A histogram with nothing in it is known for a native one by a span. */
	if (!w->deltas.size)
		put_span(w, 0, 0);
	else
		protobuf__bytes(&w->value, HISTOGRAM_DELTA, w->deltas.data, w->deltas.size);
}

static void put_histogram(struct writer *w, const struct metric *m)
{
	enum unit unit = m->histogram->info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;
	const struct dist *d = m->histogram->dist;
	u64 count = 0;

	for (u32 i = 0; i < HIST_BUCKETS; i++)
		count += d->bucket[i];
	protobuf__uint(&w->value, HISTOGRAM_COUNT, count);
	protobuf__double(&w->value, HISTOGRAM_SUM, scaled(m->value, m->scale));
	protobuf__sint(&w->value, HISTOGRAM_SCHEMA, SCHEMA);
	protobuf__double(&w->value, HISTOGRAM_ZERO_THRESHOLD, dist__exact_bound(0, unit));
	protobuf__uint(&w->value, HISTOGRAM_ZERO_COUNT, d->bucket[0]);
	put_buckets(w, d, unit);
}

static void put_metric(struct writer *w, enum stat_type type, const struct metric *m)
{
	text__clear(&w->metric);
	text__clear(&w->value);
	for (u32 i = 0; i < m->labels->n; i++) {
		text__clear(&w->small);
		protobuf__string(&w->small, LABEL_NAME, m->labels->label[i].name);
		protobuf__string(&w->small, LABEL_VALUE, m->labels->label[i].value);
		protobuf__bytes(&w->metric, METRIC_LABEL, w->small.data, w->small.size);
	}
	if (m->histogram)
		put_histogram(w, m);
	else
		protobuf__double(&w->value, VALUE, scaled(m->value, m->scale));
	protobuf__bytes(&w->metric,
			type == STAT_COUNTER ? METRIC_COUNTER
			: type == STAT_GAUGE ? METRIC_GAUGE
					     : METRIC_HISTOGRAM,
			w->value.data, w->value.size);
	protobuf__bytes(&w->family, FAMILY_METRIC, w->metric.data, w->metric.size);
}

static void put_family(struct writer *w, const struct families *f, u32 i)
{
	static const u32 types[] = {TYPE_COUNTER, TYPE_GAUGE, TYPE_HISTOGRAM};
	const struct family *family = &f->family[i];
	char name[FAMILY_NAME_MAX + 8];

	snprintf(name, sizeof(name), "%s%s", family->name,
		 family->type == STAT_COUNTER ? "_total" : "");
	text__clear(&w->family);
	protobuf__string(&w->family, FAMILY_NAME, name);
	protobuf__string(&w->family, FAMILY_HELP, family->help);
	protobuf__uint(&w->family, FAMILY_TYPE, types[family->type]);
	for (u32 k = 0; k < f->nmetrics; k++)
		if (f->metric[k].family == i)
			put_metric(w, family->type, &f->metric[k]);
}

void prometheus_proto__format(struct text *out, const struct families *f)
{
	struct writer w = {};

	for (u32 i = 0; i < f->nfamilies; i++) {
		put_family(&w, f, i);
		if (w.family.err || w.metric.err || w.value.err || w.small.err || w.deltas.err)
			out->err = -ENOMEM;
		protobuf__varint(out, w.family.size);
		text__put(out, w.family.data, w.family.size);
	}
	text__free(&w.family);
	text__free(&w.metric);
	text__free(&w.value);
	text__free(&w.small);
	text__free(&w.deltas);
}
