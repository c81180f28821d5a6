// SPDX-License-Identifier: GPL-2.0-only
#include "collect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collect_devices.h"
#include "collect_peers.h"
#include "collect_threads.h"
#include "loader.h"

struct collector {
	struct session *session;
	const char *root;
	struct thread_table *threads;
	struct device_table *devices;
	struct peer_table *peers;
	struct self_figure last[SELF_MAX];
	u32 nlast;
	u32 *place; /* of a service's number in the frame, 1 + index; 0: not there */
	u32 nplaces;
	struct frame *frame; /* in the making */
	int err;
};

int collector__new(struct collector **ret, struct session *session, const char *root)
{
	struct collector *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->session = session;
	c->root = root;
	if (thread_table__new(&c->threads, root) || device_table__new(&c->devices, root) ||
	    peer_table__new(&c->peers, session__peers_fd(session))) {
		collector__free(c);
		return -ENOMEM;
	}
	session__detail(session, true);
	session__threads(session, thread_table__see, c->threads);
	thread_table__end(c->threads);
	*ret = c;
	return 0;
}

void collector__free(struct collector *c)
{
	if (!c)
		return;
	session__detail(c->session, false);
	thread_table__free(c->threads);
	peer_table__free(c->peers);
	device_table__free(c->devices);
	free(c->place);
	free(c);
}

/* The value of one of sonde's own figures. */
static u64 figure(const struct self_figure *f, u32 n, const char *op, const char *stat)
{
	for (u32 i = 0; i < n; i++)
		if (!strcmp(f[i].op, op) && !strcmp(f[i].stat, stat))
			return f[i].value;
	return 0;
}

static void read_number(const char *root, const char *file, double *value)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/%s", root, file);
	f = fopen(path, "re");
	if (!f)
		return;
	if (fscanf(f, "%lf", value) != 1)
		*value = 0;
	fclose(f);
}

static void fill_host(struct collector *c, const struct delta *d, u64 ns)
{
	struct frame *f = c->frame;
	double uptime = 0;
	u64 cpu;

	gethostname(f->host, sizeof(f->host) - 1);
	snprintf(f->version, sizeof(f->version), "%s", SONDE_VERSION);
	read_number(c->root, "uptime", &uptime);
	read_number(c->root, "loadavg", &f->load);
	f->uptime = uptime;
	f->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	f->taken = d->taken;
	f->interval = ns;
	cpu = figure(d->self, d->nself, "process", "cpu_us");
	f->self_cpu = c->nlast ? (cpu - figure(c->last, c->nlast, "process", "cpu_us")) * 1000 : 0;
	f->self_rss = figure(d->self, d->nself, "process", "rss_bytes");
}

static void fill_sets(struct collector *c)
{
	for (u32 i = 0; probes[i]; i++) {
		const struct loaded *set = session__set(c->session, i);
		struct frame_set *out = frame__add_set(c->frame);

		if (!out) {
			c->err = -ENOMEM;
			return;
		}
		snprintf(out->name, sizeof(out->name), "%s", probes[i]->name);
		out->running = set && loaded__counts(set);
		snprintf(out->reason, sizeof(out->reason), "%.255s",
			 !set       ? "not asked for"
			 : set->off ? "switched off"
				    : set->reason);
	}
}

/* What was in flight before is no loss of anybody's. */
static bool is_loss(const struct self_figure *f)
{
	if (!strcmp(f->op, "lost"))
		return strcmp(f->stat, "unstarted");
	return !strcmp(f->stat, "folded") || !strcmp(f->stat, "histograms_folded");
}

static void fill_losses(struct collector *c, const struct delta *d)
{
	for (u32 i = 0; i < d->nself; i++) {
		const struct self_figure *f = &d->self[i];
		struct frame_loss *out;

		if (!f->value || !is_loss(f))
			continue;
		out = frame__add_loss(c->frame);
		if (!out) {
			c->err = -ENOMEM;
			return;
		}
		snprintf(out->name, sizeof(out->name), "%.23s.%.23s", f->op, f->stat);
		out->total = f->value;
		/* Of the first interval it is not known. */
		out->now = c->nlast ? f->value - figure(c->last, c->nlast, f->op, f->stat) : 0;
	}
}

