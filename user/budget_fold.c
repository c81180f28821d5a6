// SPDX-License-Identifier: GPL-2.0-only
#include "budget.h"

#include <errno.h>
#include <stdlib.h>

/* A threshold outweighs any share, which adds up to less than 2 over the intervals. */
#define SLO_WEIGHT 4

static bool can_fold(const struct item *it)
{
	if (it->s.op == OP_ALL || it->s.op == OP_OTHER)
		return false;
	/* A size that is of the service _other already is where it would go. */
	return it->s.info.kind == OP_LATENCY ||
	       (it->s.info.kind == OP_SIZE && it->s.svc != SVC_OTHER);
}

static void take_in(struct item *to, const struct item *from)
{
	to->mask[0] |= from->mask[0];
	to->mask[1] |= from->mask[1];
	to->waits |= from->waits;
	to->samples |= from->samples;
	to->inflight |= from->inflight;
	to->known |= from->known;
}

/* Where @s is added to when it, or its whole service, is folded. */
static u32 *target_of(struct budget_state *st, const struct sample *s, bool service)
{
	if (service && (s->op == OP_ALL || op_kind__is_sum(s->info.kind)))
		return budget__place(st, s->set, SVC_OTHER, s->op);
	if (s->info.kind == OP_SIZE)
		return budget__place(st, s->set, SVC_OTHER, s->op);
	return budget__place(st, s->set, service ? (u32)SVC_OTHER : s->svc, OP_OTHER);
}

static int fold(struct budget_state *st, u32 i, bool service, u32 *total)
{
	u32 *place = target_of(st, &st->item[i].s, service), before;
	struct item *to;

	if (*place == NONE) {
		const struct sample *s;
		int err = budget__reserve(&st->item, &st->items_max, st->nitems + 1,
					  sizeof(*st->item));

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
		*total += budget__cost(st, to);
	}
	to = &st->item[*place];
	if (to->dist == NONE)
		to->dist = st->ndists++;
	before = budget__cost(st, to);
	take_in(to, &st->item[i]);
	*total += budget__cost(st, to) - before - budget__cost(st, &st->item[i]);
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
			svc[it->s.svc].least += budget__cost(st, it);
		}
	}
	for (u32 i = 0; i < MAX_SETS * st->services; i++)
		if (rest[i].s.svc)
			svc[i % st->services].least += budget__cost(st, &rest[i]);
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

int budget__fold(struct budget_state *st, u32 max, u32 *total, struct budget *ret)
{
	bool *gone = calloc(st->services, sizeof(*gone));
	int err = gone ? fold_services(st, max, gone, total, ret) : -ENOMEM;

	if (!err)
		err = fold_ops(st, max, total, ret);
	free(gone);
	return err;
}
