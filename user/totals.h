/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From deltas to totals since the start, for stores that compute the differences themselves. Kept
 * by what a series is called, so that a service whose number was taken by another one goes on where
 * it stood when it comes back.
 */
#ifndef SONDE_TOTALS_H
#define SONDE_TOTALS_H

#include "snapshot.h"

struct totals;

/*
 * Adds @d and gives all series there ever were in *@ret, in the order of their first appearance:
 * dist is what there was since the start, but for its max, which is the slot's; grown is what this
 * slot added. What is in flight is the slot's, too.
 * Services have numbers of their own there: only *@ret's names say which is which.
 *
 * At most @max operations are kept, some 2.4 KB each, or as many as @d has; those that were away
 * longest are forgotten, which a figure of sonde's own counts, and begin at 0 if they come back.
 *
 * *@state is the caller's, starts as NULL and is freed by totals__free. *@ret belongs to it and
 * refers to @d; it is good until the next call and while @d is. Returns 0 or -ENOMEM.
 */
int totals__add(struct totals **state, const struct delta *d, u32 max, const struct delta **ret);
void totals__free(struct totals *t);

/* A copy of a total that needs nothing of what it was made of; grown is NULL. Starts as {}. */
struct delta_copy {
	struct delta delta;
	struct sample *sample;
	struct dist *dist;
	char (*name)[SERVICE_NAME_MAX];
	const char **service;
	u32 max;
};
int delta__copy(struct delta_copy *to, const struct delta *from);
void delta__copy_free(struct delta_copy *c);

#endif
