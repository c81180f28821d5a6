// SPDX-License-Identifier: GPL-2.0-only
/* What runtimes leave on the host: 'd' and what docker wrote, 'p' and what podman wrote, or the
 * name of a pod's directory. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "containers.h"
#include "fuzz.h"

#define ID  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD "6ba7b810-9dad-11d1-80b4-00c04fd430c8"

static void make_directories(const char *root, const char *path)
{
	char full[400];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(full, sizeof(full), "%s/%.*s", root, (int)(slash - path), path);
		mkdir(full, 0700);
	}
}

static void put_file(const char *root, const char *path, const uint8_t *data, size_t size)
{
	char full[400];
	int fd;

	make_directories(root, path);
	snprintf(full, sizeof(full), "%s/%s", root, path);
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
}

static void name_pod(const char *root, const uint8_t *data, size_t size, char *name)
{
	char full[700], *entry = text__of(data, size < 200 ? size : 200);

	for (char *p = entry; *p; p++)
		if (*p == '/')
			*p = '_';
	make_directories(root, "var/log/pods/");
	snprintf(full, sizeof(full), "%s/var/log/pods/%s_%s", root, entry, POD);
	MUST(!mkdir(full, 0700));
	container__pod_name(root, POD, ID, name);
	rmdir(full);
	free(entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *root = directory__make();
	char name[CONTAINER_NAME_MAX] = "";

	if (!size)
		return 0;
	if (*data == 'd') {
		put_file(root, "var/lib/docker/containers/" ID "/config.v2.json", data + 1,
			 size - 1);
		container__docker_name(root, ID, name);
	} else if (*data == 'p') {
		put_file(root, "var/lib/containers/storage/overlay-containers/containers.json",
			 data + 1, size - 1);
		container__podman_name(root, ID, name);
	} else {
		name_pod(root, data, size, name);
	}
	MUST(strnlen(name, sizeof(name)) < sizeof(name));
	return 0;
}
