// SPDX-License-Identifier: GPL-2.0-only
/* Structures whose members are a table. */
#include "net_types.h"

static u64 member_number(const char *p, u32 size)
{
	switch (size) {
	case 1:
		return *(const unsigned char *)p;
	case 2:
		return get_u16(p);
	case 4:
		return get_u32(p);
	default:
		return get_u64(p);
	}
}

static s64 widen(u64 n, u32 size)
{
	u32 unused = 64 - size * 8;

	return (s64)(n << unused) >> unused;
}

static struct value *show_member(struct decoder *d, const struct member *m, const char *p)
{
	u64 n = m->kind == MEMBER_TEXT ? 0 : member_number(p, m->size);

	switch (m->kind) {
	case MEMBER_SIGNED:
		return value__new(d->arena, VALUE_SIGNED, m->name, (u64)widen(n, m->size));
	case MEMBER_HEX:
		return value__new(d->arena, VALUE_HEX, m->name, n);
	case MEMBER_OCTAL:
		return value__new(d->arena, VALUE_OCTAL, m->name, n);
	case MEMBER_POINTER:
		return value__new(d->arena, VALUE_POINTER, m->name, n);
	case MEMBER_NAME:
		return decode__name(d, m->name, m->with, n);
	case MEMBER_FLAGS:
		return decode__flags(d, m->name, m->with, n);
	case MEMBER_FD:
		return decode__fd(d, m->name, (s32)n);
	case MEMBER_TEXT:
		return show_raw(d, m->name, p, strnlen(p, m->size));
	default:
		return value__new(d->arena, VALUE_UNSIGNED, m->name, n);
	}
}

void show_members(struct decoder *d, struct value *v, const void *memory, u32 have,
		  const struct member *list, u32 n)
{
	for (u32 i = 0; i < n && list[i].offset + list[i].size <= have; i++)
		value__add(v, show_member(d, &list[i], (const char *)memory + list[i].offset));
}

static struct value *decode_ignored(struct decoder *d, u32 i)
{
	struct value *v = show_pointer(d, i);

	v->absent = true;
	return v;
}

const struct arg_type t_ignored = {.decode = decode_ignored};
