// SPDX-License-Identifier: GPL-2.0-only
#include "hash.h"
#include "totals.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a series is called. Compared as bytes: what is unused is zero. */
struct key {
	char service[SERVICE_NAME_MAX];
	u32 set, op;
	struct op_info info;
};

struct entry {
	struct key key;
	struct dist dist;
	u64 seen;                 /* the last call that had it */
	const struct sample *now; /* what it had then */
	bool slo;
	UT_hash_handle hh;
};

struct totals {
	struct entry *entries;
	u64 calls, forgotten;
	struct delta delta;
	struct sample *sample;
	const char **service;
	u32 max; /* of both arrays */
};

static void fill_key(struct key *k, const char *service, const struct sample *s)
{
	memset(k, 0, sizeof(*k));
	snprintf(k->service, sizeof(k->service), "%s", service);
	k->set = s->set;
	k->op = s->op;
	snprintf(k->info.name, sizeof(k->info.name), "%s", s->info.name);
	snprintf(k->info.device, sizeof(k->info.device), "%s", s->info.device);
	snprintf(k->info.stat, sizeof(k->info.stat), "%s", s->info.stat);
	k->info.kind = s->info.kind;
	k->info.wait = s->info.wait;
}

static struct entry *entry_of(struct totals *t, const char *service, const struct sample *s)
{
	struct entry *e;
	struct key k;

	fill_key(&k, service, s);
	HASH_FIND(hh, t->entries, &k, sizeof(k), e);
	if (e)
		return e;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	e->key = k;
	HASH_ADD(hh, t->entries, key, sizeof(e->key), e);
	if (hash_added(e))
		return e;
	free(e);
	return NULL;
}

static int by_age(const void *a, const void *b)
{
	const struct entry *one = *(struct entry *const *)a, *other = *(struct entry *const *)b;

	return (one->seen > other->seen) - (one->seen < other->seen);
}

/* Forgets those that were away longest, of all that are away, until there are @max. Without memory
 * for that there are more until the next time. */
static void forget(struct totals *t, u32 max)
{
	u32 count = HASH_COUNT(t->entries), n = 0;
	struct entry **away, *e, *tmp;

	away = count > max ? malloc(count * sizeof(struct entry *)) : NULL;
	if (!away)
		return;
	HASH_ITER(hh, t->entries, e, tmp) {
		if (e->seen != t->calls)
			away[n++] = e;
	}
	qsort(away, n, sizeof(*away), by_age);
	for (u32 i = 0; i < n && HASH_COUNT(t->entries) > max; i++) {
		HASH_DEL(t->entries, away[i]);
		free(away[i]);
		t->forgotten++;
	}
	free(away);
}

static int reserve(struct totals *t, u32 n)
{
	struct sample *sample;
	const char **service;

	if (n <= t->max)
		return 0;
	n += n / 2;
	sample = realloc(t->sample, n * sizeof(*sample));
	if (sample)
		t->sample = sample;
	service = realloc(t->service, n * sizeof(*service));
	if (service)
		t->service = service;
	if (!sample || !service)
		return -ENOMEM;
	t->max = n;
	return 0;
}

static int add_sample(struct totals *t, const char *service, const struct sample *s)
{
	struct entry *e = entry_of(t, service, s);

	if (!e)
		return -ENOMEM;
	e->seen = t->calls;
	e->now = s;
	e->slo |= s->slo;
	if (s->dist)
		dist__add(&e->dist, s->dist);
	return 0;
}

static void list_entries(struct totals *t)
{
	struct entry *e, *tmp;
	u32 n = 0;

	HASH_ITER(hh, t->entries, e, tmp) {
		const struct sample *now = e->seen == t->calls ? e->now : NULL;
		struct sample *s = &t->sample[n];

		if (!now && t->delta.off >> e->key.set & 1)
			continue;
		*s = (struct sample){.set = e->key.set,
				     .svc = n,
				     .op = e->key.op,
				     .info = e->key.info,
				     .dist = &e->dist,
				     .slo = e->slo};
		if (now) {
			s->grown = now->dist;
			s->inflight = now->inflight;
			s->inflight_age = now->inflight_age;
		}
		e->dist.max = s->grown ? s->grown->max : 0;
		t->service[n++] = e->key.service;
	}
	t->delta.sample = t->sample;
	t->delta.nsamples = n;
	t->delta.service = t->service;
}

int totals__add(struct totals **state, const struct delta *d, u32 max, const struct delta **ret)
{
	struct totals *t = *state;
	int err = 0;

	if (!t)
		t = *state = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->calls++;
	for (u32 i = 0; i < d->nsamples && !err; i++)
		if (d->service[d->sample[i].svc])
			err = add_sample(t, d->service[d->sample[i].svc], &d->sample[i]);
	forget(t, max);
	if (!err)
		err = reserve(t, HASH_COUNT(t->entries));
	if (err)
		return err;
	t->delta = *d;
	list_entries(t);
	delta__self(&t->delta, "totals", "forgotten", t->forgotten);
	*ret = &t->delta;
	return 0;
}

void totals__free(struct totals *t)
{
	struct entry *e, *tmp;

	if (!t)
		return;
	HASH_ITER(hh, t->entries, e, tmp) {
		HASH_DEL(t->entries, e);
		free(e);
	}
	free(t->sample);
	free(t->service);
	free(t);
}

int delta__copy(struct delta_copy *to, const struct delta *from)
{
	u32 n = from->nsamples;

	if (n > to->max) {
		delta__copy_free(to);
		to->sample = malloc(n * sizeof(*to->sample));
		to->dist = malloc(n * sizeof(*to->dist));
		to->name = malloc(n * sizeof(*to->name));
		to->service = malloc(n * sizeof(*to->service));
		if (!to->sample || !to->dist || !to->name || !to->service) {
			delta__copy_free(to);
			return -ENOMEM;
		}
		to->max = n;
	}
	to->delta = *from;
	to->delta.sample = to->sample;
	to->delta.service = to->service;
	for (u32 i = 0; i < n; i++) {
		const struct sample *s = &from->sample[i];

		to->sample[i] = *s;
		to->sample[i].svc = i;
		to->sample[i].grown = NULL;
		if (s->dist) {
			to->dist[i] = *s->dist;
			to->sample[i].dist = &to->dist[i];
		}
		snprintf(to->name[i], sizeof(to->name[i]), "%s", from->service[s->svc]);
		to->service[i] = to->name[i];
	}
	return 0;
}

void delta__copy_free(struct delta_copy *c)
{
	free(c->sample);
	free(c->dist);
	free(c->name);
	free(c->service);
	*c = (struct delta_copy){};
}
