/* SPDX-License-Identifier: GPL-2.0-only */
/* What the harnesses share. Each is a file fuzz_NAME.c with LLVMFuzzerTestOneInput, which libFuzzer
 * calls with bytes that it has made, and the everyday test with those of tests/fuzz/corpus/NAME. */
#ifndef SONDE_FUZZ_H
#define SONDE_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * From now on whatever the program opens to read is these bytes, whatever link it follows leads to
 * @link (NULL: there is none), and a pattern of names matches itself.
 */
void files__are(const void *data, size_t size, const char *link);
void files__end(void);

/* A new file, without a name anywhere, that holds these bytes; @path is /proc/self/fd/N. Returns N,
 * to be closed. */
int file__make(const void *data, size_t size, char *path, size_t path_size);

/* A copy, ended by NUL, to be freed. */
char *text__of(const uint8_t *data, size_t size);

/* Cuts @text at newlines, at most @max words, the rest is in the last. Returns how many there are.
 */
u32 text__lines(char *text, char **line, u32 max);

/* A directory that is removed when the program ends. */
const char *directory__make(void);

/* A finding. */
#define MUST(cond)                                                                                 \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #cond);         \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
