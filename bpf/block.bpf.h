/* SPDX-License-Identifier: GPL-2.0-only */
/* Probe set block: what a request is, and whom it is charged to. */
#ifndef SONDE_BLOCK_BPF_H
#define SONDE_BLOCK_BPF_H

#include "store.bpf.h"
#include "block.h"

#define REQ_OP_MASK        0xff /* include/linux/blk_types.h */
#define PAGE_MAPPING_FLAGS 3    /* include/linux/page-flags.h */

/* Who made pages of an inode dirty last: writeback is done by a kernel thread. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, u64);
	__type(value, struct who);
} dirtied SEC(".maps");

static __always_inline u32 req_op(struct request *rq)
{
	return rq->cmd_flags & REQ_OP_MASK;
}

/* Commands of drivers; and the flushes that the block layer makes by itself around those that were
 * asked for. */
static __always_inline bool is_foreign(struct request *rq)
{
	return req_op(rq) >= REQ_OP_DRV_IN || req_op(rq) == REQ_OP_FLUSH;
}

/* As the device's stat file divides them, but that it counts a flush as a write. */
static __always_inline u32 action_of(struct request *rq)
{
	u32 op = req_op(rq);

	if (op == REQ_OP_DISCARD)
		return BLOCK_DISCARD;
	if (!rq->__data_len && compat_has_preflush(rq))
		return BLOCK_FLUSH;
	return op & 1 ? BLOCK_WRITE : BLOCK_READ;
}

/* The inode whose cached pages @rq writes; 0: it writes other memory. */
static __always_inline u64 written_inode(struct request *rq)
{
	struct bio *bio = rq->bio;
	struct bio_vec *vec;
	struct page *page;
	u64 mapping;
	u32 first;

	if (!bio)
		return 0;
	vec = BPF_CORE_READ(bio, bi_io_vec);
	first = BPF_CORE_READ(bio, bi_iter.bi_idx);
	page = BPF_CORE_READ(&vec[first], bv_page);
	mapping = (u64)BPF_CORE_READ(compat_page_head(page), mapping);
	if (!mapping || mapping & PAGE_MAPPING_FLAGS)
		return 0;
	return (u64)BPF_CORE_READ((struct address_space *)mapping, host);
}

static __always_inline struct who *dirtier(struct request *rq)
{
	u64 inode;

	/* A file system's own blocks belong to no service in particular. */
	if (!compat.probe_read || req_op(rq) != REQ_OP_WRITE || compat_is_metadata(rq))
		return NULL;
	inode = written_inode(rq);
	return inode ? bpf_map_lookup_elem(&dirtied, &inode) : NULL;
}

static __always_inline bool who_of_bio(struct who *w, struct request *rq)
{
	struct cgroup *cgrp;

	if (!compat.probe_read || !rq->bio)
		return false;
	cgrp = compat_bio_cgroup(rq->bio);
	return cgrp && who_of_cgroup(w, cgrp, BPF_CORE_READ(cgrp, root, hierarchy_id));
}

static __noinline void charge(struct block_io *io, struct request *rq)
{
	struct task_struct *task = compat_current();
	bool kthread = compat_read(task, flags) & PF_KTHREAD;
	struct who *w = dirtier(rq);
	struct task_state *t;

	if (!w && !kthread) {
		t = task_state(task, true);
		if (t)
			w = task_who(t, task);
	}
	if (w) {
		io->who = *w;
		return;
	}
	if (who_of_bio(&io->who, rq))
		return;
	__builtin_memset(&io->who, 0, sizeof(io->who));
	io->who.svc = kthread ? SVC_KERNEL : SVC_OTHER;
}

SEC("tp_btf/writeback_mark_inode_dirty")
int BPF_PROG(mark_inode_dirty, struct inode *inode, int flags)
{
	struct task_struct *task = compat_current();
	struct task_state *t;
	struct who *w, *last;
	u64 key = (u64)inode;

	if (!(flags & compat.dirty_pages) || compat_read(task, flags) & PF_KTHREAD)
		return 0;
	t = task_state(task, true);
	if (!t)
		return 0;
	w = task_who(t, task);
	last = bpf_map_lookup_elem(&dirtied, &key);
	/* The same service again, which is the rule. */
	if (last && last->svc == w->svc && last->gen == w->gen && w->svc)
		return 0;
	bpf_map_update_elem(&dirtied, &key, w, BPF_ANY);
	return 0;
}

#endif
