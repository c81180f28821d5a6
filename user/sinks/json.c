// SPDX-License-Identifier: GPL-2.0-only
/*
 * One object per slot and line (docs/formats.md). Written as it is walked, in an order in which
 * each object's members follow each other: a tree in memory would take several times the budget of
 * an interval.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

/* A sample with its place in the order. */
struct entry {
	const struct sample *s;
	char op[OP_NODE_MAX];
};

struct writer {
	struct text *out;
	char group[32]; /* that is open: "le_ns" */
};

static void put(struct writer *w, const char *s)
{
	text__put(w->out, s, strlen(s));
}

/* Begins a member of the object that is open. */
static void put_key(struct writer *w, const char *key, size_t len)
{
	if (w->out->size && w->out->data[w->out->size - 1] != '{')
		put(w, ",");
	put(w, "\"");
	text__put(w->out, key, len);
	put(w, "\":");
}

static void open_object(struct writer *w, const char *key)
{
	put_key(w, key, strlen(key));
	put(w, "{");
}

static void put_string(struct writer *w, const char *key, const char *value)
{
	put_key(w, key, strlen(key));
	put(w, "\"");
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			text__printf(w->out, "\\%c", *value);
		else if ((unsigned char)*value < ' ')
			text__printf(w->out, "\\u%04x", *value);
		else
			text__put(w->out, value, 1);
	}
	put(w, "\"");
}

static void put_number(struct writer *w, const char *key, u64 value, enum scale scale)
{
	char *at;

	put_key(w, key, strlen(key));
	at = text__room(w->out, NUMBER_MAX);
	if (at)
		w->out->size = number__write(at, value, scale) - w->out->data;
}

static void close_group(struct writer *w)
{
	if (w->group[0])
		put(w, "}");
	w->group[0] = '\0';
}

static void put_value(void *ctx, const char *stat, u64 value, enum scale scale, enum stat_type type)
{
	struct writer *w = ctx;
	const char *dot = strchr(stat, '.');
	size_t len = dot ? (size_t)(dot - stat) : 0;

	(void)type;
	if (!dot || len >= sizeof(w->group)) {
		close_group(w);
		put_number(w, stat, value, scale);
		return;
	}
	if (strncmp(w->group, stat, len) || w->group[len]) {
		close_group(w);
		memcpy(w->group, stat, len);
		w->group[len] = '\0';
		open_object(w, w->group);
	}
	put_number(w, dot + 1, value, scale);
}

static int by_place(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order;

	if (x->s->svc != y->s->svc)
		return x->s->svc < y->s->svc ? -1 : 1;
	if (x->s->set != y->s->set)
		return x->s->set < y->s->set ? -1 : 1;
	order = strcmp(x->op, y->op);
	if (!order)
		order = (int)x->s->info.kind - (int)y->s->info.kind;
	return order ? order : strcmp(x->s->info.stat, y->s->info.stat);
}

/* An object of services; each level begins where the sample before was not in the same one. */
static void put_services(struct writer *w, const struct delta *d, const struct entry *e, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		bool svc = !i || e[i].s->svc != e[i - 1].s->svc;
		bool set = svc || e[i].s->set != e[i - 1].s->set;
		bool op = set || strcmp(e[i].op, e[i - 1].op);

		if (op)
			close_group(w);
		if (i && op)
			put(w, svc ? "}}}" : set ? "}}" : "}");
		if (svc)
			open_object(w, d->service[e[i].s->svc]);
		if (set)
			open_object(w, probes[e[i].s->set]->node);
		if (op)
			open_object(w, e[i].op);
		series__each(d, e[i].s, put_value, w);
	}
	close_group(w);
	if (n)
		put(w, "}}}");
}

static bool first_of_op(const struct delta *d, u32 i)
{
	for (u32 j = 0; j < i; j++)
		if (!strcmp(d->self[j].op, d->self[i].op))
			return false;
	return true;
}

static void put_self(struct writer *w, const struct delta *d)
{
	for (u32 i = 0; i < d->nself; i++) {
		if (!first_of_op(d, i))
			continue;
		open_object(w, d->self[i].op);
		for (u32 j = i; j < d->nself; j++)
			if (!strcmp(d->self[j].op, d->self[i].op))
				put_number(w, d->self[j].stat, d->self[j].value, SCALE_UNIT);
		put(w, "}");
	}
}

/* Only where there were any. */
static void put_events(struct writer *w, const struct delta *d)
{
	for (u32 i = 0; i < d->nevents; i++) {
		const struct set_event *e = &d->event[i];

		put(w, i ? ",{" : ",\"events\":[{");
		put_number(w, "time", e->time, SCALE_UNIT);
		put_string(w, "set", probes[e->set]->name);
		put(w, e->enabled ? ",\"enabled\":true" : ",\"enabled\":false");
		put_number(w, "uid", e->uid, SCALE_UNIT);
		put_number(w, "pid", e->pid, SCALE_UNIT);
		put(w, i + 1 < d->nevents ? "}" : "}]");
	}
}

static void format(struct text *out, const struct delta *d, const struct naming_scheme *names)
{
	struct entry *e = malloc((d->nsamples + 1) * sizeof(*e));
	struct writer w = {.out = out};
	u32 n = 0;

	if (!e) {
		out->err = -ENOMEM;
		return;
	}
	for (u32 i = 0; i < d->nsamples; i++) {
		if (!d->service[d->sample[i].svc])
			continue;
		e[n].s = &d->sample[i];
		series__op(e[n].s, e[n].op, sizeof(e[n].op));
		n++;
	}
	qsort(e, n, sizeof(*e), by_place);
	put(&w, "{");
	put_number(&w, "slot", d->slot, SCALE_UNIT);
	put_number(&w, "interval", d->interval, SCALE_UNIT);
	put_string(&w, "host", names->host);
	put_string(&w, "prefix", names->prefix);
	open_object(&w, "services");
	put_services(&w, d, e, n);
	put(&w, "}");
	open_object(&w, "self");
	put_self(&w, d);
	put(&w, "}");
	put_events(&w, d);
	put(&w, "}\n");
	free(e);
}

const struct sink_format json_format = {.name = "json", .format = format};
