/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom a service talks to, as a client. Only while somebody looks (control.detail): there can be
 * many, and none of them is part of a metric's name.
 */
#ifndef SONDE_PEER_BPF_H
#define SONDE_PEER_BPF_H

#include "bucket.bpf.h"
#include "compat.bpf.h"
#include "peer.h"
#include "service.bpf.h"

#define AF_UNIX  1
#define AF_INET  2
#define AF_INET6 10

SEC(".rodata.ports") const volatile struct port_range client_ports;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PEERS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct peer_key);
	__type(value, struct peer_stats);
} peers SEC(".maps");

/* An empty one, too large for the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct peer_stats);
} no_peer SEC(".maps");

static __always_inline bool is_client_port(u32 port)
{
	return port >= client_ports.first && port <= client_ports.last;
}

/*
 * There is nothing that says who connected, once it is. But one that was accepted has the backlog
 * of the one that listened, unless that was 0, and servers' ports are not those that clients are
 * given. Who listens, or takes datagrams from anybody, has no port at the other end.
 */
static __always_inline bool is_client(struct sock *sk)
{
	u32 local = BPF_CORE_READ(sk, __sk_common.skc_num);
	u32 remote = __builtin_bswap16(BPF_CORE_READ(sk, __sk_common.skc_dport));

	if (!remote || BPF_CORE_READ(sk, sk_max_ack_backlog))
		return false;
	if (is_client_port(local) != is_client_port(remote))
		return is_client_port(local);
	return local > remote;
}

/* The name that a client's UNIX socket is connected to; NULL for a server's, and for one of a pair.
 */
static __always_inline struct unix_address *unix_server(struct sock *sk)
{
	struct unix_sock *u = (void *)sk;
	struct sock *peer;

	if (!bpf_core_type_exists(struct unix_sock) || BPF_CORE_READ(u, addr))
		return NULL;
	peer = BPF_CORE_READ(u, peer);
	return peer ? BPF_CORE_READ((struct unix_sock *)peer, addr) : NULL;
}

static __always_inline struct peer_stats *peer_find(struct peer_key *key, struct unix_address *name,
						    bool create)
{
	struct peer_stats *p = bpf_map_lookup_elem(&peers, key), *none;
	u32 zero = 0;

	if (p || !create)
		return p;
	none = bpf_map_lookup_elem(&no_peer, &zero);
	if (!none)
		return NULL;
	/* Another CPU may be first, which is as good. */
	bpf_map_update_elem(&peers, key, none, BPF_NOEXIST);
	p = bpf_map_lookup_elem(&peers, key);
	if (!p)
		lose(LOSS_TABLE_FULL, 1);
	else if (name)
		bpf_probe_read_kernel_str(p->path, sizeof(p->path), name->name[0].sun_path);
	return p;
}

/* Of the peer that @sk, a client's, is or was to be connected to; NULL for other sockets, or if
 * there is no room. @create: it may be made, since no lock is held that an allocation might want.
 */
static __noinline struct peer_stats *peer_of(const struct who *w, struct sock *sk, bool create)
{
	struct peer_key key = {.svc = w->svc};
	struct unix_address *name = NULL;

	if (!control.detail || !compat.probe_read || !sk || !w->svc)
		return NULL;
	key.family = BPF_CORE_READ(sk, __sk_common.skc_family);
	key.port = __builtin_bswap16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	if (key.family == AF_UNIX) {
		name = unix_server(sk);
		if (!name)
			return NULL;
		key.port = 0;
		__builtin_memcpy(key.addr, &name, sizeof(name));
	} else if (key.family == AF_INET) {
		BPF_CORE_READ_INTO((u32 *)key.addr, sk, __sk_common.skc_daddr);
	} else if (key.family == AF_INET6) {
		BPF_CORE_READ_INTO((struct in6_addr *)key.addr, sk, __sk_common.skc_v6_daddr);
	} else {
		return NULL;
	}
	return peer_find(&key, name, create);
}

static __always_inline void peer_bucket(u32 *bucket, u64 ns)
{
	/* As dist__coarse joins them. */
	u32 i = (bucket_of(ns) + 1) / 2;

	ONE_REGISTER(i);
	if (i < PEER_BUCKETS)
		__sync_fetch_and_add(&bucket[i], 1);
}

#endif
