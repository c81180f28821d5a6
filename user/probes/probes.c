// SPDX-License-Identifier: GPL-2.0-only
#include "probe.h"

#include <errno.h>
#include <string.h>

extern const struct probe syscalls_probe, tcp_probe, block_probe, sched_probe;

const struct probe *const probes[] = {
	&syscalls_probe, &tcp_probe, &block_probe, &sched_probe, NULL,
};

_Static_assert(sizeof(probes) / sizeof(probes[0]) <= MAX_SETS + 1, "MAX_SETS is too small");

int probes__find(const char *name)
{
	for (int i = 0; probes[i]; i++)
		if (!strcmp(probes[i]->name, name))
			return i;
	return -ENOENT;
}
