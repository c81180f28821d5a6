/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls that began before the trace, as the events that they would have been. */
#ifndef SONDE_TRACE_BEGUN_H
#define SONDE_TRACE_BEGUN_H

#include "tracer.h"

/* Right after attach, before events are read: gives a TRACE_ENTERED of each thread that is blocked
 * in a call. Of memory only strings are with it. Returns 0 or -errno. */
int begun__show(struct tracer *t, trace_event_fn fn, void *ctx);

#endif
