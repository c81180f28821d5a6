// SPDX-License-Identifier: GPL-2.0-only
#include "collect_peers.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "peer.h"

/* Readings after which an idle one makes room. */
#define FORGET_AFTER 60

struct peer {
	struct peer_key key;
	struct peer_stats last;
	u64 active; /* reading in which something happened last */
	UT_hash_handle hh;
};

struct peer_table {
	int fd;
	struct peer *peers;
	u64 reading;
};

/* Nobody else looks, and nothing is added any more. */
static void empty(int fd)
{
	struct peer_key key;

	while (fd >= 0 && !bpf_map_get_next_key(fd, NULL, &key) && !bpf_map_delete_elem(fd, &key))
		;
}

void peer_table__free(struct peer_table *t)
{
	struct peer *p, *tmp;

	if (!t)
		return;
	/* Those who look only for moments would fill it. */
	empty(t->fd);
	HASH_ITER(hh, t->peers, p, tmp) {
		HASH_DEL(t->peers, p);
		free(p);
	}
	free(t);
}

static void write_address(const struct peer_key *key, const char *path, char *buf, size_t size)
{
	char text[INET6_ADDRSTRLEN] = "?";

	if (key->family == AF_UNIX) {
		/* An abstract name begins with a NUL. */
		snprintf(buf, size, "unix:%.58s", path[0] ? path : "@");
		return;
	}
	inet_ntop(key->family, key->addr, text, sizeof(text));
	snprintf(buf, size, key->family == AF_INET6 ? "[%s]:%u" : "%s:%u", text, key->port);
}

/* The quantile @q of what coarse buckets grew by. */
static u64 quantile(const u32 *now, const u32 *last, double q)
{
	struct dist d = {};

	for (u32 i = 0; i < PEER_BUCKETS; i++) {
		u32 n = now[i] - last[i], fine = 2 * i < HIST_BUCKETS ? 2 * i : HIST_ABOVE;

		d.bucket[fine] += n;
		d.count += n;
		if (n)
			d.max = dist__bound(fine, UNIT_NS);
	}
	return dist__quantile(&d, q, UNIT_NS);
}

static int add_peer(const struct peer_key *key, const struct peer_stats *now,
		    const struct peer_stats *last, u32 service, struct frame *f)
{
	struct frame_peer *out = frame__add_peer(f);
	u64 rtts = now->rtts - last->rtts;

	if (!out)
		return -ENOMEM;
	out->service = service;
	write_address(key, now->path, out->address, sizeof(out->address));
	out->connects = now->connects - last->connects;
	out->failures = now->failures - last->failures;
	if (out->failures)
		snprintf(out->error, sizeof(out->error), "%s",
			 strerrorname_np(now->error) ? strerrorname_np(now->error) : "abandoned");
	out->connect_p95 = quantile(now->connect, last->connect, 0.95);
	out->connect_max = quantile(now->connect, last->connect, 1);
	out->rtt = rtts ? (now->rtt - last->rtt) / rtts : 0;
	out->retransmits = now->retransmits - last->retransmits;
	out->bytes_in = now->bytes_in - last->bytes_in;
	out->bytes_out = now->bytes_out - last->bytes_out;
	out->waited = now->waited - last->waited;
	out->waits = now->waits - last->waits;
	out->wait_p95 = quantile(now->wait, last->wait, 0.95);
	out->wait_max = quantile(now->wait, last->wait, 1);
	return 0;
}

static struct peer *peer_of(struct peer_table *t, const struct peer_key *key)
{
	struct peer *p;

	HASH_FIND(hh, t->peers, key, sizeof(*key), p);
	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->key = *key;
	p->active = t->reading;
	HASH_ADD(hh, t->peers, key, sizeof(p->key), p);
	if (hash_added(p))
		return p;
	free(p);
	return NULL;
}

int peer_table__new(struct peer_table **ret, int fd)
{
	struct peer_table *t = calloc(1, sizeof(*t));
	struct peer_key key, *at = NULL;

	if (!t)
		return -ENOMEM;
	t->fd = fd;
	*ret = t;
	/* What was counted while somebody else looked is of no interval from now on. */
	while (fd >= 0 && !bpf_map_get_next_key(fd, at, &key)) {
		struct peer *p = peer_of(t, &key);

		if (!p)
			return -ENOMEM;
		bpf_map_lookup_elem(fd, &key, &p->last);
		at = &key;
	}
	return 0;
}

static void forget_idle(struct peer_table *t)
{
	struct peer *p, *tmp;

	HASH_ITER(hh, t->peers, p, tmp) {
		if (p->active + FORGET_AFTER > t->reading)
			continue;
		bpf_map_delete_elem(t->fd, &p->key);
		HASH_DEL(t->peers, p);
		free(p);
	}
}

int peer_table__fill(struct peer_table *t, const struct delta *d, struct frame *f,
		     u32 (*service)(void *ctx, const struct delta *d, u32 svc), void *ctx)
{
	struct peer_key key, *at = NULL;
	struct peer_stats now;
	int err = 0;

	if (t->fd < 0)
		return 0;
	t->reading++;
	while (!err && !bpf_map_get_next_key(t->fd, at, &key)) {
		struct peer *p = peer_of(t, &key);

		at = &key;
		if (!p)
			return -ENOMEM;
		if (bpf_map_lookup_elem(t->fd, &key, &now) || !memcmp(&now, &p->last, sizeof(now)))
			continue;
		err = add_peer(&key, &now, &p->last, service(ctx, d, key.svc), f);
		p->last = now;
		p->active = t->reading;
	}
	if (!err)
		forget_idle(t);
	return err;
}
