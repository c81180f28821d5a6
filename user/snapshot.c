// SPDX-License-Identifier: GPL-2.0-only
#include "snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "counters.h"
#include "early.h"
#include "store.h"

/* While others wait for a number, a service that was idle for so many snapshots gives up its own,
 * and so many do at a time. */
#define RETIRE_IDLE 6
#define RETIRE_MAX  16

/* By service and operation, in one set. */
struct place {
	u32 sample; /* 1 + index into the delta of the current snapshot */
	bool seen;
};

struct snapshots {
	struct loader *loader;
	struct services *services;
	struct early *early;
	struct place *place[MAX_SETS];    /* services x (MAX_OPS + 1) */
	struct counters *grown[MAX_SETS]; /* by service, in the interval; NULL: it has none */
	bool slo[MAX_SETS][MAX_OPS];
	struct delta delta;
	u32 samples; /* allocated */
	struct dist **pool;
	u32 npool, used;
	const char **names;
	u32 retired[RETIRE_MAX], nretired; /* services whose last delta the next snapshot takes */
	bool taken;   /* the delta was handed out: the next reading begins a new one */
	bool partial; /* and it was not the last of its slot */
	u64 lost;     /* events that there was no memory for */
};

void delta__self(struct delta *d, const char *op, const char *stat, u64 value)
{
	struct self_figure *f = &d->self[d->nself];

	if (d->nself == SELF_MAX)
		return;
	snprintf(f->op, sizeof(f->op), "%s", op);
	snprintf(f->stat, sizeof(f->stat), "%s", stat);
	f->value = value;
	f->gauge = false;
	d->nself++;
}

void delta__self_gauge(struct delta *d, const char *op, const char *stat, u64 value)
{
	u32 n = d->nself;

	delta__self(d, op, stat, value);
	if (n < d->nself)
		d->self[n].gauge = true;
}

static struct place *place_of(struct snapshots *s, u32 set, u32 svc, u32 op)
{
	return &s->place[set][svc * (MAX_OPS + 1) + op];
}

static struct dist *new_dist(struct snapshots *s)
{
	if (s->used == s->npool) {
		struct dist **pool = realloc(s->pool, (s->npool + 64) * sizeof(*pool));

		if (!pool)
			return NULL;
		s->pool = pool;
		for (u32 i = 0; i < 64; i++, s->npool++) {
			pool[s->npool] = malloc(sizeof(struct dist));
			if (!pool[s->npool])
				return NULL;
		}
	}
	memset(s->pool[s->used], 0, sizeof(struct dist));
	return s->pool[s->used++];
}

static void fill_info(const struct probe *p, u32 op, struct op_info *info)
{
	memset(info, 0, sizeof(*info));
	if (op == OP_ALL || op == OP_OTHER || !p->op(op, info))
		snprintf(info->name, sizeof(info->name), "%s", op == OP_ALL ? "_all" : "_other");
}

static struct sample *sample_of(struct snapshots *s, u32 set, u32 svc, u32 op)
{
	struct place *place = place_of(s, set, svc, op);
	struct delta *d = &s->delta;
	struct sample *sample;

	if (place->sample)
		return &d->sample[place->sample - 1];
	if (d->nsamples == s->samples) {
		u32 n = s->samples ? 2 * s->samples : 256;

		sample = realloc(d->sample, n * sizeof(*sample));
		if (!sample)
			return NULL;
		d->sample = sample;
		s->samples = n;
	}
	sample = &d->sample[d->nsamples++];
	*sample = (struct sample){.set = set, .svc = svc, .op = op};
	fill_info(probes[set], op, &sample->info);
	if (op < MAX_OPS)
		sample->slo = s->slo[set][probes[set]->slo_op ? probes[set]->slo_op(op) : op];
	place->sample = d->nsamples;
	place->seen = true;
	return sample;
}

static void add(struct snapshots *s, u32 set, u32 svc, u32 op, const struct dist *delta)
{
	struct sample *sample = sample_of(s, set, svc, op);

	services__touch(s->services, svc);
	if (!sample || (!sample->dist && !(sample->dist = new_dist(s)))) {
		s->lost += delta->count ? delta->count : 1;
		return;
	}
	dist__add(sample->dist, delta);
}

struct reading {
	struct snapshots *s;
	u32 set;
};

