// SPDX-License-Identifier: GPL-2.0-only
/* One value per line (docs/formats.md). No field needs quotes: all names are nodes. */
#include <string.h>

#include "sink.h"

struct lines {
	struct text *out, head;
};

static void put_row(void *ctx, const char *stat, u64 value, enum scale scale, enum stat_type type)
{
	struct lines *l = ctx;
	char *at;

	(void)type;
	text__put(l->out, l->head.data, l->head.size);
	text__put(l->out, stat, strlen(stat));
	at = text__room(l->out, NUMBER_MAX + 2);
	if (!at)
		return;
	*at++ = ',';
	at = number__write(at, value, scale);
	*at++ = '\n';
	l->out->size = at - l->out->data;
}

static void begin_row(struct lines *l, const struct delta *d, const char *host, const char *service,
		      const char *set, const char *op)
{
	text__clear(&l->head);
	text__printf(&l->head, "%llu,%llu,%s,%s,%s,%s,", (unsigned long long)d->slot,
		     (unsigned long long)d->interval, host, service, set, op);
	if (l->head.err)
		l->out->err = l->head.err;
}

static void format(struct text *out, const struct delta *d, const struct naming_scheme *names)
{
	struct lines l = {.out = out};
	char op[OP_NODE_MAX];

	for (u32 i = 0; i < d->nsamples; i++) {
		const struct sample *s = &d->sample[i];

		if (!d->service[s->svc])
			continue;
		series__op(s, op, sizeof(op));
		begin_row(&l, d, names->host, d->service[s->svc], probes[s->set]->node, op);
		series__each(d, s, put_row, &l);
	}
	for (u32 i = 0; i < d->nself; i++) {
		begin_row(&l, d, names->host, "sonde", "self", d->self[i].op);
		put_row(&l, d->self[i].stat, d->self[i].value, SCALE_UNIT, STAT_COUNTER);
	}
	text__free(&l.head);
}

const struct sink_format csv_format = {
	.name = "csv",
	.header = "slot,interval,host,service,set,op,stat,value\n",
	.format = format,
};
