/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies the memory that a call's arguments point to, as its plan says.
 *
 * All of it may be absent, or change while it is looked at. What is copied is a piece; whoever
 * decodes finds by address what is there.
 *
 * Functions that are not static are verified once, whoever calls them, but take numbers only: they
 * look up again what they work on. The others are verified anew for each call.
 */
#ifndef SONDE_TRACE_FETCH_BPF_H
#define SONDE_TRACE_FETCH_BPF_H

#include "trace_state.bpf.h"

#define HEAD (sizeof(struct trace_piece))

#define MOST_VECTORS  64 /* struct iovec of one argument */
#define MOST_BUFFERS  16 /* of which what they point to is copied */
#define MOST_MESSAGES 8
#define MOST_STRINGS  32
#define MOST_POINTERS 255
#define MOST_ADDRESS  128 /* bytes */
#define MOST_CONTROL  256
/* A piece where there is no room for the longest. */
#define LAST_PIECE 256

/* How a piece is copied, beside the flags that it has. */
#define AS_STRING   0x100
#define FROM_KERNEL 0x200 /* a string, too */

struct user_iovec {
	u64 base, len;
};

struct user_msghdr {
	u64 name;
	u32 namelen, pad;
	u64 iov, iovlen;
	u64 control, controllen;
	u32 flags, pad2;
};

struct user_mmsghdr {
	struct user_msghdr hdr;
	u32 len, pad;
};

static __always_inline u64 least(u64 a, u64 b)
{
	return a < b ? a : b;
}

static __always_inline long copy(void *to, u32 size, u64 from, u32 how)
{
	if (compat.probe_read && how & FROM_KERNEL)
		return bpf_probe_read_kernel_str(to, size, (void *)from);
	if (how & AS_STRING)
		return compat_read_user_str(to, size, (void *)from);
	return bpf_probe_read_user(to, size, (void *)from) ? -1 : (long)size;
}

static __always_inline void add_head(struct memory *m, u32 at, u64 addr, u32 bytes, u32 how)
{
	struct trace_piece *p;

	if (at > TRACE_MEMORY - HEAD)
		return;
	p = (void *)(m->data + at);
	p->addr = addr;
	p->bytes = bytes;
	p->flags = how & (PIECE_AT_EXIT | PIECE_STACK);
	p->pad = 0;
	m->used = (at + HEAD + bytes + 7) & ~7u;
}

/* Adds what is at @from as the piece at @addr to @m: @want bytes, or up to a NUL before. Returns
 * its bytes, 0 without room, or a negative number. */
static __always_inline int copy_to(struct memory *m, u64 from, u64 addr, u32 want, u32 how)
{
	bool is_cut = want > LAST_PIECE;
	/* Of this width, or the compiler would check one register and use another. */
	u64 at = m->used, size = want;
	long n;

	if (!want)
		return 0;
	ONE_REGISTER(at);
	ONE_REGISTER(size);
	if (at <= TRACE_MEMORY - HEAD - TRACE_PIECE) {
		if (size > TRACE_PIECE)
			size = TRACE_PIECE;
		n = copy(m->data + at + HEAD, size, from, how);
	} else if (at <= TRACE_MEMORY - HEAD - LAST_PIECE) {
		if (size > LAST_PIECE)
			size = LAST_PIECE;
		n = copy(m->data + at + HEAD, size, from, how);
		if (is_cut && n == LAST_PIECE)
			m->ev.flags |= TRACE_CUT;
	} else {
		m->ev.flags |= TRACE_CUT;
		return 0;
	}
	if (n > 0)
		add_head(m, at, addr, n, how);
	return n;
}

/* The same to the current task's memory. Global, so that the verifier looks at it once. */
__noinline int copy_piece(u64 from, u64 addr, u32 want, u32 how)
{
	struct memory *m = memory_of(compat_current(), false);

	return m ? copy_to(m, from, addr, want, how) : 0;
}

