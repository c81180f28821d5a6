// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values as strace prints them.
 *
 * This runs once per call of a busy process: numbers are put together here, and the stream is not
 * locked for each character.
 */
#include "value.h"

#include <stdlib.h>
#include <string.h>

#include "value_put.h"

static void put_note(FILE *out, const char *note)
{
	put(out, " /* ");
	put(out, note);
	put(out, " */");
}

/* The letter after the backslash, 0 if it has none. */
static char escape_of(unsigned char c)
{
	switch (c) {
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\v':
		return 'v';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	case '"':
	case '\\':
		return (char)c;
	default:
		return 0;
	}
}

/* A letter if there is one; three digits where a digit follows that would be read as one of them.
 */
static char *octal_escape(char *to, unsigned char c, bool digit_follows)
{
	char letter = escape_of(c);

	*to++ = '\\';
	if (letter) {
		*to++ = letter;
		return to;
	}
	if (digit_follows || c >= 0100)
		*to++ = (char)('0' + (c >> 6));
	if (digit_follows || c >= 010)
		*to++ = (char)('0' + (c >> 3 & 7));
	*to++ = (char)('0' + (c & 7));
	return to;
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* As many bytes go through one buffer to the stream. */
#define BATCH 256

static char *escape(char *to, const char *text, u32 at, u32 len)
{
	unsigned char c = (unsigned char)text[at];

	if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
		*to++ = (char)c;
		return to;
	}
	return octal_escape(to, c, at + 1 < len && is_octal(text[at + 1]));
}

void value__quote(FILE *out, const char *text, u32 len)
{
	char batch[4 * BATCH + 2], *to = batch;

	*to++ = '"';
	for (u32 i = 0; i < len; i++) {
		if (to > batch + 4 * (BATCH - 1)) {
			put_bytes(out, batch, (size_t)(to - batch));
			to = batch;
		}
		to = escape(to, text, i, len);
	}
	*to++ = '"';
	put_bytes(out, batch, (size_t)(to - batch));
}

/* What a descriptor is on: nothing of it can reach a terminal, and no path end the brackets early.
 * A device's number stands behind its path in brackets. */
static void put_on(FILE *out, const char *text)
{
	const char *number = text[0] == '/' ? strstr(text, "<char ") : NULL;
	bool path = text[0] == '/';
	char escaped[4];

	if (path && !number)
		number = strstr(text, "<block ");

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool bracket = path && (c == '<' || c == '>') && !(number && text >= number);

		if (c >= ' ' && c < 0x7f && c != '\\' && !bracket) {
			put_char(out, (char)c);
		} else if (c != '\\' && escape_of(c)) {
			put_char(out, '\\');
			put_char(out, escape_of(c));
		} else {
			put_bytes(out, escaped,
				  (size_t)(octal_escape(escaped, c, is_octal(text[1])) - escaped));
		}
	}
}

static bool is_text(const char *text, u32 len)
{
	for (u32 i = 0; i < len; i++)
		if ((text[i] < ' ' && (text[i] < '\t' || text[i] > '\r')) || text[i] == 0x7f)
			return false;
	return true;
}

static void put_hex_bytes(FILE *out, const char *text, u32 len)
{
	static const char digits[] = "0123456789abcdef";

	put_char(out, '"');
	for (u32 i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		char escape[4] = {'\\', 'x', digits[c >> 4], digits[c & 15]};

		put_bytes(out, escape, 4);
	}
	put_char(out, '"');
}

static void put_children(FILE *out, const struct value *v, const char *between)
{
	bool any = false;

	for (const struct value *c = v->first; c; c = c->next) {
		if (c->absent)
			continue;
		if (any)
			put(out, between);
		any = true;
		if (v->kind == VALUE_STRUCT && c->name && !(c->kind == VALUE_TEXT && c->num)) {
			put(out, c->name);
			put_char(out, '=');
		}
		value__text(out, c);
	}
	if (v->cut)
		put(out, any ? ", ..." : "...");
}

static void put_fd(FILE *out, const struct value *v)
{
	if (v->kind == VALUE_CWD)
		put(out, "AT_FDCWD");
	else
		put_signed(out, (s32)v->num);
	if (v->text) {
		put_char(out, '<');
		put_on(out, v->text);
		put_char(out, '>');
	}
}

static void put_value(FILE *out, const struct value *v)
{
	switch (v->kind) {
	case VALUE_SIGNED:
		put_signed(out, (s64)v->num);
		break;
	case VALUE_UNSIGNED:
		if (v->text)
			put(out, v->text);
		else
			put_unsigned(out, v->num);
		break;
	case VALUE_HEX:
		put_hex(out, v->num);
		break;
	case VALUE_OCTAL:
		put_octal(out, v->num);
		break;
	case VALUE_POINTER:
		if (v->num)
			put_hex(out, v->num);
		else
			put(out, "NULL");
		break;
	case VALUE_NAME:
	case VALUE_TEXT:
		put(out, v->text);
		break;
	case VALUE_FLAGS:
		if (v->first)
			put_children(out, v, "|");
		else
			put_char(out, '0');
		break;
	case VALUE_BYTES:
		if (v->num == HEX_ALWAYS || (v->num == HEX_NO_TEXT && !is_text(v->text, v->len)))
			put_hex_bytes(out, v->text, v->len);
		else
			value__quote(out, v->text, v->len);
		if (v->cut)
			put(out, "...");
		break;
	case VALUE_STRUCT:
		put_char(out, '{');
		put_children(out, v, ", ");
		put_char(out, '}');
		break;
	case VALUE_ARRAY:
		put_char(out, '[');
		put_children(out, v, ", ");
		put_char(out, ']');
		break;
	case VALUE_SET:
		put(out, v->num ? "~[" : "[");
		put_children(out, v, " ");
		put_char(out, ']');
		break;
	case VALUE_FD:
	case VALUE_CWD:
		put_fd(out, v);
		break;
	}
}

void value__text(FILE *out, const struct value *v)
{
	put_value(out, v);
	if (v->after) {
		put(out, " => ");
		value__text(out, v->after);
	}
	if (v->note)
		put_note(out, v->note);
}

/* For notes: it is called for few results only. */
char *value__words(struct arena *a, const struct value *v)
{
	char *text = NULL, *copy;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return arena__print(a, "?");
	value__text(f, v);
	fclose(f);
	copy = arena__print(a, "%s", text ? text : "?");
	free(text);
	return copy;
}
