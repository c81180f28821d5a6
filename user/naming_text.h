/* SPDX-License-Identifier: GPL-2.0-only */
/* Text work of naming: names that grow, paths by component, what in a name is only an id. */
#ifndef SONDE_NAMING_TEXT_H
#define SONDE_NAMING_TEXT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGITS     "0123456789"
#define HEX_DIGITS DIGITS "abcdef"

/* A name under construction in the caller's buffer of @size > 0 bytes, terminated at all times. */
struct text {
	char *buf;
	size_t size, len;
	uint32_t hash; /* of all that was added, kept or not */
	bool cut;
};

void text__init(struct text *t, char *buf, size_t size);
void text__add(struct text *t, const char *s);

/* When not all was kept, marks the name by a hash of the whole. */
void text__end(struct text *t);

uint32_t text__hash(const char *s);

/* Ends @s with "-xxxxxx" of @hash, cut as far as @size needs; too small a buffer stays unmarked. */
void text__mark(char *s, size_t size, uint32_t hash);

/* "/" is skipped, as are "." and ".."; false at the end. A longer component than the kernel allows
 * is cut. */
bool path__next(const char **path, char comp[NAME_MAX + 1]);

bool cut_suffix(char *s, const char *suffix);
bool all_of(const char *s, const char *set); /* not empty, and of nothing but @set */
bool is_uuid(const char *s);                 /* at the start of @s, joined by '-' or '_' */
bool is_task_id(const char *s, size_t len); /* 25 base-36 digits, as swarm and buildkit make them */

/*
 * Removes uuids, hexadecimal words of eight and more with a digit in them, and task ids; @numbers:
 * also the numbers at the end. May leave "".
 */
void ids__strip(char *s, bool numbers);

#endif
