/* SPDX-License-Identifier: GPL-2.0-only */
/* A program's stack with names. */
#ifndef SONDE_TRACE_STACKS_H
#define SONDE_TRACE_STACKS_H

#include <stdbool.h>
#include <stdio.h>

#include "trace.h"

struct stacks;

/* @root: where the host's / is. Returns 0 or -ENOMEM. */
int stacks__new(struct stacks **ret, const char *root);
void stacks__free(struct stacks *s);

/* Before an event is printed: a process that is new, executes or ends. */
void stacks__see(struct stacks *s, const struct trace_event *ev);

/* The stack of a call, if there is one, innermost first, one line each; or as a member of a JSON
 * object with a comma before it. */
void stacks__print(struct stacks *s, FILE *out, const struct trace_event *ev, bool json);

#endif
