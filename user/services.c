// SPDX-License-Identifier: GPL-2.0-only
#include "services.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup_tree.h"
#include "hash.h"
#include "subject.h"

/* How long a bare ident is remembered after its last early entry: the kernel side asks again when
 * it needs to. */
#define REMEMBER_SNAPSHOTS 3

#define BATCH 256 /* answers per reading */

/* The cgroups are looked through no more often: what is not found then has most likely ended. */
#define TREE_SNAPSHOTS 6

struct service {
	char *raw; /* NULL: the number is free */
	char node[SERVICE_NAME_MAX];
	u64 active; /* the last snapshot in which it was */
	bool retired;
};

struct known {
	struct ident id;
	u32 svc;
	u64 used;   /* snapshot in which it was asked for last */
	bool stale; /* the kernel side asks again, and counts under the bare ident until then */
	UT_hash_handle hh;
};

struct services {
	struct names names;
	int idents_fd;
	u32 limit;
	struct service *service; /* by number */
	struct known *known;
	u64 snapshot;
	u64 folded;
	bool wanted; /* a name found no number since all that had none were asked for again */
	struct cgroup_tree *tree; /* NULL while nobody asked */
	u64 tree_read;            /* in this snapshot was it last tried */
};

static int service__set(struct service *s, const char *raw, const char *node)
{
	s->raw = strdup(raw);
	if (!s->raw)
		return -ENOMEM;
	snprintf(s->node, sizeof(s->node), "%s", node);
	s->retired = false;
	return 0;
}

int services__new(struct services **ret, struct naming *naming, const char *root, u32 max)
{
	static const char *const fixed[] = {
		[SVC_OTHER] = "_other",
		[SVC_KERNEL] = "kernel",
		[SVC_SELF] = "sonde",
	};
	struct services *s = calloc(1, sizeof(*s));
	int err = s ? 0 : -ENOMEM;

	if (err)
		return err;
	s->names.naming = naming;
	s->names.root = root;
	s->idents_fd = -1;
	s->limit = SVC_FIRST + max;
	s->snapshot = 1;
	s->service = calloc(s->limit, sizeof(*s->service));
	if (!s->service)
		err = -ENOMEM;
	for (u32 i = SVC_OTHER; !err && i < SVC_FIRST; i++)
		err = service__set(&s->service[i], fixed[i], fixed[i]);
	if (err) {
		services__free(s);
		return err;
	}
	*ret = s;
	return 0;
}

void services__set_map(struct services *s, int idents_fd)
{
	s->idents_fd = idents_fd;
}

static void forget_tree(struct services *s)
{
	cgroup_tree__free(s->tree);
	s->tree = NULL;
	s->tree_read = 0;
}

void services__free(struct services *s)
{
	struct known *k, *tmp;

	if (!s)
		return;
	HASH_ITER(hh, s->known, k, tmp) {
		HASH_DEL(s->known, k);
		free(k);
	}
	for (u32 i = 0; s->service && i < s->limit; i++)
		free(s->service[i].raw);
	free(s->service);
	forget_tree(s);
	slow_file__free(s->names.slow);
	free(s);
}

u32 services__limit(const struct services *s)
{
	return s->limit;
}

const char *services__name(const struct services *s, u32 svc)
{
	return svc < s->limit && s->service[svc].raw ? s->service[svc].node : NULL;
}

u64 services__folded(const struct services *s)
{
	return s->folded;
}

void services__touch(struct services *s, u32 svc)
{
	if (svc < s->limit)
		s->service[svc].active = s->snapshot;
}

/* The service's number: the one it has, or a free one; SVC_OTHER when there is none. */
static u32 number_of(struct services *s, const char *raw)
{
	char node[SERVICE_NAME_MAX];
	u32 free_svc = 0;

	node__sanitise(raw, node, sizeof(node));
	for (u32 i = SVC_OTHER; i < s->limit; i++) {
		struct service *have = &s->service[i];

		if (have->raw && !strcmp(have->raw, raw)) {
			/* One that came back keeps its number: nobody has it yet. */
			have->retired = false;
			return i;
		}
		if (!have->raw && !free_svc)
			free_svc = i;
	}
	/* Two raw names whose nodes are the same: the later one is told apart. */
	for (u32 i = SVC_OTHER; i < s->limit; i++) {
		const struct service *have = &s->service[i];

		if (have->raw && !strcmp(have->node, node)) {
			char marked[640];

			snprintf(marked, sizeof(marked), "%.40s@%s", node, raw);
			node__sanitise(marked, node, sizeof(node));
			break;
		}
	}
	if (!free_svc || service__set(&s->service[free_svc], raw, node)) {
		s->folded++;
		s->wanted = true;
		return SVC_OTHER;
	}
	services__touch(s, free_svc);
	return free_svc;
}

static struct known *find_known(struct services *s, const struct ident *id)
{
	struct known *k;

	HASH_FIND(hh, s->known, id, sizeof(*id), k);
	return k;
}

static void answer(struct services *s, const struct ident *id, u32 svc)
{
	struct known *k = find_known(s, id);

	if (!k) {
		k = calloc(1, sizeof(*k));
		if (!k)
			return;
		k->id = *id;
		HASH_ADD(hh, s->known, id, sizeof(k->id), k);
		if (!hash_added(k)) {
			free(k);
			return;
		}
	}
	k->svc = svc;
	k->used = s->snapshot;
	/* Without room for the answer the question comes again. */
	k->stale = bpf_map_update_elem(s->idents_fd, id, &svc, BPF_ANY);
}

