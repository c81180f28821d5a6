// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel side has to say. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "iterate.h"
#include "tracer_impl.h"

/* So long at a time, by a clock that is looked at after so many events. */
#define READ_NS     100000000ULL
#define CLOCK_EVERY 64

static int on_event(void *ctx, void *data, size_t size)
{
	struct tracer *t = ctx;
	const struct trace_event *ev = data;

	if (size >= sizeof(*ev) && ev->bytes <= size)
		t->fn(t->fn_ctx, ev);
	/* Who writes faster than is read, or is hard to describe, must not keep the reader here. */
	return ++t->given % CLOCK_EVERY || now_ns() < t->until ? 0 : -ECANCELED;
}

int tracer__open_ring(struct tracer *t, int fd)
{
	t->ring = ring_buffer__new(fd, on_event, t, NULL);
	return t->ring ? 0 : -errno;
}

void tracer__close_ring(struct tracer *t)
{
	ring_buffer__free(t->ring);
}

int tracer__fd(const struct tracer *t)
{
	return ring_buffer__epoll_fd(t->ring);
}

int tracer__read(struct tracer *t, trace_event_fn fn, void *ctx)
{
	int err;

	t->fn = fn;
	t->fn_ctx = ctx;
	t->given = 0;
	t->until = now_ns() + READ_NS;
	err = ring_buffer__consume(t->ring);
	return err == -ECANCELED ? 1 : err < 0 ? err : 0;
}

size_t tracer__sums_bytes(const struct tracer *t)
{
	size_t page = sysconf(_SC_PAGESIZE), bytes = sizeof(struct trace_sum) * TRACE_NRS * t->cpus;

	return (bytes + page - 1) / page * page;
}

static void fold(struct trace_sum *to, const struct trace_sum *from)
{
	to->count += from->count;
	to->errors += from->errors;
	to->sum += from->sum;
	if (from->max > to->max)
		to->max = from->max;
	for (u32 i = 0; i < HIST_BUCKETS; i++)
		to->bucket[i] += from->bucket[i];
}

int tracer__sums(struct tracer *t, struct trace_sum *ret)
{
	memset(ret, 0, TRACE_NRS * sizeof(*ret));
	for (u32 cpu = 0; cpu < t->cpus; cpu++)
		for (u32 nr = 0; nr < TRACE_NRS; nr++)
			if (t->sums[cpu * TRACE_NRS + nr].count)
				fold(&ret[nr], &t->sums[cpu * TRACE_NRS + nr]);
	return 0;
}

struct threads_ctx {
	trace_thread_fn fn;
	void *ctx;
};

static void on_threads(void *ctx, const void *data, size_t size)
{
	const struct threads_ctx *c = ctx;
	const struct trace_thread *row = data;

	for (size_t i = 0; i < size / sizeof(*row); i++)
		c->fn(c->ctx, &row[i]);
}

int tracer__threads(struct tracer *t, trace_thread_fn fn, void *ctx)
{
	struct threads_ctx c = {.fn = fn, .ctx = ctx};

	return iterate(t->obj, "threads", sizeof(struct trace_thread), on_threads, &c);
}

void tracer__losses(const struct tracer *t, u64 ret[TRACE_LOST_MAX])
{
	memcpy(ret, t->state->lost, sizeof(t->state->lost));
	if (t->kernel.compat.preemptible)
		ret[TRACE_LOST_TARGET] += tracer__misses(t, "trace_fork");
}
