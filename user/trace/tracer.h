/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel side of `sonde trace`: loads it, chooses processes, reads events and sums. */
#ifndef SONDE_TRACER_H
#define SONDE_TRACER_H

#include <stdbool.h>
#include <stddef.h>

#include "trace.h"

struct tracer;

struct tracer_opts {
	const char *btf;  /* NULL: the running kernel's own */
	const char *root; /* whose /proc names processes as the kernel does; NULL: this one's */
	struct trace_config config;
	u64 min_ns;
	const struct trace_plan *plan; /* TRACE_NRS of them */
	u32 ring_bytes;                /* a power of two */
};

/* Loads. Returns 0 or -errno with a sentence in @why. */
int tracer__new(struct tracer **ret, const struct tracer_opts *opts, char *why, size_t why_size);
/* From here on what targets do is seen. */
int tracer__attach(struct tracer *t, char *why, size_t why_size);
void tracer__detach(struct tracer *t);
void tracer__free(struct tracer *t);

/* All threads of process @pid, which may be there already or not run yet. Returns 0 or -errno:
 * -ESRCH if there is no process of that number that is alive (a thread's number is none),
 * -ENOSPC, -EINVAL for this process itself. */
int tracer__add(struct tracer *t, u32 pid);
/* Processes that are traced and alive. */
u32 tracer__targets(const struct tracer *t);
/* To be called now and then, or tracer__targets may never come to 0: forgets those whose end the
 * kernel side could not take, once a second at most. */
void tracer__drop_missed(struct tracer *t);

/* Readable when there is something to read; the kernel side wakes up only when much is waiting, so
 * read also each 20 ms. */
int tracer__fd(const struct tracer *t);
typedef void (*trace_event_fn)(void *ctx, const struct trace_event *ev);
/* Gives what is in the ring, in its order; the memory is good during the call only. Returns 0, 1 if
 * it took so long that there is more, or -errno. */
int tracer__read(struct tracer *t, trace_event_fn fn, void *ctx);

/* Shorter calls become no event from now on. */
void tracer__min_ns(struct tracer *t, u64 ns);

/* TRACE_NRS of them, by the call's number. */
int tracer__sums(struct tracer *t, struct trace_sum *ret);

typedef void (*trace_thread_fn)(void *ctx, const struct trace_thread *row);
/* Each thread of the targets, as it is now. */
int tracer__threads(struct tracer *t, trace_thread_fn fn, void *ctx);

void tracer__losses(const struct tracer *t, u64 ret[TRACE_LOST_MAX]);

#endif
