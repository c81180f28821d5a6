// SPDX-License-Identifier: GPL-2.0-only
#include "cgroup_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroups.h"
#include "hash.h"

/* What the kernel side tells of a path, too. */
#define MAX_DEPTH 24
#define PATH_SIZE 2048

/* More of them take longer to look through than slots can wait: then some are not found. */
#define MAX_CGROUPS 20000

#define ROOT_ID 1 /* fs/kernfs/dir.c, kernfs_create_root */

struct cgroup_id {
	u64 id;
	u64 hierarchy;
};

struct cgroup {
	struct cgroup_id id;
	UT_hash_handle hh;
	char path[];
};

struct cgroup_tree {
	struct cgroup *cgroups;
	u32 hierarchy; /* of those that are being read */
	u32 n;
	char path[PATH_SIZE];
};

static int add(struct cgroup_tree *t, u64 id)
{
	size_t size = strlen(t->path) + 1;
	struct cgroup *c = calloc(1, sizeof(*c) + size);

	if (!c)
		return -ENOMEM;
	c->id = (struct cgroup_id){.id = id, .hierarchy = t->hierarchy};
	memcpy(c->path, t->path, size);
	HASH_ADD(hh, t->cgroups, id, sizeof(c->id), c);
	if (!hash_added(c)) {
		free(c);
		return -ENOMEM;
	}
	t->n++;
	return 0;
}

/* The children of the cgroup with the path in @t, whose directory is @name in @at; one that went
 * away meanwhile has none. */
static int read_children(struct cgroup_tree *t, int at, const char *name, u32 depth)
{
	size_t len = strlen(t->path);
	struct dirent *child;
	int fd, err = 0;
	DIR *dir;

	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == EMFILE || errno == ENFILE || errno == ENOMEM ? -errno : 0;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while (!err && t->n < MAX_CGROUPS && (child = readdir(dir))) {
		int n;

		if (child->d_type != DT_DIR || child->d_name[0] == '.')
			continue;
		n = snprintf(t->path + len, sizeof(t->path) - len, "/%s", child->d_name);
		if ((size_t)n >= sizeof(t->path) - len)
			continue;
		err = add(t, child->d_ino);
		if (!err && depth < MAX_DEPTH)
			err = read_children(t, fd, child->d_name, depth + 1);
	}
	t->path[len] = 0;
	closedir(dir);
	return err;
}

static int read_hierarchy(struct cgroup_tree *t, const char *mount, u32 hierarchy)
{
	t->hierarchy = hierarchy;
	t->path[0] = 0;
	return read_children(t, AT_FDCWD, mount, 1);
}

/* Of the whole hierarchy: what is mounted within a cgroup namespace begins further down, and its
 * paths are not those that the kernel side tells. */
static bool is_root_of(const char *path, unsigned int magic)
{
	struct statfs fs;
	struct stat st;

	return !statfs(path, &fs) && (unsigned int)fs.f_type == magic && !stat(path, &st) &&
	       st.st_ino == ROOT_ID;
}

int cgroup_tree__read(struct cgroup_tree **ret, const char *root)
{
	struct cgroup_tree *t = calloc(1, sizeof(*t));
	char mount[512];
	const char *name;
	u32 v1 = 0;
	int err = 0;

	if (!t)
		return -ENOMEM;
	snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup/unified", root);
	if (!is_root_of(mount, CGROUP2_SUPER_MAGIC))
		snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup", root);
	if (is_root_of(mount, CGROUP2_SUPER_MAGIC))
		err = read_hierarchy(t, mount, 0);
	if (!err && !cgroups__v1_hierarchy(root, &v1, &name) && v1) {
		snprintf(mount, sizeof(mount), "%s/sys/fs/cgroup/%s", root, name);
		if (is_root_of(mount, CGROUP_SUPER_MAGIC))
			err = read_hierarchy(t, mount, v1);
	}
	if (err) {
		cgroup_tree__free(t);
		return err;
	}
	*ret = t;
	return 0;
}

const char *cgroup_tree__path(const struct cgroup_tree *t, u32 hierarchy, u64 id)
{
	struct cgroup_id key = {.id = id, .hierarchy = hierarchy};
	struct cgroup *c;

	HASH_FIND(hh, t->cgroups, &key, sizeof(key), c);
	return c ? c->path : NULL;
}

void cgroup_tree__free(struct cgroup_tree *t)
{
	struct cgroup *c, *tmp;

	if (!t)
		return;
	HASH_ITER(hh, t->cgroups, c, tmp) {
		HASH_DEL(t->cgroups, c);
		free(c);
	}
	free(t);
}
