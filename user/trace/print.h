/* SPDX-License-Identifier: GPL-2.0-only */
/* Events as lines: what strace prints, or JSON. */
#ifndef SONDE_TRACE_PRINT_H
#define SONDE_TRACE_PRINT_H

#include "fds.h"
#include "out.h"
#include "trace_options.h"

struct printer;
struct stacks;

struct printer_opts {
	const struct trace_options *trace;
	bool json;
	struct out *out;
	struct fds *fds;       /* NULL: nobody wants to know */
	struct stacks *stacks; /* NULL: none */
	u32 rate;              /* lines per second, 0: any */
	u64 min_ns;            /* what the kernel side does not filter */
	/* A process's number in its own PID namespace, 0: it is in the initial one. */
	u32 (*inner_pid)(void *ctx, u32 pid);
	void *ctx;
};

/* Returns 0 or -ENOMEM. */
int printer__new(struct printer **ret, const struct printer_opts *opts);
void printer__free(struct printer *p);

/* A trace_event_fn. */
void printer__event(void *printer, const struct trace_event *ev);

/* Some time has passed: says what was left out. */
void printer__tick(struct printer *p);

/* Nothing more comes: ends open lines; @lost is how many events there was no room for, of which
 * those that no later event tells are said. */
void printer__end(struct printer *p, u64 lost);

/* Lines of calls, signals and exits so far. */
u64 printer__lines(const struct printer *p);

/* The text of a call, as on a line without what stands before it: good until the next call. */
const char *printer__text(struct printer *p, const struct trace_event *ev);

#endif
