/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the set tcp knows of each socket.
 *
 * Almost nothing here runs in the context of the socket's owner, so whoever connects, listens or
 * accepts is written down with the socket and charged from there.
 */
#ifndef SONDE_TCP_BPF_H
#define SONDE_TCP_BPF_H

#define NS_PER_US      1000
#define US_PER_MS      1000
#define E2BIG          7
#define FIRST_SEGMENTS 4
#define IPPROTO_TCP    6
#define SHUTDOWN_MASK  3 /* include/net/sock.h */
#define SOCK_DONE      1 /* enum sock_flags: the peer's FIN has come */
#define FIN_QUEUED                                                                                 \
	(1 << TCP_FIN_WAIT1 | 1 << TCP_FIN_WAIT2 | 1 << TCP_TIME_WAIT | 1 << TCP_LAST_ACK |        \
	 1 << TCP_CLOSING)

/* Kept with each socket. */
struct conn {
	u64 begun;       /* ns, when the SYN was sent; 0: not connecting */
	u64 established; /* ns; 0: not yet, or before this was attached */
	u64 out, in;     /* payload counted so far */
	u64 retrans;     /* segments counted so far */
	u32 queued;      /* for accept, which was not seen yet */
	u32 round;       /* of the set, in which all that was seen */
	struct who who;
};

/* A listener's children inherit its owner by BPF_F_CLONE. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct conn);
} conns SEC(".maps");

/* The same by the socket's address, for kernels that keep nothing with sockets. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, u64);
	__type(value, struct conn);
} sockets SEC(".maps");

/* And who listens where, since there a listener's children inherit nothing. */
struct listener {
	u32 netns;
	u32 port;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct listener);
	__type(value, struct who);
} listeners SEC(".maps");

/* By socket, for those that are not accepted yet: whoever accepts cannot reach the socket's
 * storage. */
struct accept {
	u64 since;     /* ns; 0: accepted, by @who */
	u64 handshake; /* ns; 0: not measured */
	struct who who;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, u64);
	__type(value, struct accept);
} accepts SEC(".maps");

/* By socket, what there was before this was attached; an entry goes to the socket at its first
 * event. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, u64);
	__type(value, struct conn);
} seeds SEC(".maps");

SEC(".rodata.accept") const volatile struct accept_calls accept_calls;

/* The round in which all sockets were looked at, plus one; until then one that is unknown may still
 * be named. */
static u32 seeded;

static __always_inline bool is_seeded(void)
{
	return seeded == control.round + 1;
}

static __noinline void latency(struct who *w, u32 op, u64 ns, bool failed)
{
	who_refresh(w);
	record(w, op, ns, failed, cfg.slo ? slo[op & (MAX_OPS - 1)] : 0);
}

static __noinline void add(struct who *w, u32 op, u64 n)
{
	who_refresh(w);
	count(w, op, n);
}

/* What the kernel counts as one byte more: a FIN that was acknowledged. */
static __always_inline u32 fin_sent(u8 state, u32 snd_una, u32 write_seq)
{
	return FIN_QUEUED >> state & 1 && snd_una == write_seq;
}

/* And one that came. */
static __always_inline u32 fin_received(u64 flags)
{
	return flags >> SOCK_DONE & 1;
}

/* Counts how far a running total has come. It may be below @seen, which holds the SYN before it is
 * acknowledged. */
static __always_inline void advance(struct who *w, u32 op, u64 *seen, u64 total)
{
	if ((s64)(total - *seen) <= 0)
		return;
	add(w, op, total - *seen);
	*seen = total;
}

static __noinline void account_peer(struct conn *c, struct tcp_sock *tp, u64 out, u64 in,
				    u64 retrans)
{
	struct sock *sk = &tp->inet_conn.icsk_inet.sk;
	struct peer_stats *p = is_client(sk) ? peer_of(&c->who, sk, true) : NULL;

	if (!p)
		return;
	__sync_fetch_and_add(&p->bytes_out, c->out - out);
	__sync_fetch_and_add(&p->bytes_in, c->in - in);
	__sync_fetch_and_add(&p->retransmits, c->retrans - retrans);
}

static __noinline void account(struct conn *c, struct tcp_sock *tp)
{
	u64 out = c->out, in = c->in, retrans = c->retrans;
	struct sock_common *skc = &tp->inet_conn.icsk_inet.sk.__sk_common;
	u32 sent = fin_sent(skc->skc_state, tp->snd_una, tp->write_seq);

	advance(&c->who, TCP_OP_BYTES_OUT, &c->out, tp->bytes_acked - sent);
	advance(&c->who, TCP_OP_BYTES_IN, &c->in,
		tp->bytes_received - fin_received(skc->skc_flags));
	advance(&c->who, TCP_OP_RETRANSMITS, &c->retrans, tp->total_retrans);
	if (control.detail && compat.probe_read)
		account_peer(c, tp, out, in, retrans);
}

