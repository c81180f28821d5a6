// SPDX-License-Identifier: GPL-2.0-only
/* Vectors of buffers, and messages. */
#include "net_types.h"

#include <linux/time_types.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* As the kernel has them, on every architecture with 64 bits. */
_Static_assert(sizeof(struct iovec) == 16 && sizeof(struct msghdr) == 56 &&
		       sizeof(struct mmsghdr) == 64,
	       "FETCH_IOVEC, FETCH_MSGHDR and FETCH_MMSGHDR");

static struct value *show_buffer(struct decoder *d, const struct iovec *iov, enum iovec_bytes bytes,
				 u64 *left)
{
	struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	u64 addr = (u64)(uintptr_t)iov->iov_base, len = iov->iov_len;

	if (bytes == IOVEC_READ) {
		len = len < *left ? len : *left;
		*left -= len;
	}
	if (bytes == IOVEC_ADDRESSES)
		add_pointer(d, v, "iov_base", addr);
	else
		value__add(v, show_bytes_at(d, "iov_base", addr, len, bytes == IOVEC_READ));
	add_unsigned(d, v, "iov_len", iov->iov_len);
	return v;
}

struct value *show_iovec(struct decoder *d, const char *member, u64 addr, u64 n,
			 enum iovec_bytes bytes, u64 left)
{
	u32 have = 0;
	bool at_exit = bytes == IOVEC_READ;
	const char *p = addr ? decode__some(d, addr, &have, at_exit) : NULL;
	struct value *v;

	/* What the kernel reads only is the same at its end. */
	if (!p && addr && bytes == IOVEC_ADDRESSES)
		p = decode__some(d, addr, &have, true);
	if (!addr || (n && (!p || have < sizeof(struct iovec))))
		return value__new(d->arena, VALUE_POINTER, member, addr);
	v = value__new(d->arena, VALUE_ARRAY, member, 0);
	for (u32 i = 0; i < n; i++) {
		struct iovec iov;

		if (i == SHOWN_ELEMENTS || have < (i + 1) * sizeof(iov)) {
			v->cut = true;
			break;
		}
		memcpy(&iov, p + i * sizeof(iov), sizeof(iov));
		value__add(v, show_buffer(d, &iov, bytes, &left));
	}
	return v;
}

static struct value *decode_iovec(struct decoder *d, u32 i)
{
	return show_iovec(d, NULL, d->ev->arg[i], d->ev->arg[d->call->arg[i].len], IOVEC_WRITTEN,
			  0);
}

static struct value *decode_iovec_bare(struct decoder *d, u32 i)
{
	return show_iovec(d, NULL, d->ev->arg[i], d->ev->arg[d->call->arg[i].len], IOVEC_ADDRESSES,
			  0);
}

static struct value *decode_iovec_out(struct decoder *d, u32 i)
{
	u64 n = d->ev->arg[d->call->arg[i].len];

	if (!decode__succeeded(d))
		return decode_iovec_bare(d, i);
	return show_iovec(d, NULL, d->ev->arg[i], n, IOVEC_READ, (u64)d->ev->ret);
}

static void show_ucred(struct decoder *d, struct value *v, const char *p)
{
	add_signed(d, v, "pid", (s32)get_u32(p));
	add_unsigned(d, v, "uid", get_u32(p + 4));
	add_unsigned(d, v, "gid", get_u32(p + 8));
}

static struct value *new_struct(struct decoder *d)
{
	return value__new(d->arena, VALUE_STRUCT, "cmsg_data", 0);
}

static struct value *show_fds(struct decoder *d, const char *p, u64 len)
{
	struct value *v = value__new(d->arena, VALUE_ARRAY, "cmsg_data", 0);

	for (u64 at = 0; at + sizeof(s32) <= len; at += sizeof(s32))
		add_fd(d, v, NULL, (s32)get_u32(p + at));
	return v;
}

static struct value *show_socket_data(struct decoder *d, u32 type, const char *p, u64 len)
{
	struct value *v = new_struct(d);

	if (type == SCM_RIGHTS)
		return show_fds(d, p, len);
	if (type == SCM_CREDENTIALS && len >= 12)
		show_ucred(d, v, p);
	else if (type == SCM_TIMESTAMP && len >= 16)
		show_timeval(d, v, p);
	else if (type == SO_TIMESTAMPNS && len >= 16)
		show_timespec(d, v, p);
	else
		return type == SCM_CREDENTIALS ? NULL : show_raw(d, "cmsg_data", p, len);
	return v;
}

static struct value *show_ip_data(struct decoder *d, u32 type, const char *p, u64 len)
{
	struct value *v;

	if (type == 8 && len >= 12) { /* IP_PKTINFO */
		v = new_struct(d);
		value__add(v, show_ifindex(d, "ipi_ifindex", get_u32(p)));
		value__add(v, show_ipv4(d, "ipi_spec_dst", p + 4));
		value__add(v, show_ipv4(d, "ipi_addr", p + 8));
		return v;
	}
	if (len != 1 && len != sizeof(u32))
		return show_raw(d, "cmsg_data", p, len);
	v = show_boxed(d, len == 1 ? (unsigned char)*p : (s32)get_u32(p));
	v->name = "cmsg_data";
	return v;
}

