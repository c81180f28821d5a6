// SPDX-License-Identifier: GPL-2.0-only
#include "value.h"

#include <string.h>

struct value *value__new(struct arena *a, enum value_kind kind, const char *name, u64 num)
{
	struct value *v = arena__get(a, sizeof(*v));

	v->kind = kind;
	v->name = name;
	v->num = num;
	return v;
}

struct value *value__named(struct arena *a, const char *name, const char *text, u64 num)
{
	struct value *v = value__new(a, VALUE_NAME, name, num);

	v->text = text;
	return v;
}

struct value *value__said(struct arena *a, const char *name, const char *text)
{
	struct value *v = value__new(a, VALUE_TEXT, name, 0);

	v->text = text;
	v->len = (u32)strlen(text);
	return v;
}

struct value *value__bytes(struct arena *a, const char *name, const void *bytes, u32 len, bool cut)
{
	struct value *v = value__new(a, VALUE_BYTES, name, 0);

	v->text = bytes;
	v->len = len;
	v->cut = cut;
	return v;
}

struct value *value__add(struct value *parent, struct value *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	return child;
}