/* The index in the frame of a service's number. */
static u32 service_of(struct collector *c, const struct delta *d, u32 svc)
{
	struct frame_service *out;

	if (svc >= c->nplaces) {
		u32 n = svc + 64;
		u32 *place = realloc(c->place, n * sizeof(*place));

		if (!place) {
			c->err = -ENOMEM;
			return 0;
		}
		memset(place + c->nplaces, 0, (n - c->nplaces) * sizeof(*place));
		c->place = place;
		c->nplaces = n;
	}
	if (c->place[svc]) // NOLINT(clang-analyzer-core.*): below nplaces there is an array
		return c->place[svc] - 1;
	out = frame__add_service(c->frame);
	if (!out) {
		c->err = -ENOMEM;
		return 0;
	}
	snprintf(out->name, sizeof(out->name), "%s",
		 svc && d->service[svc] ? d->service[svc] : "_other");
	c->place[svc] = c->frame->nservices;
	return c->place[svc] - 1;
}

/* Known if something was waited for; what never waited ran. */
static void split(struct frame_op *out, const struct sample *s)
{
	u64 waited = 0;

	if (!s->dist || s->info.wait || s->info.kind != OP_LATENCY)
		return;
	for (u32 i = 0; i < HIST_WAITS; i++) {
		out->time[PART_WAITS + i] = s->dist->wait[i];
		waited += s->dist->wait[i];
	}
	if (waited && s->dist->sum > waited)
		out->time[PART_KERNEL] = s->dist->sum - waited;
}

static void fill_op(struct collector *c, const struct delta *d, const struct sample *s)
{
	u32 service = service_of(c, d, s->svc);
	struct frame_op *out;

	if (c->err)
		return;
	if (s->info.kind == OP_TIME) {
		c->frame->service[service].time[s->op] += s->dist ? s->dist->sum : 0;
		return;
	}
	out = frame__add_op(c->frame);
	if (!out || (s->dist && !(out->dist = frame__copy_dist(s->dist)))) {
		c->err = -ENOMEM;
		return;
	}
	out->service = service;
	out->set = s->set;
	snprintf(out->name, sizeof(out->name), "%s", s->info.name);
	snprintf(out->device, sizeof(out->device), "%s", s->info.device);
	snprintf(out->stat, sizeof(out->stat), "%s", s->info.stat);
	out->kind = s->info.kind;
	out->wait = s->info.wait;
	out->headline = s->op == OP_ALL;
	split(out, s);
	out->inflight = s->inflight;
	out->inflight_age = s->inflight_age;
}

static u32 service_by_number(void *ctx, const struct delta *d, u32 svc)
{
	return service_of(ctx, d, svc);
}

int collector__frame(struct collector *c, const struct delta *d, u64 ns,
		     const struct wanted *wanted, struct frame **ret)
{
	struct frame *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	c->frame = f;
	c->err = 0;
	if (c->place)
		memset(c->place, 0, c->nplaces * sizeof(*c->place));
	fill_host(c, d, ns);
	fill_sets(c);
	fill_losses(c, d);
	for (u32 i = 0; i < d->nsamples && !c->err; i++)
		fill_op(c, d, &d->sample[i]);
	session__threads(c->session, thread_table__see, c->threads);
	if (!c->err)
		c->err = thread_table__fill(c->threads, d, wanted, f, service_by_number, c);
	thread_table__end(c->threads);
	if (!c->err)
		c->err = device_table__fill(c->devices, d, f);
	if (!c->err)
		c->err = peer_table__fill(c->peers, d, f, service_by_number, c);
	memcpy(c->last, d->self, d->nself * sizeof(*d->self));
	c->nlast = d->nself;
	if (c->err) {
		frame__free(f);
		free(f);
		return c->err;
	}
	*ret = f;
	return 0;
}
