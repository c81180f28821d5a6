// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "naming.h"
#include "sink.h"

#define NONE (~0u)

/* A threshold outweighs any share, which adds up to less than 2 over the intervals. */
#define SLO_WEIGHT 4

/* What an operation that was sent weighed. */
struct sent {
	u64 key;
	float weight;
};

/* A sample that did not come with the delta but was made to take in others. */
struct made {
	struct sample s;
	char service[SERVICE_NAME_MAX];
};

/* A sample on its way: sent as it is, added to another one, or made to take in others. */
struct item {
	struct sample s;
	u64 mask[2]; /* coarse buckets that are not empty */
	float weight;
	bool known; /* sent in the last interval */
	bool samples;
	bool inflight;
	u32 into; /* index of the item that takes it in */
	u32 dist; /* index of its own distribution once it has taken others in */
};

struct budget_state {
	struct delta delta;
	struct sent *sent;
	u32 nsent, sent_max;
	bool folded; /* something was, in the last interval */
	struct made *made;
	u32 nmade, made_max;
	struct item *item; /* those of the delta, then those that were made */
	u32 nitems, items_max;
	u32 *place; /* index of an item by set, service and operation; only of those that take in */
	u32 services;
	struct sample *sample;
	u32 samples_max;
	struct dist *dist; /* of samples that took in others */
	u32 ndists, dists_max;
};

static u64 key_of(const struct sample *s)
{
	return (u64)s->set << 56 | (u64)s->svc << 16 | s->op;
}

static int by_key(const void *a, const void *b)
{
	const struct sent *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

/* An array with room for @n elements of @size, zero where it is new. */
static int reserve(void *array, u32 *max, u32 n, size_t size)
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

static bool can_fold(const struct item *it)
{
	if (it->s.op == OP_ALL || it->s.op == OP_OTHER)
		return false;
	/* A size that is of the service _other already is where it would go. */
	return it->s.info.kind == OP_LATENCY ||
	       (it->s.info.kind == OP_SIZE && it->s.svc != SVC_OTHER);
}

/* As series__count, from what is known without adding anything up. */
static u32 cost(const struct item *it)
{
	u32 n = 3;

	if (it->s.info.kind == OP_COUNTER)
		return 1;
	if (it->s.slo)
		n += 2;
	if (it->samples)
		n += 6 + __builtin_popcountll(it->mask[0]) + __builtin_popcountll(it->mask[1]);
	return it->inflight ? n + 2 : n;
}

static void take_in(struct item *to, const struct item *from)
{
	to->mask[0] |= from->mask[0];
	to->mask[1] |= from->mask[1];
	to->samples |= from->samples;
	to->inflight |= from->inflight;
	to->known |= from->known;
}

static void fill_item(struct item *it, const struct sample *s, const struct budget_state *st,
		      const double *events)
{
	const struct sent key = {.key = key_of(s)}, *last;

	*it = (struct item){.s = *s, .into = NONE, .dist = NONE, .inflight = s->inflight};
	if (s->dist && s->dist->count && s->info.kind != OP_COUNTER) {
		it->samples = true;
		it->weight = s->dist->count / events[s->set];
		for (u32 i = 0; i < DIST_COARSE; i++)
			it->mask[i / 64] |= (u64)(dist__coarse(s->dist, i) != 0) << i % 64;
	}
	last = st->nsent ? bsearch(&key, st->sent, st->nsent, sizeof(key), by_key) : NULL;
	it->known = last;
	if (last)
		it->weight += last->weight / 2;
}

/* Only these take in others, so that the table is small: all of the service _other, and each
 * service's _other. */
static u32 *place_of(struct budget_state *st, u32 set, u32 svc, u32 op)
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
		u32 *place = place_of(st, s->set, s->svc, s->op);

		if (place)
			*place = i;
	}
	return 0;
}

/* Once sent, a series goes on: what was made before is there again, with nothing in it, unless it
 * comes with the delta now or its service's number means another one. */
static void add_made(struct budget_state *st, const struct delta *d)
{
	for (u32 i = 0; i < st->nmade; i++) {
		const struct made *m = &st->made[i];
		const char *service = d->service[m->s.svc];
		u32 *place = place_of(st, m->s.set, m->s.svc, m->s.op);

		if (*place != NONE || !service || strcmp(service, m->service))
			continue;
		*place = st->nitems;
		fill_item(&st->item[st->nitems++], &m->s, st, NULL);
	}
}

