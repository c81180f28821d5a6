// SPDX-License-Identifier: GPL-2.0-only
/* Calls on sockets. */
#include "net_types.h"

#include <sys/socket.h>

/* The protocol's names depend on the family. */
static struct value *decode_protocol(struct decoder *d, u32 i)
{
	u32 protocol = (u32)d->ev->arg[i];

	switch ((u32)d->ev->arg[0]) {
	case AF_INET:
	case AF_INET6:
		return decode__name(d, NULL, &c_ip_proto, protocol);
	case AF_NETLINK:
		return decode__name(d, NULL, &c_netlink_proto, protocol);
	case AF_PACKET:
		return show_wrapped(
			d, NULL, "htons",
			decode__name(d, NULL, &c_eth_proto,
				     protocol >> 16 ? protocol : __builtin_bswap16((u16)protocol)));
	default:
		return value__new(d->arena, VALUE_UNSIGNED, NULL, protocol);
	}
}

static const struct arg_type t_protocol = {.decode = decode_protocol};

/* How much of the time is left, or that there is none. */
static void adjust_recvmmsg(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (!decode__succeeded(d))
		return;
	if (!d->ev->ret)
		ret->note = "Timeout";
	else
		ret->note = time_left(d, 4, 16, show_timespec);
}

/* clang-format off */
#define NET CALL_IS_NETWORK

const struct call_desc calls_net[] = {
	CALL(socket, NET, RETURNS_FD, NULL,
	     ARG_NAME("domain", family), ARG_FLAGS("type", socket_type), ARG("protocol", protocol)),
	CALL(socketpair, NET, RETURNS_NUMBER, NULL,
	     ARG_NAME("domain", family), ARG_FLAGS("type", socket_type), ARG("protocol", protocol), ARG("sv", fd_pair)),
	CALL(bind, NET, RETURNS_NUMBER, NULL, ARG("sockfd", fd), ARG_LEN("addr", sockaddr, 2), ARG("addrlen", int)),
	CALL(connect, NET, RETURNS_NUMBER, NULL, ARG("sockfd", fd), ARG_LEN("addr", sockaddr, 2), ARG("addrlen", int)),
	CALL(listen, NET, RETURNS_NUMBER, NULL, ARG("sockfd", fd), ARG("backlog", int)),
	CALL(accept, NET, RETURNS_FD, NULL,
	     ARG("sockfd", fd), ARG_LEN("addr", sockaddr_out, 2), ARG("addrlen", socklen)),
	CALL(accept4, NET, RETURNS_FD, NULL,
	     ARG("sockfd", fd), ARG_LEN("addr", sockaddr_out, 2), ARG("addrlen", socklen), ARG_FLAGS("flags", socket_flags)),
	CALL(getsockname, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG_LEN("addr", sockaddr_out, 2), ARG("addrlen", socklen)),
	CALL(getpeername, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG_LEN("addr", sockaddr_out, 2), ARG("addrlen", socklen)),
	CALL(sendto, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG_LEN("buf", buf_in, 2), ARG("len", ulong), ARG_FLAGS("flags", send_flags),
	     ARG_LEN("dest_addr", sockaddr, 5), ARG("addrlen", int)),
	CALL(recvfrom, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG_LEN("buf", buf_out, 2), ARG("len", ulong), ARG_FLAGS("flags", send_flags),
	     ARG_LEN("src_addr", sockaddr_out, 5), ARG("addrlen", socklen)),
	CALL(sendmsg, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG("msg", msghdr), ARG_FLAGS("flags", send_flags)),
	CALL(recvmsg, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG("msg", msghdr_out), ARG_FLAGS("flags", send_flags)),
	CALL(sendmmsg, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG_LEN("msgvec", mmsghdr, 2), ARG("vlen", uint), ARG_FLAGS("flags", send_flags)),
	CALL(recvmmsg, NET, RETURNS_NUMBER, adjust_recvmmsg,
	     ARG("sockfd", fd), ARG_LEN("msgvec", mmsghdr_out, 2), ARG("vlen", uint), ARG_FLAGS("flags", send_flags),
	     ARG("timeout", wait_timeout)),
	CALL(shutdown, NET, RETURNS_NUMBER, NULL, ARG("sockfd", fd), ARG_NAME("how", shutdown_how)),
	CALL(setsockopt, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG_NAME("level", sockopt_level), ARG("optname", opt_name), ARG_LEN("optval", opt, 4),
	     ARG("optlen", int)),
	CALL(getsockopt, NET, RETURNS_NUMBER, NULL,
	     ARG("sockfd", fd), ARG_NAME("level", sockopt_level), ARG("optname", opt_name), ARG_LEN("optval", opt_out, 4),
	     ARG("optlen", socklen)),
	{}
};
