/* SPDX-License-Identifier: GPL-2.0-only */
/* Which cgroup has which id, where the kernel side cannot say: it knows a socket's cgroup by
 * number. */
#ifndef SONDE_CGROUP_TREE_H
#define SONDE_CGROUP_TREE_H

#include "types.h"

struct cgroup_tree;

/*
 * All cgroups that are there now, of the v2 hierarchy and of the v1 hierarchy that services are
 * named by, where systemd mounts them below @root. A hierarchy that is elsewhere, or of which only
 * a part is mounted, has none. Some 20 us for each cgroup. Returns 0 or -errno.
 */
int cgroup_tree__read(struct cgroup_tree **ret, const char *root);

/* The path from the root of its hierarchy (0: v2) of the cgroup with kernfs id @id, which is its
 * directory's inode number (fs/kernfs/dir.c, kernfs_ino); NULL if there was none. */
const char *cgroup_tree__path(const struct cgroup_tree *t, u32 hierarchy, u64 id);

void cgroup_tree__free(struct cgroup_tree *t);

#endif
