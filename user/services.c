// SPDX-License-Identifier: GPL-2.0-only
#include "hash.h"
#include "services.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long a bare ident is remembered after its last early entry: the kernel side asks again when
 * it needs to. */
#define REMEMBER_SNAPSHOTS 3
#define CMDLINE_MAX        1024

#define BATCH 256 /* answers per reading */

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
	struct naming *naming;
	const char *root;
	int idents_fd;
	u32 limit;
	struct service *service; /* by number */
	struct known *known;
	u64 snapshot;
	u64 folded;
	bool wanted; /* a name found no number since all that had none were asked for again */
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
	s->naming = naming;
	s->root = root;
	s->idents_fd = -1;
	s->limit = SVC_FIRST + max;
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

/* The leaf comes first in @names. */
static void path_of(const char *names, u32 len, char *path, size_t size)
{
	size_t at = size - 1;

	path[at] = 0;
	for (u32 i = 0; i < len;) {
		size_t n = strnlen(names + i, len - i);

		if (n + 1 > at)
			break;
		at -= n;
		memcpy(path + at, names + i, n);
		path[--at] = '/';
		i += n + 1;
	}
	memmove(path, path + at, size - at);
	if (!path[0])
		snprintf(path, size, "/");
}

/* NULs become spaces: the arguments in one line. */
static void read_cmdline(const char *root, u32 pid, char *line, size_t size)
{
	char path[256];
	ssize_t n = -1;
	int fd;

	line[0] = 0;
	snprintf(path, sizeof(path), "%s/proc/%u/cmdline", root, pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	n = read(fd, line, size - 1);
	close(fd);
	if (n <= 0)
		return;
	line[n] = 0;
	for (ssize_t i = 0; i < n - 1; i++)
		if (!line[i])
			line[i] = ' ';
}

static u32 name_ident(struct services *s, const struct news_ident *n, u32 len)
{
	char path[NEWS_PATH_MAX + NEWS_NAME_MAX + MAX_OPS], comm[COMM_LEN + 1];
	char exe[512] = "", cmdline[CMDLINE_MAX] = "", raw[512];
	struct subject subject = {
		.cgroup = path,
		.comm = comm,
		.exe = exe,
		.cmdline = cmdline,
	};

	path_of(n->path, len, path, sizeof(path));
	snprintf(comm, sizeof(comm), "%.*s", COMM_LEN, n->comm);
	if (n->id.process) {
		char link[256];
		ssize_t size;

		snprintf(link, sizeof(link), "%s/proc/%u/exe", s->root, n->pid);
		size = readlink(link, exe, sizeof(exe) - 1);
		exe[size > 0 ? size : 0] = 0;
		if (naming__needs(s->naming) & NAMING_BY_CMDLINE)
			read_cmdline(s->root, n->pid, cmdline, sizeof(cmdline));
	}
	naming__derive(s->naming, &subject, raw, sizeof(raw));
	return number_of(s, raw);
}

static struct known *find_known(struct services *s, const struct ident *id)
{
	struct known *k;

	HASH_FIND(hh, s->known, id, sizeof(*id), k);
	return k;
}

void services__announced(struct services *s, const struct news_ident *n, size_t size)
{
	size_t head = offsetof(struct news_ident, path);
	struct known *k;
	u32 svc;

	if (size < head || n->path_len > size - head)
		return;
	svc = name_ident(s, n, n->path_len);
	k = find_known(s, &n->id);
	if (!k) {
		k = calloc(1, sizeof(*k));
		if (!k)
			return;
		k->id = n->id;
		HASH_ADD(hh, s->known, id, sizeof(k->id), k);
		if (!hash_added(k)) {
			free(k);
			return;
		}
	}
	k->svc = svc;
	k->used = s->snapshot;
	/* Without room for the answer the question comes again. */
	k->stale = bpf_map_update_elem(s->idents_fd, &n->id, &svc, BPF_ANY);
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

	s->naming = naming;
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
