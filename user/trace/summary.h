/* SPDX-License-Identifier: GPL-2.0-only */
/* Fills the view of what is traced. */
#ifndef SONDE_TRACE_SUMMARY_H
#define SONDE_TRACE_SUMMARY_H

#include "options.h"
#include "print.h"
#include "tracer.h"
#include "view.h"

struct summary;

/* Calls that take at least so long are events at first; see summary__event. */
#define SUMMARY_MIN_NS 1000000

/* All are borrowed; @printer has the texts of slow calls. Returns 0 or -ENOMEM. */
int summary__new(struct summary **ret, const struct options *o, struct tracer *tracer,
		 struct printer *printer, const char *title);
/* Loads the set sched, which takes a moment, and has the split of the time from then on, if it can.
 */
void summary__split(struct summary *s);
void summary__free(struct summary *s);

/* A trace_event_fn: keeps what was slow. How slow something must be to become an event is adapted,
 * so that a few hundred a second come. */
void summary__event(void *summary, const struct trace_event *ev);

/* Brings the view up to date. Returns 0 or -errno. */
int summary__refresh(struct summary *s);

struct trace_view *summary__view(struct summary *s);
const struct trace_sum *summary__sums(const struct summary *s);

#endif
