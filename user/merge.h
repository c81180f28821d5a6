/* SPDX-License-Identifier: GPL-2.0-only */
/* Several readings as one slot, while viewers want more of them than that. */
#ifndef SONDE_MERGE_H
#define SONDE_MERGE_H

#include "snapshot.h"

struct merge;

/*
 * Adds @d to what came since the last merge__clear. *@ret is all of that: it is good until the next
 * call, and while @d is, whose names, own figures and calls in flight it has. *@state is the
 * caller's, starts as NULL and is freed by merge__free. The numbers of services must have meant the
 * same all the time. Returns 0 or -ENOMEM.
 */
int merge__add(struct merge **state, const struct delta *d, struct delta **ret);
void merge__clear(struct merge *m);
void merge__free(struct merge *m);

#endif
