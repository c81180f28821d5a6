// SPDX-License-Identifier: GPL-2.0-only
#include "decode.h"

#include <string.h>

#include "arg_types.h"
#include "syscall_names.h"
#include "value_put.h"

#define MAX_ERRNO 4095

static bool is_error(s64 ret)
{
	return ret < 0 && ret >= -MAX_ERRNO;
}

bool decode__succeeded(const struct decoder *d)
{
	return d->ev->type == TRACE_CALL && !is_error(d->ev->ret);
}

static const struct trace_piece *next_piece(const struct trace_event *ev,
					    const struct trace_piece *p)
{
	const char *end = (const char *)ev + ev->bytes;
	const char *at = p ? (const char *)p + sizeof(*p) + ((p->bytes + 7u) & ~7u)
			   : (const char *)(ev + 1);

	if (at > end || (size_t)(end - at) < sizeof(*p))
		return NULL;
	p = (const struct trace_piece *)at;
	return p->bytes <= (size_t)(end - at) - sizeof(*p) ? p : NULL;
}

/* The piece that goes furthest: the same memory can be copied for two arguments. */
const void *decode__bytes(const struct trace_event *ev, u64 addr, u32 *len, bool at_exit)
{
	const struct trace_piece *p = NULL;
	const void *found = NULL;

	while ((p = next_piece(ev, p))) {
		u64 skip = addr - p->addr;

		if (p->flags & PIECE_STACK || !(p->flags & PIECE_AT_EXIT) != !at_exit ||
		    addr < p->addr || skip >= p->bytes)
			continue;
		if (found && p->bytes - (u32)skip <= *len)
			continue;
		*len = p->bytes - (u32)skip;
		found = p->data + skip;
	}
	return found;
}

const void *decode__some(const struct decoder *d, u64 addr, u32 *len, bool at_exit)
{
	const void *found = decode__bytes(d->ev, addr, len, at_exit);

	/* Whoever asked may read it as a structure. */
	if ((uintptr_t)found % sizeof(u64))
		found = memcpy(arena__get(d->arena, *len), found, *len);
	return found;
}

const void *decode__memory(const struct decoder *d, u64 addr, u32 len, bool at_exit)
{
	u32 have;
	const void *p = decode__some(d, addr, &have, at_exit);

	return p && have >= len ? p : NULL;
}

static void decode_args(struct decoder *d, struct value *args)
{
	const struct call_desc *call = d->call;

	for (u32 i = 0; i < call->nargs; i++) {
		struct value *v = call->arg[i].type->decode(d, i);

		v->name = call->arg[i].name;
		value__add(args, v);
	}
}

/* What a signal does to a call that it interrupts: the kernel starts it again, or says EINTR. */
static const struct restart {
	const char *name, *note;
} restarts[] = {
	{"ERESTARTSYS", "To be restarted if SA_RESTART is set"},
	{"ERESTARTNOINTR", "To be restarted"},
	{"ERESTARTNOHAND", "To be restarted if no handler"},
	{NULL, NULL},
	{"ERESTART_RESTARTBLOCK", "Interrupted by signal"},
};

#define FIRST_RESTART 512

static struct value *decode_error(struct decoder *d, struct decoded *r)
{
	u32 error = (u32)-d->ev->ret;
	struct value *v;

	if (error - FIRST_RESTART < sizeof(restarts) / sizeof(restarts[0]) &&
	    restarts[error - FIRST_RESTART].name) {
		v = value__said(d->arena, "ret", "?");
		r->error = restarts[error - FIRST_RESTART].name;
		v->note = restarts[error - FIRST_RESTART].note;
		return v;
	}
	v = value__new(d->arena, VALUE_SIGNED, "ret", (u64)-1);
	r->error = errno__name(error);
	if (r->error)
		v->note = strerrordesc_np((int)error);
	else
		r->error = arena__print(d->arena, "%u", error);
	if (!v->note)
		v->note = arena__print(d->arena, "errno %u", error);
	return v;
}

