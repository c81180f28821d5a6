/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace under way. */
#ifndef SONDE_TRACE_RUN_H
#define SONDE_TRACE_RUN_H

#include <signal.h>

#include "fds.h"
#include "launch.h"
#include "options.h"
#include "out.h"
#include "print.h"
#include "stacks.h"
#include "summary.h"
#include "targets.h"
#include "top/screen.h"
#include "tracer.h"

struct tty;

struct trace_run {
	const struct options *o;
	struct targets *targets;
	struct tracer *tracer;
	struct out *out;
	struct printer *printer;
	struct fds *fds;         /* NULL: not followed */
	struct stacks *stacks;   /* NULL: not wanted */
	struct summary *summary; /* NULL: calls are printed, or only the table at the end */
	struct launched command; /* pid 0: there is none */
	sigset_t mask;           /* as it was */
	int signals;
	bool has_events;
	bool shows_blocked; /* calls are printed when they block */
	u64 start;          /* ns, monotonic */
	u64 ready;          /* when all that takes a moment was done */
	/* On a terminal. */
	struct tty *tty;
	int errors; /* see held_errors.h */
	struct screen screen;
	bool changed;
	/* When something is due, ns, monotonic. */
	u64 flushed, refreshed, scanned;
	bool ending; /* a signal, a key or the time has said so */
	int err;     /* of the output */
};

/* Returns 0, or -1 with errno. */
int run__open_signals(struct trace_run *r);

/* Until all has ended or somebody ends it; prints the rest and the tables. Returns an exit status.
 */
int run__trace(struct trace_run *r);

void run__close(struct trace_run *r);

#endif
