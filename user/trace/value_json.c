// SPDX-License-Identifier: GPL-2.0-only
/* Values as JSON: docs/trace.md says what becomes what. */
#include "value.h"

#include "value_put.h"

static void put_children(FILE *out, const struct value *v, bool members)
{
	u32 n = 0;

	for (const struct value *c = v->first; c; c = c->next) {
		if (c->absent)
			continue;
		if (n)
			put_char(out, ',');
		if (members) {
			if (c->name)
				json_chars(out, c->name, (u32)strlen(c->name));
			else
				fprintf(out, "\"%u\"", n);
			put_char(out, ':');
		}
		value__json(out, c);
		n++;
	}
	if (members && v->cut)
		put(out, n ? ",\"...\":true" : "\"...\":true");
}

static void put_array(FILE *out, const struct value *v)
{
	put_char(out, '[');
	put_children(out, v, false);
	put_char(out, ']');
}

static void put_list(FILE *out, const char *what, const struct value *v)
{
	put(out, "{\"");
	put(out, what);
	put(out, "\":");
	put_array(out, v);
	put(out, ",\"cut\":true}");
}

static void put_named(FILE *out, const struct value *v)
{
	put(out, "{\"name\":");
	json_chars(out, v->text, (u32)strlen(v->text));
	put(out, ",\"value\":");
	put_unsigned(out, v->num);
	put_char(out, '}');
}

/* Numbers without a name are not among the names; they are part of the value. */
static void put_flags(FILE *out, const struct value *v)
{
	bool any = false;

	put(out, "{\"flags\":[");
	for (const struct value *c = v->first; c; c = c->next) {
		if (c->kind != VALUE_NAME)
			continue;
		if (any)
			put_char(out, ',');
		json_chars(out, c->text, (u32)strlen(c->text));
		any = true;
	}
	put(out, "],\"value\":");
	put_unsigned(out, v->num);
	put_char(out, '}');
}

static void put_fd(FILE *out, const struct value *v)
{
	if (v->kind == VALUE_CWD)
		put(out, "{\"name\":\"AT_FDCWD\",\"value\":");
	else if (v->text)
		put(out, "{\"fd\":");
	put_signed(out, (s32)v->num);
	if (v->text) {
		put(out, ",\"on\":");
		json_text(out, v->text);
	}
	if (v->kind == VALUE_CWD || v->text)
		put_char(out, '}');
}

static void put_value(FILE *out, const struct value *v)
{
	switch (v->kind) {
	case VALUE_SIGNED:
		put_signed(out, (s64)v->num);
		break;
	case VALUE_UNSIGNED:
	case VALUE_HEX:
	case VALUE_OCTAL:
		put_unsigned(out, v->num);
		break;
	case VALUE_POINTER:
		if (v->num) {
			put_bits(out, "\"0x", v->num, 4);
			put_char(out, '"');
		} else {
			put(out, "null");
		}
		break;
	case VALUE_NAME:
		put_named(out, v);
		break;
	case VALUE_TEXT:
		if (v->first)
			value__json(out, v->first);
		else
			json_text(out, v->text);
		break;
	case VALUE_FLAGS:
		put_flags(out, v);
		break;
	case VALUE_BYTES:
		json_bytes(out, v->text, v->len, v->cut);
		break;
	case VALUE_STRUCT:
		put_char(out, '{');
		put_children(out, v, true);
		put_char(out, '}');
		break;
	case VALUE_ARRAY:
		if (v->cut)
			put_list(out, "array", v);
		else
			put_array(out, v);
		break;
	case VALUE_SET:
		put(out, v->num ? "{\"all_but\":" : "{\"set\":");
		put_array(out, v);
		put_char(out, '}');
		break;
	case VALUE_FD:
	case VALUE_CWD:
		put_fd(out, v);
		break;
	}
}

static void put_noted(FILE *out, const struct value *v)
{
	if (!v->note) {
		put_value(out, v);
		return;
	}
	put(out, "{\"value\":");
	put_value(out, v);
	put(out, ",\"note\":");
	json_text(out, v->note);
	put_char(out, '}');
}

void value__json(FILE *out, const struct value *v)
{
	if (!v->after) {
		put_noted(out, v);
		return;
	}
	put(out, "{\"before\":");
	put_noted(out, v);
	put(out, ",\"after\":");
	value__json(out, v->after);
	put_char(out, '}');
}
