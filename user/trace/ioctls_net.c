// SPDX-License-Identifier: GPL-2.0-only
/* Sockets and network interfaces. */
#include "ioctl_types.h"

#include <asm/sockios.h>
#include <linux/sockios.h>
#include <net/if.h>

#define SHOWN sizeof(struct ifreq)

static const char *name_end(const void *memory)
{
	return (const char *)memory + offsetof(struct ifreq, ifr_ifru);
}

static void add_if_name(struct decoder *d, struct value *v, const void *memory)
{
	value__add(v, show_raw(d, "ifr_name", memory, strnlen(memory, IFNAMSIZ)));
}

static void show_if_name(struct decoder *d, struct value *v, const void *memory)
{
	add_if_name(d, v, memory);
}

static void show_if_index(struct decoder *d, struct value *v, const void *memory)
{
	add_if_name(d, v, memory);
	add_signed(d, v, "ifr_ifindex", (s32)get_u32(name_end(memory)));
}

static void show_if_by_index(struct decoder *d, struct value *v, const void *memory)
{
	add_signed(d, v, "ifr_ifindex", (s32)get_u32(name_end(memory)));
	add_if_name(d, v, memory);
}

static void show_if_flags(struct decoder *d, struct value *v, const void *memory)
{
	add_if_name(d, v, memory);
	add_flags(d, v, "ifr_flags", &c_if_flags, get_u16(name_end(memory)));
}

static void show_if_mtu(struct decoder *d, struct value *v, const void *memory)
{
	add_if_name(d, v, memory);
	add_signed(d, v, "ifr_mtu", (s32)get_u32(name_end(memory)));
}

static void show_if_metric(struct decoder *d, struct value *v, const void *memory)
{
	add_if_name(d, v, memory);
	add_signed(d, v, "ifr_metric", (s32)get_u32(name_end(memory)));
}

static void show_if_qlen(struct decoder *d, struct value *v, const void *memory)
{
	add_if_name(d, v, memory);
	add_signed(d, v, "ifr_qlen", (s32)get_u32(name_end(memory)));
}

static void add_if_address(struct decoder *d, struct value *v, const char *member,
			   const void *memory)
{
	add_if_name(d, v, memory);
	value__add(v, show_sockaddr(d, member, name_end(memory), 16));
}

static void show_if_addr(struct decoder *d, struct value *v, const void *memory)
{
	add_if_address(d, v, "ifr_addr", memory);
}

static void show_if_netmask(struct decoder *d, struct value *v, const void *memory)
{
	add_if_address(d, v, "ifr_netmask", memory);
}

static void show_if_broadaddr(struct decoder *d, struct value *v, const void *memory)
{
	add_if_address(d, v, "ifr_broadaddr", memory);
}

static void show_if_dstaddr(struct decoder *d, struct value *v, const void *memory)
{
	add_if_address(d, v, "ifr_dstaddr", memory);
}

static void show_if_hwaddr(struct decoder *d, struct value *v, const void *memory)
{
	const unsigned char *p = (const unsigned char *)name_end(memory);
	struct value *address = value__new(d->arena, VALUE_STRUCT, "ifr_hwaddr", 0);

	add_if_name(d, v, memory);
	add_name(d, address, "sa_family", &c_arp_hardware, get_u16(p));
	value__add(address, value__said(d->arena, "sa_data",
					arena__print(d->arena, "%02x:%02x:%02x:%02x:%02x:%02x",
						     p[2], p[3], p[4], p[5], p[6], p[7])));
	value__add(v, address);
}

#define IF(what) .size = SHOWN, .show = show_if_##what, .failed = show_if_name

const struct ioctl_desc ioctls_net[] = {
	IOCTL(SIOCGIFINDEX, OUT, IF(index)),
	IOCTL(SIOCGIFNAME, OUT, .size = SHOWN, .show = show_if_by_index),
	IOCTL(SIOCGIFFLAGS, OUT, IF(flags)),
	IOCTL(SIOCSIFFLAGS, IN, IF(flags)),
	IOCTL(SIOCGIFMTU, OUT, IF(mtu)),
	IOCTL(SIOCSIFMTU, IN, IF(mtu)),
	IOCTL(SIOCGIFMETRIC, OUT, IF(metric)),
	IOCTL(SIOCSIFMETRIC, IN, IF(metric)),
	IOCTL(SIOCGIFTXQLEN, OUT, IF(qlen)),
	IOCTL(SIOCSIFTXQLEN, IN, IF(qlen)),
	IOCTL(SIOCGIFADDR, OUT, IF(addr)),
	IOCTL(SIOCSIFADDR, IN, IF(addr)),
	IOCTL(SIOCGIFNETMASK, OUT, IF(netmask)),
	IOCTL(SIOCSIFNETMASK, IN, IF(netmask)),
	IOCTL(SIOCGIFBRDADDR, OUT, IF(broadaddr)),
	IOCTL(SIOCSIFBRDADDR, IN, IF(broadaddr)),
	IOCTL(SIOCGIFDSTADDR, OUT, IF(dstaddr)),
	IOCTL(SIOCSIFDSTADDR, IN, IF(dstaddr)),
	IOCTL(SIOCGIFHWADDR, OUT, IF(hwaddr)),
	IOCTL(SIOCSIFHWADDR, IN, IF(hwaddr)),
	IOCTL(SIOCETHTOOL, IN, IF(name)),
	IOCTL(SIOCATMARK, INT_OUT),
	IOCTL(FIOSETOWN, INT_IN),
	IOCTL(SIOCSPGRP, INT_IN),
	IOCTL(FIOGETOWN, INT_OUT),
	IOCTL(SIOCGPGRP, INT_OUT),
	{.kind = IOCTL_END},
};
