/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands out in a frame, in sentences. */
#ifndef SONDE_VERDICT_H
#define SONDE_VERDICT_H

#include "frame.h"

struct verdicts {
	u32 n;
	struct {
		char text[256];
		u32 service;
		u32 weight;
	} line[16];
};

/* *@state is the caller's, starts as NULL and is freed by verdict__free. Returns 0 or -errno. */
struct verdict_state;
int verdict__judge(struct verdict_state **state, const struct frame *f, struct verdicts *ret);
void verdict__free(struct verdict_state *state);

#endif
