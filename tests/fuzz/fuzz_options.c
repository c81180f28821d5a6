// SPDX-License-Identifier: GPL-2.0-only
/* The command line, a word on each line; the configuration that it may name is those words, too. */
#include "fuzz.h"
#include "options.h"

#define WORDS 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text__of(data, size), *argv[WORDS + 2] = {(char[]){"sonde"}};
	u32 n = text__lines(text, argv + 1, WORDS);
	struct options o;

	files__are(data, size, NULL);
	options__parse(&o, n + 1, argv);
	options__free(&o);
	files__end();
	free(text);
	return 0;
}
