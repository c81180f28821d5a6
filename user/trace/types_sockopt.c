// SPDX-License-Identifier: GPL-2.0-only
/* Options of sockets: their names by level, their values by name. */
#include "net_types.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/socket.h>

#define LEVEL 1
#define NAME  2
/* Bytes of a value that are looked at. */
#define MAX_OPT 128

static const struct {
	u32 level;
	const struct constants *names;
} levels[] = {
	{SOL_SOCKET, &c_so_option}, {0, &c_ip_option},       {6, &c_tcp_option},
	{17, &c_udp_option},        {41, &c_ipv6_option},    {58, &c_icmp6_option},
	{255, &c_raw_option},       {263, &c_packet_option}, {270, &c_netlink_option},
	{282, &c_tls_option},
};

static struct value *decode_opt_name(struct decoder *d, u32 i)
{
	u32 level = (u32)d->ev->arg[LEVEL];

	for (u32 k = 0; k < sizeof(levels) / sizeof(levels[0]); k++)
		if (levels[k].level == level)
			return decode__name(d, NULL, levels[k].names, (u32)d->ev->arg[i]);
	return value__new(d->arena, VALUE_UNSIGNED, NULL, (u32)d->ev->arg[i]);
}

static void show_linger(struct decoder *d, struct value *v, const char *p, u32 len)
{
	add_signed(d, v, "l_onoff", (s32)get_u32(p));
	if (len >= 8)
		add_signed(d, v, "l_linger", (s32)get_u32(p + 4));
}

static void show_cred(struct decoder *d, struct value *v, const char *p, u32 len)
{
	add_signed(d, v, "pid", (s32)get_u32(p));
	if (len >= 8)
		add_unsigned(d, v, "uid", get_u32(p + 4));
	if (len >= 12)
		add_unsigned(d, v, "gid", get_u32(p + 8));
}

static void show_timeout(struct decoder *d, struct value *v, const char *p, u32 len)
{
	(void)len;
	show_timeval(d, v, p);
}

static void show_filter(struct decoder *d, struct value *v, const char *p, u32 len)
{
	(void)len;
	add_unsigned(d, v, "len", get_u16(p));
	add_pointer(d, v, "filter", get_u64(p + offsetof(struct sock_fprog, filter)));
}

static void show_mreq(struct decoder *d, struct value *v, const char *p, u32 len)
{
	value__add(v, show_ipv4(d, "imr_multiaddr", p));
	value__add(v, show_ipv4(d, len >= 12 ? "imr_address" : "imr_interface", p + 4));
	if (len >= 12)
		value__add(v, show_ifindex(d, "imr_ifindex", get_u32(p + 8)));
}

static void show_mreq6(struct decoder *d, struct value *v, const char *p, u32 len)
{
	(void)len;
	value__add(v, show_ipv6(d, "ipv6mr_multiaddr", p));
	value__add(v, show_ifindex(d, "ipv6mr_interface", get_u32(p + 16)));
}

static void show_packet_mreq(struct decoder *d, struct value *v, const char *p, u32 len)
{
	u32 bytes = get_u16(p + 6);

	(void)len;
	value__add(v, show_ifindex(d, "mr_ifindex", get_u32(p)));
	add_name(d, v, "mr_type", &c_packet_mr, get_u16(p + 4));
	add_unsigned(d, v, "mr_alen", bytes);
	value__add(v, show_raw(d, "mr_address", p + 8, bytes < 8 ? bytes : 8));
}

static void show_packet_stats(struct decoder *d, struct value *v, const char *p, u32 len)
{
	(void)len;
	add_unsigned(d, v, "tp_packets", get_u32(p));
	add_unsigned(d, v, "tp_drops", get_u32(p + 4));
}

/* Values that are structures. */
static const struct {
	u32 level, name;
	u32 least; /* bytes */
	void (*show)(struct decoder *d, struct value *v, const char *p, u32 len);
} structs[] = {
	{SOL_SOCKET, SO_LINGER, 4, show_linger},
	{SOL_SOCKET, SO_PEERCRED, 4, show_cred},
	{SOL_SOCKET, SO_RCVTIMEO, 16, show_timeout},
	{SOL_SOCKET, SO_SNDTIMEO, 16, show_timeout},
	{SOL_SOCKET, SO_ATTACH_FILTER, sizeof(struct sock_fprog), show_filter},
	{SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, sizeof(struct sock_fprog), show_filter},
	{0, IP_ADD_MEMBERSHIP, 8, show_mreq},
	{0, IP_DROP_MEMBERSHIP, 8, show_mreq},
	{0, IP_MULTICAST_IF, 8, show_mreq},
	{41, IPV6_JOIN_GROUP, 20, show_mreq6},
	{41, IPV6_LEAVE_GROUP, 20, show_mreq6},
	{263, 1, 16, show_packet_mreq}, /* PACKET_ADD_MEMBERSHIP, */
	{263, 2, 16, show_packet_mreq}, /* and DROP */
	{263, 6, 8, show_packet_stats},
};

/* Values that are strings even if they have four bytes. */
static bool is_string(u32 level, u32 name)
{
	return (level == SOL_SOCKET && name == SO_BINDTODEVICE) ||
	       (level == 6 && (name == TCP_CONGESTION || name == TCP_ULP));
}

/* @len: what the caller says or the kernel said. */
static struct value *show_opt(struct decoder *d, u32 i, u64 len, bool at_exit)
{
	u32 level = (u32)d->ev->arg[LEVEL], name = (u32)d->ev->arg[NAME], have;
	const char *p = d->ev->arg[i] ? decode__some(d, d->ev->arg[i], &have, at_exit) : NULL;
	struct value *v;

	if (!p || !len || len > INT32_MAX)
		return show_pointer(d, i);
	if (have > len)
		have = (u32)len;
	for (u32 k = 0; k < sizeof(structs) / sizeof(structs[0]); k++) {
		if (structs[k].level != level || structs[k].name != name || have < structs[k].least)
			continue;
		v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
		structs[k].show(d, v, p, have);
		return v;
	}
	if (len == sizeof(u32) && have == len && !is_string(level, name))
		return show_boxed(d, (s32)get_u32(p));
	return show_bytes_at(d, NULL, d->ev->arg[i], len, at_exit);
}

static struct value *decode_opt(struct decoder *d, u32 i)
{
	return show_opt(d, i, (u32)d->ev->arg[d->call->arg[i].len], false);
}

static struct value *decode_opt_out(struct decoder *d, u32 i)
{
	const void *len = decode__memory(d, d->ev->arg[d->call->arg[i].len], sizeof(u32), true);

	if (!arg__readable(d, i) || !len)
		return show_pointer(d, i);
	return show_opt(d, i, get_u32(len), true);
}

const struct arg_type t_opt_name = {.decode = decode_opt_name};
const struct arg_type t_opt = {
	.fetch = {.kind = FETCH_ARRAY, .most = MAX_OPT, .size = 1},
	.decode = decode_opt,
};
const struct arg_type t_opt_out = {
	.fetch = {.kind = FETCH_ARRAY,
		  .flags = FETCH_AT_EXIT | FETCH_LEN_IS_POINTER,
		  .most = MAX_OPT,
		  .size = 1},
	.decode = decode_opt_out,
};
