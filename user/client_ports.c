// SPDX-License-Identifier: GPL-2.0-only
#include "client_ports.h"

#include <errno.h>
#include <stdio.h>

#include "peer.h"
#include "section.h"

int client_ports__set(struct bpf_object *obj)
{
	/* The kernel's own default. */
	struct port_range range = {32768, 60999};
	struct port_range *to = section__initial(obj, ".rodata.ports", sizeof(range));
	u32 first, last;
	FILE *f;

	if (!to)
		return -EINVAL;
	f = fopen("/proc/sys/net/ipv4/ip_local_port_range", "re");
	if (f) {
		if (fscanf(f, "%u %u", &first, &last) == 2)
			range = (struct port_range){first, last};
		fclose(f);
	}
	*to = range;
	return 0;
}
