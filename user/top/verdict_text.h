/* SPDX-License-Identifier: GPL-2.0-only */
/* Sentences of the verdicts: of a limited length, of whole parts, with units. */
#ifndef SONDE_VERDICT_TEXT_H
#define SONDE_VERDICT_TEXT_H

#include <stddef.h>

#include "verdict_limits.h"

struct sentence {
	char *text;
	size_t len;
};

/* @buf has room for SENTENCE_MAX + 1 bytes and gets "NAME: ". */
void sentence__begin(struct sentence *s, char *buf, const char *name);

/* Adds all of it; nothing if that would be too long. */
void say(struct sentence *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A name of at most NAME_SHOWN bytes, its characters whole; one that is cut ends in "..". Returns
 * @buf. */
#define SHOWN_MAX (NAME_SHOWN + 1)
const char *put_name(char buf[SHOWN_MAX], const char *name);

/* "1.9 s", "41 ms": two digits, which is what a histogram's buckets know. Returns @buf. */
#define TIME_MAX 24
const char *put_time(char buf[TIME_MAX], u64 ns);

#endif