static __always_inline int add_piece(u64 addr, u32 want, u32 how)
{
	return copy_piece(addr, addr, want, how);
}

/* What @c's call says of the length of argument @f: elements or bytes. */
static __always_inline u64 length(struct caller *c, const volatile struct trace_fetch *f, u32 how)
{
	u64 n = c->ev.arg[f->len & 7];
	u32 value = 0;

	if (f->flags & FETCH_LEN_IS_POINTER) {
		bpf_probe_read_user(&value, sizeof(value), (void *)n);
		n = value;
	}
	if (how & PIECE_AT_EXIT && f->flags & FETCH_RETURNED)
		n = c->ev.ret < 0 ? 0 : least(n, c->ev.ret);
	return n;
}

static __always_inline bool is_one_piece(u32 kind)
{
	return kind && kind <= FETCH_SOCKADDR;
}

/* Its bytes, or how many it may be. */
static __always_inline u32 piece_bytes(struct caller *c, const volatile struct trace_fetch *f,
				       u32 how)
{
	switch (f->kind) {
	case FETCH_STRUCT:
		return f->size;
	case FETCH_BYTES:
		return least(least(length(c, f, how), TRACE_PIECE) * (f->size ? f->size : 1),
			     cfg.string_limit);
	case FETCH_ARRAY:
		return least(least(length(c, f, how), f->most ? f->most : 255) * f->size,
			     TRACE_PIECE);
	case FETCH_SOCKADDR:
		return least(length(c, f, how), MOST_ADDRESS);
	}
	return TRACE_PIECE;
}

static __always_inline u32 as_what(const volatile struct trace_fetch *f, u32 how)
{
	return f->kind == FETCH_STRING ? how | AS_STRING : how;
}

/* What the vectors at @addr point to, no more than @left bytes in all. */
__noinline int fetch_buffers(u64 addr, u64 n, u64 left, u32 how)
{
	struct memory *m = memory_of(compat_current(), false);
	struct user_iovec v;
	int err = 0;

	if (!m)
		return 0;
	for (u32 i = 0; i < MOST_BUFFERS && i < n && left; i++) {
		if (bpf_probe_read_user(&v, sizeof(v), (void *)(addr + i * sizeof(v))))
			return -1;
		v.len = least(v.len, left);
		left -= v.len;
		if (add_piece(v.base, least(v.len, cfg.string_limit), how) < 0)
			err = -1;
	}
	return err;
}

static __always_inline int fetch_vectors(struct memory *m, u64 addr, u64 n, u64 left, u32 how)
{
	int err;

	if (!addr || !n)
		return 0;
	n = least(n, MOST_VECTORS);
	err = add_piece(addr, n * sizeof(struct user_iovec), how) < 0;
	return fetch_buffers(addr, n, left, how) || err ? -1 : 0;
}

/* What a struct msghdr points to; it is a piece already. */
__noinline int fetch_message(u64 addr, u64 left, u32 how)
{
	struct memory *m = memory_of(compat_current(), false);
	struct user_msghdr hdr;
	int err = 0;

	if (!m)
		return 0;
	if (bpf_probe_read_user(&hdr, sizeof(hdr), (void *)addr))
		return -1;
	if (hdr.name && add_piece(hdr.name, least(hdr.namelen, MOST_ADDRESS), how) < 0)
		err = -1;
	if (hdr.control && add_piece(hdr.control, least(hdr.controllen, MOST_CONTROL), how) < 0)
		err = -1;
	return fetch_vectors(m, hdr.iov, hdr.iovlen, left, how) || err ? -1 : 0;
}

__noinline int fetch_messages(u64 addr, u64 n, u32 returned, u32 how)
{
	u32 len = 0;
	int err = 0;

	for (u32 i = 0; i < MOST_MESSAGES && i < n; i++) {
		u64 at = addr + i * sizeof(struct user_mmsghdr);

		if (returned && bpf_probe_read_user(&len, sizeof(len),
						    (void *)(at + sizeof(struct user_msghdr))))
			return -1;
		if (fetch_message(at, returned ? len : ~0ULL, how))
			err = -1;
	}
	return err;
}

