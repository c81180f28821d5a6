// SPDX-License-Identifier: GPL-2.0-only
/* Probe set block: a request from where the block layer accepts it to where it is done. */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
/* Requests complete in interrupts, on any CPU. */
#define SET_PERCPU 0
#include "store.bpf.h"
#include "block.h"
#include "block.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BLOCK_REQUESTS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, u64);
	__type(value, struct block_io);
} requests SEC(".maps");

/* Kernel device number -> ours. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u32);
	__type(value, u32);
} devices SEC(".maps");

static __always_inline void identify(struct block_io *io, struct request *rq)
{
	struct gendisk *disk = compat_rq_disk(rq);
	u32 *device = NULL;

	io->op = action_of(rq) * BLOCK_KINDS;
	io->dev = 0;
	if (!disk)
		return;
	io->dev = (u32)disk->major << BLOCK_MINOR_BITS | disk->first_minor;
	device = bpf_map_lookup_elem(&devices, &io->dev);
	if (device)
		io->op |= *device * BLOCK_OPS;
	else
		io->op |= BLOCK_RAW | (u64)io->dev << BLOCK_RAW_DEV_SHIFT;
}

static __always_inline struct block_io *io_of(struct request *rq)
{
	u64 key = (u64)rq;

	return bpf_map_lookup_elem(&requests, &key);
}

static __always_inline struct block_io *io_make(struct request *rq)
{
	struct block_io idle = {}, *io = io_of(rq);
	u64 key = (u64)rq;

	if (io)
		return io;
	bpf_map_update_elem(&requests, &key, &idle, BPF_NOEXIST);
	io = io_of(rq);
	if (!io)
		lose(LOSS_TABLE_FULL, 1);
	return io;
}

/* @start: 0 for now. */
static __always_inline void begin(struct block_io *io, struct request *rq, u64 start)
{
	/* Completions can happen that no program sees; here is where that shows. */
	if (io->start)
		lose(LOSS_COMPLETION, 1);
	identify(io, rq);
	charge(io, rq);
	io->bytes = rq->__data_len;
	io->issue = 0;
	io->ended = 0;
	io->start = start ? start : bpf_ktime_get_ns();
}

/* Without block_io_start: the kernel's own time tells a request from the one before it at the same
 * address. */
static __always_inline void begin_late(struct request *rq)
{
	u64 start = rq->start_time_ns;
	struct block_io *io = io_make(rq);

	if (io && (!io->start || (start && io->start != start)))
		begin(io, rq, start);
}

/* Where block_io_start may be kept from running. */
static __always_inline void begin_missed(struct request *rq)
{
	struct block_io *io = io_make(rq);

	if (io && !io->start)
		begin(io, rq, rq->start_time_ns);
}

static __noinline void latency(struct block_io *io, u32 kind, u64 ns, bool failed)
{
	u64 op = io->op | kind;

	record(&io->who, op, ns, failed, slo[op & (BLOCK_OPS - 1)]);
}

static __always_inline void finish(struct block_io *io, u64 now, bool failed)
{
	who_refresh(&io->who);
	latency(io, BLOCK_TOTAL, now - io->start, failed);
	if (io->issue) {
		latency(io, BLOCK_QUEUE, io->issue - io->start, false);
		latency(io, BLOCK_DEVICE, (io->ended ? io->ended : now) - io->issue, failed);
	}
	if (io->bytes)
		record_index(&io->who, io->op | BLOCK_SIZE, bucket_of(hist_ns_of_bytes(io->bytes)),
			     io->bytes, false, 0);
	io->start = 0;
}

SEC("tp_btf/block_rq_complete")
int BPF_PROG(block_rq_complete, struct request *rq, int error, unsigned int nr_bytes)
{
	u64 now = bpf_ktime_get_ns();
	struct block_io *io;

	/* A part of it. */
	if (is_foreign(rq) || nr_bytes < rq->__data_len)
		return 0;
	io = io_of(rq);
	if (!io || !io->start) {
		if (!compat_in_flush_sequence(rq))
			lose(LOSS_UNSTARTED, 1);
	} else if (compat_in_flush_sequence(rq)) {
		io->ended = now;
	} else {
		finish(io, now, error);
	}
	return 0;
}

/* @rq became a part of another one and will not complete. */
SEC("tp_btf/block_rq_merge")
int BPF_PROG(block_rq_merge)
{
	struct block_io *io = io_of(compat_rq(ctx));

	if (io)
		io->start = 0;
	return 0;
}

/* Also after a requeue, which is part of the time at the device. */
SEC("tp_btf/block_rq_issue")
int BPF_PROG(block_rq_issue)
{
	struct request *rq = compat_rq(ctx);
	struct block_io *io;
	u64 now;

	if (is_foreign(rq))
		return 0;
	if (!compat.io_start)
		begin_late(rq);
	else if (compat.preemptible)
		begin_missed(rq);
	now = bpf_ktime_get_ns();
	io = io_of(rq);
	if (!io || !io->start || io->issue)
		return 0;
	io->bytes = rq->__data_len;
	io->issue = now;
	return 0;
}

SEC("tp_btf/block_rq_insert")
int BPF_PROG(block_rq_insert)
{
	struct request *rq = compat_rq(ctx);

	if (!is_foreign(rq))
		begin_late(rq);
	return 0;
}

/* Last, so that it is attached last: what it has begun, the others see. */
SEC("tp_btf/block_io_start")
int BPF_PROG(block_io_start, struct request *rq)
{
	struct block_io *io;

	if (is_foreign(rq))
		return 0;
	io = io_make(rq);
	if (io)
		begin(io, rq, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
