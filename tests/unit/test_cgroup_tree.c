// SPDX-License-Identifier: GPL-2.0-only
/* Cgroups of this host, made here, found by their ids. */
#include "cgroup_tree.h"

#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroups.h"
#include "check.h"

#define MANY 300

static u64 id_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : st.st_ino;
}

static bool finds(const struct cgroup_tree *t, u32 hierarchy, u64 id, const char *path)
{
	const char *found = cgroup_tree__path(t, hierarchy, id);

	return path ? found && !strcmp(found, path) : !found;
}

/* Where @mount is the hierarchy's. */
static void test_hierarchy(const char *mount, u32 hierarchy)
{
	char name[64], top[256], child[512], path[512];
	u64 id, ids[MANY];
	struct cgroup_tree *t;

	snprintf(name, sizeof(name), "/tree-of-%d", getpid());
	snprintf(top, sizeof(top), "%s%s", mount, name);
	if (mkdir(top, 0755) && (errno == EACCES || errno == EROFS)) {
		skipped++;
		return;
	}
	for (int i = 0; i < MANY; i++) {
		snprintf(child, sizeof(child), "%s/%d", top, i);
		CHECK(!mkdir(child, 0755));
		ids[i] = id_of(child);
	}
	id = id_of(top);
	CHECK(!cgroup_tree__read(&t, ""));
	CHECK(finds(t, hierarchy, id, name));
	CHECK(finds(t, hierarchy + 77, id, NULL));
	for (int i = 0; i < MANY; i++) {
		snprintf(path, sizeof(path), "%s/%d", name, i);
		CHECK(finds(t, hierarchy, ids[i], path));
		snprintf(child, sizeof(child), "%s/%d", top, i);
		CHECK(!rmdir(child));
	}
	cgroup_tree__free(t);
	CHECK(!rmdir(top));
	CHECK(!cgroup_tree__read(&t, ""));
	CHECK(finds(t, hierarchy, id, NULL));
	cgroup_tree__free(t);
}

static bool is_cgroup2(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && (unsigned int)fs.f_type == CGROUP2_SUPER_MAGIC;
}

int main(void)
{
	struct cgroup_tree *t;
	const char *name;
	char mount[128];
	u32 v1;

	if (is_cgroup2("/sys/fs/cgroup/unified"))
		test_hierarchy("/sys/fs/cgroup/unified", 0);
	else if (is_cgroup2("/sys/fs/cgroup"))
		test_hierarchy("/sys/fs/cgroup", 0);
	else
		skipped++;
	CHECK(!cgroups__v1_hierarchy("", &v1, &name));
	if (v1) {
		snprintf(mount, sizeof(mount), "/sys/fs/cgroup/%s", name);
		test_hierarchy(mount, v1);
	}
	CHECK(!cgroup_tree__read(&t, "/nonexistent"));
	CHECK(finds(t, 0, 1, NULL));
	cgroup_tree__free(t);
	return report();
}
