// SPDX-License-Identifier: GPL-2.0-only
#include "outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "delivery/outbox.h"
#include "exporter.h"
#include "log.h"
#include "sink.h"
#include "totals.h"

#define QUEUE_BYTES      (8 << 20)
#define CLOSE_TIMEOUT_NS UINT64_C(2000000000)
#define SEC_NS           UINT64_C(1000000000)
/* Hosts that are not told otherwise share a quarter of an interval; in short ones there is no time
 * to lose. */
#define SPREAD_FROM_S 10

struct output {
	const struct sink_format *format;
	struct outbox *outbox;
	char name[32]; /* its self figures */
	bool ends;     /* standard output */
};

struct outputs {
	const struct options *o;
	struct output to[MAX_DESTINATIONS];
	u32 nto;
	struct exporter *exporter;
	struct totals *totals;
	u64 offset_ns;
	u64 former_slot; /* last of the run before */
	u64 last_slot;
	/* Of each format that is in use, for the slot that is being sent. */
	struct text text[MAX_DESTINATIONS];
	/* Ends those that are there no more. */
	pthread_t closer;
	bool closing;
	u32 from[MAX_DESTINATIONS]; /* 1 + which one's outbox it has taken over, 0: none */
};

static const char *const kind_names[DESTINATION_KINDS] = {
	[TO_GRAPHITE] = "graphite",
	[TO_VICTORIA] = "victoria",
	[TO_STATSD] = "statsd",
	[TO_OUTPUT] = "output",
};

/* FNV-1a: any will do that differs between hosts, and not between two runs on one. */
static u64 hash_of(const char *s)
{
	u64 h = 0xcbf29ce484222325;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return h ^ h >> 32;
}

static u64 offset_of(const struct options *o)
{
	if (o->send_offset != UINT64_MAX)
		return o->send_offset;
	return o->interval < SPREAD_FROM_S ? 0 : hash_of(o->host) % (o->interval * SEC_NS / 4);
}

static const char *format_of(const struct options *o, const struct destination *d)
{
	if (d->kind == TO_OUTPUT)
		return d->format;
	return d->kind == TO_GRAPHITE && o->graphite_tags ? "graphite-tags" : kind_names[d->kind];
}

static void name_output(struct output *to, const struct options *o, u32 i)
{
	u32 n = 1;

	for (u32 j = 0; j < i; j++)
		n += o->to[j].kind == o->to[i].kind;
	snprintf(to->name, sizeof(to->name), n > 1 ? "%s_%u" : "%s", kind_names[o->to[i].kind], n);
	to->ends = o->to[i].kind == TO_OUTPUT && !o->to[i].path;
	to->format = sinks__find(format_of(o, &o->to[i]));
}

static int open_spool(const struct options *o, const struct destination *d, struct spool **ret)
{
	char name[300], why[600];
	int err;

	snprintf(name, sizeof(name), "%s-%s-%s", kind_names[d->kind], d->host, d->port);
	for (char *p = name; *p; p++)
		if (*p == '/' || *p == ':')
			*p = '_';
	err = spool__open(ret, o->spool, name, why, sizeof(why));
	if (err)
		log_error("--spool: %s", why);
	return err;
}

static int open_target(const struct options *o, const struct destination *d, const char *header,
		       struct target **ret)
{
	char kept[200];

	if (d->kind == TO_STATSD)
		return target__udp(ret, d->host, d->port);
	if (d->kind == TO_OUTPUT && !d->path)
		return target__fd(ret, STDOUT_FILENO, header);
	snprintf(kept, sizeof(kept), "wait in memory (up to %d bytes)", QUEUE_BYTES);
	if (d->kind == TO_OUTPUT)
		return target__file(ret, d->path, header, o->output_bytes, o->output_keep, kept);
	if (o->spool)
		snprintf(kept, sizeof(kept), "wait in %.150s", o->spool);
	return target__tcp(ret, d->host, d->port, kept);
}

static int open_one(struct outputs *out, const struct options *o, u32 i)
{
	const struct destination *d = &o->to[i];
	struct outbox_opts opts = {.max_bytes = QUEUE_BYTES,
				   .spool_bytes = o->spool_bytes,
				   .spool_age_s = o->spool_age,
				   .repeat = o->repeat};
	struct output *to = &out->to[i];
	struct target *target;
	int err;

	name_output(to, o, i);
	if (o->spool && (d->kind == TO_GRAPHITE || d->kind == TO_VICTORIA)) {
		err = open_spool(o, d, &opts.spool);
		if (err)
			return err;
	}
	err = open_target(o, d, to->format->header, &target);
	if (err)
		spool__close(opts.spool);
	else
		err = outbox__new(&to->outbox, target, &opts);
	if (err)
		log_error("%s: %s", to->name, strerror(-err));
	else
		out->nto++;
	return err;
}