static void on_delta(void *ctx, u32 svc, u32 op, const struct dist *delta)
{
	struct reading *r = ctx;

	add(r->s, r->set, svc, op, delta);
}

static void on_early(void *ctx, u32 set, u32 svc, u32 op, const struct dist *delta)
{
	struct snapshots *s = ctx;

	if (op < probes[set]->counters)
		s->grown[set][svc].n[op] += delta->sum;
	else
		add(s, set, svc, op, delta);
}

int snapshots__new(struct snapshots **ret, struct loader *loader, struct services *services,
		   const struct loader_opts *opts)
{
	struct snapshots *s = calloc(1, sizeof(*s));
	u32 limit = services__limit(services);

	if (!s)
		return -ENOMEM;
	s->loader = loader;
	s->services = services;
	s->names = calloc(limit, sizeof(*s->names));
	if (!s->names || early__new(&s->early, loader, services, on_early, s))
		goto fail;
	for (u32 i = 0; probes[i]; i++) {
		if (!loader__set(loader, i))
			continue;
		s->place[i] = calloc(limit * (MAX_OPS + 1), sizeof(struct place));
		if (!s->place[i])
			goto fail;
		if (probes[i]->counters && !(s->grown[i] = calloc(limit, sizeof(*s->grown[i]))))
			goto fail;
		for (u32 op = 0; op < MAX_OPS; op++)
			s->slo[i][op] = opts->slo[i][op] != 0;
	}
	s->delta.taken = time(NULL);
	*ret = s;
	return 0;
fail:
	snapshots__free(s);
	return -ENOMEM;
}

void snapshots__free(struct snapshots *s)
{
	if (!s)
		return;
	for (u32 i = 0; i < s->npool; i++)
		free(s->pool[i]);
	for (u32 i = 0; i < MAX_SETS; i++) {
		free(s->place[i]);
		free(s->grown[i]);
	}
	early__free(s->early);
	free(s->pool);
	free(s->names);
	free(s->delta.sample);
	free(s);
}

int snapshots__news_fd(const struct snapshots *s)
{
	return early__fd(s->early);
}

static void add_headlines(struct snapshots *s)
{
	/* Grows while it is walked: the headlines come behind what was there. */
	u32 n = s->delta.nsamples;

	for (u32 i = 0; i < n; i++) {
		const struct sample from = s->delta.sample[i];

		if (!probes[from.set]->headline || from.info.wait || from.op == OP_ALL)
			continue;
		if (from.dist)
			add(s, from.set, from.svc, OP_ALL, from.dist);
		else
			sample_of(s, from.set, from.svc, OP_ALL);
	}
}

static void on_inflight(void *ctx, u32 svc, u32 op, u64 age_ns)
{
	struct reading *r = ctx;
	struct sample *sample;

	if (!svc || svc >= services__limit(r->s->services))
		svc = SVC_OTHER;
	sample = sample_of(r->s, r->set, svc, op);
	if (!sample)
		return;
	sample->inflight++;
	if (age_ns > sample->inflight_age)
		sample->inflight_age = age_ns;
}

static int read_set(struct snapshots *s, u32 i, u32 epoch)
{
	struct loaded *set = loader__set(s->loader, i);
	struct reading r = {s, i};
	bool settles = set->probe->settle && !set->off;
	int err = settles ? set->probe->settle(&set->env) : 0;

	if (settles)
		s->delta.settled = now_ns();
	if (!err)
		err = store__read(set->store, epoch, on_delta, &r);
	if (!err && set->counters)
		err = counters__read(set->counters, s->grown[i]);
	if (!err && set->probe->gauges && !set->off)
		err = set->probe->gauges(&set->env, &(struct gauges){&r, on_inflight});
	return err;
}

/* What counters grew by, as samples. */
static void add_counters(struct snapshots *s)
{
	u32 limit = services__limit(s->services);

	for (u32 set = 0; probes[set]; set++) {
		for (u32 svc = 0; s->grown[set] && svc < limit; svc++) {
			u64 *n = s->grown[set][svc].n;

			probes[set]->finish(svc, n);
			for (u32 op = 0; op < probes[set]->counters; op++)
				if (n[op])
					add(s, set, svc, op, &(struct dist){.sum = n[op]});
			memset(n, 0, sizeof(s->grown[set][svc]));
		}
	}
}