static struct value *decode_ret(struct decoder *d, struct decoded *r)
{
	u64 ret = (u64)d->ev->ret;

	if (d->ev->type != TRACE_CALL || d->call->returns == RETURNS_NOTHING)
		return value__said(d->arena, "ret", "?");
	if (is_error(d->ev->ret))
		return decode_error(d, r);
	switch (d->call->returns) {
	case RETURNS_FD:
		return decode__fd(d, "ret", (s32)ret);
	case RETURNS_POINTER:
		return value__new(d->arena, VALUE_HEX, "ret", ret);
	default:
		return value__new(d->arena, VALUE_SIGNED, "ret", ret);
	}
}

/* Numbers that have no name, or one in another table only. */
static const char *name_of(const struct decoder *d)
{
	const char *name = d->call->name;

	if (d->ev->flags & TRACE_COMPAT)
		return arena__print(d->arena, "compat_syscall_%#x", (u32)d->ev->nr);
	if (!name)
		name = syscall_name((u32)d->ev->nr);
	return name ? name : arena__print(d->arena, "syscall_%#x", (u32)d->ev->nr);
}

void decode__event(struct decoder *d, struct decoded *ret)
{
	d->call = decode__call_desc(d->ev->flags & TRACE_COMPAT ? -1 : d->ev->nr);
	ret->name = name_of(d);
	ret->error = NULL;
	ret->args = value__new(d->arena, VALUE_ARRAY, "args", 0);
	decode_args(d, ret->args);
	ret->ret = decode_ret(d, ret);
	if (d->call->adjust)
		d->call->adjust(d, ret->args, ret->ret);
}

u32 decode__known_at_entry(const struct call_desc *call)
{
	u32 i = 0;

	while (i < call->nargs && (call->arg[i].type->fetch.kind == FETCH_NOTHING ||
				   !(call->arg[i].type->fetch.flags & FETCH_AT_EXIT)))
		i++;
	return i;
}

void decode__plan(s32 nr, struct trace_plan *ret)
{
	const struct call_desc *call = decode__call_desc(nr);

	memset(ret, 0, sizeof(*ret));
	for (u32 i = 0; i < call->nargs; i++) {
		struct trace_fetch *f = &ret->arg[i];

		*f = call->arg[i].type->fetch;
		f->len = call->arg[i].len;
		if (f->kind == FETCH_NOTHING)
			continue;
		if (!(f->flags & FETCH_AT_EXIT) || f->flags & FETCH_BOTH)
			ret->fetches |= 1;
		if (f->flags & (FETCH_AT_EXIT | FETCH_BOTH))
			ret->fetches |= 2;
	}
}

void decode__args_text(FILE *out, const struct decoded *r, u32 from, u32 to)
{
	u32 i = 0;

	for (const struct value *v = r->args->first; v && i < to; v = v->next, i++) {
		const struct value *next = v->next;

		if (i < from || v->absent)
			continue;
		if (v->named) {
			put(out, v->name);
			put_char(out, '=');
		}
		value__text(out, v);
		while (next && next->absent)
			next = next->next;
		if (next)
			put(out, ", ");
	}
}

void decode__result_text(FILE *out, const struct decoded *r)
{
	const struct value *v = r->ret;
	struct value bare = *v;

	bare.note = NULL;
	value__text(out, &bare);
	if (r->error) {
		put_char(out, ' ');
		put(out, r->error);
	}
	if (v->note) {
		put(out, " (");
		put(out, v->note);
		put_char(out, ')');
	}
}

void decode__result_json(FILE *out, const struct decoded *r)
{
	struct value bare = *r->ret;

	bare.note = NULL;
	put(out, "\"ret\":");
	value__json(out, &bare);
	if (r->error) {
		put(out, ",\"error\":");
		json_text(out, r->error);
	}
	if (r->ret->note) {
		put(out, ",\"note\":");
		json_text(out, r->ret->note);
	}
}