static struct value *show_ipv6_data(struct decoder *d, u32 type, const char *p, u64 len)
{
	struct value *v;

	if (type == 50 && len >= 20) { /* IPV6_PKTINFO */
		v = new_struct(d);
		value__add(v, show_ipv6(d, "ipi6_addr", p));
		value__add(v, show_ifindex(d, "ipi6_ifindex", get_u32(p + 16)));
		return v;
	}
	return show_ip_data(d, 0, p, len);
}

enum { LEVEL_IP = 0, LEVEL_IPV6 = 41 };

static struct value *show_cmsg_type(struct decoder *d, u32 level, u32 type)
{
	switch (level) {
	case SOL_SOCKET:
		return decode__name(d, "cmsg_type",
				    constant__name(&c_scm_type, type) ? &c_scm_type : &c_so_option,
				    type);
	case LEVEL_IP:
		return decode__name(d, "cmsg_type", &c_ip_option, type);
	case LEVEL_IPV6:
		return decode__name(d, "cmsg_type", &c_ipv6_option, type);
	default:
		return value__new(d->arena, VALUE_HEX, "cmsg_type", type);
	}
}

/* @p has @len bytes of the data of message @head. */
static struct value *show_cmsg(struct decoder *d, const struct cmsghdr *head, const char *p,
			       u64 len)
{
	struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0), *data = NULL;
	u32 level = (u32)head->cmsg_level, type = (u32)head->cmsg_type;

	add_unsigned(d, v, "cmsg_len", head->cmsg_len);
	add_name(d, v, "cmsg_level", &c_sockopt_level, level);
	value__add(v, show_cmsg_type(d, level, type));
	if (!len)
		return v;
	if (level == SOL_SOCKET)
		data = show_socket_data(d, type, p, len);
	else if (level == LEVEL_IP)
		data = show_ip_data(d, type, p, len);
	else if (level == LEVEL_IPV6)
		data = show_ipv6_data(d, type, p, len);
	else
		data = show_raw(d, "cmsg_data", p, len);
	if (data)
		value__add(v, data);
	return v;
}

struct value *show_control(struct decoder *d, u64 addr, u64 len, bool at_exit)
{
	u32 have = 0;
	const char *p = addr ? decode__some(d, addr, &have, at_exit) : NULL;
	struct value *v;
	u64 at = 0, end = len < have ? len : have;

	if (!p || end < sizeof(struct cmsghdr))
		return value__new(d->arena, VALUE_POINTER, "msg_control", addr);
	v = value__new(d->arena, VALUE_ARRAY, "msg_control", 0);
	while (end - at >= sizeof(struct cmsghdr)) {
		struct cmsghdr head;
		u64 bytes;

		memcpy(&head, p + at, sizeof(head));
		bytes = head.cmsg_len < end - at ? head.cmsg_len : end - at;
		if (bytes < sizeof(head))
			break;
		value__add(v, show_cmsg(d, &head, p + at + sizeof(head), bytes - sizeof(head)));
		bytes = (bytes + 7) & ~7ull;
		if (bytes > end - at) {
			at = end;
			break;
		}
		at += bytes;
	}
	v->cut = end < len || end - at >= sizeof(struct cmsghdr);
	return v;
}

static void show_name(struct decoder *d, struct value *v, const struct msghdr *m, bool at_exit)
{
	u64 addr = (u64)(uintptr_t)m->msg_name;
	u32 have = 0;
	const void *p = addr ? decode__some(d, addr, &have, at_exit) : NULL;

	if (have > m->msg_namelen)
		have = m->msg_namelen;
	if (p && have >= 2)
		value__add(v, show_sockaddr(d, "msg_name", p, have));
	else
		add_pointer(d, v, "msg_name", addr);
}

/* What msg_namelen was before the call, which is only known if that was copied. */
static void show_namelen(struct decoder *d, struct value *v, u64 addr, u32 namelen, bool at_exit)
{
	const char *before = at_exit ? decode__memory(d, addr, sizeof(struct msghdr), false) : NULL;
	u32 was = before ? get_u32(before + offsetof(struct msghdr, msg_namelen)) : namelen;
	struct value *len = value__new(d->arena, VALUE_SIGNED, "msg_namelen", (u64)(s32)was);

	if (was != namelen)
		len->after = value__new(d->arena, VALUE_SIGNED, NULL, (u64)(s32)namelen);
	value__add(v, len);
}

