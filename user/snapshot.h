/* SPDX-License-Identifier: GPL-2.0-only */
/* From the kernel's cumulative maps to the difference of two moments, which is what everybody
 * downstream sees. */
#ifndef SONDE_SNAPSHOT_H
#define SONDE_SNAPSHOT_H

#include <stdbool.h>

#include "dist.h"
#include "loader.h"
#include "probe.h"
#include "services.h"

/* Beyond the kernel side's operations: a service's headline, the sum of all that do not wait by
 * design. */
#define OP_ALL MAX_OPS

/* One operation of one service over one interval. */
struct sample {
	u32 set;
	u32 svc;
	u32 op;
	struct op_info info;
	struct dist *dist;        /* NULL: idle in this interval, but seen before */
	const struct dist *grown; /* of a total: what the slot added to it, NULL if nothing */
	bool slo;                 /* has a threshold: slo_ok and count - slo_ok mean something */
	u32 inflight;             /* begun and not returned at the end of the interval */
	u64 inflight_age;         /* ns, of the oldest of them */
};

/* One of sonde's own figures: PREFIX.sonde.HOST.self.OP.STAT */
struct self_figure {
	char op[32];
	char stat[32];
	u64 value;
	bool gauge; /* what is now; else what was so far */
};

#define SELF_MAX 128

/* What is sent of an operation beside counts, sums, maxima and what is in flight. */
enum { STATS_BUCKETS = 1, STATS_PERCENTILES = 2, STATS_TIMER = 4 };

/* A set was switched at run time. */
struct set_event {
	u64 time; /* s since 1970 */
	u32 set;
	bool enabled;
	u32 uid, pid; /* who asked */
};

struct delta {
	u64 slot;         /* s since 1970, start of the interval */
	u64 interval;     /* s, of the slot */
	u64 since, taken; /* s since 1970: when the readings were taken whose difference it is */
	u64 settled;      /* ns, monotonic: when the time of threads was; 0: it is not measured */
	u32 stats;        /* STATS_ */
	struct sample *sample;
	u32 nsamples;
	const char *const *service; /* node names by number */
	u32 off; /* bits by set: switched off, all that it had counted was sent */
	const struct set_event *event;
	u32 nevents;
	struct self_figure self[SELF_MAX];
	u32 nself;
};

/* Appends a figure, one that only grows or one that does not; what does not fit is left out. */
void delta__self(struct delta *d, const char *op, const char *stat, u64 value);
void delta__self_gauge(struct delta *d, const char *op, const char *stat, u64 value);

struct snapshots;

/* Borrows @loader and @services. Returns 0 or -ENOMEM. */
int snapshots__new(struct snapshots **ret, struct loader *loader, struct services *services,
		   const struct loader_opts *opts);
void snapshots__free(struct snapshots *s);

/* A descriptor that is readable when the kernel side has something to ask, and the answering. */
int snapshots__news_fd(const struct snapshots *s);
void snapshots__answer(struct snapshots *s);

/* Events that were read and left out, because there was no memory to add them up. */
u64 snapshots__lost(const struct snapshots *s);

/*
 * Reads everything; what an attempt that fails has read is in the next one. *@ret is what was added
 * since the last call; it stays good until the next one. Slot, interval and stats are the caller's
 * to set. @partial: another one of the same slot follows, so numbers of services keep their
 * meaning. Returns 0 or -errno.
 */
int snapshots__take(struct snapshots *s, bool partial, struct delta **ret);

#endif
