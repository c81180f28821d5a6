/* SPDX-License-Identifier: GPL-2.0-only */
/* Making a cgroup and entering it. */
#ifndef WORK_CGROUP_H
#define WORK_CGROUP_H

#include "work.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

/* Makes @dir and its parents, where absent. */
static inline void make_cgroup(const char *dir)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s", dir) >= (int)sizeof(path))
		errx(1, "path too long: %s", dir);
	for (char *p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0755) && errno != EEXIST)
			err(1, "mkdir %s", path);
		*p = '/';
	}
	if (mkdir(path, 0755) && errno != EEXIST)
		err(1, "mkdir %s", path);
}

/* Moves the caller into @dir. Nothing follows the move but what the caller does: the descriptor
 * closes at exec. */
static inline void enter_cgroup(const char *dir)
{
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/cgroup.procs", dir) >= (int)sizeof(path))
		errx(1, "path too long: %s", dir);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		err(1, "%s", path);
}

#endif
