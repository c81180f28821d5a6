// SPDX-License-Identifier: GPL-2.0-only
/* Prometheus's text format 0.0.4, and OpenMetrics 1.0, which differs in what stands around the
 * numbers. */
#include <stdio.h>
#include <string.h>

#include "families.h"
#include "prometheus.h"

struct writer {
	struct text *out;
	struct text labels; /* of the metric at hand: `op="read",service="nginx"` */
	u32 step;           /* buckets of struct dist in one of these */
	char bound[2][HIST_BUCKETS][BOUND_MAX + 8]; /* by unit: `le="0.5"` */
};

static void put(struct text *out, const char *s)
{
	text__put(out, s, strlen(s));
}

static void put_escaped(struct text *out, const char *s, bool quotes)
{
	for (; *s; s++) {
		if (*s == '\\' || *s == '\n' || (quotes && *s == '"'))
			put(out, "\\");
		text__put(out, *s == '\n' ? "n" : s, 1);
	}
}

static void put_head(struct text *out, const struct family *f, bool openmetrics)
{
	static const char *const types[] = {"counter", "gauge", "histogram"};
	/* OpenMetrics calls a family of counters by the name without _total. */
	const char *suffix = !openmetrics && f->type == STAT_COUNTER ? "_total" : "";

	text__printf(out, "# HELP %s%s ", f->name, suffix);
	put_escaped(out, f->help, openmetrics);
	text__printf(out, "\n# TYPE %s%s %s\n", f->name, suffix, types[f->type]);
	if (openmetrics && f->unit[0])
		text__printf(out, "# UNIT %s %s\n", f->name, f->unit);
}

static void put_value(struct writer *w, const struct family *f, const char *suffix,
		      const char *bound, u64 value, enum scale scale)
{
	bool labels = w->labels.size, both = labels && bound[0];
	struct text *out = w->out;
	char *at;

	put(out, f->name);
	put(out, suffix);
	if (labels || bound[0]) {
		put(out, "{");
		text__put(out, w->labels.data, w->labels.size);
		put(out, both ? "," : "");
		put(out, bound);
		put(out, "}");
	}
	put(out, " ");
	at = text__room(out, NUMBER_MAX + 1);
	if (!at)
		return;
	at = number__write(at, value, scale);
	*at++ = '\n';
	out->size = at - out->data;
}

static void put_histogram(struct writer *w, const struct family *f, const struct metric *m)
{
	enum unit unit = m->histogram->info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;
	const struct dist *d = m->histogram->dist;
	u64 below = 0;

	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		below += d->bucket[i];
		if (i % w->step == 0 || i == HIST_ABOVE)
			put_value(w, f, "_bucket", w->bound[unit][i], below, SCALE_UNIT);
	}
	put_value(w, f, "_count", "", below, SCALE_UNIT);
	put_value(w, f, "_sum", "", m->value, m->scale);
}

static void put_metric(struct writer *w, const struct family *f, const struct metric *m)
{
	text__clear(&w->labels);
	for (u32 i = 0; i < m->labels->n; i++)
		text__printf(&w->labels, "%s%s=\"%s\"", i ? "," : "", m->labels->label[i].name,
			     m->labels->label[i].value);
	if (w->labels.err)
		w->out->err = w->labels.err;
	if (m->histogram)
		put_histogram(w, f, m);
	else
		put_value(w, f, f->type == STAT_COUNTER ? "_total" : "", "", m->value, m->scale);
}

void prometheus_text__format(struct text *out, const struct families *f, bool openmetrics,
			     u32 schema)
{
	struct writer w = {.out = out, .step = 8 >> schema};

	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		for (u32 unit = 0; unit < 2; unit++) {
			char buf[BOUND_MAX];

			snprintf(w.bound[unit][i], sizeof(w.bound[unit][i]), "le=\"%s\"",
				 family__bound(i, unit, buf));
		}
	}
	for (u32 i = 0; i < f->nfamilies; i++) {
		put_head(out, &f->family[i], openmetrics);
		for (u32 k = 0; k < f->nmetrics; k++)
			if (f->metric[k].family == i)
				put_metric(&w, &f->family[i], &f->metric[k]);
	}
	if (openmetrics)
		put(out, "# EOF\n");
	text__free(&w.labels);
}
