// SPDX-License-Identifier: GPL-2.0-only
/* Calls that wait for several descriptors. */
#include "net_types.h"

#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>

/* Bytes of a set of descriptors that are copied. */
#define SET_BYTES 128

/* The parts of a result's note: what is ready, and the time that is left. */
static void add_note(struct decoder *d, struct value *ret, const char *text)
{
	if (text)
		ret->note = ret->note ? arena__print(d->arena, "%s, %s", ret->note, text) : text;
}

const char *time_left(struct decoder *d, u32 i, u32 size, show_fn show)
{
	u64 addr = d->ev->arg[i];
	const void *p = addr ? decode__memory(d, addr, size, true) : NULL;
	struct value *v;

	if (!p)
		return NULL;
	v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	show(d, v, p);
	return arena__print(d->arena, "left %s", value__words(d->arena, v));
}

static struct value *decode_wait_timeout(struct decoder *d, u32 i)
{
	return show_struct_at(d, NULL, d->ev->arg[i], d->call->arg[i].type->fetch.size, false,
			      show_timespec);
}

static struct value *decode_select_timeout(struct decoder *d, u32 i)
{
	return show_struct_at(d, NULL, d->ev->arg[i], d->call->arg[i].type->fetch.size, false,
			      show_timeval);
}

const struct arg_type t_wait_timeout = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = 16},
	.decode = decode_wait_timeout,
};
static const struct arg_type t_select_timeout = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = 16},
	.decode = decode_select_timeout,
};

static struct value *show_pollfd(struct decoder *d, const void *element)
{
	struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	struct pollfd f;

	memcpy(&f, element, sizeof(f));
	add_fd(d, v, "fd", f.fd);
	if (f.fd >= 0)
		add_flags(d, v, "events", &c_poll_events, (u16)f.events);
	return v;
}

/* What is asked for is the same when the call returns, if it was not in memory when it began. */
static struct value *decode_pollfds(struct decoder *d, u32 i)
{
	u64 addr = d->ev->arg[i];

	return show_array_at(d, NULL, addr, (u32)d->ev->arg[d->call->arg[i].len],
			     sizeof(struct pollfd),
			     !decode__memory(d, addr, sizeof(struct pollfd), false), show_pollfd);
}

static const struct arg_type t_pollfds = {
	.fetch = {.kind = FETCH_ARRAY,
		  .flags = FETCH_BOTH,
		  .most = SHOWN_ELEMENTS,
		  .size = sizeof(struct pollfd)},
	.decode = decode_pollfds,
};

/* The descriptors on which something happened. */
static void note_ready(struct decoder *d, struct value *ret)
{
	struct value *ready = value__new(d->arena, VALUE_ARRAY, NULL, 0);
	u32 have = 0, n = (u32)d->ev->arg[1], at = 0;
	const char *p = decode__some(d, d->ev->arg[0], &have, true);

	if (!p)
		return;
	for (; at < n && have - at * sizeof(struct pollfd) >= sizeof(struct pollfd); at++) {
		struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
		struct pollfd f;

		memcpy(&f, p + at * sizeof(f), sizeof(f));
		if (!f.revents)
			continue;
		add_fd(d, v, "fd", f.fd);
		add_flags(d, v, "revents", &c_poll_events, (u16)f.revents);
		value__add(ready, v);
	}
	ready->cut = at < n;
	add_note(d, ret, value__words(d->arena, ready));
}

static void adjust_poll(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (!decode__succeeded(d))
		return;
	if (!d->ev->ret) {
		ret->note = "Timeout";
		return;
	}
	note_ready(d, ret);
	if (d->call->nargs > 3)
		add_note(d, ret, time_left(d, 2, 16, show_timespec));
}

/* @n descriptors' bits at @addr; NULL: they are not there. */
static struct value *show_fd_set(struct decoder *d, u64 addr, s32 n, bool at_exit)
{
	u32 bytes = n < 0 ? 0 : ((u32)n + 7) / 8;
	const unsigned char *set = addr && n >= 0 ? decode__memory(d, addr, bytes, at_exit) : NULL;
	struct value *v;

	if (!set)
		return NULL;
	v = value__new(d->arena, VALUE_SET, NULL, 0);
	for (s32 fd = 0; fd < n; fd++)
		if (set[fd / 8] & 1 << fd % 8)
			add_fd(d, v, NULL, fd);
	return v;
}

static struct value *decode_fd_set(struct decoder *d, u32 i)
{
	struct value *v = show_fd_set(d, d->ev->arg[i], (s32)d->ev->arg[0], false);

	return v ? v : show_pointer(d, i);
}

static const struct arg_type t_fd_set = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = SET_BYTES},
	.decode = decode_fd_set,
};

static void adjust_select(struct decoder *d, struct value *args, struct value *ret)
{
	static const char *const names[] = {"in", "out", "except"};
	/* pselect6 differs in the time's type only. */
	show_fn show = d->call->nargs > 5 ? show_timespec : show_timeval;

	(void)args;
	if (!decode__succeeded(d))
		return;
	if (!d->ev->ret) {
		ret->note = "Timeout";
		return;
	}
	for (u32 i = 0; i < 3; i++) {
		struct value *set = show_fd_set(d, d->ev->arg[i + 1], (s32)d->ev->arg[0], true);

		if (set && set->first)
			add_note(d, ret,
				 arena__print(d->arena, "%s %s", names[i],
					      value__words(d->arena, set)));
	}
	add_note(d, ret, time_left(d, 4, 16, show));
}

