// SPDX-License-Identifier: GPL-2.0-only
/* The command line of `sonde query`, a word on each line. */
#include <getopt.h>

#include "cells.h"
#include "fuzz.h"
#include "graphite_source.h"

#define WORDS 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char target[TARGETS][TARGET_MAX];
	char *text = text__of(data, size), *argv[WORDS + 2] = {(char[]){"sonde-query"}};
	u32 n = text__lines(text, argv + 1, WORDS);
	struct query q;

	optind = 0;
	if (!query__parse(&q, n + 1, argv, 1700000000))
		graphite_source__targets(&q, target);
	query__free(&q);
	free(text);
	return 0;
}
