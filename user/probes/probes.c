// SPDX-License-Identifier: GPL-2.0-only
#include "probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
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

void probe__clear_map(const struct probe_env *env, const char *name)
{
	int map = bpf_object__find_map_fd_by_name(env->obj, name);
	u64 key, next, *at = NULL;

	/* Each only when the one after it is known: to look for a first one again and again takes
	 * longer the more of the table is empty. */
	while (map >= 0 && !bpf_map_get_next_key(map, at, &next)) {
		if (at)
			bpf_map_delete_elem(map, at);
		key = next;
		at = &key;
	}
	if (at)
		bpf_map_delete_elem(map, at);
}
