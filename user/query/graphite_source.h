/* SPDX-License-Identifier: GPL-2.0-only */
/* Buckets and counts from graphite-web's render API, or what speaks it. */
#ifndef SONDE_QUERY_GRAPHITE_SOURCE_H
#define SONDE_QUERY_GRAPHITE_SOURCE_H

#include "cells.h"
#include "elements.h"

#define TARGETS    3
#define TARGET_MAX 8192

/* What is asked: buckets, sums and maxima, already added up over what the query does not tell
 * apart. */
void graphite_source__targets(const struct query *q, char target[TARGETS][TARGET_MAX]);

/* For struct elements: adds one series of the answer. */
struct series_reader {
	struct cells *cells;
	char why[WHY_MAX];
};
int graphite_source__series(void *reader, json_t *series);

#endif
