// SPDX-License-Identifier: GPL-2.0-only
/* Socket addresses. */
#include "net_types.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/un.h>

#define FAMILY_BYTES 2
#define MAX_SOCKADDR 128

struct value *show_raw(struct decoder *d, const char *member, const void *p, u64 len)
{
	struct value *v = value__bytes(d->arena, member, p, (u32)len, false);

	v->num = d->opts->hex;
	return v;
}

struct value *show_wrapped(struct decoder *d, const char *member, const char *before,
			   struct value *inner)
{
	const char *text = arena__print(d->arena, "%s(%s)", before, value__words(d->arena, inner));
	struct value *v = value__said(d->arena, member, text);

	value__add(v, inner);
	return v;
}

static struct value *show_port(struct decoder *d, const char *member, u16 port)
{
	return show_wrapped(d, member, "htons",
			    value__new(d->arena, VALUE_UNSIGNED, NULL, ntohs(port)));
}

/* @format's %s is the address, which is all that JSON gets. */
static struct value *show_address(struct decoder *d, const char *member, const char *text,
				  const char *address)
{
	struct value *v = value__said(d->arena, member, text);

	value__add(v, value__said(d->arena, NULL, address));
	return v;
}

struct value *show_ipv4(struct decoder *d, const char *member, const void *p)
{
	char text[INET_ADDRSTRLEN];
	const char *address;

	inet_ntop(AF_INET, p, text, sizeof(text));
	address = arena__print(d->arena, "%s", text);
	return show_address(d, member, arena__print(d->arena, "inet_addr(\"%s\")", text), address);
}

struct value *show_ipv6(struct decoder *d, const char *member, const void *p)
{
	char text[INET6_ADDRSTRLEN];
	const char *address;
	struct value *v;

	inet_ntop(AF_INET6, p, text, sizeof(text));
	address = arena__print(d->arena, "%s", text);
	v = show_address(d, member,
			 arena__print(d->arena, "inet_pton(AF_INET6, \"%s\", &%s)", text, member),
			 address);
	v->num = 1;
	return v;
}

struct value *show_ifindex(struct decoder *d, const char *member, u32 index)
{
	struct value *number = value__new(d->arena, VALUE_UNSIGNED, member, index);
	struct value *v;

	if (index != 1)
		return number;
	v = value__said(d->arena, member, "if_nametoindex(\"lo\")");
	value__add(v, number);
	return v;
}

static void show_unix(struct decoder *d, struct value *v, const char *p, u32 len)
{
	const char *path = p + FAMILY_BYTES;
	struct value *name;

	len -= FAMILY_BYTES;
	if (!len)
		return;
	if (*path) {
		value__add(v, show_raw(d, "sun_path", path, strnlen(path, len)));
		return;
	}
	/* An abstract name: all of it counts, NULs as well. */
	name = show_raw(d, "sun_path", path + 1, len - 1);
	name = value__said(d->arena, "sun_path",
			   arena__print(d->arena, "@%s", value__words(d->arena, name)));
	value__add(name, show_raw(d, NULL, path, len));
	value__add(v, name);
}

static void show_inet(struct decoder *d, struct value *v, const char *p, u32 len)
{
	(void)len;
	value__add(v,
		   show_port(d, "sin_port", get_u16(p + offsetof(struct sockaddr_in, sin_port))));
	value__add(v, show_ipv4(d, "sin_addr", p + offsetof(struct sockaddr_in, sin_addr)));
}

/* Only these addresses need to say on which interface. */
static bool is_link_local(const unsigned char *a)
{
	return (a[0] == 0xfe && (a[1] & 0xc0) == 0x80) || (a[0] == 0xff && (a[1] & 0x0f) == 2);
}

static void show_inet6(struct decoder *d, struct value *v, const char *p, u32 len)
{
	struct sockaddr_in6 in;

	memset(&in, 0, sizeof(in));
	memcpy(&in, p, len < sizeof(in) ? len : sizeof(in));
	value__add(v, show_port(d, "sin6_port", in.sin6_port));
	value__add(v, show_wrapped(
			      d, "sin6_flowinfo", "htonl",
			      value__new(d->arena, VALUE_UNSIGNED, NULL, ntohl(in.sin6_flowinfo))));
	value__add(v, show_ipv6(d, "sin6_addr", &in.sin6_addr));
	if (len < sizeof(in))
		return;
	if (is_link_local(in.sin6_addr.s6_addr))
		value__add(v, show_ifindex(d, "sin6_scope_id", in.sin6_scope_id));
	else
		add_unsigned(d, v, "sin6_scope_id", in.sin6_scope_id);
}

static void show_netlink(struct decoder *d, struct value *v, const char *p, u32 len)
{
	u32 groups = get_u32(p + offsetof(struct sockaddr_nl, nl_groups));
	struct value *shown;

	(void)len;
	add_signed(d, v, "nl_pid", (s32)get_u32(p + offsetof(struct sockaddr_nl, nl_pid)));
	shown = value__said(d->arena, "nl_groups", arena__print(d->arena, "%#08x", groups));
	value__add(shown, value__new(d->arena, VALUE_HEX, NULL, groups));
	value__add(v, shown);
}

