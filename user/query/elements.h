/* SPDX-License-Identifier: GPL-2.0-only */
/* A long JSON array, element by element as its text arrives: memory is that of one element. */
#ifndef SONDE_QUERY_ELEMENTS_H
#define SONDE_QUERY_ELEMENTS_H

#include <jansson.h>
#include <stdbool.h>

#include <stdbool.h>
#include <stddef.h>

#include "types.h"

struct elements {
	/* Takes each element; a negative return ends it all. */
	int (*fn)(void *ctx, json_t *element);
	void *ctx;
	size_t limit; /* bytes of an element */
	char *text;
	size_t size, room;
	u32 depth;
	bool in_string, escaped, begun, ended;
};

/* Returns 0, -EBADMSG (not an array of objects), -EFBIG, -ENOMEM or what @fn returned. */
int elements__feed(struct elements *e, const char *text, size_t size);

/* After the last text: -EBADMSG if it is cut. */
int elements__end(const struct elements *e);
void elements__free(struct elements *e);

#endif