/* @left: of a message that was received, how many bytes it had. */
static struct value *show_msghdr(struct decoder *d, const char *member, u64 addr, bool at_exit,
				 bool received, u64 left)
{
	const void *p = addr ? decode__memory(d, addr, sizeof(struct msghdr), at_exit) : NULL;
	struct value *v;
	struct msghdr m;

	if (!p)
		return value__new(d->arena, VALUE_POINTER, member, addr);
	memcpy(&m, p, sizeof(m));
	v = value__new(d->arena, VALUE_STRUCT, member, 0);
	if (received && !decode__succeeded(d)) {
		add_signed(d, v, "msg_namelen", (s32)m.msg_namelen);
		return v;
	}
	show_name(d, v, &m, at_exit);
	show_namelen(d, v, addr, m.msg_namelen, at_exit);
	value__add(v, show_iovec(d, "msg_iov", (u64)(uintptr_t)m.msg_iov, m.msg_iovlen,
				 at_exit ? IOVEC_READ : IOVEC_WRITTEN, left));
	add_unsigned(d, v, "msg_iovlen", m.msg_iovlen);
	if (m.msg_controllen)
		value__add(v, show_control(d, (u64)(uintptr_t)m.msg_control, m.msg_controllen,
					   at_exit));
	add_unsigned(d, v, "msg_controllen", m.msg_controllen);
	add_flags(d, v, "msg_flags", &c_send_flags, (u32)m.msg_flags);
	return v;
}

static struct value *decode_msghdr(struct decoder *d, u32 i)
{
	return show_msghdr(d, NULL, d->ev->arg[i], false, false, 0);
}

static struct value *decode_msghdr_out(struct decoder *d, u32 i)
{
	return show_msghdr(d, NULL, d->ev->arg[i], true, true, (u64)d->ev->ret);
}

/* Message @at of the vector at argument @i; NULL: it is not there. */
static struct value *show_mmsghdr(struct decoder *d, u32 i, u32 at, bool received)
{
	u64 addr = d->ev->arg[i] + at * sizeof(struct mmsghdr);
	const char *p = decode__memory(d, addr, sizeof(struct mmsghdr), true);
	struct value *v;
	u32 len;

	if (!p)
		return NULL;
	len = get_u32(p + offsetof(struct mmsghdr, msg_len));
	v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	value__add(v, show_msghdr(d, "msg_hdr", addr, true, received, received ? len : ~0ull));
	if (received || (s64)at < d->ev->ret)
		add_unsigned(d, v, "msg_len", len);
	return v;
}

static struct value *show_mmsghdrs(struct decoder *d, u32 i, u32 n, bool received)
{
	struct value *v = value__new(d->arena, VALUE_ARRAY, NULL, 0);

	if (!d->ev->arg[i] || (!decode__succeeded(d) && received))
		return show_pointer(d, i);
	for (u32 at = 0; at < n; at++) {
		struct value *message = at < SHOWN_ELEMENTS ? show_mmsghdr(d, i, at, received)
							    : NULL;

		if (!message) {
			v->cut = true;
			break;
		}
		value__add(v, message);
	}
	return n && !v->first ? show_pointer(d, i) : v;
}

static struct value *decode_mmsghdr(struct decoder *d, u32 i)
{
	return show_mmsghdrs(d, i, (u32)d->ev->arg[d->call->arg[i].len], false);
}

static struct value *decode_mmsghdr_out(struct decoder *d, u32 i)
{
	return show_mmsghdrs(d, i, (u32)d->ev->ret, true);
}

const struct arg_type t_iovec = {
	.fetch = {.kind = FETCH_IOVEC, .most = SHOWN_ELEMENTS, .size = sizeof(struct iovec)},
	.decode = decode_iovec,
};
const struct arg_type t_iovec_out = {
	.fetch = {.kind = FETCH_IOVEC,
		  .flags = FETCH_AT_EXIT | FETCH_RETURNED | FETCH_ON_FAILURE,
		  .most = SHOWN_ELEMENTS,
		  .size = sizeof(struct iovec)},
	.decode = decode_iovec_out,
};
const struct arg_type t_iovec_bare = {
	.fetch = {.kind = FETCH_ARRAY, .most = SHOWN_ELEMENTS, .size = sizeof(struct iovec)},
	.decode = decode_iovec_bare,
};
const struct arg_type t_msghdr = {
	.fetch = {.kind = FETCH_MSGHDR, .most = SHOWN_ELEMENTS, .size = sizeof(struct msghdr)},
	.decode = decode_msghdr,
};
const struct arg_type t_msghdr_out = {
	.fetch = {.kind = FETCH_MSGHDR,
		  .flags = FETCH_AT_EXIT | FETCH_RETURNED | FETCH_ON_FAILURE,
		  .most = SHOWN_ELEMENTS,
		  .size = sizeof(struct msghdr)},
	.decode = decode_msghdr_out,
};
/* The kernel writes the lengths of those that it has sent. */
const struct arg_type t_mmsghdr = {
	.fetch = {.kind = FETCH_MMSGHDR,
		  .flags = FETCH_AT_EXIT | FETCH_ON_FAILURE,
		  .most = SHOWN_ELEMENTS,
		  .size = sizeof(struct mmsghdr)},
	.decode = decode_mmsghdr,
};
const struct arg_type t_mmsghdr_out = {
	.fetch = {.kind = FETCH_MMSGHDR,
		  .flags = FETCH_AT_EXIT | FETCH_RETURNED,
		  .most = SHOWN_ELEMENTS,
		  .size = sizeof(struct mmsghdr)},
	.decode = decode_mmsghdr_out,
};
