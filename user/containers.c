/* SPDX-License-Identifier: GPL-2.0-only */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <jansson.h>

#include "containers.h"
#include "hash.h"
#include "naming_text.h"

#define FILE_SIZE_MAX   (1 << 20)
#define DIR_ENTRIES_MAX 16384

/* The letters of generated parts of Kubernetes' names: no vowels and nothing that looks like one.
 */
#define KUBE_LETTERS "bcdfghjklmnpqrstvwxz2456789"

/* Symbolic links on the host are meant to be followed from the host's root, not from ours. */
static int open_in_root(const char *root, const char *path, int flags)
{
	struct open_how how = {
		.flags = flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK,
		.resolve = RESOLVE_IN_ROOT,
	};
	int dir, fd;

	dir = open(*root ? root : "/", O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return -1;
	fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	/* Before Linux 5.6, or refused by a container's seccomp filter that does not know it. */
	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		fd = openat(dir, path, how.flags);
	close(dir);
	return fd;
}

struct source {
	int fd;
	size_t left;
};

static size_t source__read(void *buf, size_t size, void *arg)
{
	struct source *src = arg;
	ssize_t n;

	if (size > src->left)
		size = src->left;
	n = read(src->fd, buf, size);
	if (n <= 0)
		return 0;
	src->left -= n;
	return n;
}

/* NULL when it is not to be trusted; a file over the limit ends early and does not parse. */
static json_t *json__load(int fd, const struct stat *st)
{
	struct source src = {.fd = fd, .left = FILE_SIZE_MAX};
	json_error_t error;

	return S_ISREG(st->st_mode) ? json_load_callback(source__read, &src, 0, &error) : NULL;
}

static json_t *json__read(const char *root, const char *path)
{
	int fd = open_in_root(root, path, 0);
	json_t *json = NULL;
	struct stat st;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &st))
		json = json__load(fd, &st);
	close(fd);
	return json;
}

/* Finds the entry of directory @path that ends in @suffix and has something before it. */
static int dir__find(const char *root, const char *path, const char *suffix,
		     char entry[NAME_MAX + 1])
{
	int fd = open_in_root(root, path, O_DIRECTORY), ret = -ENOENT, i;
	struct dirent *d;
	DIR *dir;

	if (fd < 0)
		return -ENOENT;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOENT;
	}
	for (i = 0; ret && i < DIR_ENTRIES_MAX && (d = readdir(dir)); i++) {
		snprintf(entry, NAME_MAX + 1, "%s", d->d_name);
		if (cut_suffix(entry, suffix))
			ret = 0;
	}
	closedir(dir);
	return ret;
}

static int name__set(char name[CONTAINER_NAME_MAX], const char *found)
{
	if (!found || !*found)
		return -ENOENT;
	snprintf(name, CONTAINER_NAME_MAX, "%s", found);
	return 0;
}

/* SERVICE.SLOT.TASK, or SERVICE.NODE.TASK of a global service. */
static void cut_to_service(char *name)
{
	char *dot = strrchr(name, '.');

	if (!dot || !is_task_id(dot + 1, strlen(dot + 1)))
		return;
	*dot = '\0';
	dot = strrchr(name, '.');
	if (dot && (all_of(dot + 1, DIGITS) || is_task_id(dot + 1, strlen(dot + 1))))
		*dot = '\0';
}

int container__docker_name(const char *root, const char *id, char name[CONTAINER_NAME_MAX])
{
	char path[PATH_MAX];
	const char *found;
	json_t *json;
	int ret;

	snprintf(path, sizeof(path), "var/lib/docker/containers/%s/config.v2.json", id);
	json = json__read(root, path);
	found = json_string_value(json_object_get(json, "Name"));
	ret = name__set(name, found && *found == '/' ? found + 1 : found);
	if (!ret)
		cut_to_service(name);
	json_decref(json);
	return ret;
}

/* The containers of one of podman's lists, as they were when it was last changed: a host can have
 * thousands, and each is asked for. */
struct listed {
	char id[CONTAINER_NAME_MAX], name[CONTAINER_NAME_MAX];
	UT_hash_handle hh;
};

struct list {
	const char *path;
	struct stat of;
	struct listed *containers;
};

static void list__clear(struct list *l)
{
	struct listed *c, *tmp;

	HASH_ITER(hh, l->containers, c, tmp) {
		HASH_DEL(l->containers, c);
		free(c);
	}
	memset(&l->of, 0, sizeof(l->of));
}

