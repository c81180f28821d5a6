// SPDX-License-Identifier: GPL-2.0-only
/* Numbers, constants, descriptors and pointers. */
#include "arg_types.h"

static struct value *decode_int(struct decoder *d, u32 i)
{
	return value__new(d->arena, VALUE_SIGNED, NULL, (u64)(s32)d->ev->arg[i]);
}

static struct value *decode_uint(struct decoder *d, u32 i)
{
	return value__new(d->arena, VALUE_UNSIGNED, NULL, (u32)d->ev->arg[i]);
}

static struct value *decode_long(struct decoder *d, u32 i)
{
	return value__new(d->arena, VALUE_SIGNED, NULL, d->ev->arg[i]);
}

static struct value *decode_ulong(struct decoder *d, u32 i)
{
	return value__new(d->arena, VALUE_UNSIGNED, NULL, d->ev->arg[i]);
}

static struct value *decode_hex(struct decoder *d, u32 i)
{
	return value__new(d->arena, VALUE_HEX, NULL, d->ev->arg[i]);
}

/* The kernel takes 16 bits of it. */
static struct value *decode_mode(struct decoder *d, u32 i)
{
	return value__new(d->arena, VALUE_OCTAL, NULL, (u16)d->ev->arg[i]);
}

struct value *show_pointer(struct decoder *d, u32 i)
{
	return value__new(d->arena, VALUE_POINTER, NULL, d->ev->arg[i]);
}

static struct value *decode_name(struct decoder *d, u32 i)
{
	return decode__name(d, NULL, d->call->arg[i].with, (u32)d->ev->arg[i]);
}

static struct value *decode_flags(struct decoder *d, u32 i)
{
	return decode__flags(d, NULL, d->call->arg[i].with, (u32)d->ev->arg[i]);
}

static struct value *decode_flags64(struct decoder *d, u32 i)
{
	return decode__flags(d, NULL, d->call->arg[i].with, d->ev->arg[i]);
}

static struct value *decode_fd(struct decoder *d, u32 i)
{
	return decode__fd(d, NULL, (s32)d->ev->arg[i]);
}

static struct value *decode_dirfd(struct decoder *d, u32 i)
{
	return decode__dirfd(d, NULL, (s32)d->ev->arg[i]);
}

const struct arg_type t_int = {.decode = decode_int};
const struct arg_type t_uint = {.decode = decode_uint};
const struct arg_type t_long = {.decode = decode_long};
const struct arg_type t_ulong = {.decode = decode_ulong};
const struct arg_type t_hex = {.decode = decode_hex};
const struct arg_type t_mode = {.decode = decode_mode};
const struct arg_type t_pointer = {.decode = show_pointer};
const struct arg_type t_name = {.decode = decode_name};
const struct arg_type t_flags = {.decode = decode_flags};
const struct arg_type t_flags64 = {.decode = decode_flags64};
const struct arg_type t_fd = {.decode = decode_fd};
const struct arg_type t_dirfd = {.decode = decode_dirfd};

void add_signed(struct decoder *d, struct value *v, const char *member, s64 n)
{
	value__add(v, value__new(d->arena, VALUE_SIGNED, member, (u64)n));
}

void add_unsigned(struct decoder *d, struct value *v, const char *member, u64 n)
{
	value__add(v, value__new(d->arena, VALUE_UNSIGNED, member, n));
}

void add_hex(struct decoder *d, struct value *v, const char *member, u64 n)
{
	value__add(v, value__new(d->arena, VALUE_HEX, member, n));
}

void add_octal(struct decoder *d, struct value *v, const char *member, u64 n)
{
	value__add(v, value__new(d->arena, VALUE_OCTAL, member, n));
}

void add_pointer(struct decoder *d, struct value *v, const char *member, u64 addr)
{
	value__add(v, value__new(d->arena, VALUE_POINTER, member, addr));
}

void add_name(struct decoder *d, struct value *v, const char *member, const struct constants *c,
	      u64 n)
{
	value__add(v, decode__name(d, member, c, n));
}

void add_flags(struct decoder *d, struct value *v, const char *member, const struct constants *c,
	       u64 n)
{
	value__add(v, decode__flags(d, member, c, n));
}
