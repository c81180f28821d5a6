// SPDX-License-Identifier: GPL-2.0-only
#include "store.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe.h"

#define BATCH 64 /* histograms per read: 130 KiB on two CPUs */

struct slot {
	u16 svc; /* 0: free */
	u16 op;
	enum unit unit;
};

struct store {
	const struct probe *probe;
	int hists_fd;
	u32 cpus; /* copies of each histogram */
	u32 services;
	u32 hists;
	u32 reserve;           /* slots kept for each service's _other */
	struct slot_row *rows; /* mapped from the kernel */
	size_t rows_size;
	struct slot *slot;
	struct hist_total *last;
	u32 *free; /* a stack of free slots */
	u32 nfree;
	u32 high; /* above all slots in use */
	u32 folded;
	bool one_by_one; /* the kernel has no batches for this map */
	void *buf;
};

/* Where there is one for each service, none of them folds. */
static u32 hists_of(const struct probe *probe, u32 services)
{
	return probe->hists ? probe->hists : services + SLOT_LAST_RESORT + 1;
}

int store__size(struct bpf_object *obj, const struct probe *probe, u32 services)
{
	struct bpf_map *slots = bpf_object__find_map_by_name(obj, "slots");
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "hists");
	int err;

	if (!slots || !map)
		return -ENOENT;
	err = bpf_map__set_max_entries(slots, services);
	return err ? err : bpf_map__set_max_entries(map, hists_of(probe, services));
}

static size_t page_round(size_t size)
{
	size_t page = sysconf(_SC_PAGESIZE);

	return (size + page - 1) / page * page;
}

int store__new(struct store **ret, struct bpf_object *obj, const struct probe *probe, u32 services)
{
	int slots_fd = bpf_object__find_map_fd_by_name(obj, "slots");
	struct store *s = calloc(1, sizeof(*s));
	u32 hists = hists_of(probe, services);
	void *rows;

	if (!s)
		return -ENOMEM;
	s->hists_fd = bpf_object__find_map_fd_by_name(obj, "hists");
	s->probe = probe;
	s->cpus = probe->percpu ? libbpf_num_possible_cpus() : 1;
	s->services = services;
	s->hists = hists;
	s->reserve = probe->hists ? services : 0;
	s->slot = calloc(hists, sizeof(*s->slot));
	s->last = calloc(hists, sizeof(*s->last));
	s->free = calloc(hists, sizeof(*s->free));
	s->buf = malloc((size_t)BATCH * s->cpus * sizeof(struct hist));
	if (!s->slot || !s->last || !s->free || !s->buf) {
		store__free(s);
		return -ENOMEM;
	}
	s->rows_size = page_round(services * sizeof(struct slot_row));
	rows = mmap(NULL, s->rows_size, PROT_READ | PROT_WRITE, MAP_SHARED, slots_fd, 0);
	if (rows == MAP_FAILED) {
		int err = -errno;

		store__free(s);
		return err;
	}
	s->rows = rows;
	/* Slot 0 means none, SLOT_LAST_RESORT is given out below; the low ones go first, so that
	 * readings stay short. */
	for (u32 i = hists - 1; i > SLOT_LAST_RESORT; i--)
		s->free[s->nfree++] = i;
	s->slot[SLOT_LAST_RESORT] = (struct slot){SVC_OTHER, OP_OTHER, UNIT_NS};
	s->rows[SVC_OTHER].slot[OP_OTHER] = SLOT_LAST_RESORT;
	s->high = SLOT_LAST_RESORT + 1;
	*ret = s;
	return 0;
}

void store__free(struct store *s)
{
	if (!s)
		return;
	if (s->rows)
		munmap(s->rows, s->rows_size);
	free(s->slot);
	free(s->last);
	free(s->free);
	free(s->buf);
	free(s);
}

static enum unit unit_of(const struct probe *probe, u32 op)
{
	struct op_info info;

	return probe->op(op, &info) && info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;
}

static u32 take_slot(struct store *s, u32 svc, u32 op)
{
	u32 slot = s->free[--s->nfree];

	s->slot[slot] = (struct slot){svc, op, unit_of(s->probe, op)};
	if (slot >= s->high)
		s->high = slot + 1;
	/* The kernel side must not see the slot before its owner is known here; it reads the row
	 * with a plain load. */
	__atomic_store_n(&s->rows[svc].slot[op], slot, __ATOMIC_RELEASE);
	return slot;
}

int store__assign(struct store *s, u32 svc, u32 op)
{
	struct slot_row *row;

	if (svc >= s->services || op >= MAX_OPS)
		return -EINVAL;
	row = &s->rows[svc];
	if (row->slot[op])
		return 0;
	/* One slot stays in reserve for each service's _other. */
	if (op != OP_OTHER && s->nfree > s->reserve) {
		take_slot(s, svc, op);
		return 0;
	}
	if (!row->slot[OP_OTHER]) {
		if (!s->nfree)
			return -ENOSPC;
		take_slot(s, svc, OP_OTHER);
	}
	if (op == OP_OTHER)
		return 0;
	s->folded++;
	__atomic_store_n(&row->slot[op], row->slot[OP_OTHER], __ATOMIC_RELEASE);
	return -ENOSPC;
}

