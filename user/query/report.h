/* SPDX-License-Identifier: GPL-2.0-only */
/* The answer: a table and heat maps for a person, or JSON. Pure but for the streams. */
#ifndef SONDE_QUERY_REPORT_H
#define SONDE_QUERY_REPORT_H

#include <stdio.h>

#include "cells.h"
#include "print_hist.h"

void report__table(FILE *out, const struct cells *c, struct cell **rows, int n);
void report__heat(FILE *out, const struct print_style *style, const struct cells *c,
		  struct cell **rows, int n);

/* Returns 0 or -ENOMEM. */
int report__json(FILE *out, const struct cells *c, struct cell **rows, int n);

/* "nginx syscalls.read" */
void report__name(const struct cell *cell, char *buf, size_t size);

#endif
