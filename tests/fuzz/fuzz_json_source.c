// SPDX-License-Identifier: GPL-2.0-only
/* A file of slots that `sonde query` reads. The first byte is what is asked. */
#include "answer.h"
#include "json_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct query q = answer__query(size ? *data : 0);
	struct cells c = {.q = &q};
	struct slots_seen seen = {};
	char why[WHY_MAX] = "";
	FILE *in;
	int err;

	if (size < 2)
		return 0;
	in = fmemopen((void *)(data + 1), size - 1, "r");
	MUST(in);
	err = json_source__read(in, "x", &c, &seen, why);
	fclose(in);
	MUST(!err == !why[0]);
	if (err >= 0)
		answer__give(&c);
	cells__free(&c);
	return 0;
}
