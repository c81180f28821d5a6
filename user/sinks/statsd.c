// SPDX-License-Identifier: GPL-2.0-only
/* StatsD: PREFIX.SERVICE.HOST.SET.OP.STAT:VALUE|c for what adds up, |g for what does not. One
 * metric per line; datagrams are made of whole lines by whoever sends them. */
#include <string.h>

#include "sink.h"

struct lines {
	struct text *out, head;
};

static void put_metric(void *ctx, const char *stat, u64 value, enum scale scale,
		       enum stat_type type)
{
	struct lines *l = ctx;
	char *at;

	text__put(l->out, l->head.data, l->head.size);
	text__put(l->out, stat, strlen(stat));
	at = text__room(l->out, NUMBER_MAX + 4);
	if (!at)
		return;
	*at++ = ':';
	at = number__write(at, value, scale);
	memcpy(at, type == STAT_COUNTER ? "|c\n" : "|g\n", 3);
	l->out->size = at + 3 - l->out->data;
}

static void put_sample(struct lines *l, const struct delta *d, const struct sample *s,
		       const struct naming_scheme *names)
{
	char op[OP_NODE_MAX];

	series__op(s, op, sizeof(op));
	text__clear(&l->head);
	text__printf(&l->head, "%s.%s.%s.%s.%s.", names->prefix, d->service[s->svc], names->host,
		     probes[s->set]->node, op);
	if (l->head.err)
		l->out->err = l->head.err;
	series__each(d, s, put_metric, l);
}

static void format(struct text *out, const struct delta *d, const struct naming_scheme *names)
{
	struct lines l = {.out = out};

	for (u32 i = 0; i < d->nsamples; i++)
		if (d->service[d->sample[i].svc])
			put_sample(&l, d, &d->sample[i], names);
	/* Sonde's own are states or totals already, which a counter would add up again. */
	for (u32 i = 0; i < d->nself; i++)
		text__printf(out, "%s.sonde.%s.self.%s.%s:%llu|g\n", names->prefix, names->host,
			     d->self[i].op, d->self[i].stat, (unsigned long long)d->self[i].value);
	text__free(&l.head);
}

const struct sink_format statsd_format = {.name = "statsd", .format = format};
