// SPDX-License-Identifier: GPL-2.0-only
#include "section.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

void *section__initial(const struct bpf_object *obj, const char *name, size_t size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);
	size_t have = 0;
	void *p = map ? (void *)bpf_map__initial_value(map, &have) : NULL;

	return have >= size ? p : NULL;
}

int section__set(const struct bpf_object *obj, const char *name, const void *value, size_t size)
{
	void *p = section__initial(obj, name, size);

	if (!p)
		return bpf_object__find_map_by_name(obj, name) ? -EINVAL : 0;
	memcpy(p, value, size);
	return 0;
}

void *section__map(const struct bpf_object *obj, const char *name, size_t size)
{
	int fd = bpf_object__find_map_fd_by_name(obj, name);
	void *p;

	if (fd < 0)
		return NULL;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return p == MAP_FAILED ? NULL : p;
}
