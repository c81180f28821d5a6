/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory of a BPF object's data sections and of its maps that can be mapped. */
#ifndef SONDE_SECTION_H
#define SONDE_SECTION_H

#include <stddef.h>

struct bpf_object;

/* Before load: what section @name will begin with, owned by @obj. NULL if there is none of @size
 * bytes or more. */
void *section__initial(const struct bpf_object *obj, const char *name, size_t size);

/* As that, filled. Returns 0, also if there is no such section, or -EINVAL if it is smaller. */
int section__set(const struct bpf_object *obj, const char *name, const void *value, size_t size);

/* After load: the first @size bytes of a section or map, shared with the kernel side, for munmap.
 * NULL if there is none that can be mapped. */
void *section__map(const struct bpf_object *obj, const char *name, size_t size);

#endif