/* @comm: COMM_LEN bytes at most. False: it cannot be named now, and stays unanswered. */
static bool name_and_answer(struct services *s, const struct ident *id, const char *path,
			    const char *comm, u32 pid)
{
	char raw[512];

	if (subject__name(&s->names, id, path, comm, pid, raw, sizeof(raw)))
		return false;
	answer(s, id, number_of(s, raw));
	return true;
}

void services__announced(struct services *s, const struct news_ident *n, size_t size)
{
	char path[NEWS_PATH_MAX + NEWS_NAME_MAX + MAX_OPS];
	size_t head = offsetof(struct news_ident, path);

	if (size < head || n->path_len > size - head)
		return;
	/* What is left may be what a user made below their part, to have another's name. */
	if (n->path_cut) {
		s->folded++;
		answer(s, &n->id, SVC_OTHER);
		return;
	}
	subject__path(n->path, n->path_len, path, sizeof(path));
	name_and_answer(s, &n->id, path, n->comm, n->pid);
}

static const char *path_by_id(struct services *s, const struct ident *id)
{
	if (!id->cgroup)
		return "/";
	/* Also when that failed, for want of memory say, it is not tried again at once. */
	if (!s->tree && s->tree_read != s->snapshot) {
		s->tree_read = s->snapshot;
		cgroup_tree__read(&s->tree, s->names.root);
	}
	return s->tree ? cgroup_tree__path(s->tree, id->hierarchy, id->cgroup) : NULL;
}

/* It is what is kept for a socket of which nothing is known. */
static bool is_nobody(const struct ident *id)
{
	return !id->cgroup && !id->process && !id->comm[0];
}

bool services__find(struct services *s, const struct ident *id)
{
	const char *path = is_nobody(id) ? NULL : path_by_id(s, id);

	if (!path || (id->process && !subject__is_running(s->names.root, id)))
		return false;
	return name_and_answer(s, id, path, id->comm, id->tgid);
}

u32 services__of(struct services *s, const struct ident *id)
{
	struct known *k = find_known(s, id);

	if (!k)
		return SVC_OTHER;
	k->used = s->snapshot;
	return k->svc;
}

bool services__answered(const struct services *s, const struct ident *id)
{
	const struct known *k = find_known((struct services *)s, id);

	return k && !k->stale;
}

void services__ask_again(struct services *s, const struct ident *id)
{
	bpf_map_delete_elem(s->idents_fd, id);
}

/* The kernel side asks again for what was answered with one of @gone, by number; NULL: with any. In
 * one walk: there can be thousands. Returns 0 or -errno: then some keep their answers. */
static int ask_all_again(struct services *s, const bool *gone)
{
	struct ident keys[BATCH];
	u32 svc[BATCH], out, *in = NULL;
	int err;

	if (s->idents_fd < 0)
		return 0;
	do {
		u32 n = BATCH;

		err = bpf_map_lookup_batch(s->idents_fd, in, &out, keys, svc, &n, NULL);
		if (err && errno != ENOENT)
			return -errno;
		for (u32 i = 0; i < n; i++)
			if (!gone || (svc[i] < s->limit && gone[svc[i]]))
				services__ask_again(s, &keys[i]);
		in = &out;
	} while (!err);
	return 0;
}

void services__rename(struct services *s, struct naming *naming)
{
	struct known *k, *tmp;

	s->names.naming = naming;
	forget_tree(s);
	ask_all_again(s, NULL);
	HASH_ITER(hh, s->known, k, tmp)
		k->stale = true;
}

static int forget_answers(struct services *s, const bool *gone)
{
	int err = ask_all_again(s, gone);
	struct known *k, *tmp;

	if (err)
		return err;
	HASH_ITER(hh, s->known, k, tmp) {
		if (gone[k->svc])
			k->svc = SVC_OTHER;
	}
	return 0;
}

/* The one that has been idle longest, and for at least @idle snapshots; 0: none. */
static u32 longest_idle(const struct services *s, u32 idle)
{
	u32 oldest = 0;

	for (u32 i = SVC_FIRST; i < s->limit; i++) {
		const struct service *have = &s->service[i];

		if (have->raw && !have->retired && have->active + idle < s->snapshot &&
		    (!oldest || have->active < s->service[oldest].active))
			oldest = i;
	}
	return oldest;
}

u32 services__end_snapshot(struct services *s, u32 idle, u32 *retired, u32 max)
{
	bool *gone = calloc(s->limit, sizeof(*gone));
	struct known *k, *tmp;
	u32 n = 0;

	HASH_ITER(hh, s->known, k, tmp) {
		if (k->used + REMEMBER_SNAPSHOTS < s->snapshot) {
			HASH_DEL(s->known, k);
			free(k);
		}
	}
	for (u32 svc; gone && s->wanted && n < max && (svc = longest_idle(s, idle)); n++) {
		s->service[svc].retired = true;
		gone[svc] = true;
		retired[n] = svc;
	}
	/* What may still be counted under a number must not be given away. */
	if (n && forget_answers(s, gone))
		while (n)
			s->service[retired[--n]].retired = false;
	free(gone);
	s->snapshot++;
	if (s->tree && s->tree_read + TREE_SNAPSHOTS <= s->snapshot)
		forget_tree(s);
	return n;
}

bool services__release(struct services *s, u32 svc)
{
	if (!s->service[svc].retired)
		return false;
	free(s->service[svc].raw);
	s->service[svc].raw = NULL;
	s->service[svc].retired = false;
	return true;
}

void services__offer(struct services *s)
{
	bool *gone = calloc(s->limit, sizeof(*gone));

	if (!gone)
		return;
	gone[SVC_OTHER] = true;
	s->wanted = ask_all_again(s, gone);
	free(gone);
}