static int fill_items(struct budget_state *st, const struct delta *d)
{
	double events[MAX_SETS] = {};
	int err = reserve(&st->item, &st->items_max, d->nsamples + st->nmade, sizeof(*st->item));

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

/* Where @s is added to when it, or its whole service, is folded. */
static u32 *target_of(struct budget_state *st, const struct sample *s, bool service)
{
	if (service && (s->op == OP_ALL || s->info.kind == OP_COUNTER))
		return place_of(st, s->set, SVC_OTHER, s->op);
	if (s->info.kind == OP_SIZE)
		return place_of(st, s->set, SVC_OTHER, s->op);
	return place_of(st, s->set, service ? (u32)SVC_OTHER : s->svc, OP_OTHER);
}

static int fold(struct budget_state *st, u32 i, bool service, u32 *total)
{
	u32 *place = target_of(st, &st->item[i].s, service), before;
	struct item *to;

	if (*place == NONE) {
		const struct sample *s;
		int err = reserve(&st->item, &st->items_max, st->nitems + 1, sizeof(*st->item));

		if (err)
			return err;
		s = &st->item[i].s;
		to = &st->item[st->nitems];
		*to = (struct item){.s = *s, .into = NONE, .dist = NONE};
		to->s.svc = service || s->info.kind == OP_SIZE ? (u32)SVC_OTHER : s->svc;
		to->s.dist = NULL;
		to->s.inflight = 0;
		to->s.inflight_age = 0;
		if (s->info.kind == OP_LATENCY && s->op != OP_ALL) {
			to->s.op = OP_OTHER;
			to->s.slo = false;
			to->s.info = (struct op_info){.name = "_other"};
		}
		*place = st->nitems++;
		*total += cost(to);
	}
	to = &st->item[*place];
	if (to->dist == NONE)
		to->dist = st->ndists++;
	before = cost(to);
	take_in(to, &st->item[i]);
	*total += cost(to) - before - cost(&st->item[i]);
	st->item[i].into = *place;
	return 0;
}

struct service {
	u32 svc;
	float weight;
	u32 least; /* values when all that can be folded is */
};

static int by_service_weight(const void *a, const void *b)
{
	const struct service *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? 1 : -1;
	return (x->svc > y->svc) - (x->svc < y->svc);
}

/* Fills in the weights and costs of the services, busiest first. */
static int weigh_services(struct budget_state *st, struct service *svc)
{
	struct item *rest = calloc((size_t)MAX_SETS * st->services, sizeof(*rest));

	if (!rest)
		return -ENOMEM;
	for (u32 i = 0; i < st->services; i++)
		svc[i].svc = i;
	for (u32 i = 0; i < st->nitems; i++) {
		const struct item *it = &st->item[i];
		struct item *r = &rest[it->s.set * st->services + it->s.svc];

		if (it->s.op != OP_ALL)
			svc[it->s.svc].weight += it->weight;
		if (it->s.info.kind == OP_LATENCY && it->s.op != OP_ALL) {
			/* The first one makes it exist. */
			r->s.svc = 1;
			take_in(r, it);
		} else if (!can_fold(it)) {
			svc[it->s.svc].least += cost(it);
		}
	}
	for (u32 i = 0; i < MAX_SETS * st->services; i++)
		if (rest[i].s.svc)
			svc[i % st->services].least += cost(&rest[i]);
	free(rest);
	qsort(svc, st->services, sizeof(*svc), by_service_weight);
	return 0;
}

/* Folds the services that are beyond half of @max; sets gone[service]. */
static int fold_services(struct budget_state *st, u32 max, bool *gone, u32 *total,
			 struct budget *ret)
{
	struct service *svc = calloc(st->services, sizeof(*svc));
	u32 sum = st->delta.nself, n = st->nitems;
	int err = svc ? weigh_services(st, svc) : -ENOMEM;

	for (u32 i = 0; !err && i < st->services; i++)
		if (svc[i].svc == SVC_OTHER)
			sum += svc[i].least;
	for (u32 i = 0; !err && i < st->services; i++) {
		if (svc[i].svc == SVC_OTHER || !svc[i].least)
			continue;
		sum += svc[i].least;
		if (sum <= max / 2)
			continue;
		gone[svc[i].svc] = true;
		ret->folded_services++;
	}
	for (u32 i = 0; !err && i < n; i++)
		if (gone[st->item[i].s.svc])
			err = fold(st, i, true, total);
	free(svc);
	return err;
}

struct candidate {
	float weight;
	u32 item;
};

static int by_weight(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight < y->weight ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

/* Folds operations of the services that stay, the least busy first, until the rest fits. */
static int fold_ops(struct budget_state *st, u32 max, u32 *total, struct budget *ret)
{
	struct candidate *c = calloc(st->nitems + 1, sizeof(*c));
	u32 n = 0;
	int err = 0;

	if (!c)
		return -ENOMEM;
	for (u32 i = 0; i < st->nitems; i++) {
		const struct item *it = &st->item[i];

		if (it->into != NONE || !can_fold(it))
			continue;
		c[n].weight = it->weight + (it->s.slo ? SLO_WEIGHT : 0);
		c[n++].item = i;
	}
	qsort(c, n, sizeof(*c), by_weight);
	for (u32 i = 0; !err && i < n; i++) {
		/* Newcomers at the margin need some room more, so that the last place does not
		 * change hands with every bucket. */
		bool marginal = st->folded && !st->item[c[i].item].known;

		if (*total <= (marginal ? max - max / 16 : max))
			break;
		err = fold(st, c[i].item, false, total);
		ret->folded_ops++;
	}
	free(c);
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
	int err = reserve(&st->dist, &st->dists_max, st->ndists, sizeof(*st->dist));

	if (!err)
		err = reserve(&st->sample, &st->samples_max, st->nitems, sizeof(*st->sample));
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
	int err = reserve(&st->sent, &st->sent_max, st->nitems, sizeof(*st->sent));

	if (!err)
		err = reserve(&st->made, &st->made_max, nmade, sizeof(*st->made));
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

static int shrink(struct budget_state *st, u32 max, u32 *total, struct budget *ret)
{
	bool *gone = calloc(st->services, sizeof(*gone));
	int err = gone ? fold_services(st, max, gone, total, ret) : -ENOMEM;

	if (!err)
		err = fold_ops(st, max, total, ret);
	free(gone);
	return err;
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
		total += cost(&st->item[i]);
	if (total > max)
		err = shrink(st, max, &total, ret);
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
