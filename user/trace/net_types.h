/* SPDX-License-Identifier: GPL-2.0-only */
/* Types of arguments that more than one of the tables of sockets, waiting and vectors uses. */
#ifndef SONDE_TRACE_NET_TYPES_H
#define SONDE_TRACE_NET_TYPES_H

#include <stddef.h>
#include <string.h>

#include "arg_types.h"
#include "constants_net.h"

/* Vectors, polled descriptors, messages: so many are shown. */
#define SHOWN_ELEMENTS 32

extern const struct arg_type t_sockaddr;     /* len: its length */
extern const struct arg_type t_sockaddr_out; /* len: points to its length */
extern const struct arg_type t_socklen;      /* points to a length that the kernel changes */

extern const struct arg_type t_iovec;      /* len: how many; bytes for the kernel */
extern const struct arg_type t_iovec_out;  /* bytes from the kernel, as many as it returns */
extern const struct arg_type t_iovec_bare; /* addresses only */
extern const struct arg_type t_msghdr, t_msghdr_out;
extern const struct arg_type t_mmsghdr, t_mmsghdr_out;

extern const struct arg_type t_opt_name, t_opt, t_opt_out; /* of a socket */

extern const struct arg_type t_wait_timeout; /* struct timespec, which the kernel may count down */

/* What memory holds, wherever it is. */
static inline u16 get_u16(const void *p)
{
	u16 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline u32 get_u32(const void *p)
{
	u32 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static inline u64 get_u64(const void *p)
{
	u64 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* An address of @len bytes, of which @p has @have. */
struct value *show_sockaddr(struct decoder *d, const char *member, const void *p, u32 have);
/* An IPv4 address in network order: inet_addr("127.0.0.1") */
struct value *show_ipv4(struct decoder *d, const char *member, const void *p);
/* inet_pton(AF_INET6, "::1", &member) */
struct value *show_ipv6(struct decoder *d, const char *member, const void *p);
/* An interface by number; the first is lo in every network namespace. */
struct value *show_ifindex(struct decoder *d, const char *member, u32 index);

enum iovec_bytes { IOVEC_WRITTEN, IOVEC_READ, IOVEC_ADDRESSES };
/* @n elements at @addr; @left: of IOVEC_READ, how many bytes were read into them. */
struct value *show_iovec(struct decoder *d, const char *member, u64 addr, u64 n,
			 enum iovec_bytes bytes, u64 left);

/* Members of a structure. */
void add_fd(struct decoder *d, struct value *v, const char *member, s32 fd);
/* Bytes that are in the event, as a string. */
struct value *show_raw(struct decoder *d, const char *member, const void *p, u64 len);
/* An array of one signed number: [4] */
struct value *show_boxed(struct decoder *d, s64 n);
/* @before and @inner in parentheses, which is all that JSON gets: htons(ETH_P_ALL) */
struct value *show_wrapped(struct decoder *d, const char *member, const char *before,
			   struct value *inner);
/* Argument @i, which may be another one's last. */
struct value *nth(struct value *args, u32 i);

/* A structure as a table: its members in the order in which they are shown. */
enum member_kind {
	MEMBER_UNSIGNED,
	MEMBER_SIGNED,
	MEMBER_HEX,
	MEMBER_OCTAL,
	MEMBER_POINTER,
	MEMBER_NAME, /* with: of these constants */
	MEMBER_FLAGS,
	MEMBER_FD,
	MEMBER_TEXT, /* characters, up to a NUL */
};

struct member {
	const char *name;
	const struct constants *with;
	u16 offset;
	u8 size, kind;
};

#define MEMBER_AS(what, text, field, how, names)                                                   \
	{                                                                                          \
		.name = text, .with = names, .offset = offsetof(what, field),                      \
		.size = sizeof(((what *)0)->field), .kind = MEMBER_##how                           \
	}
#define MEMBER(what, field, how)       MEMBER_AS(what, #field, field, how, NULL)
#define MEMBER_IN(what, field, how, c) MEMBER_AS(what, #field, field, how, &c_##c)

/* Those that are within the first @have bytes. */
void show_members(struct decoder *d, struct value *v, const void *memory, u32 have,
		  const struct member *list, u32 n);
#define SHOW_MEMBERS(d, v, memory, have, list)                                                     \
	show_members(d, v, memory, have, list, sizeof(list) / sizeof((list)[0]))

extern const struct arg_type t_ignored;    /* an argument that says nothing */
extern const struct arg_type t_boxed_mask; /* { const sigset_t *sigmask; size_t sigsetsize; } */

/* Control messages. */
struct value *show_control(struct decoder *d, u64 addr, u64 len, bool at_exit);

/* "left {tv_sec=0, tv_nsec=5}" if argument @i was counted down, else NULL. */
const char *time_left(struct decoder *d, u32 i, u32 size, show_fn show);

#endif
