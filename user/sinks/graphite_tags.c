// SPDX-License-Identifier: GPL-2.0-only
/*
 * The plaintext protocol of Graphite with tags:
 * PREFIX.SET.STAT;host=..;op=..;service=.. VALUE TIMESTAMP
 * What tells values of the same kind apart is a tag as well: device, errno, and a bucket's bound.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

struct lines {
	struct text *out;
	struct text head, tags, tail; /* what the lines of one sample have in common */
};

/* A bucket's bound is in the unit that queries have, seconds or bytes. */
static void put_bound(struct text *out, const char *bound, const char *tag, enum scale scale)
{
	char number[NUMBER_MAX + 1];
	u64 value = strtoull(bound, NULL, 10);

	*number__write(number, value, scale) = '\0';
	text__printf(out, "bucket;%s=%s", tag, value == INT64_MAX ? "inf" : number);
}

static void put_line(void *ctx, const char *stat, u64 value, enum scale scale, enum stat_type type)
{
	struct lines *l = ctx;
	struct text *out = l->out;
	char *at;

	(void)type;
	text__put(out, l->head.data, l->head.size);
	if (!strncmp(stat, "le_ns.", 6))
		put_bound(out, stat + 6, "bound_s", SCALE_NANO);
	else if (!strncmp(stat, "le_bytes.", 9))
		put_bound(out, stat + 9, "bound_bytes", SCALE_UNIT);
	else if (!strncmp(stat, "errno.", 6))
		text__printf(out, "errno;errno=%s", stat + 6);
	else if (!strncmp(stat, "wait_us.", 8))
		text__printf(out, "wait_us;part=%s", stat + 8);
	else
		text__put(out, stat, strlen(stat));
	text__put(out, l->tags.data, l->tags.size);
	at = text__room(out, NUMBER_MAX);
	if (at)
		out->size = number__write(at, value, scale) - out->data;
	text__put(out, l->tail.data, l->tail.size);
}

static void put_sample(struct lines *l, const struct delta *d, const struct sample *s,
		       const struct naming_scheme *names)
{
	struct op_labels op;

	series__op_labels(s, &op);
	text__clear(&l->head);
	text__clear(&l->tags);
	text__printf(&l->head, "%s.%s.", names->prefix, probes[s->set]->node);
	if (op.device[0])
		text__printf(&l->tags, ";device=%s", op.device);
	text__printf(&l->tags, ";host=%s;op=%s;service=%s ", names->host, op.op,
		     d->service[s->svc]);
	if (l->head.err || l->tags.err)
		l->out->err = -ENOMEM;
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
		text__printf(out, "%s.self.%s.%s;host=%s %llu %llu\n", names->prefix, d->self[i].op,
			     d->self[i].stat, names->host, (unsigned long long)d->self[i].value,
			     (unsigned long long)d->slot);
	text__free(&l.head);
	text__free(&l.tags);
	text__free(&l.tail);
}

const struct sink_format graphite_tags_format = {.name = "graphite-tags", .format = format};
