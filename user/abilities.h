/* SPDX-License-Identifier: GPL-2.0-only */
/* What this kernel can measure, found out by loading and attaching all sets for a moment. */
#ifndef SONDE_ABILITIES_H
#define SONDE_ABILITIES_H

#include "kernel.h"
#include "options.h"

struct ability {
	bool can;
	char reason[512]; /* why not, and what to do about it */
};

struct abilities {
	struct kernel kernel;
	struct ability set[MAX_SETS];
	bool can_any; /* at least one set */
};

/* Fills @ret; end with abilities__free. */
void abilities__find(struct abilities *ret, const struct options *o);
void abilities__free(struct abilities *a);

/* Whether operation @d of set @set can be measured here. */
struct ability abilities__op(const struct abilities *a, u32 set, const struct op_doc *d);

#endif
