// SPDX-License-Identifier: GPL-2.0-only
#include "sums.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* FNV-1a, each string with its NUL, so that "ab" "c" is not "a" "bc". */
u64 sums__id(char kind, ...)
{
	u64 hash = (0xcbf29ce484222325ULL ^ (unsigned char)kind) * 0x100000001b3ULL;
	const char *s;
	va_list ap;

	va_start(ap, kind);
	while ((s = va_arg(ap, const char *))) {
		do
			hash = (hash ^ (unsigned char)*s) * 0x100000001b3ULL;
		while (*s++);
	}
	va_end(ap);
	return hash;
}

static void add_double(double *to, u64 value)
{
	*to = isnan(*to) ? value : *to + value;
}

/*
 * A headline is the sum of the others and is never added to them. It is taken as it is, because the
 * others may have been folded; where there is none they are added up.
 */
static void add_call(struct service_sum *s, const struct frame_op *op, bool has_headline)
{
	if (op->kind != OP_LATENCY || op->wait)
		return;
	s->measured = true;
	if (op->dist && op->headline == has_headline)
		dist__add(&s->calls, op->dist);
	if (op->inflight_age > s->oldest)
		s->oldest = op->inflight_age;
	if (!op->headline)
		s->inflight += op->inflight;
}

static void add_bytes(struct service_sum *s, const struct frame_op *op)
{
	u64 bytes = op->dist ? op->dist->sum : 0;

	if (op->kind == OP_SIZE && !strcmp(op->name, "read_size"))
		add_double(&s->read, bytes);
	else if (op->kind == OP_SIZE && !strcmp(op->name, "write_size"))
		add_double(&s->written, bytes);
	else if (op->kind == OP_COUNTER && !strcmp(op->name, "bytes_in"))
		add_double(&s->in, bytes);
	else if (op->kind == OP_COUNTER && !strcmp(op->name, "bytes_out"))
		add_double(&s->out, bytes);
}

static int sum_services(struct sums *s, const struct frame *f)
{
	bool *headline = calloc(f->nservices + 1, sizeof(*headline));

	s->service = calloc(f->nservices + 1, sizeof(*s->service));
	if (!s->service || !headline) {
		free(headline);
		return -ENOMEM;
	}
	for (u32 i = 0; i < f->nservices; i++) {
		struct service_sum *sum = &s->service[i];

		sum->id = sums__id('s', f->service[i].name, NULL);
		sum->read = sum->written = sum->in = sum->out = NAN;
	}
	for (u32 i = 0; i < f->nops; i++)
		if (f->op[i].headline && !strcmp(f->set[f->op[i].set].name, "syscalls"))
			headline[f->op[i].service] = true;
	for (u32 i = 0; i < f->nops; i++) {
		const struct frame_op *op = &f->op[i];
		struct service_sum *sum = &s->service[op->service];

		if (!strcmp(f->set[op->set].name, "syscalls"))
			add_call(sum, op, headline[op->service]);
		else
			add_bytes(sum, op);
	}
	free(headline);
	return 0;
}

/* NULL if there is no memory. */
static struct device_sum *find_device(struct sums *s, const struct frame *f, const char *name,
				      u32 service)
{
	const char *owner = service == SUMS_HOST ? "" : f->service[service].name;
	struct device_sum *d;

	for (u32 i = 0; i < s->ndevices; i++)
		if (s->device[i].service == service && !strcmp(s->device[i].name, name))
			return &s->device[i];
	d = realloc(s->device, (s->ndevices + 1) * sizeof(*d));
	if (!d)
		return NULL;
	s->device = d;
	d += s->ndevices++;
	memset(d, 0, sizeof(*d));
	d->id = sums__id('d', owner, name, NULL);
	d->name = name;
	d->service = service;
	return d;
}

/* "read_device": an action, and which part of a request's life. */
static void add_request(struct device_sum *d, const struct frame_op *op)
{
	const char *part = strrchr(op->name, '_');
	size_t len = part ? (size_t)(part - op->name) : 0;
	bool read = len == 4 && !strncmp(op->name, "read", 4);
	bool write = len == 5 && !strncmp(op->name, "write", 5);

	if (!part)
		return;
	d->measured = true;
	if (!strcmp(part, "_device"))
		d->inflight += op->inflight;
	if (!op->dist)
		return;
	if (!strcmp(part, "_queue"))
		dist__add(&d->queue, op->dist);
	if (!strcmp(part, "_size"))
		*(read ? &d->read_bytes : &d->written_bytes) += read || write ? op->dist->sum : 0;
	if (strcmp(part, "_device"))
		return;
	dist__add(&d->device, op->dist);
	if (read)
		dist__add(&d->read, op->dist);
	if (write)
		dist__add(&d->write, op->dist);
	if (len == 5 && !strncmp(op->name, "flush", 5))
		dist__add(&d->flush, op->dist);
}

static int sum_devices(struct sums *s, const struct frame *f)
{
	for (u32 i = 0; i < f->nops; i++) {
		const struct frame_op *op = &f->op[i];
		struct device_sum *d;

		if (!op->device[0] || op->kind == OP_COUNTER)
			continue;
		for (u32 host = 0; host < 2; host++) {
			d = find_device(s, f, op->device, host ? SUMS_HOST : op->service);
			if (!d)
				return -ENOMEM;
			add_request(d, op);
		}
	}
	return 0;
}

int sums__make(struct sums *s, const struct frame *f)
{
	int err;

	memset(s, 0, sizeof(*s));
	s->op = calloc(f->nops + 1, sizeof(*s->op));
	err = s->op ? sum_services(s, f) : -ENOMEM;
	if (!err)
		err = sum_devices(s, f);
	if (err) {
		sums__free(s);
		return err;
	}
	for (u32 i = 0; i < f->nops; i++) {
		const struct frame_op *op = &f->op[i];

		s->op[i] = sums__id('o', f->service[op->service].name, f->set[op->set].name,
				    op->device, op->name, op->stat, NULL);
	}
	return 0;
}

void sums__free(struct sums *s)
{
	free(s->op);
	free(s->service);
	free(s->device);
	memset(s, 0, sizeof(*s));
}
