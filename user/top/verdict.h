/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where each service lost its time, as one plain sentence per service, by the rules of
 * docs/verdicts.md. No line means that no rule found anything, not that all is well.
 */
#ifndef SONDE_VERDICT_H
#define SONDE_VERDICT_H

#include "frame.h"

#define VERDICTS_MAX 16

/* From this weight on a line accuses; below it states what is so. */
#define VERDICT_ACCUSES 1000000

struct verdicts {
	u32 n;
	struct {
		char text[256];
		u32 service; /* index in the frame */
		u32 weight;
	} line[VERDICTS_MAX]; /* the most important first */
};

/* What earlier frames showed, by the names of services: what is normal, and what stands. */
struct verdict_state;

/* *@state may be NULL, and is then made. Returns 0 or -ENOMEM; then there are no lines. */
int verdict__judge(struct verdict_state **state, const struct frame *f, struct verdicts *ret);

void verdict__free(struct verdict_state *state);

#endif
