// SPDX-License-Identifier: GPL-2.0-only
/* Probe set tcp. */
#include "tcp.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compat.h"
#include "client_ports.h"
#include "iterate.h"
#include "probe.h"
#include "section.h"

extern const unsigned char tcp_object[], tcp_object_end[];

static const struct {
	const char *name, *stat;
	enum op_kind kind;
} ops[] = {
	[TCP_OP_CONNECT] = {"connect", "", OP_LATENCY},
	[TCP_OP_HANDSHAKE] = {"handshake", "", OP_LATENCY},
	[TCP_OP_ACCEPT_WAIT] = {"accept_wait", "", OP_LATENCY},
	[TCP_OP_RTT] = {"rtt", "", OP_LATENCY},
	[TCP_OP_LIFETIME] = {"lifetime", "", OP_LATENCY},
	[TCP_OP_RETRANSMITS] = {"retransmits", "count", OP_COUNTER},
	[TCP_OP_RESETS_SENT] = {"resets_sent", "count", OP_COUNTER},
	[TCP_OP_RESETS_RECEIVED] = {"resets_received", "count", OP_COUNTER},
	[TCP_OP_BYTES_IN] = {"bytes_in", "count", OP_COUNTER},
	[TCP_OP_BYTES_OUT] = {"bytes_out", "count", OP_COUNTER},
	[TCP_OP_ABANDONED] = {"connect", "errno.ABANDONED", OP_COUNTER},
	[TCP_OP_ERRNO_OTHER] = {"connect", "errno.OTHER", OP_COUNTER},
};

#define NOPS (sizeof(ops) / sizeof(ops[0]))

static bool tcp_op(u32 op, struct op_info *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (op < NOPS) {
		snprintf(ret->name, sizeof(ret->name), "%s", ops[op].name);
		snprintf(ret->stat, sizeof(ret->stat), "%s", ops[op].stat);
		ret->kind = ops[op].kind;
		/* Nobody is slow because it is long. */
		ret->wait = op == TCP_OP_LIFETIME;
		return true;
	}
	if (op > TCP_OP_ERRNO && op < TCP_OP_ERRNO + TCP_ERRNOS) {
		int error = op - TCP_OP_ERRNO;
		const char *name = strerrorname_np(error);

		snprintf(ret->name, sizeof(ret->name), "%s", ops[TCP_OP_CONNECT].name);
		if (name)
			snprintf(ret->stat, sizeof(ret->stat), "errno.%s", name);
		else
			snprintf(ret->stat, sizeof(ret->stat), "errno.%d", error);
		ret->kind = OP_COUNTER;
		return true;
	}
	return false;
}

/* Of the two the one for this kernel. */
static struct bpf_program *accept_exit(const struct probe_env *env)
{
	return bpf_object__find_program_by_name(env->obj, env->compat->events ? "accept_exit_event"
									      : "accept_exit");
}

static int tcp_prepare(struct probe_env *env)
{
	struct accept_calls *calls = section__initial(env->obj, ".rodata.accept", sizeof(*calls));

	if (!calls)
		return -EINVAL;
	calls->accept = SYS_accept;
	calls->accept4 = SYS_accept4;
	return client_ports__set(env->obj) ? -EINVAL : 0;
}

/* Where the set syscalls is on the same tracepoint, it calls that program for accept only. */
static int tcp_follow(struct probe_env *env)
{
	bool hooked = env->compat->tail_calls && env->running(env->ctx, "syscalls");
	int map = bpf_object__find_map_fd_by_name(env->obj, "accept_exit_hook");
	struct bpf_program *prog = accept_exit(env);
	u32 zero = 0, fd;

	bpf_program__set_autoattach(prog, !hooked);
	if (!hooked || !bpf_program__autoload(prog))
		return 0;
	fd = bpf_program__fd(prog);
	return bpf_map_update_elem(map, &zero, &fd, BPF_ANY) ? -errno : 0;
}

