/* SPDX-License-Identifier: GPL-2.0-only */
/* Sums of samples over time: one group per operation, service and operation, or device and
 * operation. */
#ifndef SONDE_HIST_GROUPS_H
#define SONDE_HIST_GROUPS_H

#include "hist_select.h"

struct group {
	char title[160];
	u32 set;
	struct op_info info;
	struct dist total;
	struct dist last; /* of the latest delta */
	u32 inflight;     /* at the latest delta */
	u64 inflight_age;
};

struct groups;

int groups__new(struct groups **ret);
void groups__free(struct groups *g);

/* Adds what @s asks for. Returns 0 or -ENOMEM. */
int groups__add(struct groups *g, const struct selection *s, const struct delta *d);

/*
 * The groups of one set: most time first, then sizes, then what waits by design, then counters.
 * *@ret is the caller's to free; it holds pointers to groups that stay good until groups__free.
 * Returns how many, or -ENOMEM.
 */
int groups__sorted(const struct groups *g, u32 set, struct group ***ret);

/* Histogram events so far. */
u64 groups__events(const struct groups *g);

/* The services that had events of the wanted operations, also when one is asked for; at most @max.
 * Returns how many. */
u32 groups__services(const struct groups *g, const char **names, u32 max);

#endif
