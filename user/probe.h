/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A probe set, described as data: adding one means one of these, its BPF object, a header for what
 * both share, and a line in user/probes/probes.c. Nothing else knows which sets exist.
 */
#ifndef SONDE_PROBE_H
#define SONDE_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "shared.h"

struct bpf_object;
struct compat;

enum op_kind {
	OP_LATENCY, /* a histogram of ns */
	OP_SIZE,    /* a histogram of bytes */
	OP_COUNTER, /* only a sum */
	OP_TIME,    /* only a sum, of ns */
};

/* Of these there is neither a histogram nor a count. */
static inline bool op_kind__is_sum(enum op_kind kind)
{
	return kind == OP_COUNTER || kind == OP_TIME;
}

#define OP_NAME_MAX 64

struct op_info {
	char name[OP_NAME_MAX]; /* as in --slo and `sonde hist`: "read", "read_total" */
	char device[32]; /* what it happened on, "" where that means nothing; comes first in the
			    metric's name */
	char stat[32];   /* of a counter: the last node of the metric's name */
	enum op_kind kind;
	bool wait; /* waits by design: not part of the headline operation _all */
};

/* One row of docs/metrics.md: the definition of what an operation measures. */
struct op_doc {
	const char *op, *start, *stop, *context, *charged, *unseen;
	const char *needs; /* as kernel__lacks takes it */
};

/* What a set may need while it is opened and while it runs. */
struct probe_env {
	const char *root; /* where the host's / is */
	const struct compat *compat;
	struct bpf_object *obj; /* of this set */
	bool (*running)(const void *ctx, const char *set);
	const void *ctx;
};

/* What the sets say beside histograms, at the moment of a snapshot. */
struct gauges {
	void *ctx;
	/* Calls of @svc's operation @op that have begun and not returned, one at a time. */
	void (*inflight)(void *ctx, u32 svc, u32 op, u64 age_ns);
};

struct thread_row;
typedef void (*thread_fn)(void *ctx, const struct thread_row *row);

struct probe {
	const char *name;
	const char *node; /* what metrics call it */
	const char *help;
	const unsigned char *object; /* the BPF object's bytes */
	const unsigned char *object_end;
	u32 hists;    /* histograms it can hold; 0: one for each service */
	u32 counters; /* operations below are counters of each service, in the map of that name */
	bool percpu;
	bool headline;   /* has an operation _all */
	bool on_request; /* is not among those that run by default */
	const struct op_doc *docs;

	/* Programs of which a run that the kernel refused loses nothing, since the next one sees
	 * what it would have; ends with NULL. */
	const char *const *catch_up;

	/* What operation @op is; false if there is none of that number (yet). */
	bool (*op)(u32 op, struct op_info *ret);
	/* The threshold's place in slo[] for @op; NULL: @op itself. */
	u32 (*slo_op)(u32 op);
	/* Before load: sets read-only data and chooses variants. Returns 0 or -errno. */
	int (*prepare)(struct probe_env *env);
	/* Before attach, and when another set begins or ends to run: chooses programs by which
	 * other sets do. Returns 0 or -errno. */
	int (*follow)(struct probe_env *env);
	/* After attach: what was there before. Returns 0 or -errno. */
	int (*attached)(struct probe_env *env);
	/* While it is detached: what was under way ends unseen, and was not begun for the next
	 * attach. Returns 0 or -errno. */
	int (*forget)(struct probe_env *env);
	/* Turns an operation that the kernel side could not number (>= MAX_OPS) into one; OP_OTHER
	 * if it cannot. */
	u32 (*resolve)(struct probe_env *env, u64 raw);
	/* Before a reading: brings the maps up to date. Returns 0 or -errno. */
	int (*settle)(struct probe_env *env);
	/* Turns what a service's counters grew by into what its operations of those numbers did. */
	void (*finish)(u32 svc, u64 *grown);
	/* Gives each thread of the host, as struct thread_row. Returns 0 or -errno. */
	int (*threads)(struct probe_env *env, thread_fn fn, void *ctx);
	/* Reports what is in flight. Returns 0 or -errno. */
	int (*gauges)(struct probe_env *env, const struct gauges *out);
	/* Events lost that only user space can see, as a running total. */
	u64 (*lost)(struct probe_env *env);
};

/* The registry; ends with NULL. A set's number is its place. */
extern const struct probe *const probes[];
#define MAX_SETS 8

/* Empties the hash of that name, with keys of 8 bytes, where this kernel has it. */
void probe__clear_map(const struct probe_env *env, const char *name);

/* The set's number or -ENOENT. */
int probes__find(const char *name);

#endif
