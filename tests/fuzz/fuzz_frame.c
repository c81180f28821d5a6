// SPDX-License-Identifier: GPL-2.0-only
/* A frame as a line of JSON: what was read is written, and read as the same. */
#include "fuzz.h"
#include "sink.h"
#include "top/frame_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char why[256] = "";
	struct text first = {}, second = {};
	struct frame f;

	if (frame__read(&f, (const char *)data, size, why, sizeof(why))) {
		MUST(why[0]);
		return 0;
	}
	MUST(!frame__write(&first, &f));
	frame__free(&f);
	MUST(!frame__read(&f, first.data, first.size, why, sizeof(why)));
	MUST(!frame__write(&second, &f));
	frame__free(&f);
	MUST(first.size == second.size && !memcmp(first.data, second.data, first.size));
	text__free(&first);
	text__free(&second);
	return 0;
}