/* What was before does not count. */
static __always_inline void skip_past(struct conn *c, struct tcp_sock *tp)
{
	struct sock_common *skc = &tp->inet_conn.icsk_inet.sk.__sk_common;

	c->out = tp->bytes_acked - fin_sent(skc->skc_state, tp->snd_una, tp->write_seq);
	c->in = tp->bytes_received - fin_received(skc->skc_flags);
	c->retrans = tp->total_retrans;
}

/* The same by probe reads, for the iterator has no pointer that the verifier trusts. */
static __always_inline void probe_past(struct conn *c, struct sock *sk)
{
	struct tcp_sock *tp = (void *)sk;

	c->out = BPF_CORE_READ(tp, bytes_acked) - fin_sent(BPF_CORE_READ(sk, __sk_common.skc_state),
							   BPF_CORE_READ(tp, snd_una),
							   BPF_CORE_READ(tp, write_seq));
	c->in = BPF_CORE_READ(tp, bytes_received) -
		fin_received(BPF_CORE_READ(sk, __sk_common.skc_flags));
	c->retrans = BPF_CORE_READ(tp, total_retrans);
}

static __noinline struct conn *conn_by_address(u64 sk, struct conn *init, bool create)
{
	struct conn *c = bpf_map_lookup_elem(&sockets, &sk), fresh = {};

	if (c || !create)
		return c;
	bpf_map_update_elem(&sockets, &sk, init ? init : &fresh, BPF_NOEXIST);
	return bpf_map_lookup_elem(&sockets, &sk);
}

/* What is kept for @sk, made as @init if there is nothing and it was to be made. */
static __always_inline struct conn *conn_state(struct sock *sk, struct conn *init, bool create)
{
	struct conn *c;

	if (compat.storage)
		c = bpf_sk_storage_get(&conns, sk, init,
				       create ? BPF_LOCAL_STORAGE_GET_F_CREATE : 0);
	else
		c = conn_by_address((u64)sk, init, create);
	if (!c && create)
		lose(LOSS_STORAGE, 1);
	return c;
}

static __always_inline struct listener listener_of(struct sock *sk)
{
	return (struct listener){
		.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum),
		.port = BPF_CORE_READ(sk, __sk_common.skc_num),
	};
}

static __noinline void listener_begins(struct sock *sk, struct who *w)
{
	struct listener key = listener_of(sk);

	bpf_map_update_elem(&listeners, &key, w, BPF_ANY);
}

/* Whom a socket is charged to of which nothing is known. */
static __noinline void find_owner(struct conn *c, struct sock *sk)
{
	struct listener key;
	struct who *w;

	if (!compat.storage) {
		key = listener_of(sk);
		w = bpf_map_lookup_elem(&listeners, &key);
		if (w) {
			c->who = *w;
			return;
		}
	}
	if (!compat.probe_read || !who_of_cgroup(&c->who, compat_sock_cgroup(sk), 0))
		c->who.svc = SVC_OTHER;
}

/* Of a socket that was known in an earlier round only the owner is good. */
static __noinline void begin_round(struct conn *c, struct tcp_sock *tp)
{
	c->begun = 0;
	c->established = 0;
	c->queued = 0;
	c->round = control.round;
	skip_past(c, tp);
}

/* A socket without storage is one from before the attach, or a child of such a listener. */
static __noinline struct conn *conn_find(struct sock *sk)
{
	u64 key = (u64)sk;
	struct conn *seed = bpf_map_lookup_elem(&seeds, &key), *c;
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);

	if (!tp || (!seed && !is_seeded() && compat.probe_read &&
		    sk->__sk_common.skc_state != TCP_SYN_RECV))
		return NULL;
	c = conn_state(sk, NULL, false);
	if (c && !seed) {
		begin_round(c, tp);
		return c;
	}
	if (!c)
		c = conn_state(sk, seed, true);
	else
		*c = *seed;
	if (!c)
		return NULL;
	if (seed) {
		bpf_map_delete_elem(&seeds, &key);
		return c;
	}
	c->round = control.round;
	skip_past(c, tp);
	find_owner(c, sk);
	return c;
}

static __always_inline struct conn *conn_of(struct sock *sk)
{
	struct conn *c = conn_state(sk, NULL, false);
	struct accept *a;
	u64 key = (u64)sk;

	if (!c || c->round != control.round)
		return conn_find(sk);
	if (!c->queued)
		return c;
	a = bpf_map_lookup_elem(&accepts, &key);
	if (a && !a->since) {
		c->who = a->who;
		c->queued = 0;
		bpf_map_delete_elem(&accepts, &key);
	}
	return c;
}

/* The struct sock behind descriptor @fd of the current task, only to be compared. */
static __always_inline u64 sock_of_fd(struct task_struct *task, u32 fd)
{
	struct file *file = task_file(task, fd);
	struct socket *socket = BPF_CORE_READ(file, private_data);

	return file && BPF_CORE_READ(socket, file) == file ? (u64)BPF_CORE_READ(socket, sk) : 0;
}

/* A socket that is not connected yet, or no more, will say so itself. */
static __always_inline bool is_live_tcp(struct sock *sk)
{
	u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	return (family == AF_INET || family == AF_INET6) &&
	       BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP &&
	       BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_CLOSE;
}

#endif
