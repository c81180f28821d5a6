// SPDX-License-Identifier: GPL-2.0-only
/* The plaintext protocol of Graphite: PREFIX.SERVICE.HOST.SET.OP.STAT VALUE TIMESTAMP */
#include <string.h>

#include "sink.h"

/* What the lines of one sample have in common: all before STAT and all after VALUE. */
struct lines {
	struct text *out;
	struct text head, tail;
};

static char *copy(char *at, const void *data, size_t size)
{
	memcpy(at, data, size);
	return at + size;
}

/* No printf here: there are 100,000 lines in a busy interval. */
static void put_line(void *ctx, const char *stat, u64 value, enum scale scale, enum stat_type type)
{
	struct lines *l = ctx;
	size_t len = strlen(stat);
	char *at = text__room(l->out, l->head.size + len + 1 + NUMBER_MAX + l->tail.size);

	(void)type;
	if (!at)
		return;
	at = copy(at, l->head.data, l->head.size);
	at = copy(at, stat, len);
	*at++ = ' ';
	at = number__write(at, value, scale);
	at = copy(at, l->tail.data, l->tail.size);
	l->out->size = at - l->out->data;
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
	series__each(d, s, put_line, l);
}

static void format(struct text *out, const struct delta *d, const struct naming_scheme *names)
{
	struct lines l = {.out = out};

	text__printf(&l.tail, " %llu\n", (unsigned long long)d->slot);
	if (l.tail.err)
		out->err = l.tail.err;
	for (u32 i = 0; i < d->nsamples; i++)
		if (d->service[d->sample[i].svc])
			put_sample(&l, d, &d->sample[i], names);
	for (u32 i = 0; i < d->nself; i++)
		text__printf(out, "%s.sonde.%s.self.%s.%s %llu %llu\n", names->prefix, names->host,
			     d->self[i].op, d->self[i].stat, (unsigned long long)d->self[i].value,
			     (unsigned long long)d->slot);
	text__free(&l.head);
	text__free(&l.tail);
}

const struct sink_format graphite_format = {.name = "graphite", .format = format};
