/* SPDX-License-Identifier: GPL-2.0-only */
/* Names of containers and pods, from the files that their runtimes leave on the host; no daemon is
 * asked. */
#ifndef SONDE_CONTAINERS_H
#define SONDE_CONTAINERS_H

#include <limits.h>
#include <stddef.h>

#define CONTAINER_NAME_MAX                                                                         \
	(2 * NAME_MAX) /* with the terminating NUL; fits namespace and workload */

/*
 * All: @root is where the host's / is found ("" for the host itself), @id the container's 64
 * hexadecimal digits. Return 0, or -ENOENT when no name is found, be the files absent, unreadable,
 * too large or broken.
 */

/* A swarm task has the name of its service. */
int container__docker_name(const char *root, const char *id, char name[CONTAINER_NAME_MAX]);

int container__podman_name(const char *root, const char *id, char name[CONTAINER_NAME_MAX]);

/* "NAMESPACE-WORKLOAD" of the pod @uid, or of the one that holds container @id; either may be NULL.
 */
int container__pod_name(const char *root, const char *uid, const char *id,
			char name[CONTAINER_NAME_MAX]);

#endif
