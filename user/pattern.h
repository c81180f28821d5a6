/* SPDX-License-Identifier: GPL-2.0-only */
/* Regular expressions that people give. */
#ifndef SONDE_PATTERN_H
#define SONDE_PATTERN_H

#include <regex.h>
#include <stddef.h>

/* Compiles @text, an extended regular expression (regex(7)), for regexec() without places of what
 * matched; regfree() is the caller's. The C library writes out what is repeated, so that a dozen
 * characters can take all of the memory: what is too large is refused. Returns 0, -ENOMEM, or
 * -EINVAL after @why was told. */
int pattern__compile(regex_t *pattern, const char *text, char *why, size_t size);

#endif