/* struct { const sigset_t *sigmask; size_t sigsetsize; } */
static void show_boxed_mask(struct decoder *d, struct value *v, const void *memory)
{
	u64 addr = get_u64(memory), size = get_u64((const char *)memory + 8);
	const void *mask = addr && size >= 8 ? decode__memory(d, addr, 8, false) : NULL;

	if (mask)
		value__add(v, show_sigset(d, "sigmask", get_u64(mask)));
	else
		add_pointer(d, v, "sigmask", addr);
	add_unsigned(d, v, "sigsetsize", size);
}

DEFINE_IN(t_boxed_mask, u64[2], show_boxed_mask);

/* Packed on x86_64 only. */
static struct value *show_epoll_event(struct decoder *d, const void *element)
{
	struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	struct value *data = value__new(d->arena, VALUE_STRUCT, "data", 0);
	const char *p = element;

	add_flags(d, v, "events", &c_epoll_events, get_u32(p));
	p += offsetof(struct epoll_event, data);
	add_unsigned(d, data, "u32", get_u32(p));
	add_unsigned(d, data, "u64", get_u64(p));
	value__add(v, data);
	return v;
}

static struct value *decode_epoll_events(struct decoder *d, u32 i)
{
	if (!arg__readable(d, i))
		return show_pointer(d, i);
	return show_array_at(d, NULL, d->ev->arg[i], (u64)d->ev->ret, sizeof(struct epoll_event),
			     true, show_epoll_event);
}

/* What is deleted needs no event. */
static struct value *decode_epoll_event(struct decoder *d, u32 i)
{
	const void *p =
		d->ev->arg[i] && (s32)d->ev->arg[1] != EPOLL_CTL_DEL
			? decode__memory(d, d->ev->arg[i], sizeof(struct epoll_event), false)
			: NULL;

	return p ? show_epoll_event(d, p) : show_pointer(d, i);
}

static const struct arg_type t_epoll_event = {
	.fetch = {.kind = FETCH_STRUCT, .size = sizeof(struct epoll_event)},
	.decode = decode_epoll_event,
};
static const struct arg_type t_epoll_events = {
	.fetch = {.kind = FETCH_ARRAY,
		  .flags = FETCH_AT_EXIT | FETCH_RETURNED,
		  .most = SHOWN_ELEMENTS,
		  .size = sizeof(struct epoll_event)},
	.decode = decode_epoll_events,
};

/* clang-format off */
#define DESC CALL_IS_DESC

const struct call_desc calls_poll[] = {
	CALL(poll, DESC, RETURNS_NUMBER, adjust_poll,
	     ARG_LEN("fds", pollfds, 1), ARG("nfds", uint), ARG("timeout", int)),
	CALL(ppoll, DESC, RETURNS_NUMBER, adjust_poll,
	     ARG_LEN("fds", pollfds, 1), ARG("nfds", uint), ARG("tmo_p", wait_timeout), ARG_LEN("sigmask", sigset_in, 4),
	     ARG("sigsetsize", ulong)),
	CALL(select, DESC, RETURNS_NUMBER, adjust_select,
	     ARG("nfds", int), ARG("readfds", fd_set), ARG("writefds", fd_set), ARG("exceptfds", fd_set),
	     ARG("timeout", select_timeout)),
	CALL(pselect6, DESC, RETURNS_NUMBER, adjust_select,
	     ARG("nfds", int), ARG("readfds", fd_set), ARG("writefds", fd_set), ARG("exceptfds", fd_set),
	     ARG("timeout", wait_timeout), ARG("sigmask", boxed_mask)),
	CALL(epoll_create, DESC, RETURNS_FD, NULL, ARG("size", int)),
	CALL(epoll_create1, DESC, RETURNS_FD, NULL, ARG_FLAGS("flags", epoll_create)),
	CALL(epoll_ctl, DESC, RETURNS_NUMBER, NULL,
	     ARG("epfd", fd), ARG_NAME("op", epoll_op), ARG("fd", fd), ARG("event", epoll_event)),
	CALL(epoll_wait, DESC, RETURNS_NUMBER, NULL,
	     ARG("epfd", fd), ARG_LEN("events", epoll_events, 2), ARG("maxevents", int), ARG("timeout", int)),
	CALL(epoll_pwait, DESC, RETURNS_NUMBER, NULL,
	     ARG("epfd", fd), ARG_LEN("events", epoll_events, 2), ARG("maxevents", int), ARG("timeout", int),
	     ARG_LEN("sigmask", sigset_in, 5), ARG("sigsetsize", ulong)),
	CALL(epoll_pwait2, DESC, RETURNS_NUMBER, NULL,
	     ARG("epfd", fd), ARG_LEN("events", epoll_events, 2), ARG("maxevents", int), ARG("timeout", timespec_in),
	     ARG_LEN("sigmask", sigset_in, 5), ARG("sigsetsize", ulong)),
	CALL(eventfd, DESC, RETURNS_FD, NULL, ARG("count", uint)),
	CALL(eventfd2, DESC, RETURNS_FD, NULL, ARG("count", uint), ARG_FLAGS("flags", eventfd_flags)),
	CALL(fanotify_init, DESC, RETURNS_FD, NULL, ARG_FLAGS("flags", fanotify_init), ARG_FLAGS("event_f_flags", open_flags)),
	CALL(fanotify_mark, CALL_IS_DESC | CALL_IS_FILE, RETURNS_NUMBER, NULL,
	     ARG("fanotify_fd", fd), ARG_FLAGS("flags", fanotify_mark), ARG_WITH("mask", flags64, c_fanotify_event),
	     ARG("dirfd", dirfd), ARG("pathname", path)),
	{}
};