static void show_packet(struct decoder *d, struct value *v, const char *p, u32 len)
{
	struct sockaddr_ll ll;
	struct value *address;

	(void)len;
	memcpy(&ll, p, sizeof(ll));
	value__add(v, show_wrapped(d, "sll_protocol", "htons",
				   decode__name(d, NULL, &c_eth_proto, ntohs(ll.sll_protocol))));
	value__add(v, show_ifindex(d, "sll_ifindex", (u32)ll.sll_ifindex));
	add_name(d, v, "sll_hatype", &c_arp_hardware, ll.sll_hatype);
	add_name(d, v, "sll_pkttype", &c_packet_type, ll.sll_pkttype);
	add_unsigned(d, v, "sll_halen", ll.sll_halen);
	address = value__new(d->arena, VALUE_ARRAY, "sll_addr", 0);
	for (u32 i = 0; i < ll.sll_halen && i < sizeof(ll.sll_addr); i++)
		add_hex(d, address, NULL, ll.sll_addr[i]);
	if (address->first)
		value__add(v, address);
}

static void show_vsock(struct decoder *d, struct value *v, const char *p, u32 len)
{
	struct sockaddr_vm vm;

	(void)len;
	memcpy(&vm, p, sizeof(vm));
	if (vm.svm_reserved1)
		add_hex(d, v, "svm_reserved1", vm.svm_reserved1);
	add_name(d, v, "svm_cid", &c_vsock_cid, vm.svm_cid);
	add_hex(d, v, "svm_port", vm.svm_port);
	add_hex(d, v, "svm_flags", vm.svm_flags);
}

static const struct shown_family {
	u16 family;
	u8 least; /* bytes */
	void (*show)(struct decoder *d, struct value *v, const char *p, u32 len);
} families[] = {
	{AF_UNIX, FAMILY_BYTES, show_unix},
	{AF_INET, sizeof(struct sockaddr_in), show_inet},
	{AF_INET6, offsetof(struct sockaddr_in6, sin6_scope_id), show_inet6},
	{AF_NETLINK, sizeof(struct sockaddr_nl), show_netlink},
	{AF_PACKET, sizeof(struct sockaddr_ll), show_packet},
	{AF_VSOCK, sizeof(struct sockaddr_vm), show_vsock},
};

struct value *show_sockaddr(struct decoder *d, const char *member, const void *p, u32 len)
{
	struct value *v = value__new(d->arena, VALUE_STRUCT, member, 0);
	u16 family = get_u16(p);

	if (len > MAX_SOCKADDR)
		len = MAX_SOCKADDR;
	if (family == AF_UNIX && len > sizeof(struct sockaddr_un))
		len = sizeof(struct sockaddr_un);
	add_name(d, v, "sa_family", &c_family, family);
	for (u32 i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (families[i].family == family && len >= families[i].least) {
			families[i].show(d, v, p, len);
			return v;
		}
	}
	if (len > FAMILY_BYTES)
		value__add(v, show_raw(d, "sa_data", (const char *)p + FAMILY_BYTES,
				       len - FAMILY_BYTES));
	return v;
}

static struct value *decode_sockaddr(struct decoder *d, u32 i)
{
	s32 len = (s32)d->ev->arg[d->call->arg[i].len];
	u32 have;
	const void *p = d->ev->arg[i] ? decode__some(d, d->ev->arg[i], &have, false) : NULL;

	if (!p || len < FAMILY_BYTES || have < FAMILY_BYTES ||
	    have < ((u32)len < MAX_SOCKADDR ? (u32)len : MAX_SOCKADDR))
		return show_pointer(d, i);
	return show_sockaddr(d, NULL, p, (u32)len < have ? (u32)len : have);
}

/* The kernel says how long the address is, and writes no more than there was room for. */
static struct value *decode_sockaddr_out(struct decoder *d, u32 i)
{
	u64 len_addr = d->ev->arg[d->call->arg[i].len];
	const void *room = decode__memory(d, len_addr, sizeof(u32), false);
	const void *len = decode__memory(d, len_addr, sizeof(u32), true);
	u32 have;
	const void *p;

	if (!arg__readable(d, i) || !len)
		return show_pointer(d, i);
	p = decode__some(d, d->ev->arg[i], &have, true);
	if (!p)
		return show_pointer(d, i);
	if (have > get_u32(len))
		have = get_u32(len);
	if (room && have > get_u32(room))
		have = get_u32(room);
	return have < FAMILY_BYTES ? show_pointer(d, i) : show_sockaddr(d, NULL, p, have);
}

struct value *show_boxed(struct decoder *d, s64 n)
{
	struct value *v = value__new(d->arena, VALUE_ARRAY, NULL, 0);

	add_signed(d, v, NULL, n);
	return v;
}

static struct value *decode_socklen(struct decoder *d, u32 i)
{
	const void *before = decode__memory(d, d->ev->arg[i], sizeof(u32), false);
	const void *after =
		decode__succeeded(d) ? decode__memory(d, d->ev->arg[i], sizeof(u32), true) : NULL;
	struct value *v;

	if (!before)
		before = after;
	if (!d->ev->arg[i] || !before)
		return show_pointer(d, i);
	v = show_boxed(d, (s32)get_u32(before));
	if (after && get_u32(after) != get_u32(before))
		v->first->after =
			value__new(d->arena, VALUE_SIGNED, NULL, (u64)(s32)get_u32(after));
	return v;
}

void add_fd(struct decoder *d, struct value *v, const char *member, s32 fd)
{
	value__add(v, decode__fd(d, member, fd));
}

struct value *nth(struct value *args, u32 i)
{
	struct value *v = args->first;

	while (v && i--)
		v = v->next;
	return v;
}

const struct arg_type t_sockaddr = {.fetch = {.kind = FETCH_SOCKADDR}, .decode = decode_sockaddr};
const struct arg_type t_sockaddr_out = {
	.fetch = {.kind = FETCH_SOCKADDR_OUT, .flags = FETCH_AT_EXIT},
	.decode = decode_sockaddr_out,
};
const struct arg_type t_socklen = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = sizeof(u32)},
	.decode = decode_socklen,
};
