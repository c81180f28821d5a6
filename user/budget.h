/* SPDX-License-Identifier: GPL-2.0-only */
/* What the budget's two halves share: budget.c knows what was sent before and puts together what is
 * sent now, budget_fold.c chooses what is added to what. Everybody else needs only sink.h. */
#ifndef SONDE_BUDGET_H
#define SONDE_BUDGET_H

#include "naming.h"
#include "sink.h"

#define NONE (~0u)

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
	u32 waits;   /* as series__waits */
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

/* Makes room in *@array for @n elements of @size, zero where it is new. Returns 0 or -ENOMEM. */
int budget__reserve(void *array, u32 *max, u32 n, size_t size);

/* As series__count, from what is known without adding anything up. */
u32 budget__cost(const struct budget_state *st, const struct item *it);

/* The place of a sample that can take in others. These are few, so that the table is small: all of
 * the service _other, and each service's _other; NULL for all others. */
u32 *budget__place(struct budget_state *st, u32 set, u32 svc, u32 op);

/* Plans which items take in which until *@total, the sum of their costs and of all that is not in
 * them, is at most @max. Returns 0 or -ENOMEM. */
int budget__fold(struct budget_state *st, u32 max, u32 *total, struct budget *ret);

#endif
