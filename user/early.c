// SPDX-License-Identifier: GPL-2.0-only
#include "early.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "clock.h"
#include "dist.h"
#include "hash.h"
#include "store.h"

#define BATCH 256

/* The entries are read and removed after so many messages, lest many short-lived cgroups fill the
 * hash. */
#define SWEEP_AFTER 128

/* More messages do not fit into the ring: what comes while those are answered waits for the next
 * time. */
#define ANSWER_MAX 8192

/* An ident that nobody has asked for, because its question found no room, is asked for with its
 * next event. What had none for so many readings has ended. */
#define QUIET_MAX 8

/* After a key was moved to a slot nobody adds to its entry for longer than a program runs; this is
 * much longer. */
#define SETTLE_NS 200000000ULL

struct entry_id {
	struct early_key key;
	u32 map; /* the same key can be in both */
	u32 pad;
};

struct entry {
	struct entry_id id;
	struct hist_total last;
	u64 moved; /* ns, when its key had a slot; the entry is of no use any more */
	u32 quiet; /* readings in which nothing came */
	UT_hash_handle hh;
};

struct early {
	struct loader *loader;
	struct services *services;
	struct ring_buffer *news;
	early_fn fn;
	void *ctx;
	struct entry *entries;
	struct early_key *keys;
	struct hist *values;
	u32 messages; /* since the last reading */
	u32 budget;   /* messages that may still be answered now */
};

static u32 dense_op(struct loaded *set, u64 raw)
{
	if (raw < MAX_OPS)
		return raw;
	return set->probe->resolve ? set->probe->resolve(&set->env, raw) : OP_OTHER;
}

static u32 unit_of(const struct probe *p, u32 op)
{
	struct op_info info = {};

	return op != OP_OTHER && p->op(op, &info) && info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;
}

static struct entry *entry_of(struct early *e, const struct entry_id *id)
{
	struct entry *entry;

	HASH_FIND(hh, e->entries, id, sizeof(*id), entry);
	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->id = *id;
	HASH_ADD(hh, e->entries, id, sizeof(entry->id), entry);
	if (hash_added(entry))
		return entry;
	free(entry);
	return NULL;
}

static bool is_unanswered(const struct early *e, const struct early_key *key)
{
	return !key->svc && !services__answered(e->services, &key->id);
}

/* Whether what comes now is counted elsewhere: a bare ident's when it is answered, or asked for
 * again in a later generation, if ever; a service's operation's when it has a slot. */
static bool is_over(const struct early *e, const struct loaded *set, const struct early_key *key)
{
	return !is_unanswered(e, key) || key->gen != set->control->gen;
}

/* One goes away when nothing can come to it and nothing has come for a whole interval. */
static void read_entry(struct early *e, const struct entry_id *id, const struct hist *h,
		       const u32 *epochs, u64 now)
{
	const struct early_key *key = &id->key;
	struct loaded *set = loader__set(e->loader, key->set);
	struct entry *entry;
	struct dist delta;
	u32 svc, op;
	bool grew;

	if (!set)
		return;
	/* The kernel side asks before it counts: an ident that is still unknown here has its
	 * question in the ring, if there was room for it. */
	if (is_unanswered(e, key))
		ring_buffer__consume(e->news);
	if (is_unanswered(e, key) && !services__find(e->services, &key->id))
		services__ask_again(e->services, &key->id);
	svc = key->svc ? key->svc : services__of(e->services, &key->id);
	op = dense_op(set, key->op);
	/* Without memory: the kernel's map keeps it for the next reading. */
	entry = entry_of(e, id);
	if (!entry)
		return;
	grew = hist__delta(h, 1, sizeof(*h), epochs[key->set], unit_of(set->probe, op),
			   &entry->last, &delta);
	entry->quiet = grew ? 0 : entry->quiet + 1;
	if (grew) {
		e->fn(e->ctx, key->set, svc, op, &delta);
	} else if (entry->moved && entry->moved + SETTLE_NS < now) {
		bpf_map_delete_elem(loader__early_fd(e->loader, id->map), key);
		HASH_DEL(e->entries, entry);
		free(entry);
		return;
	}
	if (op >= set->probe->counters)
		store__assign(set->store, svc, op);
	if (!entry->moved && (is_over(e, set, key) || entry->quiet > QUIET_MAX))
		entry->moved = now;
}

static int read_map(struct early *e, u32 map, const u32 *epochs)
{
	/* Taken before the reading, so that an entry is never thought older than it is. */
	u64 now = now_ns();
	int fd = loader__early_fd(e->loader, map), err;
	struct entry_id id = {.map = map};
	u32 out, *in = NULL;

	do {
		u32 count = BATCH;

		err = bpf_map_lookup_batch(fd, in, &out, e->keys, e->values, &count, NULL);
		if (err && errno != ENOENT)
			return -errno;
		for (u32 i = 0; i < count; i++) {
			id.key = e->keys[i];
			read_entry(e, &id, &e->values[i], epochs, now);
		}
		in = &out;
	} while (!err);
	return 0;
}

int early__read(struct early *e, const u32 *epochs)
{
	int err = 0;

	e->budget = ANSWER_MAX;
	for (u32 map = 0; map < EARLY_MAPS && !err; map++)
		err = read_map(e, map, epochs);
	e->messages = 0;
	return err;
}

static int on_news(void *ctx, void *data, size_t size)
{
	struct early *e = ctx;
	const u32 *type = data;

	e->messages++;
	if (size >= sizeof(u32) && *type == NEWS_IDENT) {
		services__announced(e->services, data, size);
	} else if (size >= sizeof(struct news_early) && *type == NEWS_EARLY) {
		const struct news_early *n = data;
		struct loaded *set = loader__set(e->loader, n->key.set);

		if (set && n->key.op >= set->probe->counters)
			store__assign(set->store, n->key.svc, dense_op(set, n->key.op));
	}
	e->budget -= !!e->budget;
	return e->budget ? 0 : -ECANCELED;
}

int early__new(struct early **ret, struct loader *loader, struct services *services, early_fn fn,
	       void *ctx)
{
	struct early *e = calloc(1, sizeof(*e));

	if (!e)
		return -ENOMEM;
	*e = (struct early){.loader = loader, .services = services, .fn = fn, .ctx = ctx};
	e->keys = calloc(BATCH, sizeof(*e->keys));
	e->values = calloc(BATCH, sizeof(*e->values));
	e->news = ring_buffer__new(loader__news_fd(loader), on_news, e, NULL);
	if (!e->keys || !e->values || !e->news) {
		early__free(e);
		return -ENOMEM;
	}
	*ret = e;
	return 0;
}

void early__free(struct early *e)
{
	struct entry *entry, *tmp;

	if (!e)
		return;
	HASH_ITER(hh, e->entries, entry, tmp) {
		HASH_DEL(e->entries, entry);
		free(entry);
	}
	ring_buffer__free(e->news);
	free(e->keys);
	free(e->values);
	free(e);
}

int early__fd(const struct early *e)
{
	return ring_buffer__epoll_fd(e->news);
}

bool early__answer(struct early *e)
{
	e->budget = ANSWER_MAX;
	ring_buffer__consume(e->news);
	return e->messages >= SWEEP_AFTER;
}
