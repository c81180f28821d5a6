// SPDX-License-Identifier: GPL-2.0-only
/* /proc/PID/cgroup: which hierarchy services are named by, and the path in it. */
#include "cgroups.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text__of(data, size), path[4096];
	u32 v1;

	files__are(data, size, NULL);
	MUST(!cgroups__v1_hierarchy("", &v1, NULL));
	files__end();
	cgroups__path(text, v1, path, sizeof(path));
	MUST(strnlen(path, sizeof(path)) < sizeof(path));
	free(text);
	return 0;
}