/* Pointers at @addr up to a NULL, with that. */
__noinline int count_pointers(u64 addr, u32 most)
{
	u64 p;

	for (u32 i = 0; i < MOST_POINTERS && i < most; i++) {
		if (bpf_probe_read_user(&p, sizeof(p), (void *)(addr + i * sizeof(p))))
			return -1;
		if (!p)
			return i + 1;
	}
	return least(most, MOST_POINTERS);
}

/* They, and what they point to if @strings. */
__noinline int fetch_strings(u64 addr, u32 most, u32 strings, u32 how)
{
	struct memory *m = memory_of(compat_current(), false);
	int n, err = 0;
	u64 p;

	if (!m || !addr)
		return 0;
	n = count_pointers(addr, most);
	if (n < 0)
		return -1;
	if (strings) {
		m->strings = m->used + HEAD;
		m->nstrings = n;
	}
	if (add_piece(addr, n * sizeof(p), how) < 0)
		return -1;
	for (int i = 0; strings && i < MOST_STRINGS && i < n; i++) {
		if (bpf_probe_read_user(&p, sizeof(p), (void *)(addr + i * sizeof(p))))
			return -1;
		/* One more than is shown, and the NUL that is put there: it tells what is longer.
		 */
		if (p && add_piece(p, cfg.string_limit + 2, how | AS_STRING) < 0)
			err = -1;
	}
	return err;
}

/* Strings whose pointers were copied before exec, from the new stack, where they stand one after
 * the other from @from on. */
__noinline int recover_strings(u64 from)
{
	struct memory *m = memory_of(compat_current(), false);
	u32 limit = cfg.string_limit + 2;
	u64 p;

	if (!m)
		return -1;
	for (u32 i = 0; i < MOST_STRINGS && i < m->nstrings; i++) {
		u32 at = m->strings + i * sizeof(p);
		long n;

		ONE_REGISTER(at);
		if (at > TRACE_MEMORY - sizeof(p))
			return -1;
		p = *(u64 *)(m->data + at);
		if (!p)
			break;
		n = copy_piece(from, p, limit, AS_STRING);
		/* Where the next one begins is not known. */
		if (n <= 0 || n >= limit)
			return -1;
		from += n;
	}
	return 0;
}

static __always_inline int fetch_sockaddr_out(struct memory *m, u64 addr, u64 len_at, u32 how)
{
	u32 len = 0;

	if (!len_at)
		return 0;
	if (bpf_probe_read_user(&len, sizeof(len), (void *)len_at))
		return -1;
	add_piece(len_at, sizeof(len), how);
	/* At entry nothing is there yet. */
	if (!(how & PIECE_AT_EXIT))
		return 0;
	return add_piece(addr, least(len, MOST_ADDRESS), how) < 0 ? -1 : 0;
}

/* Argument @i of the current thread's call. Returns -1 if something was not there. */
__noinline int fetch_arg(u32 i, u32 how)
{
	struct task_struct *task = compat_current();
	struct caller *c = caller_of(task, false);
	struct memory *m = memory_of(task, false);
	const volatile struct trace_fetch *f;
	u64 addr, n, most;

	if (!c || !m || i >= TRACE_ARGS)
		return 0;
	f = &plan_of(c)->arg[i];
	most = f->most ? f->most : 255;
	addr = c->ev.arg[i];
	if (!addr)
		return 0;
	if (is_one_piece(f->kind))
		return add_piece(addr, piece_bytes(c, f, how), as_what(f, how)) < 0 ? -1 : 0;
	switch (f->kind) {
	case FETCH_SOCKADDR_OUT:
		return fetch_sockaddr_out(m, addr, c->ev.arg[f->len & 7], how);
	case FETCH_STRINGS:
		return fetch_strings(addr, most, true, how);
	case FETCH_POINTERS:
		return fetch_strings(addr, most, false, how);
	}
	/* How many bytes there are is what the call returns, not how many vectors. */
	n = f->flags & FETCH_RETURNED && how & PIECE_AT_EXIT ? (u64)c->ev.ret : ~0ULL;
	switch (f->kind) {
	case FETCH_IOVEC:
		return fetch_vectors(m, addr, least(c->ev.arg[f->len & 7], most), n, how);
	case FETCH_MSGHDR:
		if (add_piece(addr, sizeof(struct user_msghdr), how) < 0)
			return -1;
		return fetch_message(addr, n, how);
	case FETCH_MMSGHDR:
		n = least(least(length(c, f, how), most), MOST_MESSAGES);
		if (add_piece(addr, n * sizeof(struct user_mmsghdr), how) < 0)
			return -1;
		return fetch_messages(addr, n, how & PIECE_AT_EXIT, how);
	}
	return 0;
}

