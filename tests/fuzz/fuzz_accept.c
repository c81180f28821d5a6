// SPDX-License-Identifier: GPL-2.0-only
/* The Accept header of whoever scrapes. */
#include "fuzz.h"
#include "prometheus.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text__of(data, size);

	MUST(exposition__choose(text) < EXPOSITIONS);
	free(text);
	return 0;
}
