/* SPDX-License-Identifier: GPL-2.0-only */
/* One BPF object with its programs' attachments, and the maps that several of them have in common.
 */
#ifndef SONDE_OBJECT_H
#define SONDE_OBJECT_H

#include <stdbool.h>

#include "shared.h"

#define MAX_PROGS 64
#define NSHARED   12

struct bpf_link;
struct bpf_object;

/* Descriptors of the maps that the first object makes and the others are handed; -1: not made. */
struct shared_maps {
	int fd[NSHARED];
};

void shared_maps__init(struct shared_maps *s);
void shared_maps__close(struct shared_maps *s);

/* Of the map of that name, owned by @s. Negative if no object has it. */
int shared_maps__fd(const struct shared_maps *s, const char *name);

/* Zeroed, and with @obj set by kernel__open_object. */
struct object {
	struct bpf_object *obj;
	struct bpf_link *link[MAX_PROGS]; /* of each program in its order; NULL: not attached */
	struct control *control;          /* mapped; the kernel side reads it */
	const struct losses *losses;      /* mapped; the kernel side writes it */
};

/* Loads it with the maps that are in @s, and adds its own to those. Returns 0 or -errno. */
int object__load(struct object *o, struct shared_maps *s);

/* Attaches the programs that are wanted and are not yet, and detaches those that are no more.
 * Returns 0, or -errno with some of them attached. */
int object__attach(struct object *o);
void object__detach(struct object *o);
void object__close(struct object *o);

/* Runs of its programs, but for those named in @except (NULL: none, ended by NULL), that the kernel
 * refused because another was under way. */
u64 object__recursion_misses(const struct object *o, const char *const *except);

/* Bytes of the maps as the kernel accounts them: an object's own, and the shared ones. */
u64 object__map_bytes(const struct object *o);
u64 shared_maps__map_bytes(const struct shared_maps *s);

#endif
