// SPDX-License-Identifier: GPL-2.0-only
#include "counters.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

struct counter_store {
	int fd;
	u32 services, cpus;
	struct counters *last;
	struct counters *copy; /* of one service, one per CPU */
};

int counters__size(struct bpf_object *obj, u32 services)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, "counters");

	return map ? bpf_map__set_max_entries(map, services) : 0;
}

int counters__new(struct counter_store **ret, struct bpf_object *obj, u32 services)
{
	int fd = bpf_object__find_map_fd_by_name(obj, "counters");
	struct counter_store *c;

	*ret = NULL;
	if (fd < 0)
		return 0;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->fd = fd;
	c->services = services;
	c->cpus = libbpf_num_possible_cpus();
	c->last = calloc(services, sizeof(*c->last));
	c->copy = calloc(c->cpus, sizeof(*c->copy));
	if (!c->last || !c->copy) {
		counters__free(c);
		return -ENOMEM;
	}
	*ret = c;
	return 0;
}

void counters__free(struct counter_store *c)
{
	if (!c)
		return;
	free(c->last);
	free(c->copy);
	free(c);
}

int counters__read(struct counter_store *c, struct counters *grown)
{
	for (u32 svc = 0; svc < c->services; svc++) {
		struct counters sum = {};

		if (bpf_map_lookup_elem(c->fd, &svc, c->copy))
			return -errno;
		for (u32 cpu = 0; cpu < c->cpus; cpu++)
			for (u32 i = 0; i < MAX_COUNTERS; i++)
				sum.n[i] += c->copy[cpu].n[i];
		for (u32 i = 0; i < MAX_COUNTERS; i++)
			grown[svc].n[i] += sum.n[i] - c->last[svc].n[i];
		c->last[svc] = sum;
	}
	return 0;
}
