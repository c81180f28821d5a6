// SPDX-License-Identifier: GPL-2.0-only
#include "client_ports.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>

#include "peer.h"

int client_ports__set(struct bpf_object *obj)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, ".rodata.ports");
	FILE *f = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	struct port_range *range;
	size_t size = 0;

	range = map ? (void *)bpf_map__initial_value(map, &size) : NULL;
	if (size < sizeof(*range)) {
		if (f)
			fclose(f);
		return -EINVAL;
	}
	/* The kernel's own default. */
	*range = (struct port_range){32768, 60999};
	if (!f)
		return 0;
	if (fscanf(f, "%u %u", &range->first, &range->last) != 2)
		*range = (struct port_range){32768, 60999};
	fclose(f);
	return 0;
}
