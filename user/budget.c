// SPDX-License-Identifier: GPL-2.0-only
#include "budget.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static u64 key_of(const struct sample *s)
{
	return (u64)s->set << 56 | (u64)s->svc << 16 | s->op;
}

static int by_key(const void *a, const void *b)
{
	const struct sent *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

int budget__reserve(void *array, u32 *max, u32 n, size_t size)
{
	void **p = array, *q;

	if (n <= *max)
		return 0;
	n += n / 2;
	q = realloc(*p, n * size);
	if (!q)
		return -ENOMEM;
	memset((char *)q + *max * size, 0, (n - *max) * size);
	*p = q;
	*max = n;
	return 0;
}

u32 budget__cost(const struct budget_state *st, const struct item *it)
{
	u32 n = 3;

	if (op_kind__is_sum(it->s.info.kind))
		return 1;
	if (it->s.slo)
		n += 2;
	if (it->samples)
		n += series__busy_count(&st->delta, &it->s) + __builtin_popcount(it->waits);
	if (st->delta.stats & STATS_BUCKETS)
		n += __builtin_popcountll(it->mask[0]) + __builtin_popcountll(it->mask[1]);
	return it->inflight ? n + 2 : n;
}

static void fill_item(struct item *it, const struct sample *s, const struct budget_state *st,
		      const double *events)
{
	const struct sent key = {.key = key_of(s)}, *last;

	*it = (struct item){.s = *s, .into = NONE, .dist = NONE, .inflight = s->inflight};
	if (s->dist && s->dist->count && !op_kind__is_sum(s->info.kind)) {
		it->samples = true;
		/* Without @events there is no distribution. */
		it->weight = s->dist->count / events[s->set]; // NOLINT(clang-analyzer-core.*)
		it->waits = series__waits(s);
		for (u32 i = 0; i < DIST_COARSE; i++)
			it->mask[i / 64] |= (u64)(dist__coarse(s->dist, i) != 0) << i % 64;
	}
	last = st->nsent ? bsearch(&key, st->sent, st->nsent, sizeof(key), by_key) : NULL;
	it->known = last;
	if (last)
		it->weight += last->weight / 2;
}

u32 *budget__place(struct budget_state *st, u32 set, u32 svc, u32 op)
{
	size_t row = (size_t)set * (MAX_OPS + 1 + st->services);

	if (svc == SVC_OTHER)
		return &st->place[row + op];
	return op == OP_OTHER ? &st->place[row + MAX_OPS + 1 + svc] : NULL;
}

static int fill_places(struct budget_state *st)
{
	size_t n = (size_t)MAX_SETS * (MAX_OPS + 1 + st->services);

	free(st->place);
	st->place = malloc(n * sizeof(*st->place));
	if (!st->place)
		return -ENOMEM;
	memset(st->place, 0xff, n * sizeof(*st->place));
	for (u32 i = 0; i < st->nitems; i++) {
		const struct sample *s = &st->item[i].s;
		u32 *place = budget__place(st, s->set, s->svc, s->op);

		if (place)
			*place = i;
	}
	return 0;
}

/* Once sent, a series goes on: what was made before is there again, with nothing in it, unless it
 * comes with the delta now, its set is off, or its service's number means another one. */
static void add_made(struct budget_state *st, const struct delta *d)
{
	for (u32 i = 0; i < st->nmade; i++) {
		const struct made *m = &st->made[i];
		const char *service = d->service[m->s.svc];
		u32 *place = budget__place(st, m->s.set, m->s.svc, m->s.op);

		if (d->off >> m->s.set & 1 || *place != NONE || !service ||
		    strcmp(service, m->service))
			continue;
		*place = st->nitems;
		fill_item(&st->item[st->nitems++], &m->s, st, NULL);
	}
}

static int fill_items(struct budget_state *st, const struct delta *d)
{
	double events[MAX_SETS] = {};
	int err = budget__reserve(&st->item, &st->items_max, d->nsamples + st->nmade,
				  sizeof(*st->item));

	if (err)
		return err;
	st->services = SVC_OTHER + 1;
	for (u32 i = 0; i < st->nmade; i++)
		if (st->made[i].s.svc >= st->services)
			st->services = st->made[i].s.svc + 1;
	for (u32 i = 0; i < d->nsamples; i++) {
		const struct sample *s = &d->sample[i];

		if (s->svc >= st->services)
			st->services = s->svc + 1;
		if (s->dist && s->op != OP_ALL)
			events[s->set] += s->dist->count;
	}
	for (u32 i = 0; i < d->nsamples; i++)
		fill_item(&st->item[i], &d->sample[i], st, events);
	st->nitems = d->nsamples;
	st->ndists = 0;
	err = fill_places(st);
	if (!err)
		add_made(st, d);
	return err;
}

/* Adds @from to @to, which has a distribution of its own from @dist on. */
static void add_sample(struct sample *to, const struct sample *from, struct dist *dist)
{
	to->inflight += from->inflight;
	if (from->inflight_age > to->inflight_age)
		to->inflight_age = from->inflight_age;
	if (!from->dist)
		return;
	if (to->dist != dist) {
		memset(dist, 0, sizeof(*dist));
		if (to->dist)
			dist__add(dist, to->dist);
		to->dist = dist;
	}
	dist__add(dist, from->dist);
}

/* From the plan to the samples. */
static int build(struct budget_state *st)
{
	u32 kept = 0;
	int err = budget__reserve(&st->dist, &st->dists_max, st->ndists, sizeof(*st->dist));

	if (!err)
		err = budget__reserve(&st->sample, &st->samples_max, st->nitems,
				      sizeof(*st->sample));
	if (err)
		return err;
	for (u32 i = 0; i < st->nitems; i++) {
		const struct item *it = &st->item[i];
		struct item *to = it->into == NONE ? NULL : &st->item[it->into];

		if (to)
			add_sample(&to->s, &it->s, &st->dist[to->dist]);
	}
	for (u32 i = 0; i < st->nitems; i++)
		if (st->item[i].into == NONE)
			st->sample[kept++] = st->item[i].s;
	st->delta.sample = st->sample;
	st->delta.nsamples = kept;
	return 0;
}

static int remember(struct budget_state *st, const struct delta *d, bool folded)
{
	u32 nmade = st->nitems - d->nsamples;
	int err = budget__reserve(&st->sent, &st->sent_max, st->nitems, sizeof(*st->sent));

	if (!err)
		err = budget__reserve(&st->made, &st->made_max, nmade, sizeof(*st->made));
	if (err)
		return err;
	st->nmade = nmade;
	for (u32 i = 0; i < nmade; i++) {
		struct made *m = &st->made[i];

		m->s = st->item[d->nsamples + i].s;
		m->s.dist = NULL;
		m->s.inflight = 0;
		m->s.inflight_age = 0;
		snprintf(m->service, sizeof(m->service), "%s", d->service[m->s.svc]);
	}
	st->nsent = 0;
	for (u32 i = 0; i < st->nitems; i++) {
		const struct item *it = &st->item[i];

		if (it->into == NONE)
			st->sent[st->nsent++] = (struct sent){key_of(&it->s), it->weight};
	}
	/* There is no array as long as nothing was sampled. */
	if (st->nsent)
		qsort(st->sent, st->nsent, sizeof(*st->sent), by_key);
	st->folded = folded;
	return 0;
}

int budget__apply(struct budget_state **state, const struct delta *d, u32 max, struct budget *ret)
{
	struct budget_state *st = *state;
	u32 total = d->nself;
	bool folded;
	int err;

	*ret = (struct budget){};
	if (!st)
		st = *state = calloc(1, sizeof(*st));
	if (!st)
		return -ENOMEM;
	st->delta = *d;
	err = fill_items(st, d);
	if (err)
		return err;
	for (u32 i = 0; i < st->nitems; i++)
		total += budget__cost(st, &st->item[i]);
	if (total > max)
		err = budget__fold(st, max, &total, ret);
	folded = ret->folded_ops || ret->folded_services;
	if (!err && (folded || st->nitems > d->nsamples))
		err = build(st);
	if (!err)
		err = remember(st, d, folded);
	ret->delta = &st->delta;
	ret->series = total;
	return err;
}

void budget__free(struct budget_state *st)
{
	if (!st)
		return;
	free(st->sent);
	free(st->made);
	free(st->item);
	free(st->place);
	free(st->sample);
	free(st->dist);
	free(st);
}
