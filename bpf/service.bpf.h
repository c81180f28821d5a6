/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom an event is charged to.
 *
 * The kernel side knows no names. It reduces a task to a struct ident (its cgroup, or its command
 * name in the root cgroup) and looks up the service number that user space gave to it. Until there
 * is one the events are counted under the ident itself (store.bpf.h), so what lives for less time
 * than user space needs to wake up is still charged to the right service.
 *
 * The answer is cached per task and good while the task keeps its css_set and the generation
 * stands.
 */
#ifndef SONDE_SERVICE_BPF_H
#define SONDE_SERVICE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "compat.bpf.h"
#include "shared.h"

#define PF_KTHREAD 0x00200000 /* include/linux/sched.h */

#define IDENTS     8192
#define EARLY_KEYS 8192
#define THREADS    32768

#define RESERVE_KEYS 512
#define MAX_DEPTH    24
#define MAX_LINKS    32

/* Defined by the loader before load: see struct config. */
SEC(".rodata.config") const volatile struct config cfg;
SEC(".data.control") struct control control;
SEC(".data.losses") struct losses losses;

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_state);
} tasks SEC(".maps");

/* The same by the task's address, for kernels that keep nothing with tasks. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, THREADS);
	__type(key, u64);
	__type(value, struct task_state);
} threads SEC(".maps");

/* An empty one, too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct task_state);
} no_task SEC(".maps");

/* A cache of user space's answers: an entry that is evicted is asked for again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, IDENTS);
	__type(key, struct ident);
	__type(value, u32);
} idents SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 512 * 1024);
} news SEC(".maps");

/* Too large for the stack. Set @busy while a message is put together: a softirq may come in between
 * and want to send one, too. */
struct news_scratch {
	struct news_ident news;
	u32 busy;
	u64 cgrp; /* the struct cgroup that it is about, or 0 */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct news_scratch);
} news_scratch SEC(".maps");

