/* SPDX-License-Identifier: GPL-2.0-only */
/* Which cgroup hierarchies this host has. */
#ifndef SONDE_CGROUPS_H
#define SONDE_CGROUPS_H

#include <stddef.h>

#include "types.h"

/*
 * The v1 hierarchy to fall back on for tasks that are in the root of the v2 hierarchy, as on v1 and
 * hybrid hosts: systemd's own, else the first of pids, memory and cpu. 0 if there is none, or none
 * may be seen. @name, unless it is NULL: of the directory below /sys/fs/cgroup that systemd mounts
 * it on. @root: where the host's / is. Returns 0, or -errno if it cannot be found out now.
 */
int cgroups__v1_hierarchy(const char *root, u32 *ret, const char **name);

/* The path, in the hierarchy that services are named by, of the process whose /proc/PID/cgroup
 * @text is; "/" in the root of it. Cuts @text up. */
void cgroups__path(char *text, u32 v1_hierarchy, char *path, size_t size);

#endif
