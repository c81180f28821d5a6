// SPDX-License-Identifier: GPL-2.0-only
#include "families.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

/* What is being made, and of what. */
struct maker {
	struct families *f;
	char prefix[FAMILY_NAME_MAX / 2];
	const struct probe *set;
	const struct labels *labels;
	int err;
};

/* The place of a family, which is added with what the caller says of it if it is not there. */
static struct family *family_of(struct maker *m, const char *name)
{
	struct families *f = m->f;
	struct family *new;

	for (u32 i = 0; i < f->nfamilies; i++)
		if (!strcmp(f->family[i].name, name))
			return &f->family[i];
	if (f->nfamilies == f->max_families) {
		u32 n = f->max_families ? 2 * f->max_families : 64;

		new = realloc(f->family, n * sizeof(*new));
		if (!new)
			return NULL;
		f->family = new;
		f->max_families = n;
	}
	new = &f->family[f->nfamilies++];
	*new = (struct family){.unit = ""};
	snprintf(new->name, sizeof(new->name), "%s", name);
	return new;
}

static bool ends_in(const char *name, const char *word)
{
	size_t n = strlen(name), k = strlen(word);

	return n > k && name[n - k - 1] == '_' && !strcmp(name + n - k, word);
}

/* A metric of the family PREFIX_@name, which ends in its unit. */
static struct metric *add(struct maker *m, enum stat_type type, const char *help, const char *name,
			  ...) __attribute__((format(printf, 4, 5)));
static struct metric *add(struct maker *m, enum stat_type type, const char *help, const char *name,
			  ...)
{
	char rest[FAMILY_NAME_MAX / 2], full[FAMILY_NAME_MAX];
	struct metric *metric = &m->f->metric[m->f->nmetrics];
	struct family *family;
	va_list args;

	va_start(args, name);
	vsnprintf(rest, sizeof(rest), name, args);
	va_end(args);
	snprintf(full, sizeof(full), "%s_%s", m->prefix, rest);
	family = family_of(m, full);
	if (!family) {
		m->err = -ENOMEM;
		return metric;
	}
	if (!family->help[0]) {
		family->type = type;
		family->unit = ends_in(full, "seconds") ? "seconds"
			       : ends_in(full, "bytes") ? "bytes"
							: "";
		snprintf(family->help, sizeof(family->help), "%s%s%s", help, m->set ? "; " : "",
			 m->set ? m->set->help : "");
	}
	*metric = (struct metric){.family = family - m->f->family, .labels = m->labels};
	m->f->nmetrics++;
	return metric;
}

static void add_count(struct maker *m, u64 value, u64 grown, const char *help, const char *what)
{
	struct metric *metric = add(m, STAT_COUNTER, help, "%s_%s", m->set->name, what);

	metric->value = value;
	metric->grown = grown;
}

static void add_gauge(struct maker *m, u64 value, enum scale scale, const char *help,
		      const char *what)
{
	struct metric *metric = add(m, STAT_GAUGE, help, "%s_%s", m->set->name, what);

	metric->value = value;
	metric->scale = scale;
}

/* Once something was waited for, it is always there, as totals are. */
static void add_waits(struct maker *m, const struct dist *d, const struct dist *grown)
{
	for (u32 i = 0; i < HIST_WAITS; i++) {
		struct metric *metric;

		if (!d->wait[i])
			continue;
		metric = add(m, STAT_COUNTER, "Part of the durations", "%s_wait_%s_seconds",
			     m->set->name, part_names[PART_WAITS + i]);
		metric->value = d->wait[i];
		metric->grown = grown->wait[i];
		metric->scale = SCALE_NANO;
	}
}

static void add_distribution(struct maker *m, const struct sample *s)
{
	static const struct dist nothing;
	const struct dist *d = s->dist, *grown = s->grown ? s->grown : &nothing;
	bool size = s->info.kind == OP_SIZE;
	struct metric *metric;

	metric = add(m, STAT_HISTOGRAM, size ? "Sizes" : "Durations", "%s_%s", m->set->name,
		     size ? "size_bytes" : "latency_seconds");
	metric->histogram = s;
	metric->value = d->sum;
	metric->scale = size ? SCALE_UNIT : SCALE_NANO;
	metric->grown = grown->sum;
	add_gauge(m, d->max, size ? SCALE_UNIT : SCALE_NANO,
		  "Largest value of the last slot, 0 if there was none",
		  size ? "size_max_bytes" : "latency_max_seconds");
	add_count(m, d->errors, grown->errors, "Those that failed", "errors");
	if (s->slo) {
		add_count(m, d->slo_ok, grown->slo_ok, "Those at or below the threshold", "slo_ok");
		add_count(m, d->count - d->slo_ok, grown->count - grown->slo_ok,
			  "Those above the threshold", "slo_miss");
	}
	if (!size && !s->info.wait)
		add_waits(m, d, grown);
	if (m->set->gauges && !size) {
		add_gauge(m, s->inflight, SCALE_UNIT,
			  "Begun and not returned at the end of the last slot", "inflight");
		add_gauge(m, s->inflight_age, SCALE_NANO, "Age of the oldest of those in flight",
			  "inflight_max_age_seconds");
	}
}

