/* SPDX-License-Identifier: GPL-2.0-only */
/* What `sonde query` makes of what it was given, in each form. */
#ifndef SONDE_FUZZ_ANSWER_H
#define SONDE_FUZZ_ANSWER_H

#include "cells.h"
#include "fuzz.h"
#include "report.h"

static struct query answer__query(unsigned char how)
{
	return (struct query){.service = "*",
			      .set = "*",
			      .op = "*",
			      .host = "*",
			      .prefix = "sonde",
			      .until = UINT32_MAX * 16ULL,
			      .p_name = {"50", "99.9"},
			      .p = {0.5, 0.999},
			      .np = 2,
			      .slo = how & 8 ? 1000000 : 0,
			      .by = how % 4,
			      .heat = how & 4};
}

static void answer__give(struct cells *c)
{
	const struct print_style style = {.width = 80, .utf8 = true};
	struct cell **rows = NULL;
	int n = cells__rows(c, &rows);
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	MUST(out && n >= 0);
	report__table(out, c, rows, n);
	if (c->q->heat)
		report__heat(out, &style, c, rows, n);
	MUST(!report__json(out, c, rows, n));
	fclose(out);
	free(text);
	free(rows);
}

#endif
