/* SPDX-License-Identifier: GPL-2.0-only */
/* Which processes are traced: by number, by service, by cgroup. */
#ifndef SONDE_TRACE_TARGETS_H
#define SONDE_TRACE_TARGETS_H

#include "options.h"
#include "tracer.h"

struct targets;

/* Returns 0 or -ENOMEM. @o is borrowed. */
int targets__new(struct targets **ret, const struct options *o);
void targets__free(struct targets *t);

/*
 * Looks whether the processes that were named are there. Returns 0, or an exit status after one
 * line on the log.
 */
int targets__check(struct targets *t);

/* Gives them to the tracer, @added is told of each. For a service or a cgroup again and again:
 * processes that came since. Returns how many are new, or -errno. */
int targets__add(struct targets *t, struct tracer *tracer, void (*added)(void *ctx, u32 pid),
		 void *ctx);

/* More may come although all that there are have ended. */
bool targets__grow(const struct targets *t);

/* What is traced, in words. */
void targets__name(const struct targets *t, char *text, size_t size);

/* The number that the kernel side has for process @pid of this program's PID namespace; 0 if that
 * is not to be found out. */
u32 targets__outer(const struct targets *t, u32 pid);

/* A process's number in its own PID namespace; 0 if that is the initial one. Remembered. */
u32 targets__inner(void *targets, u32 pid);

#endif
