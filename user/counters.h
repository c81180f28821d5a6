/* SPDX-License-Identifier: GPL-2.0-only */
/* A set's counters in the kernel: so many for each service, per CPU, and what was added since the
 * last reading. */
#ifndef SONDE_COUNTERS_H
#define SONDE_COUNTERS_H

#include "shared.h"

struct bpf_object;
struct counter_store;

/* Before load: makes room in @obj, where it has counters. Returns 0 or -errno. */
int counters__size(struct bpf_object *obj, u32 services);

/* After load. *@ret is NULL for an object without counters. Returns 0 or -errno. */
int counters__new(struct counter_store **ret, struct bpf_object *obj, u32 services);
void counters__free(struct counter_store *c);

/* Adds to @grown, which has an element for each service, what its counters grew by. Returns 0 or
 * -errno. */
int counters__read(struct counter_store *c, struct counters *grown);

#endif