static void list__add(struct list *l, const char *id, const char *name)
{
	struct listed *c;

	if (!id || !name || strlen(id) >= sizeof(c->id))
		return;
	c = calloc(1, sizeof(*c));
	if (!c)
		return;
	snprintf(c->id, sizeof(c->id), "%s", id);
	snprintf(c->name, sizeof(c->name), "%s", name);
	HASH_ADD_STR(l->containers, id, c);
	if (!hash_added(c))
		free(c);
}

static bool list__is_of(const struct list *l, const struct stat *st)
{
	return l->of.st_dev == st->st_dev && l->of.st_ino == st->st_ino &&
	       l->of.st_size == st->st_size && l->of.st_mtim.tv_sec == st->st_mtim.tv_sec &&
	       l->of.st_mtim.tv_nsec == st->st_mtim.tv_nsec;
}

static void list__read(struct list *l, const char *root)
{
	int fd = open_in_root(root, l->path, 0);
	json_t *list, *c;
	struct stat st;
	size_t k;

	if (fd < 0 || fstat(fd, &st)) {
		list__clear(l);
	} else if (!list__is_of(l, &st)) {
		list__clear(l);
		list = json__load(fd, &st);
		json_array_foreach(list, k, c)
		{
			json_t *names = json_object_get(c, "names");

			list__add(l, json_string_value(json_object_get(c, "id")),
				  json_string_value(json_array_get(names, 0)));
		}
		json_decref(list);
		l->of = st;
	}
	if (fd >= 0)
		close(fd);
}

int container__podman_name(const char *root, const char *id, char name[CONTAINER_NAME_MAX])
{
	static struct list lists[] = {
		{.path = "var/lib/containers/storage/overlay-containers/containers.json"},
		{.path = "var/lib/containers/storage/overlay-containers/volatile-containers.json"},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct listed *c;

		list__read(&lists[i], root);
		HASH_FIND_STR(lists[i].containers, id, c);
		if (c)
			return name__set(name, c->name);
	}
	return -ENOENT;
}

/* Removes the last word and its dash if the word is made as told; never the only word. */
static bool cut_word(char *pod, size_t min, size_t max, const char *letters, bool with_digit)
{
	char *dash = strrchr(pod, '-');
	size_t len;

	if (!dash || dash == pod)
		return false;
	len = strlen(dash + 1);
	if (len < min || len > max || !all_of(dash + 1, letters) ||
	    (with_digit && !strpbrk(dash, DIGITS)))
		return false;
	*dash = '\0';
	return true;
}

static void cut_to_workload(char *pod)
{
	/* StatefulSet: an ordinal. All others that make pods: five random letters at the end. */
	if (cut_word(pod, 1, 4, DIGITS, false) || !cut_word(pod, 5, 5, KUBE_LETTERS, false))
		return;
	/*
	 * Before them, a Deployment has the hash of its template: a 32-bit number, digit by digit
	 * in these letters, so that more than half of it are digits and a real word hardly ever is
	 * one. A CronJob has the time, which is long enough to be taken for the id that it is.
	 */
	cut_word(pod, 6, 10, KUBE_LETTERS, true);
}

int container__pod_name(const char *root, const char *uid, const char *id,
			char name[CONTAINER_NAME_MAX])
{
	char suffix[NAME_MAX + 1], entry[NAME_MAX + 1];
	char *ns = NULL, *pod = NULL, *save;

	if (uid) {
		snprintf(suffix, sizeof(suffix), "_%s", uid);
		if (!dir__find(root, "var/log/pods", suffix, entry)) {
			ns = strtok_r(entry, "_", &save);
			pod = strtok_r(NULL, "_", &save);
		}
	}
	if (!pod && id) {
		snprintf(suffix, sizeof(suffix), "-%s.log", id);
		if (!dir__find(root, "var/log/containers", suffix, entry)) {
			pod = strtok_r(entry, "_", &save);
			ns = strtok_r(NULL, "_", &save);
		}
	}
	if (!pod || !ns)
		return -ENOENT;
	/* A static pod, told by the lack of dashes in its uid, ends in its node's name. */
	if (!uid || strchr(uid, '-'))
		cut_to_workload(pod);
	snprintf(name, CONTAINER_NAME_MAX, "%s-%s", ns, pod);
	return 0;
}
