// SPDX-License-Identifier: GPL-2.0-only
#include "elements.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int keep(struct elements *e, char c)
{
	if (e->size == e->limit)
		return -EFBIG;
	if (e->size == e->room) {
		size_t room = e->room ? 2 * e->room : 65536;
		char *text = realloc(e->text, room);

		if (!text)
			return -ENOMEM;
		e->text = text;
		e->room = room;
	}
	e->text[e->size++] = c;
	return 0;
}

static int finish(struct elements *e)
{
	json_t *element = json_loadb(e->text, e->size, JSON_DECODE_INT_AS_REAL, NULL);
	int err;

	e->size = 0;
	if (!element)
		return -EBADMSG;
	err = e->fn(e->ctx, element);
	json_decref(element);
	return err;
}

/* Between elements. Whether commas are where they belong is not looked at. */
static int outside(struct elements *e, char c)
{
	if (strchr(" \t\r\n", c) && c)
		return 0;
	if (e->ended)
		return -EBADMSG;
	if (!e->begun) {
		e->begun = c == '[';
		return e->begun ? 0 : -EBADMSG;
	}
	if (c == ']')
		e->ended = true;
	else if (c == '{')
		return e->depth++, keep(e, c);
	else if (c != ',')
		return -EBADMSG;
	return 0;
}

static int inside(struct elements *e, char c)
{
	int err = keep(e, c);

	if (err)
		return err;
	if (e->in_string) {
		if (!e->escaped && c == '"')
			e->in_string = false;
		e->escaped = !e->escaped && c == '\\';
		return 0;
	}
	if (c == '"')
		e->in_string = true;
	else if (c == '{' || c == '[')
		e->depth++;
	else if (c == '}' || c == ']')
		e->depth--;
	return e->depth ? 0 : finish(e);
}

int elements__feed(struct elements *e, const char *text, size_t size)
{
	int err = 0;

	for (size_t i = 0; i < size && !err; i++)
		err = e->depth ? inside(e, text[i]) : outside(e, text[i]);
	return err;
}

int elements__end(const struct elements *e)
{
	return e->ended ? 0 : -EBADMSG;
}

void elements__free(struct elements *e)
{
	free(e->text);
}