/* What was seen before and is idle now is still a sample: its count is 0, which is not the same as
 * nothing. Of a set that is off there is nothing. */
static void add_idle(struct snapshots *s)
{
	u32 limit = services__limit(s->services);

	for (u32 set = 0; probes[set]; set++) {
		for (u32 svc = 0; s->place[set] && !(s->delta.off >> set & 1) && svc < limit;
		     svc++) {
			for (u32 op = 0; op <= MAX_OPS; op++)
				if (place_of(s, set, svc, op)->seen)
					sample_of(s, set, svc, op);
		}
	}
}

static void forget(struct snapshots *s, u32 svc)
{
	for (u32 i = 0; probes[i]; i++) {
		if (!s->place[i])
			continue;
		store__release(loader__set(s->loader, i)->store, svc);
		memset(place_of(s, i, svc, 0), 0, (MAX_OPS + 1) * sizeof(struct place));
	}
}

static void retire(struct snapshots *s)
{
	bool freed = false;

	for (u32 i = 0; i < s->nretired; i++) {
		if (!services__release(s->services, s->retired[i]))
			continue;
		forget(s, s->retired[i]);
		freed = true;
	}
	if (freed)
		services__offer(s->services);
	s->nretired = services__end_snapshot(s->services, RETIRE_IDLE, s->retired, RETIRE_MAX);
	if (freed || s->nretired)
		loader__next_generation(s->loader);
}

/* The first reading after a delta was handed out begins the next one; until then the delta's names
 * stay good. */
static void begin(struct snapshots *s)
{
	if (!s->taken)
		return;
	for (u32 i = 0; i < s->delta.nsamples; i++) {
		const struct sample *sample = &s->delta.sample[i];

		place_of(s, sample->set, sample->svc, sample->op)->sample = 0;
	}
	s->delta.nsamples = s->delta.nself = 0;
	s->delta.settled = 0;
	s->used = 0;
	s->taken = false;
	if (!s->partial)
		retire(s);
}

u64 snapshots__lost(const struct snapshots *s)
{
	return s->lost;
}

void snapshots__answer(struct snapshots *s)
{
	u32 epochs[MAX_SETS] = {};

	if (!early__answer(s->early))
		return;
	for (u32 i = 0; probes[i]; i++)
		if (loader__set(s->loader, i) && loader__set(s->loader, i)->control)
			epochs[i] = loader__set(s->loader, i)->control->epoch;
	begin(s);
	early__read(s->early, epochs);
}

/* What was counted stays for the next reading; what is in flight is seen again. */
static void undo(struct snapshots *s, u64 since)
{
	s->delta.taken = since;
	for (u32 i = 0; i < s->delta.nsamples; i++)
		s->delta.sample[i].inflight = s->delta.sample[i].inflight_age = 0;
}

int snapshots__take(struct snapshots *s, bool partial, struct delta **ret)
{
	u32 epochs[MAX_SETS] = {}, limit = services__limit(s->services);
	u64 since;
	int err = 0;

	begin(s);
	since = s->delta.taken;
	s->delta.taken = time(NULL);
	for (u32 i = 0; probes[i]; i++) {
		struct loaded *set = loader__set(s->loader, i);

		if (set && set->control)
			epochs[i] = __atomic_fetch_add(&set->control->epoch, 1, __ATOMIC_SEQ_CST);
	}
	/* Names first: every ident that the maps hold has been announced by then. */
	early__answer(s->early);
	s->delta.off = 0;
	for (u32 i = 0; probes[i] && !err; i++) {
		struct loaded *set = loader__set(s->loader, i);

		if (!set || !set->running)
			continue;
		if (set->off && set->drained)
			s->delta.off |= 1U << i;
		else
			err = read_set(s, i, epochs[i]);
		set->drained = !err && set->off;
	}
	if (!err)
		err = early__read(s->early, epochs);
	if (err) {
		undo(s, since);
		return err;
	}
	s->delta.since = since;
	add_counters(s);
	add_idle(s);
	add_headlines(s);
	for (u32 svc = 0; svc < limit; svc++)
		s->names[svc] = services__name(s->services, svc);
	s->delta.service = s->names;
	s->taken = true;
	s->partial = partial;
	*ret = &s->delta;
	return 0;
}
