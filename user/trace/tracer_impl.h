/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of struct tracer share. */
#ifndef SONDE_TRACER_IMPL_H
#define SONDE_TRACER_IMPL_H

#include "kernel.h"
#include "tracer.h"

#define TRACER_LINKS 16

struct ring_buffer;

struct tracer {
	struct kernel kernel;
	struct bpf_object *obj;
	struct bpf_link *link[TRACER_LINKS];
	u32 nlinks;
	u32 cpus;
	int targets_fd;
	const char *root;
	u64 looked; /* ns, when it was last looked whether exits were missed */
	struct trace_state *state;
	struct trace_control *control;
	const struct trace_sum *sums;
	struct ring_buffer *ring;
	/* During tracer__read. */
	trace_event_fn fn;
	void *fn_ctx;
	u32 given; /* events */
	u64 until; /* ns */
};

size_t tracer__sums_bytes(const struct tracer *t);
int tracer__open_ring(struct tracer *t, int fd);
void tracer__close_ring(struct tracer *t);
/* Forgets targets that ended unseen: before the programs were attached, or where those can be kept
 * from running. */
void tracer__drop_dead(struct tracer *t);
/* How often the kernel did not let program @name run. */
u64 tracer__misses(const struct tracer *t, const char *name);

#endif
