/* SPDX-License-Identifier: GPL-2.0-only */
/* Loads and attaches the BPF objects of the chosen sets. */
#ifndef SONDE_LOADER_H
#define SONDE_LOADER_H

#include <stdbool.h>

#include "probe.h"
#include "services.h"

struct counter_store;
struct kernel;
struct loader;
struct store;

struct loader_opts {
	const char *root;   /* where the host's / is */
	const char *btf;    /* kernel type information, NULL: the running kernel's own */
	bool set[MAX_SETS]; /* the sets that are wanted */
	u64 slo[MAX_SETS][MAX_OPS];
	unsigned int needs; /* naming__needs */
	u32 services;       /* service numbers in all */
};

/* One loaded set. */
struct loaded {
	const struct probe *probe;
	struct probe_env env;
	struct store *store;
	struct counter_store *counters; /* NULL: it has none */
	struct control *control;        /* mapped; the kernel side reads it */
	bool running;
	bool off;         /* it could run, but was switched off */
	bool drained;     /* and what it had counted until then was read */
	char reason[512]; /* why it is not running, and what to do about it */
};

static inline bool loaded__counts(const struct loaded *set)
{
	return set->running && !set->off;
}

/*
 * Loads the wanted sets. One that cannot be loaded does not stop the others: its `reason` says why.
 * Returns 0 if at least one runs after loader__attach, or -errno with a sentence in @why.
 */
int loader__new(struct loader **ret, const struct loader_opts *opts, char *why, size_t why_size);
int loader__attach(struct loader *l, char *why, size_t why_size);

/* Detaches the programs: nothing is counted after it; the maps stay readable until loader__free. */
void loader__detach(struct loader *l);
void loader__free(struct loader *l);

/*
 * Detaches one set that runs, or attaches it again; its maps stay. What it counted before stays
 * readable. Returns 0, or -errno with the reason in @why, when nothing has changed.
 */
int loader__disable(struct loader *l, u32 set, char *why, size_t why_size);
int loader__enable(struct loader *l, u32 set, char *why, size_t why_size);

/* The set of that number; NULL if it was not wanted. */
struct loaded *loader__set(struct loader *l, u32 set);

/* What it runs on; owned by the loader. */
const struct kernel *loader__kernel(const struct loader *l);

#define EARLY_MAPS 2

/* Shared maps' descriptors; owned by the loader. */
int loader__idents_fd(const struct loader *l);
int loader__early_fd(const struct loader *l, u32 which); /* of EARLY_MAPS */
int loader__news_fd(const struct loader *l);

/* By struct peer_key; negative if no set has peers. */
int loader__peers_fd(const struct loader *l);

/* Whether peers are counted: somebody looks at them. */
void loader__detail(struct loader *l, bool on);

/* Advances the generation, so that the kernel side asks anew for service numbers. */
void loader__next_generation(struct loader *l);

/* Losses so far, of all objects; programs' runs that the kernel refused because another was under
 * way. */
void loader__losses(struct loader *l, struct losses *ret, u64 *recursion);

/* Bytes of the BPF maps as the kernel accounts them. */
u64 loader__map_bytes(const struct loader *l);

#endif
