// SPDX-License-Identifier: GPL-2.0-only
/* Probe set tcp. */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
/* Softirqs and tasks of one CPU interrupt each other here. */
#define SET_PERCPU 0
#include "file.bpf.h"
#include "peer.bpf.h"
#include "store.bpf.h"
#include "tcp.h"
#include "tcp.bpf.h"

/* Only these two are always done by the owner itself. */
static __noinline void connect_or_listen(struct sock *sk, struct tcp_sock *tp, bool connects)
{
	struct task_struct *task = compat_current();
	struct task_state *t = task_state(task, true);
	struct conn *c = conn_state(sk, NULL, true);
	u64 key = (u64)sk;

	if (!t || !c)
		return;
	/* What io_uring accepted is still waited for, and can be disconnected and used again. */
	if (c->queued)
		bpf_map_delete_elem(&accepts, &key);
	__builtin_memset(c, 0, sizeof(*c));
	c->who = *task_who(t, task);
	c->round = control.round;
	/* The SYN will be acknowledged like a byte. */
	c->out = tp->bytes_acked + connects;
	c->in = tp->bytes_received;
	c->retrans = tp->total_retrans;
	c->begun = connects ? bpf_ktime_get_ns() : 0;
	if (!connects && !compat.storage)
		listener_begins(sk, &c->who);
}

static __always_inline void await_accept(struct conn *c, struct sock *sk, struct tcp_sock *tp)
{
	struct accept a = {.since = c->established};
	u32 us = tp->srtt_us >> 3;
	u64 key = (u64)sk;

	/* Of a SYN-ACK that was sent again, or before a SYN cookie came back, there is only the
	 * timestamps' resolution. */
	if (us % US_PER_MS)
		a.handshake = (u64)us * NS_PER_US;
	c->out = 0;
	c->in = 0;
	c->retrans = tp->total_retrans; /* the SYN-ACK's, counted as they were sent */
	c->queued = !bpf_map_update_elem(&accepts, &key, &a, BPF_ANY);
	if (c->queued)
		return;
	lose(LOSS_TABLE_FULL, 1);
	if (a.handshake)
		latency(&c->who, TCP_OP_HANDSHAKE, a.handshake, false);
}

/* @error: errno, or more than any for a failure that has none; 0: it is connected. */
static __noinline void connect_ended(struct conn *c, struct sock *sk, u64 ns, u32 error)
{
	struct peer_stats *p;

	latency(&c->who, TCP_OP_CONNECT, ns, error);
	p = peer_of(&c->who, sk, true);
	if (!p)
		return;
	__sync_fetch_and_add(&p->connects, 1);
	peer_bucket(p->connect, ns);
	if (error) {
		__sync_fetch_and_add(&p->failures, 1);
		p->error = error;
	}
}

static __noinline void established(struct conn *c, struct sock *sk, struct tcp_sock *tp, int old)
{
	c->established = bpf_ktime_get_ns();
	if (c->begun)
		connect_ended(c, sk, c->established - c->begun, 0);
	else if (old == TCP_SYN_SENT)
		lose(LOSS_UNSTARTED, 1);
	else
		await_accept(c, sk, tp);
	c->begun = 0;
}

static __always_inline u32 failure_op(struct sock *sk)
{
	u32 error = sk->sk_err;

	if (error && error < TCP_ERRNOS)
		return TCP_OP_ERRNO + error;
	return sk->sk_shutdown == SHUTDOWN_MASK ? TCP_OP_ABANDONED : TCP_OP_ERRNO_OTHER;
}

static __noinline void closed(struct conn *c, struct sock *sk, struct tcp_sock *tp, int old)
{
	u64 now = bpf_ktime_get_ns();

	account(c, tp);
	if (c->begun) {
		connect_ended(c, sk, now - c->begun, sk->sk_err ?: TCP_ERRNOS);
		add(&c->who, failure_op(sk), 1);
	} else if (c->established) {
		latency(&c->who, TCP_OP_LIFETIME, now - c->established, false);
	} else if (old != TCP_LISTEN && old != TCP_SYN_RECV) {
		lose(LOSS_UNSTARTED, 1);
	}
	c->begun = 0;
	c->established = 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(inet_sock_set_state, struct sock *sk, int old, int new)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct conn *c;

	if (!tp || old == new)
		return 0;
	if (new == TCP_SYN_SENT || new == TCP_LISTEN) {
		connect_or_listen(sk, tp, new == TCP_SYN_SENT);
		return 0;
	}
	if (new != TCP_ESTABLISHED &&new != TCP_CLOSE)
		return 0;
	c = conn_of(sk);
	if (c && new == TCP_ESTABLISHED)
		established(c, sk, tp, old);
	else if (c)
		closed(c, sk, tp, old);
	return 0;
}

/* Only now is it certain that nobody will accept it: also what is closed by the peer can be
 * accepted. */
SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(tcp_destroy_sock, struct sock *sk)
{
	struct conn *c = conn_state(sk, NULL, false);
	u64 key = (u64)sk;
	struct accept *a;

	if (c && c->queued) {
		a = bpf_map_lookup_elem(&accepts, &key);
		if (a && a->since && a->handshake)
			latency(&c->who, TCP_OP_HANDSHAKE, a->handshake, false);
		bpf_map_delete_elem(&accepts, &key);
	}
	if (c && !compat.storage)
		bpf_map_delete_elem(&sockets, &key);
	return 0;
}

static __noinline void round_trip(struct conn *c, struct sock *sk, u64 ns)
{
	struct peer_stats *p;

	latency(&c->who, TCP_OP_RTT, ns, false);
	if (!control.detail || !compat.probe_read || !is_client(sk))
		return;
	p = peer_of(&c->who, sk, true);
	if (!p)
		return;
	__sync_fetch_and_add(&p->rtt, ns);
	__sync_fetch_and_add(&p->rtts, 1);
}

SEC("tp_btf/tcp_probe")
int BPF_PROG(tcp_probe, struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct conn *c;
	bool sampled;

	if (!tp)
		return 0;
	/* One segment of 16, by a hash, since segments can come in bundles of always the same
	 * number. */
	sampled = !(tp->segs_in * 0x9e3779b1U >> 28);
	/* With the first ones what was accepted leaves `accepts`, also if it is idle from then on.
	 */
	if (!sampled && tp->segs_in > FIRST_SEGMENTS)
		return 0;
	c = conn_of(sk);
	if (!c || !sampled)
		return 0;
	if (tp->srtt_us)
		round_trip(c, sk, (u64)(tp->srtt_us >> 3) * NS_PER_US);
	account(c, tp);
	return 0;
}

SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(tcp_retransmit_skb, struct sock *sk)
{
	struct tcp_sock *tp = bpf_skc_to_tcp_sock(sk);
	struct conn *c = tp ? conn_of(sk) : NULL;

	if (c)
		account(c, tp);
	return 0;
}

/* A reset for a closed port or a connection that is over has no socket, or not a whole one. */
static __always_inline int count_event(struct sock *sk, u32 op)
{
	struct tcp_sock *tp = sk ? bpf_skc_to_tcp_sock(sk) : NULL;
	struct who nobody = {.svc = SVC_KERNEL};
	struct conn *c = tp ? conn_of(sk) : NULL;

	add(c ? &c->who : &nobody, op, 1);
	return 0;
}

SEC("tp_btf/tcp_retransmit_synack")
int BPF_PROG(tcp_retransmit_synack, struct sock *sk)
{
	return count_event(sk, TCP_OP_RETRANSMITS);
}

SEC("tp_btf/tcp_send_reset")
int BPF_PROG(tcp_send_reset, struct sock *sk)
{
	return count_event(sk, TCP_OP_RESETS_SENT);
}

SEC("tp_btf/tcp_receive_reset")
int BPF_PROG(tcp_receive_reset, struct sock *sk)
{
	return count_event(sk, TCP_OP_RESETS_RECEIVED);
}

static __always_inline void accepted(u32 nr, s64 ret)
{
	struct accept by = {}, *a;
	struct task_struct *task;
	struct task_state *t;
	u64 key;

	if ((nr != accept_calls.accept && nr != accept_calls.accept4) || ret < 0)
		return;
	task = compat_current();
	key = sock_of_fd(task, ret);
	a = bpf_map_lookup_elem(&accepts, &key);
	if (!a || !a->since)
		return;
	t = task_state(task, true);
	if (!t)
		return;
	by.who = *task_who(t, task);
	latency(&by.who, TCP_OP_ACCEPT_WAIT, bpf_ktime_get_ns() - a->since, false);
	if (a->handshake)
		latency(&by.who, TCP_OP_HANDSHAKE, a->handshake, false);
	/* A new value, so that the socket's next event sees either none or all of it. */
	bpf_map_update_elem(&accepts, &key, &by, BPF_EXIST);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(accept_exit, struct pt_regs *regs, long ret)
{
	accepted(compat_syscall_nr(regs), ret);
	return 0;
}

SEC("tp/raw_syscalls/sys_exit")
int accept_exit_event(struct compat_sys_exit *ctx)
{
	accepted(ctx->id, ctx->ret);
	return 0;
}

/* Whose the sockets are that were there before. */
SEC("iter/task_file")
int seed(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	struct conn c = {};
	struct task_state *t;
	u64 key;

	if (!task || !file) {
		seeded = control.round + 1;
		return 0;
	}
	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	key = (u64)BPF_CORE_READ(socket, sk);
	if (!key || !is_live_tcp((void *)key))
		return 0;
	t = task_state(task, true);
	if (!t)
		return 0;
	c.who = *task_who(t, task);
	c.round = control.round;
	probe_past(&c, (void *)key);
	/* The first that holds it: a parent, where a child has inherited it. */
	if (bpf_map_update_elem(&seeds, &key, &c, BPF_NOEXIST) == -E2BIG)
		lose(LOSS_TABLE_FULL, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