/* What docs/metrics.md says of a counter. */
static const char *counter_help(const struct probe *set, const char *op)
{
	for (const struct op_doc *d = set->docs; d && d->op; d++)
		if (!strcmp(d->op, op))
			return d->stop;
	return "Events";
}

/* The unit, which the operation's name may begin with, stands at the end. */
static void add_counter(struct maker *m, const struct sample *s, const char *op)
{
	bool time = s->info.kind == OP_TIME;
	const char *help = counter_help(m->set, s->info.name), *stat = s->info.stat;
	const char *dot = strchr(stat, '.');
	bool bytes = !strncmp(op, "bytes_", 6);
	struct metric *metric;

	if (time)
		metric = add(m, STAT_COUNTER, "Time of threads", "%s_time_seconds", m->set->name);
	else if (dot)
		metric = add(m, STAT_COUNTER, "By cause", "%s_%.*s", m->set->name,
			     (int)(dot - stat), stat);
	else if (strcmp(stat, "count"))
		metric = add(m, STAT_COUNTER, help, "%s_%s_%s", m->set->name, op, stat);
	else
		metric = add(m, STAT_COUNTER, help, "%s_%s%s", m->set->name, op + (bytes ? 6 : 0),
			     bytes ? "_bytes" : "");
	metric->value = s->dist->sum;
	metric->grown = s->grown ? s->grown->sum : 0;
	metric->scale = time ? SCALE_NANO : SCALE_UNIT;
}

static void add_label(struct labels *l, const char *name, const char *value)
{
	struct label *label = &l->label[l->n++];

	label->name = name;
	snprintf(label->value, sizeof(label->value), "%s", value);
}

static void add_sample(struct maker *m, struct labels *labels, const struct sample *s,
		       const char *service)
{
	const char *dot = strchr(s->info.stat, '.');
	bool counter = op_kind__is_sum(s->info.kind);
	struct op_labels op;

	series__op_labels(s, &op);
	if (op.device[0])
		add_label(labels, "device", op.device);
	/* Of the groups of counters there is one. */
	if (counter && dot)
		add_label(labels, "errno", dot + 1);
	/* A counter that is named by its operation needs no label for it. */
	if (!counter || dot || s->info.kind == OP_TIME)
		add_label(labels, "op", op.op);
	add_label(labels, "service", service);
	m->set = probes[s->set];
	m->labels = labels;
	if (counter)
		add_counter(m, s, op.op);
	else
		add_distribution(m, s);
}

/* Figures of a set have its name as a label, so that they can be added up. What ends in _total is a
 * counter, so that a limit cannot. */
static void add_self(struct maker *m, struct labels *labels, const struct self_figure *f)
{
	bool of_set = probes__find(f->op) >= 0, us = ends_in(f->stat, "us");
	bool limit = f->gauge && ends_in(f->stat, "total");
	int len = strlen(f->stat) - (us ? 3 : limit ? 6 : 0);
	struct metric *metric;

	m->set = NULL;
	m->labels = labels;
	if (of_set)
		add_label(labels, "set", f->op);
	metric = add(m, f->gauge ? STAT_GAUGE : STAT_COUNTER, "Sonde's own figure",
		     "self_%s%s%.*s%s", of_set ? "" : f->op, of_set ? "" : "_", len, f->stat,
		     us      ? "_seconds"
		     : limit ? "_max"
			     : "");
	metric->value = f->value;
	metric->scale = us ? SCALE_MICRO : SCALE_UNIT;
}

static void fill_prefix(struct maker *m, const char *prefix)
{
	/* A name of a metric does not begin with a digit. */
	snprintf(m->prefix, sizeof(m->prefix), "%s%s",
		 prefix[0] >= '0' && prefix[0] <= '9' ? "_" : "", prefix);
	for (char *p = m->prefix; *p; p++)
		if (*p == '.' || *p == '-')
			*p = '_';
}

#define METRICS_MAX (7 + HIST_WAITS) /* of a sample */

int families__make(struct families *f, const struct delta *d, const char *prefix)
{
	struct maker m = {.f = f};
	u32 n = d->nsamples + d->nself;

	*f = (struct families){};
	fill_prefix(&m, prefix);
	f->metric = malloc((n * METRICS_MAX + 1) * sizeof(*f->metric));
	f->labels = calloc(n + 1, sizeof(*f->labels));
	if (!f->metric || !f->labels)
		m.err = -ENOMEM;
	for (u32 i = 0; i < d->nsamples && !m.err; i++)
		add_sample(&m, &f->labels[i], &d->sample[i], d->service[d->sample[i].svc]);
	for (u32 i = 0; i < d->nself && !m.err; i++)
		add_self(&m, &f->labels[d->nsamples + i], &d->self[i]);
	if (m.err)
		families__free(f);
	return m.err;
}

void families__free(struct families *f)
{
	free(f->family);
	free(f->metric);
	free(f->labels);
	*f = (struct families){};
}

const char *family__bound(int fine, enum unit unit, char buf[BOUND_MAX])
{
	if (fine < 0)
		return "0.0";
	if (fine >= HIST_BOUNDS)
		return "+Inf";
	snprintf(buf, BOUND_MAX - 2, "%.10g", dist__exact_bound(fine, unit));
	/* As OpenMetrics writes a whole number. */
	if (!buf[strcspn(buf, ".e")])
		strcat(buf, ".0");
	return buf;
}