static int open_exporter(struct outputs *out, const struct options *o)
{
	const struct exporter_opts opts = {.address = o->prometheus_address,
					   .port = o->prometheus_port,
					   .prefix = o->prefix,
					   .schema = o->prometheus_schema};
	int err = o->prometheus_address ? exporter__new(&out->exporter, &opts) : 0;

	if (err)
		log_error(
			"--prometheus: cannot listen on %s port %u: %s; choose another or end who has it",
			opts.address, opts.port, strerror(-err));
	return err;
}

/* For the next run: which slot this one has ended in. */
static void last_slot_path(const struct options *o, char *path, size_t size)
{
	snprintf(path, size, "%s/last-slot", o->spool);
}

static u64 read_last_slot(const struct options *o)
{
	unsigned long long slot = 0;
	char path[4096];
	FILE *f;

	last_slot_path(o, path, sizeof(path));
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (fscanf(f, "%llu", &slot) != 1)
		slot = 0;
	fclose(f);
	return slot;
}

static void write_last_slot(const struct outputs *out)
{
	char path[4096];
	int fd;

	last_slot_path(out->o, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return;
	dprintf(fd, "%llu\n", (unsigned long long)out->last_slot);
	close(fd);
}

u64 outputs__former_slot(const struct outputs *out)
{
	return out->former_slot;
}

int outputs__open(struct outputs **ret, const struct options *o)
{
	struct outputs *out = calloc(1, sizeof(*out));
	int err = out ? 0 : -ENOMEM;

	if (err) {
		log_error("out of memory");
		return err;
	}
	out->o = o;
	out->offset_ns = offset_of(o);
	if (o->spool)
		out->former_slot = read_last_slot(o);
	err = open_exporter(out, o);
	for (u32 i = 0; i < o->nto && !err; i++)
		err = open_one(out, o, i);
	if (err)
		outputs__close(out);
	else
		*ret = out;
	return err;
}

int outputs__start(struct outputs *out)
{
	int err = out->exporter ? exporter__start(out->exporter) : 0;

	for (u32 i = 0; i < out->nto && !err; i++)
		err = outbox__start(out->to[i].outbox);
	if (err)
		log_error("cannot start to deliver: %s", strerror(-err));
	return err;
}

/* Which of @old's outputs delivers to @d, or @old->nto. */
static u32 find_output(const struct outputs *old, const struct destination *d)
{
	u32 i;

	for (i = 0; i < old->nto; i++) {
		const struct destination *have = &old->o->to[i];

		if (old->to[i].outbox && have->kind == d->kind && same_value(have->host, d->host) &&
		    same_value(have->port, d->port) && same_value(have->format, d->format) &&
		    same_value(have->path, d->path))
			break;
	}
	return i;
}

static int follow_one(struct outputs *out, struct outputs *old, const struct options *next, u32 i)
{
	u32 at = find_output(old, &next->to[i]);

	if (at == old->nto)
		return open_one(out, next, i);
	name_output(&out->to[i], next, i);
	out->to[i].outbox = old->to[at].outbox;
	old->to[at].outbox = NULL;
	out->from[i] = at + 1;
	out->nto++;
	return 0;
}

static int follow_exporter(struct outputs *out, struct outputs *old, const struct options *next)
{
	const struct options *was = old->o;
	bool there = same_value(was->prometheus_address, next->prometheus_address) &&
		     was->prometheus_port == next->prometheus_port;

	if (there && was->prometheus_schema == next->prometheus_schema &&
	    same_value(was->prefix, next->prefix)) {
		out->exporter = old->exporter;
		old->exporter = NULL;
		return 0;
	}
	/* Two cannot listen at one port. */
	if (there) {
		exporter__free(old->exporter);
		old->exporter = NULL;
	}
	return open_exporter(out, next);
}

static void *close_rest(void *old)
{
	outputs__close(old);
	return NULL;
}

/* Gives back what was taken. */
static void unfollow(struct outputs *out, struct outputs *old)
{
	for (u32 i = 0; i < out->nto; i++) {
		if (!out->from[i])
			continue;
		old->to[out->from[i] - 1].outbox = out->to[i].outbox;
		out->to[i].outbox = NULL;
	}
	outputs__close(out);
	if (!old->exporter && !open_exporter(old, old->o) && old->exporter)
		exporter__start(old->exporter);
}

int outputs__follow(struct outputs **ret, const struct options *next)
{
	struct outputs *old = *ret, *out = calloc(1, sizeof(*out));
	int err = out ? 0 : -ENOMEM;

	if (err) {
		log_error("out of memory");
		return err;
	}
	out->o = old->o;
	out->offset_ns = offset_of(next);
	for (u32 i = 0; i < next->nto && !err; i++)
		err = follow_one(out, old, next, i);
	if (!err)
		err = follow_exporter(out, old, next);
	if (!err)
		err = outputs__start(out);
	if (err) {
		unfollow(out, old);
		return err;
	}
	out->totals = old->totals;
	out->former_slot = old->former_slot;
	out->last_slot = old->last_slot;
	old->totals = NULL;
	old->last_slot = 0;
	*ret = out;
	out->closing = !pthread_create(&out->closer, NULL, close_rest, old);
	if (!out->closing)
		outputs__close(old);
	return 0;
}

/* *@ret is NULL where nobody wants totals. */
static int add_totals(struct outputs *out, const struct delta *d, const struct delta **ret)
{
	bool wanted = out->exporter;
	int err = 0;

	for (u32 i = 0; i < out->nto; i++)
		wanted |= out->to[i].format->totals;
	*ret = NULL;
	if (wanted)
		err = totals__add(&out->totals, d, out->o->max_series, ret);
	if (!err && out->exporter)
		err = exporter__put(out->exporter, *ret);
	return err;
}

/* Two destinations may have the same one. */
static struct text *format_slot(struct outputs *out, u32 i, const struct delta *d)
{
	const struct naming_scheme names = {.prefix = out->o->prefix, .host = out->o->host};

	for (u32 j = 0; j < i; j++)
		if (out->to[j].format == out->to[i].format)
			return &out->text[j];
	text__clear(&out->text[i]);
	out->to[i].format->format(&out->text[i], d, &names);
	return &out->text[i];
}

int outputs__put(struct outputs *out, const struct delta *d)
{
	const struct delta *totals;
	int err = add_totals(out, d, &totals);

	out->last_slot = d->slot;
	for (u32 i = 0; i < out->nto && !err; i++) {
		struct text *text = format_slot(out, i, out->to[i].format->totals ? totals : d);
		bool local = out->o->to[i].kind == TO_OUTPUT;

		err = text->err;
		if (!err)
			err = outbox__put(out->to[i].outbox, d->slot, text->data, text->size,
					  local ? 0 : out->offset_ns);
	}
	return err;
}

void outputs__self(struct outputs *out, struct delta *d)
{
	for (u32 i = 0; i < out->nto; i++) {
		const char *name = out->to[i].name;
		struct outbox_stats st;

		outbox__stats(out->to[i].outbox, &st);
		delta__self(d, name, "bytes", st.queue.bytes);
		delta__self(d, name, "slots", st.queue.batches);
		delta__self_gauge(d, name, "queued_slots", st.queue.queued);
		delta__self_gauge(d, name, "queued_bytes", st.queue.queued_bytes);
		delta__self(d, name, "dropped_slots", st.queue.dropped);
		delta__self(d, name, "dropped_lines", st.queue.dropped_lines);
		delta__self(d, name, "failures", st.failures);
		if (out->o->spool) {
			delta__self_gauge(d, name, "spool_bytes", st.queue.spool_bytes);
			delta__self(d, name, "spool_damaged", st.damaged);
		}
	}
	if (out->exporter)
		delta__self(d, "prometheus", "scrapes", exporter__scrapes(out->exporter));
}

static const struct output *standard_output(const struct outputs *out)
{
	for (u32 i = 0; i < out->nto; i++)
		if (out->to[i].ends)
			return &out->to[i];
	return NULL;
}

int outputs__ended_fd(const struct outputs *out)
{
	const struct output *to = standard_output(out);

	return to ? outbox__closed_fd(to->outbox) : -1;
}

int outputs__ended(struct outputs *out)
{
	const struct output *to = standard_output(out);
	struct outbox_stats st = {};

	if (to)
		outbox__stats(to->outbox, &st);
	return st.closed;
}

void outputs__close(struct outputs *out)
{
	u64 until = now_ns() + CLOSE_TIMEOUT_NS;

	if (!out)
		return;
	if (out->closing)
		pthread_join(out->closer, NULL);
	for (u32 i = 0; i < out->nto; i++)
		if (out->to[i].outbox)
			outbox__stop(out->to[i].outbox);
	for (u32 i = 0; i < out->nto; i++) {
		struct outbox_stats last = {};
		u64 now = now_ns();

		outbox__close(out->to[i].outbox, until > now ? until - now : 0, &last);
		if (last.queue.dropped && !last.closed)
			log_warn("%llu slots (%llu lines) could not be delivered to %s",
				 (unsigned long long)last.queue.dropped,
				 (unsigned long long)last.queue.dropped_lines, out->to[i].name);
		if (last.queue.spool_bytes && last.queue.queued)
			log_info("%llu slots for %s wait in %s for the next run",
				 (unsigned long long)last.queue.queued, out->to[i].name,
				 out->o->spool);
		text__free(&out->text[i]);
	}
	exporter__free(out->exporter);
	totals__free(out->totals);
	if (out->o->spool && out->last_slot)
		write_last_slot(out);
	free(out);
}
