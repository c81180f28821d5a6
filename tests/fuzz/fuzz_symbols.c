// SPDX-License-Identifier: GPL-2.0-only
/* The functions of somebody's ELF file. */
#include <unistd.h>

#include "fuzz.h"
#include "trace/symbols.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct symbols *s;
	char path[64];
	int fd = file__make(data, size, path, sizeof(path));

	if (!symbols__read(&s, path)) {
		for (u64 at = 0; at < 4096; at += 64) {
			u64 into = 0;
			const char *name = symbols__find(s, at, &into);

			MUST(!name || strlen(name) <= size);
		}
		symbols__free(s);
	}
	close(fd);
	return 0;
}
