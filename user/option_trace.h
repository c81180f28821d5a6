/* SPDX-License-Identifier: GPL-2.0-only */
/* Parse functions of the options of sonde trace; see option_table.h. */
#ifndef SONDE_OPTION_TRACE_H
#define SONDE_OPTION_TRACE_H

#include "options.h"

#define OPTION_TRACE(name)                                                                         \
	int option_trace__##name(struct options *o, const char *value, char *why, size_t size)

OPTION_TRACE(pid);
OPTION_TRACE(cgroup);
OPTION_TRACE(follow);
OPTION_TRACE(separately);
OPTION_TRACE(summary_only);
OPTION_TRACE(summary_too);
OPTION_TRACE(calls);
OPTION_TRACE(hist);
OPTION_TRACE(sort);
OPTION_TRACE(expr);
OPTION_TRACE(path);
OPTION_TRACE(successful);
OPTION_TRACE(failed);
OPTION_TRACE(min_duration);
OPTION_TRACE(where);
OPTION_TRACE(string_limit);
OPTION_TRACE(fds);
OPTION_TRACE(timestamps);
OPTION_TRACE(relative);
OPTION_TRACE(took);
OPTION_TRACE(column);
OPTION_TRACE(stacks);
OPTION_TRACE(output);
OPTION_TRACE(append);
OPTION_TRACE(whole);
OPTION_TRACE(hex);
OPTION_TRACE(rate);
OPTION_TRACE(quiet);
OPTION_TRACE(wall);

void option_trace__defaults(struct options *o);
/* Whether what was given goes together. Returns 0, or -EINVAL after one line on the log. */
int option_trace__finish(struct options *o);
void option_trace__free(struct options *o);

#endif
