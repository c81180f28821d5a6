// SPDX-License-Identifier: GPL-2.0-only
/* What arguments point to: strings, buffers, structures and arrays. */
#include "arg_types.h"

#include <errno.h>
#include <string.h>

#define PATH_SHOWN (TRACE_PIECE - 1)

bool arg__at_exit(const struct decoder *d, u32 i)
{
	u8 flags = d->call->arg[i].type->fetch.flags;

	return flags & FETCH_AT_EXIT && !(flags & FETCH_BOTH);
}

bool arg__readable(const struct decoder *d, u32 i)
{
	const struct trace_fetch *f = &d->call->arg[i].type->fetch;

	if (!d->ev->arg[i])
		return false;
	return !arg__at_exit(d, i) || decode__succeeded(d) ||
	       (d->ev->type == TRACE_CALL && f->flags & FETCH_ON_FAILURE);
}

static struct value *pointer_to(struct decoder *d, const char *member, u64 addr)
{
	return value__new(d->arena, VALUE_POINTER, member, addr);
}

static struct value *shown_bytes(struct decoder *d, const char *member, const char *text, u32 len,
				 bool cut)
{
	struct value *v = value__bytes(d->arena, member, text, len, cut);

	v->num = d->opts->hex;
	return v;
}

/* A copy ends with a NUL also where the string goes on: where it was too long for the kernel, too,
 * and where there was little room for it. */
static bool is_cut(const struct decoder *d, u32 len, u32 have)
{
	if (len + 1 < have)
		return false;
	return (have == TRACE_PIECE && d->ev->ret == -ENAMETOOLONG) || d->ev->flags & TRACE_CUT;
}

struct value *show_string_at(struct decoder *d, const char *member, u64 addr, u32 limit,
			     bool at_exit)
{
	u32 have, len;
	const char *text = addr ? decode__some(d, addr, &have, at_exit) : NULL;

	if (!text)
		return pointer_to(d, member, addr);
	len = (u32)strnlen(text, have);
	if (len > limit)
		return shown_bytes(d, member, text, limit, true);
	return shown_bytes(d, member, text, len, len == have || is_cut(d, len, have));
}

struct value *show_bytes_at(struct decoder *d, const char *member, u64 addr, u64 want, bool at_exit)
{
	u32 have = 0, limit = d->opts->string_limit;
	const char *bytes = addr ? decode__some(d, addr, &have, at_exit) : NULL;
	u64 len = want < limit ? want : limit;

	if (addr && !want)
		return shown_bytes(d, member, "", 0, false);
	if (!bytes)
		return pointer_to(d, member, addr);
	if (len > have)
		len = have;
	return shown_bytes(d, member, bytes, (u32)len, len < want);
}

struct value *show_struct_at(struct decoder *d, const char *member, u64 addr, u32 size,
			     bool at_exit, show_fn show)
{
	const void *memory = addr ? decode__memory(d, addr, size, at_exit) : NULL;
	struct value *v;

	if (!memory)
		return pointer_to(d, member, addr);
	v = value__new(d->arena, VALUE_STRUCT, member, addr);
	show(d, v, memory);
	return v;
}

struct value *show_struct(struct decoder *d, u32 i, show_fn show)
{
	if (!arg__readable(d, i))
		return show_pointer(d, i);
	return show_struct_at(d, NULL, d->ev->arg[i], d->call->arg[i].type->fetch.size,
			      arg__at_exit(d, i), show);
}

struct value *show_array_at(struct decoder *d, const char *member, u64 addr, u64 n, u32 size,
			    bool at_exit, element_fn element)
{
	u32 have = 0;
	const char *bytes = addr && n ? decode__some(d, addr, &have, at_exit) : NULL;
	struct value *v;

	if (!addr || (n && have < size))
		return pointer_to(d, member, addr);
	v = value__new(d->arena, VALUE_ARRAY, member, addr);
	for (u32 at = 0; n && have - at >= size; n--, at += size)
		value__add(v, element(d, bytes + at));
	v->cut = n > 0;
	return v;
}

static struct value *decode_path(struct decoder *d, u32 i)
{
	return show_string_at(d, NULL, d->ev->arg[i], PATH_SHOWN, false);
}

static struct value *decode_string(struct decoder *d, u32 i)
{
	return show_string_at(d, NULL, d->ev->arg[i], d->opts->string_limit, false);
}

static struct value *decode_buf_in(struct decoder *d, u32 i)
{
	return show_bytes_at(d, NULL, d->ev->arg[i], d->ev->arg[d->call->arg[i].len], false);
}

static struct value *decode_buf_out(struct decoder *d, u32 i)
{
	if (!arg__readable(d, i))
		return show_pointer(d, i);
	return show_bytes_at(d, NULL, d->ev->arg[i], (u64)d->ev->ret, true);
}

const struct arg_type t_path = {.fetch = {.kind = FETCH_STRING}, .decode = decode_path};
const struct arg_type t_string = {.fetch = {.kind = FETCH_STRING}, .decode = decode_string};
const struct arg_type t_buf_in = {.fetch = {.kind = FETCH_BYTES, .size = 1},
				  .decode = decode_buf_in};
const struct arg_type t_buf_out = {
	.fetch = {.kind = FETCH_BYTES, .flags = FETCH_AT_EXIT | FETCH_RETURNED, .size = 1},
	.decode = decode_buf_out,
};
