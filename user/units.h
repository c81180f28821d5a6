/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers as people write them. */
#ifndef SONDE_UNITS_H
#define SONDE_UNITS_H

#include "types.h"

/* "10ms", "1.5s", "2m", "1h", "7d"; a bare number means seconds. Returns 0 or -EINVAL; *@ns is ns.
 */
int units__duration(const char *text, u64 *ns);

/* A whole number between @min and @max. Returns 0 or -EINVAL. */
int units__number(const char *text, u64 min, u64 max, u64 *ret);

#endif