/* Programs of other sets that want to see the exit of certain calls too: a second program on
 * sys_exit would cost every call. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
} accept_exit_hook SEC(".maps");

static __always_inline void lose(enum loss cause, u64 n)
{
	__sync_fetch_and_add(&losses.n[cause], n);
}

static __noinline struct task_state *task_by_address(u64 task, bool create)
{
	struct task_state *t = bpf_map_lookup_elem(&threads, &task), *none;
	u32 zero = 0;

	if (t || !create)
		return t;
	none = bpf_map_lookup_elem(&no_task, &zero);
	if (!none)
		return NULL;
	bpf_map_update_elem(&threads, &task, none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&threads, &task);
}

/* What is kept for @task; NULL if there is nothing and none was to be made, or none could be. */
static __always_inline struct task_state *task_state(struct task_struct *task, bool create)
{
	struct task_state *t;

	if (compat.storage)
		t = bpf_task_storage_get(&tasks, task, NULL,
					 create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	else
		t = task_by_address((u64)task, create);
	if (!t && create)
		lose(LOSS_STORAGE, 1);
	return t;
}

/* The struct cgroup of the struct css_set @cset_at on the v1 hierarchy that the host uses, 0 for
 * its root. Global, as cgroup_path() is, for the verifier to see the loop once. */
__noinline u64 v1_cgroup(u64 cset_at)
{
	struct css_set *cset = (void *)cset_at;
	struct list_head *head, *pos;

	if (!compat.probe_read || !cfg.v1_hierarchy)
		return 0;
	head = (void *)cset + bpf_core_field_offset(cset->cgrp_links);
	pos = BPF_CORE_READ(head, next);
	for (int i = 0; i < MAX_LINKS && pos != head; i++) {
		struct cgrp_cset_link *link;
		struct cgroup *c;

		link = (void *)pos - bpf_core_field_offset(struct cgrp_cset_link, cgrp_link);
		c = BPF_CORE_READ(link, cgrp);
		if ((u32)BPF_CORE_READ(c, root, hierarchy_id) == cfg.v1_hierarchy)
			return BPF_CORE_READ(c, level) ? (u64)c : 0;
		pos = BPF_CORE_READ(pos, next);
	}
	return 0;
}

/* The cgroup that names a task: on v2 where it is in one, else on the v1 hierarchy that the host
 * uses for it. */
static __always_inline struct cgroup *task_cgroup(struct task_state *t, struct css_set *cset,
						  u32 *hierarchy)
{
	struct cgroup *cgrp = compat_read(cset, dfl_cgrp), *v1;

	*hierarchy = 0;
	if (!compat.probe_read || !cfg.v1_hierarchy || BPF_CORE_READ(cgrp, level))
		return cgrp;
	/* A pointer cannot be passed, but the number that is read back can. */
	t->cset = (u64)cset;
	v1 = (void *)v1_cgroup(*(volatile u64 *)&t->cset);
	if (!v1)
		return cgrp;
	*hierarchy = cfg.v1_hierarchy;
	return v1;
}

/* The names of the struct cgroup in news_scratch, from the leaf upwards: their bytes. */
__noinline u32 cgroup_path(void)
{
	u32 zero = 0, len = 0;
	struct news_scratch *scratch = bpf_map_lookup_elem(&news_scratch, &zero);
	struct cgroup *cgrp = scratch ? (void *)scratch->cgrp : NULL;
	struct kernfs_node *kn;

	if (!scratch || !cgrp || !compat.probe_read)
		return 0;
	kn = BPF_CORE_READ(cgrp, kn);
	for (int i = 0; i < MAX_DEPTH; i++) {
		struct kernfs_node *parent = compat_kernfs_parent(kn);
		long n;

		if (!parent || len >= NEWS_PATH_MAX)
			break;
		n = bpf_probe_read_kernel_str(scratch->news.path + len, NEWS_NAME_MAX,
					      BPF_CORE_READ(kn, name));
		if (n < 0)
			break;
		len += n & (2 * NEWS_NAME_MAX - 1);
		kn = parent;
	}
	scratch->news.path_cut = !!compat_kernfs_parent(kn);
	return len;
}

/*
 * Tells user space of an ident that has no number. An entry with SVC_UNRESOLVED, made once that is
 * done, keeps it from being told for each event; where the telling fails the ident's next event
 * tries once more. @id must not change meanwhile: a hash is told its key twice, to find the bucket
 * and to fill the entry.
 */
static __noinline void announce(struct ident *id, struct cgroup *cgrp, struct task_struct *leader)
{
	u32 zero = 0, unresolved = SVC_UNRESOLVED, len;
	struct news_scratch *scratch = bpf_map_lookup_elem(&news_scratch, &zero);
	struct news_ident *n;

	if (!scratch || scratch->busy) {
		lose(LOSS_ANNOUNCE, 1);
		return;
	}
	scratch->busy = 1;
	n = &scratch->news;
	n->type = NEWS_IDENT;
	n->id = *id;
	n->pid = 0;
	n->path_cut = 0;
	n->comm[0] = 0;
	if (leader) {
		n->pid = compat_read(leader, tgid);
		read_comm(n->comm, leader);
	}
	scratch->cgrp = (u64)cgrp;
	len = cgroup_path();
	if (len > sizeof(n->path))
		len = sizeof(n->path);
	n->path_len = len;
	len += __builtin_offsetof(struct news_ident, path);
	if (len > sizeof(*n) || bpf_ringbuf_output(&news, n, len, 0))
		lose(LOSS_ANNOUNCE, 1);
	else
		bpf_map_update_elem(&idents, id, &unresolved, BPF_NOEXIST);
	scratch->busy = 0;
}

/* The number for @w's ident as it is now; 0 while user space has not answered. Tells user space
 * when it never heard of it. */
static __always_inline u32 who_resolve(struct who *w, struct cgroup *cgrp,
				       struct task_struct *leader)
{
	/* Read first: if the numbers change between here and the lookup, the next event looks
	 * again. */
	u32 gen = *(volatile u32 *)&control.gen;
	u32 *svc = bpf_map_lookup_elem(&idents, &w->id);

	if (!svc)
		announce(&w->id, cgrp, leader);
	w->svc = svc ? *svc : SVC_UNRESOLVED;
	w->gen = gen;
	return w->svc;
}

/* For a copy of a task's or a socket's `who` that is kept for later: is its number still good, or
 * is there one by now? */
static __always_inline u32 who_refresh(struct who *w)
{
	u32 *svc, gen;

	if (w->svc && (w->gen == control.gen || w->svc < SVC_FIRST))
		return w->svc;
	gen = *(volatile u32 *)&control.gen;
	svc = bpf_map_lookup_elem(&idents, &w->id);
	w->svc = svc ? *svc : SVC_UNRESOLVED;
	w->gen = gen;
	return w->svc;
}

static __always_inline void who_of_task(struct who *w, struct task_state *t,
					struct task_struct *task, struct css_set *cset)
{
	struct task_struct *leader = compat_read(task, group_leader);
	struct cgroup *cgrp;

	w->gen = control.gen;
	if (compat_read(task, flags) & PF_KTHREAD) {
		w->svc = SVC_KERNEL;
		return;
	}
	if ((u32)compat_read(task, tgid) == cfg.self_tgid) {
		w->svc = SVC_SELF;
		return;
	}

	cgrp = task_cgroup(t, cset, &w->id.hierarchy);
	/* Where the path cannot be told, the command's name has to do. */
	if (compat.probe_read && BPF_CORE_READ(cgrp, level))
		w->id.cgroup = BPF_CORE_READ(cgrp, kn, id);
	if (!w->id.cgroup || cfg.by_comm)
		read_comm(w->id.comm, leader);
	if (cfg.by_process) {
		w->id.tgid = compat_read(task, tgid);
		w->id.process =
			compat_read(leader, start_boottime) + compat_read(leader, self_exec_id);
	}
	who_resolve(w, w->id.cgroup ? cgrp : NULL, leader);
}

/* Put together apart from @t, which an iterator on another CPU may look into at the same time; the
 * css_set, by which it is known to be good, comes last. */
static __noinline void who_find(struct task_state *t, struct task_struct *task)
{
	struct css_set *cset = compat_read(task, cgroups);
	struct who w = {};

	who_of_task(&w, t, task, cset);
	t->who = w;
	*(volatile u64 *)&t->cset = (u64)cset;
}

/* The task's `who`, found again if the task is new, moved, or has no number yet. */
static __always_inline struct who *task_who(struct task_state *t, struct task_struct *task)
{
	if (t->cset != (u64)compat_read(task, cgroups) || t->who.gen != control.gen || !t->who.svc)
		who_find(t, task);
	return &t->who;
}

/* The `who` of a cgroup where there is no task to ask: a socket's or a bio's owner. False for a
 * root cgroup, which says nothing. */
static __always_inline bool who_of_cgroup(struct who *ret, struct cgroup *cgrp, u32 hierarchy)
{
	struct who w = {};

	if (!cgrp || !BPF_CORE_READ(cgrp, level))
		return false;
	w.id.cgroup = BPF_CORE_READ(cgrp, kn, id);
	w.id.hierarchy = hierarchy;
	who_resolve(&w, cgrp, NULL);
	*ret = w;
	return true;
}

#endif
