// SPDX-License-Identifier: GPL-2.0-only
/* Numbers that arguments point to: [5], and what the call changed them to: [5] => [15]. */
#include "arg_types.h"

#include <string.h>

struct value *show_number(struct decoder *d, const char *member, const void *memory, u32 size,
			  enum value_kind kind)
{
	u64 wide = 0;
	u32 narrow;

	if (size == 8) {
		memcpy(&wide, memory, sizeof(wide));
	} else {
		memcpy(&narrow, memory, sizeof(narrow));
		wide = kind == VALUE_SIGNED ? (u64)(s32)narrow : narrow;
	}
	return value__new(d->arena, kind, member, wide);
}

/* [number], or the pointer. */
static struct value *pointed(struct decoder *d, u32 i, u32 size, enum value_kind kind)
{
	u64 addr = d->ev->arg[i];
	const void *memory = arg__readable(d, i) ? decode__memory(d, addr, size, arg__at_exit(d, i))
						 : NULL;
	struct value *v;

	if (!memory)
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_ARRAY, NULL, addr);
	value__add(v, kind == VALUE_FD ? decode__fd(d, NULL, *(const s32 *)memory)
				       : show_number(d, NULL, memory, size, kind));
	return v;
}

/* A number that has a name. */
static struct value *decode_name_out(struct decoder *d, u32 i)
{
	struct value *v = pointed(d, i, sizeof(u32), VALUE_UNSIGNED);

	if (v->kind == VALUE_ARRAY)
		*v->first = *decode__name(d, NULL, d->call->arg[i].with, v->first->num);
	return v;
}

const struct arg_type t_name_out = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = sizeof(u32)},
	.decode = decode_name_out,
};

/* And then what the call made of it, if it did anything. */
static struct value *changed(struct decoder *d, u32 i, u32 size, enum value_kind kind)
{
	struct value *v = pointed(d, i, size, kind);
	const void *after = decode__succeeded(d) ? decode__memory(d, d->ev->arg[i], size, true)
						 : NULL;

	if (v->kind == VALUE_ARRAY && after && d->ev->ret) {
		v->after = value__new(d->arena, VALUE_ARRAY, NULL, 0);
		value__add(v->after, show_number(d, NULL, after, size, kind));
	}
	return v;
}

#define NUMBER(type, bytes, fetch_flags, how, show)                                                \
	static struct value *decode_##type(struct decoder *d, u32 i)                               \
	{                                                                                          \
		return how(d, i, bytes, show);                                                     \
	}                                                                                          \
	const struct arg_type type = {                                                             \
		.fetch = {.kind = FETCH_STRUCT, .flags = fetch_flags, .size = bytes},              \
		.decode = decode_##type,                                                           \
	}

NUMBER(t_int_in, 4, 0, pointed, VALUE_SIGNED);
NUMBER(t_int_out, 4, FETCH_AT_EXIT, pointed, VALUE_SIGNED);
NUMBER(t_uint_out, 4, FETCH_AT_EXIT, pointed, VALUE_UNSIGNED);
NUMBER(t_fd_out, 4, FETCH_AT_EXIT, pointed, VALUE_FD);
NUMBER(t_long_in, 8, 0, pointed, VALUE_SIGNED);
NUMBER(t_long_out, 8, FETCH_AT_EXIT, pointed, VALUE_SIGNED);
NUMBER(t_long_both, 8, FETCH_BOTH, changed, VALUE_SIGNED);
NUMBER(t_pointer_out, 8, FETCH_AT_EXIT, pointed, VALUE_POINTER);

struct value *show_int_element(struct decoder *d, const void *element)
{
	return show_number(d, NULL, element, 4, VALUE_SIGNED);
}

struct value *show_uint_element(struct decoder *d, const void *element)
{
	return show_number(d, NULL, element, 4, VALUE_UNSIGNED);
}

struct value *show_byte_element(struct decoder *d, const void *element)
{
	return value__new(d->arena, VALUE_UNSIGNED, NULL, *(const u8 *)element);
}
