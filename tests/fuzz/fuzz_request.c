// SPDX-License-Identifier: GPL-2.0-only
/* What a viewer, or sonde ctl, says to the daemon: the first byte is how much of it comes at a
 * time. */
#include "fuzz.h"
#include "top/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct request r = {};
	size_t piece, room;
	bool stays = true;
	u32 pid = 0;

	if (!size)
		return 0;
	piece = *data++ % REQUEST_MAX + 1;
	for (size--; size && stays && !r.asks;) {
		char *to = request__room(&r, &room);
		size_t n = piece < room ? piece : room;

		MUST(room);
		n = n < size ? n : size;
		memcpy(to, data, n);
		data += n;
		size -= n;
		stays = request__take(&r, n, &pid);
	}
	return 0;
}
