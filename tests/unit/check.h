/* SPDX-License-Identifier: GPL-2.0-only */
/* What unit tests share: conditions that are counted, and the line that says how many held. */
#ifndef SONDE_TEST_CHECK_H
#define SONDE_TEST_CHECK_H

#include <stdbool.h>
#include <stdio.h>

static int passed, failed, skipped;

static inline void check(const char *file, int line, const char *what, bool good)
{
	if (good) {
		passed++;
		return;
	}
	failed++;
	printf("%s:%d: %s\n", file, line, what);
}

#define CHECK(cond) check(__FILE__, __LINE__, #cond, cond)

/* In words, where the condition says too little. */
#define CHECK_THAT(what, cond) check(__FILE__, __LINE__, what, cond)

/* Returns the status of main. */
static inline int report(void)
{
	printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
	return failed != 0;
}

#endif
