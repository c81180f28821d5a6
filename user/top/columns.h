/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables as data: which columns each view has, and what they are called. */
#ifndef SONDE_COLUMNS_H
#define SONDE_COLUMNS_H

#include "types.h"

enum view {
	VIEW_SERVICES,
	VIEW_PROCESSES,
	VIEW_OPS,
	VIEW_DEVICES,
	VIEW_PEERS,
	TABS,
	VIEW_THREADS = TABS, /* of one process */
	VIEWS,
};

enum row_text {
	TEXT_NAME,
	TEXT_SERVICE,
	TEXT_SET,
	TEXT_DEVICE,
	TEXT_CALL, /* that it is in */
	TEXT_ON,   /* what that is on */
	TEXT_ERROR,
	TEXT_STATE,
	TEXTS,
};

/* Amounts are per second, latencies in ns. */
enum figure {
	FIG_LOST, /* threads that were held up, on average */
	FIG_CPU,  /* percent of one */
	FIG_TIME, /* threads that were not idle */
	FIG_CALLS,
	FIG_ERRORS,
	FIG_P50,
	FIG_P95,
	FIG_P99,
	FIG_MAX,
	FIG_SPENT, /* threads within it, on average */
	FIG_READ,
	FIG_WRITTEN,
	FIG_IN,
	FIG_OUT,
	FIG_INFLIGHT,
	FIG_OLDEST,
	FIG_THREADS,
	FIG_PROCESSES,
	FIG_PID,
	FIG_PARENT,
	FIG_BUSY,
	FIG_READS,
	FIG_WRITES,
	FIG_READ_P95,
	FIG_WRITE_P95,
	FIG_FLUSH_P95,
	FIG_QUEUE_P95,
	FIG_WAITED, /* threads that waited for it, on average */
	FIG_WAITS,
	FIG_WAIT_P95,
	FIG_WAIT_MAX,
	FIG_CONNECTS,
	FIG_FAILURES,
	FIG_CONNECT_P95,
	FIG_RTT,
	FIG_RTT_MAX,
	FIG_RETRANSMITS,
	FIGURES,
};

enum amount {
	AMOUNT_TEXT,
	AMOUNT_BAR,
	AMOUNT_RATE,
	AMOUNT_ERRORS, /* a rate that should be 0 */
	AMOUNT_COUNT,
	AMOUNT_NUMBER, /* without separators */
	AMOUNT_PERCENT,
	AMOUNT_THREADS,
	AMOUNT_NS,
	AMOUNT_LATENCY, /* in the row's unit */
	AMOUNT_AGE,     /* ns, and too long is conspicuous */
	AMOUNT_BYTES,
};

struct column {
	const char *name; /* as in --sort */
	const char *head;
	enum amount amount;
	u32 which; /* enum row_text or enum figure */
	u32 width; /* at least */
	u32 rank;  /* the higher, the sooner it is left out of a narrow screen */
	const char *help;
};

struct view_info {
	const char *name; /* as in --view */
	const struct column *column;
	u32 ncolumns;
	u32 sort; /* the column by default */
};

extern const struct view_info views[VIEWS];

/* The column's number in @view, or -EINVAL. */
int columns__find(enum view view, const char *name);

#endif