/* Whether it is something that the call reads. What it both reads and writes is not the same any
 * more when it returns. */
static __always_inline bool is_lasting(const volatile struct trace_fetch *f)
{
	return f->kind && f->kind != FETCH_SOCKADDR_OUT &&
	       !(f->flags & (FETCH_AT_EXIT | FETCH_BOTH));
}

static __always_inline bool is_result(const volatile struct trace_fetch *f, s64 ret)
{
	return (f->kind == FETCH_SOCKADDR_OUT || f->flags & (FETCH_AT_EXIT | FETCH_BOTH)) &&
	       (ret >= 0 || f->flags & FETCH_ON_FAILURE);
}

/* The argument that is the only one, without all the looking up: most calls have no other. Returns
 * -1 if it was not there. */
static __always_inline int fetch_only(struct caller *c, struct memory *m, u32 i, u32 how)
{
	const volatile struct trace_fetch *f;
	u64 addr;

	ONE_REGISTER(i);
	if (i >= TRACE_ARGS)
		return 0;
	f = &plan_of(c)->arg[i];
	addr = c->ev.arg[i];
	if (!addr || (how & PIECE_AT_EXIT && !is_result(f, c->ev.ret)))
		return 0;
	return copy_to(m, addr, addr, piece_bytes(c, f, how), as_what(f, how)) < 0 ? -1 : 0;
}

/* What is not there is tried again at exit: the call itself may bring it in. */
static __noinline void fetch_entry(struct caller *c, struct memory *m)
{
	u32 only = plan_of(c)->only;

	if (only) {
		if (fetch_only(c, m, only - 1, 0))
			c->missing = 1u << (only - 1);
		return;
	}
	for (u32 i = 0; i < TRACE_ARGS; i++) {
		const volatile struct trace_fetch *f = &plan_of(c)->arg[i];

		if (!f->kind || (f->flags & FETCH_AT_EXIT && f->kind != FETCH_SOCKADDR_OUT))
			continue;
		if (!fetch_arg(i, 0))
			continue;
		if (is_lasting(f))
			c->missing |= 1u << i;
		else
			c->ev.unread++;
	}
}

static __always_inline void fetch_exit(struct caller *c, struct memory *m)
{
	u32 fetches = plan_of(c)->fetches, only = plan_of(c)->only;
	u32 late = fetches & FETCHES_LATE ? ~0u : c->missing;

	if (only) {
		if (fetch_only(c, m, only - 1, fetches & FETCHES_AT_EXIT ? PIECE_AT_EXIT : 0))
			c->ev.unread++;
		return;
	}
	for (u32 i = 0; i < TRACE_ARGS; i++) {
		const volatile struct trace_fetch *f = &plan_of(c)->arg[i];

		if (late >> i & 1 && is_lasting(f) && fetch_arg(i, 0))
			c->ev.unread++;
		if (f->kind && is_result(f, c->ev.ret) && fetch_arg(i, PIECE_AT_EXIT))
			c->ev.unread++;
	}
}

#endif