static int tcp_forget(struct probe_env *env)
{
	int hook = bpf_object__find_map_fd_by_name(env->obj, "accept_exit_hook");
	u32 zero = 0;

	bpf_map_delete_elem(hook, &zero);
	probe__clear_map(env, "accepts");
	probe__clear_map(env, "seeds");
	probe__clear_map(env, "sockets");
	return 0;
}

/* Finds the sockets from before the attach. */
static int tcp_attached(struct probe_env *env)
{
	struct bpf_program *seed = bpf_object__find_program_by_name(env->obj, "seed");

	if (!seed || !bpf_program__autoload(seed))
		return 0;
	return iterate(env->obj, "seed", 0, NULL, NULL);
}

#define OWNER "the task that connected, listened or accepted, whichever was last"
static const struct op_doc docs[] = {
	{"connect", "the socket enters SYN_SENT (connect)",
	 "it enters ESTABLISHED, or CLOSE: an attempt that failed", "softirq or the caller",
	 "the task that called connect",
	 "attempts under way at attach; those that fail before a SYN is sent (ENETUNREACH: see syscalls)",
	 "inet_sock_set_state"},
	{"connect errno.NAME", "", "a connect that failed", "softirq, timer or the caller",
	 "the task that called connect",
	 "the errno of a local failure (EADDRNOTAVAIL), counted as OTHER; a socket that was closed first counts as ABANDONED",
	 "inet_sock_set_state"},
	{"handshake", "the SYN-ACK is sent", "its acknowledgement arrives", "softirq",
	 "the task that accepted it; the listener's if none did",
	 "handshakes by SYN cookie or with a SYN-ACK sent again, whose time the kernel does not measure; fast open",
	 "inet_sock_set_state tcp_destroy_sock"},
	{"accept_wait", "the connection is established", "accept or accept4 returns it",
	 "the accepting task", "the accepting task",
	 "connections accepted by io_uring or by a 32-bit program, or that were established before attach",
	 "inet_sock_set_state tcp_destroy_sock sys_exit probe_read"},
	{"rtt", "a segment is sent", "its acknowledgement arrives", "softirq", OWNER,
	 "it is the kernel's smoothed value, read at one of 16 incoming segments; short connections have none",
	 "tcp_probe"},
	{"lifetime", "the connection is established",
	 "it is closed on this side, at TIME_WAIT at the latest",
	 "softirq, timer or the closing task", OWNER, "connections established before attach",
	 "inet_sock_set_state"},
	{"retransmits", "", "a segment, SYN or SYN-ACK is sent again", "softirq or timer", OWNER,
	 "segments sent again on a connection from before attach that no descriptor holds",
	 "tcp_retransmit_skb tcp_retransmit_synack"},
	{"resets_sent", "", "a reset is sent", "softirq or the closing task", "the socket's owner",
	 "", "tcp_send_reset"},
	{"resets_sent (no socket)", "",
	 "a reset answers what is for a closed port, or a connection that is over", "softirq",
	 "kernel", "", "tcp_send_reset/3"},
	{"resets_received", "", "a reset ends a socket, also a connect that is refused", "softirq",
	 OWNER, "resets that the kernel ignores", "tcp_receive_reset"},
	{"bytes_in", "", "payload is received in order, read by the program or not", "softirq",
	 OWNER,
	 "it is counted at one of 16 incoming segments and exactly when the connection closes",
	 "inet_sock_set_state tcp_probe"},
	{"bytes_out", "", "payload is acknowledged by the peer", "softirq", OWNER,
	 "what was sent and never acknowledged; counted as bytes_in is",
	 "inet_sock_set_state tcp_probe"},
	{},
};

static const char *const catch_up[] = {"tcp_probe", "tcp_retransmit_skb", NULL};

const struct probe tcp_probe = {
	.name = "tcp",
	.node = "tcp",
	.help = "TCP connections: connect, handshake, accept wait, RTT, lifetime, retransmits, resets, bytes",
	.object = tcp_object,
	.object_end = tcp_object_end,
	.hists = 1024,
	.docs = docs,
	.catch_up = catch_up,
	.op = tcp_op,
	.prepare = tcp_prepare,
	.follow = tcp_follow,
	.attached = tcp_attached,
	.forget = tcp_forget,
};
