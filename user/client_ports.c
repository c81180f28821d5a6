// SPDX-License-Identifier: GPL-2.0-only
#include "client_ports.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "peer.h"

int client_ports__set(struct bpf_object *obj)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, ".rodata.ports");
	/* The kernel's own default. */
	struct port_range range = {32768, 60999};
	u32 first, last;
	size_t size = 0;
	void *to = map ? (void *)bpf_map__initial_value(map, &size) : NULL;
	FILE *f;

	if (size < sizeof(range))
		return -EINVAL;
	f = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	if (f) {
		if (fscanf(f, "%u %u", &first, &last) == 2)
			range = (struct port_range){first, last};
		fclose(f);
	}
	memcpy(to, &range, sizeof(range));
	return 0;
}
