/* SPDX-License-Identifier: GPL-2.0-only */
/* Slots from files as `sonde run --output json` writes them. */
#ifndef SONDE_QUERY_JSON_SOURCE_H
#define SONDE_QUERY_JSON_SOURCE_H

#include <stdio.h>

#include "cells.h"

/* What a file holds, also outside the time that was asked for. */
struct slots_seen {
	u64 n, first, last;
};

/*
 * Adds the slots of one file. Returns 0; 1 if its last line is cut, which is normal while it is
 * being written; or -errno. @why then says where and what.
 */
int json_source__read(FILE *in, const char *name, struct cells *c, struct slots_seen *seen,
		      char why[WHY_MAX]);

#endif
