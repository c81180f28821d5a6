/* SPDX-License-Identifier: GPL-2.0-only */
/* Nodes of metric names, and patterns for them. */
#ifndef SONDE_QUERY_NAMES_H
#define SONDE_QUERY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Whether @name can be a node that sonde wrote. */
bool name__valid(const char *name);

/* Whether @list is a list of names with the wildcards * and ?, joined by commas. */
bool patterns__valid(const char *list);

/* One of them matches. `_all`, the sum of other operations, is matched by its own name only, so
 * that it never adds up with them. */
bool patterns__match(const char *list, const char *name);

/* As Graphite writes it: "a", "{a,b*}". */
void patterns__graphite(const char *list, char *buf, size_t size);

#endif
