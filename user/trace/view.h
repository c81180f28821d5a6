/* SPDX-License-Identifier: GPL-2.0-only */
/* The summary of what is traced, without a terminal: figures go in, keys act, lines come out. */
#ifndef SONDE_TRACE_VIEW_H
#define SONDE_TRACE_VIEW_H

#include "sched_parts.h"
#include "table.h"

struct screen;
struct text;

#define TRACE_VIEW_SLOW    32
#define TRACE_VIEW_THREADS 256
#define TRACE_VIEW_SAME    2 /* slow calls of one kind */

struct slow_call {
	u64 ns;
	u32 tid;
	u32 nr;
	bool waits; /* by design: that comes last */
	char text[400];
};

struct now_thread {
	u32 tid;
	char comm[COMM_LEN];
	char call[32]; /* "": none, it runs */
	u64 age;       /* ns in that call */
	bool at_least; /* it began before it was traced */
	char on[256];  /* file, peer or lock */
};

struct trace_view {
	char title[160];
	u64 elapsed; /* ns */
	u32 processes, threads;
	u64 lost[TRACE_LOST_MAX];
	struct table *table;
	bool has_split;
	u64 split[PARTS]; /* ns */
	struct slow_call slow[TRACE_VIEW_SLOW];
	u32 nslow;
	struct now_thread now[TRACE_VIEW_THREADS];
	u32 nnow; /* of @threads those that have been in their call longest */
	/* What keys do. */
	enum trace_sort sort;
	bool paused, help, quit;
	u32 first;  /* row of the table at its top */
	bool ended; /* nothing comes any more */
};

/* A call that took long, if there is room for it. Returns the place for its text, or NULL. */
char *view__slow(struct trace_view *v, const struct slow_call *call);

/* A key of keys.h. */
void view__key(struct trace_view *v, u32 key);

/* Draws it over the whole screen. */
void view__draw(struct screen *s, const struct trace_view *v);

/* All of it as lines of at most @width columns. Returns 0 or -ENOMEM. */
int view__text(struct text *out, struct screen *s, const struct trace_view *v, u32 width);

#endif
