/* SPDX-License-Identifier: GPL-2.0-only */
/* One set's histograms in the kernel: who has which slot, and what was added since the last
 * reading. */
#ifndef SONDE_STORE_H
#define SONDE_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "dist.h"
#include "shared.h"

struct bpf_object;
struct probe;
struct store;

/* Called for each histogram that grew. */
typedef void (*store_delta_fn)(void *ctx, u32 svc, u32 op, const struct dist *delta);

/* Before load: sizes the maps of @obj. @services: as many as there can be. Returns 0 or -errno. */
int store__size(struct bpf_object *obj, const struct probe *probe, u32 services);

/* After load. Returns 0 or -errno. */
int store__new(struct store **ret, struct bpf_object *obj, const struct probe *probe, u32 services);
void store__free(struct store *s);

/*
 * Gives @svc's operation @op a slot; when there is none left, its events go to the service's _other
 * from now on, and the function says -ENOSPC.
 */
int store__assign(struct store *s, u32 svc, u32 op);

/* Calls @fn with the difference of each histogram to the last reading. @epoch: the one that has
 * just ended. Returns 0 or -errno. */
int store__read(struct store *s, u32 epoch, store_delta_fn fn, void *ctx);

/* Takes back the slots of @svc, after a reading that followed its retirement. */
void store__release(struct store *s, u32 svc);

/* Slots in use, slots in all, and (service, operation) pairs that had to go to _other. */
void store__fill(const struct store *s, u32 *used, u32 *total, u32 *folded);

/* What a reading adds up to, for a histogram and the state it was in at the last one; exposed for
 * the early entries and the tests. */
struct hist_total {
	u64 sum;
	u32 errors, slo_ok;
	u64 wait[HIST_WAITS];
	u32 bucket[HIST_BUCKETS];
};

/*
 * The difference between @now (@n copies @stride bytes apart, one per CPU, to be added up) and
 * *@last, which is brought up to date. Returns false if nothing was added.
 */
bool hist__delta(const void *now, u32 n, size_t stride, u32 epoch, enum unit unit,
		 struct hist_total *last, struct dist *delta);

#endif
