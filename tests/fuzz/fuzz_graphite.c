// SPDX-License-Identifier: GPL-2.0-only
/* The answer of a render API. The first byte is what was asked, the second in what pieces it comes.
 */
#include "answer.h"
#include "graphite_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct query q = answer__query(size ? *data : 0);
	struct cells c = {.q = &q};
	struct series_reader reader = {.cells = &c};
	struct elements e = {.fn = graphite_source__series, .ctx = &reader, .limit = 4096};
	size_t piece;
	int err = 0;

	if (size < 2)
		return 0;
	piece = data[1] + 1;
	for (size_t at = 2; at < size && !err; at += piece)
		err = elements__feed(&e, (const char *)data + at,
				     size - at < piece ? size - at : piece);
	if (!err && !elements__end(&e))
		answer__give(&c);
	elements__free(&e);
	cells__free(&c);
	return 0;
}
