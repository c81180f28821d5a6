/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where events are counted. Each set has an array of histograms and a table that says which of them
 * belongs to a service's operation. User space fills the table; what has no slot yet goes to the
 * hash `early`, which all sets share, and user space reads both.
 *
 * The including file defines SET_PERCPU as 1 if its events cannot interrupt each other on one CPU:
 * then the histograms are per CPU and plain additions do. With SET_LOCKED its events come while the
 * kernel holds a lock.
 */
#ifndef SONDE_STORE_BPF_H
#define SONDE_STORE_BPF_H

#include "bucket.bpf.h"
#include "service.bpf.h"

#ifndef SET_LOCKED
#define SET_LOCKED 0
#endif

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* services; set by the loader */
	__type(key, u32);
	__type(value, struct slot_row);
} slots SEC(".maps");

struct {
	__uint(type, SET_PERCPU ? BPF_MAP_TYPE_PERCPU_ARRAY : BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* histograms; set by the loader */
	__type(key, u32);
	__type(value, struct hist);
} hists SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, EARLY_KEYS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct early_key);
	__type(value, struct hist);
} early SEC(".maps");

/* For entries that cannot be had from an allocator: in an interrupt it has few, and gets more only
 * after it. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, RESERVE_KEYS);
	__type(key, struct early_key);
	__type(value, struct hist);
} reserve SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct hist);
} zero_hist SEC(".maps");

/* Thresholds of --slo in the unit of the histogram, 0: none. */
SEC(".rodata.slo") const volatile u64 slo[MAX_OPS];

static __always_inline void hist_max(struct hist *h, u64 v)
{
	u32 epoch = control.epoch, bank = epoch & 1;

	if (h->epoch[bank] != epoch) {
		h->epoch[bank] = epoch;
		h->max[bank] = v;
	} else if (v > h->max[bank]) {
		h->max[bank] = v;
	}
}

static __always_inline void hist_add(struct hist *h, u32 index, u64 v, u32 failed, bool in_time)
{
	h->sum += v;
	h->errors += failed;
	h->slo_ok += in_time;
	if (index < HIST_BUCKETS)
		h->bucket[index]++;
	hist_max(h, v);
}

/*
 * The same where several CPUs or contexts share @h. Two maxima that race can lose the larger: user
 * space sees that from the buckets and reports the bucket's bound instead.
 */
static __always_inline void hist_add_shared(struct hist *h, u32 index, u64 v, u32 failed,
					    bool in_time)
{
	__sync_fetch_and_add(&h->sum, v);
	if (failed)
		__sync_fetch_and_add(&h->errors, failed);
	if (in_time)
		__sync_fetch_and_add(&h->slo_ok, 1);
	if (index < HIST_BUCKETS)
		__sync_fetch_and_add(&h->bucket[index], 1);
	hist_max(h, v);
}

static __always_inline struct hist *find_early(struct early_key *key)
{
	struct hist *h = bpf_map_lookup_elem(&early, key);

	return h ? h : bpf_map_lookup_elem(&reserve, key);
}

static __noinline struct hist *early_hist(struct who *w, u64 op)
{
	struct news_early n = {.type = NEWS_EARLY};
	struct hist *h, *template;
	u32 zero = 0;

	n.key.set = cfg.set;
	n.key.op = op;
	if (w->svc) {
		n.key.svc = w->svc;
	} else {
		n.key.id = w->id;
		n.key.gen = w->gen;
	}
	h = find_early(&n.key);
	if (h)
		return h;
	template = bpf_map_lookup_elem(&zero_hist, &zero);
	if (!template)
		return NULL;
	if ((((!SET_LOCKED || compat.any_context) &&
	      !bpf_map_update_elem(&early, &n.key, template, BPF_NOEXIST)) ||
	     !bpf_map_update_elem(&reserve, &n.key, template, BPF_NOEXIST)) &&
	    w->svc)
		/* If the ring is full the next snapshot gives it a slot. */
		bpf_ringbuf_output(&news, &n, sizeof(n), 0);
	h = find_early(&n.key);
	if (!h)
		lose(LOSS_EARLY_FULL, 1);
	return h;
}

/* In _other where there is no room for an early one. */
static __always_inline struct hist *early_or_other(struct who *w, u64 op)
{
	struct hist *h = early_hist(w, op);
	u32 slot = SLOT_LAST_RESORT;

	return h ? h : bpf_map_lookup_elem(&hists, &slot);
}

static __noinline void record_early(struct who *w, u64 op, u32 index, u64 v, u32 flags)
{
	struct hist *h = early_or_other(w, op);

	if (h)
		hist_add_shared(h, index, v, flags & 1, flags & 2);
}

static __always_inline struct hist *slot_hist(const struct who *w, u64 op)
{
	u32 svc = w->svc, slot;
	struct slot_row *row = bpf_map_lookup_elem(&slots, &svc);

	if (!row || op >= MAX_OPS)
		return NULL;
	/* The compiler may have compared another value, and would drop the mask that it implies. */
	barrier_var(op);
	slot = row->slot[op & (MAX_OPS - 1)];
	return slot ? bpf_map_lookup_elem(&hists, &slot) : NULL;
}

/* Adds @v to the histogram of @w's operation @op, in bucket @index. @threshold: of the operation, 0
 * for none. */
static __always_inline void record_index(struct who *w, u64 op, u32 index, u64 v, bool failed,
					 u64 threshold)
{
	struct hist *h = slot_hist(w, op);
	bool in_time = threshold && v <= threshold;

	if (!h)
		record_early(w, op, index, v, failed | in_time << 1);
	else if (SET_PERCPU)
		hist_add(h, index, v, failed, in_time);
	else
		hist_add_shared(h, index, v, failed, in_time);
}

static __always_inline void record(struct who *w, u64 op, u64 ns, bool failed, u64 threshold)
{
	record_index(w, op, bucket_of(ns), ns, failed, threshold);
}

/* Adds @n to a counter: an operation that has only a sum. */
static __always_inline void count(struct who *w, u64 op, u64 n)
{
	record_index(w, op, HIST_BUCKETS, n, false, 0);
}

#endif