/*
 * The maximum of the epoch that has ended. Events between the end of the epoch and the reading are
 * in the buckets but in the next epoch's maximum, and maxima that raced may be lost: the highest
 * bucket that grew knows, and where neither maximum lies in it its bound is the answer.
 */
static u64 delta_max(const void *now, u32 n, size_t stride, u32 epoch, enum unit unit,
		     const struct dist *delta)
{
	u64 ended = 0, next = 0;
	u32 top = HIST_BUCKETS;

	for (u32 cpu = 0; cpu < n; cpu++) {
		const struct hist *h = now + cpu * stride;
		u32 bank = epoch & 1;

		if (h->epoch[bank] == epoch && h->max[bank] > ended)
			ended = h->max[bank];
		if (h->epoch[!bank] == epoch + 1 && h->max[!bank] > next)
			next = h->max[!bank];
	}
	while (top && !delta->bucket[top - 1])
		top--;
	if (!top--)
		return ended;
	if (dist__bucket_of(ended, unit) == top)
		return ended;
	if (dist__bucket_of(next, unit) == top)
		return next;
	if (top == HIST_ABOVE)
		return ended > next ? ended : next;
	return dist__bound(top, unit);
}

bool hist__delta(const void *now, u32 n, size_t stride, u32 epoch, enum unit unit,
		 struct hist_total *last, struct dist *delta)
{
	struct hist_total t = {};
	bool grew = false;

	for (u32 cpu = 0; cpu < n; cpu++) {
		const struct hist *h = now + cpu * stride;

		t.sum += h->sum;
		t.errors += h->errors;
		t.slo_ok += h->slo_ok;
		for (u32 i = 0; i < HIST_WAITS; i++)
			t.wait[i] += h->wait[i];
		for (u32 i = 0; i < HIST_BUCKETS; i++)
			t.bucket[i] += h->bucket[i];
	}
	if (!memcmp(&t, last, sizeof(t)))
		return false;

	memset(delta, 0, sizeof(*delta));
	delta->sum = t.sum - last->sum;
	delta->errors = t.errors - last->errors;
	delta->slo_ok = t.slo_ok - last->slo_ok;
	for (u32 i = 0; i < HIST_WAITS; i++)
		delta->wait[i] = t.wait[i] - last->wait[i];
	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		delta->bucket[i] = t.bucket[i] - last->bucket[i];
		delta->count += delta->bucket[i];
	}
	grew = delta->count || delta->sum;
	delta->max = delta_max(now, n, stride, epoch, unit, delta);
	*last = t;
	return grew;
}

/* Reads @n histograms from slot @at on. Before 5.13 a per-CPU array has no batches (f008d732ab18,
 * "bpf: Add batched ops support for percpu array"); what it says then is ENOTSUPP. */
#define ENOTSUPP 524

static int read_slots(struct store *s, u32 at, u32 n)
{
	u32 keys[BATCH], in = at - 1, out, count = n;
	size_t size = s->cpus * sizeof(struct hist);

	/* The token of an array is the last index that was read. */
	if (!s->one_by_one &&
	    bpf_map_lookup_batch(s->hists_fd, at ? &in : NULL, &out, keys, s->buf, &count, NULL) &&
	    errno != ENOENT) {
		if (errno != ENOTSUPP)
			return -errno;
		s->one_by_one = true;
	}
	for (u32 i = 0; s->one_by_one && i < n; i++) {
		u32 slot = at + i;

		if (bpf_map_lookup_elem(s->hists_fd, &slot, s->buf + i * size))
			return -errno;
	}
	return 0;
}

int store__read(struct store *s, u32 epoch, store_delta_fn fn, void *ctx)
{
	size_t size = s->cpus * sizeof(struct hist);
	struct dist delta;

	for (u32 at = SLOT_LAST_RESORT; at < s->high; at += BATCH) {
		u32 count = s->high - at < BATCH ? s->high - at : BATCH;
		int err = read_slots(s, at, count);

		if (err)
			return err;
		for (u32 i = 0; i < count; i++) {
			const struct slot *owner = &s->slot[at + i];

			if (owner->svc &&
			    hist__delta(s->buf + i * size, s->cpus, sizeof(struct hist), epoch,
					owner->unit, &s->last[at + i], &delta))
				fn(ctx, owner->svc, owner->op, &delta);
		}
	}
	return 0;
}

void store__release(struct store *s, u32 svc)
{
	memset(&s->rows[svc], 0, sizeof(s->rows[svc]));
	for (u32 i = SLOT_LAST_RESORT + 1; i < s->high; i++) {
		if (s->slot[i].svc != svc)
			continue;
		s->slot[i].svc = 0;
		s->free[s->nfree++] = i;
	}
}

void store__fill(const struct store *s, u32 *used, u32 *total, u32 *folded)
{
	*used = s->hists - 1 - s->nfree;
	*total = s->hists - 1;
	*folded = s->folded;
}
