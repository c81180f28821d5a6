// SPDX-License-Identifier: GPL-2.0-only
#include "cgroups.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether @name is one of the comma-separated words in @list. */
static int has_word(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; p; p = strchr(p, ',')) {
		if (*p == ',')
			p++;
		if (!strncmp(p, name, n) && (!p[n] || p[n] == ','))
			return 1;
	}
	return 0;
}

int cgroups__v1_hierarchy(const char *root, u32 *ret, const char **name)
{
	static const char *const wanted[] = {"name=systemd", "pids", "memory", "cpu"};
	u32 best = 0, best_rank = sizeof(wanted) / sizeof(wanted[0]);
	char path[256], line[4096];
	FILE *f;

	/* Lines are ID:CONTROLLERS:PATH; the v2 hierarchy has id 0 and no controllers. */
	snprintf(path, sizeof(path), "%s/proc/1/cgroup", root);
	*ret = 0;
	f = fopen(path, "re");
	if (!f)
		return errno == ENOMEM || errno == EMFILE || errno == ENFILE ? -errno : 0;
	while (fgets(line, sizeof(line), f)) {
		char *list = strchr(line, ':'), *end = list ? strchr(list + 1, ':') : NULL;
		u32 id = strtoul(line, NULL, 10);

		if (!end || !id)
			continue;
		*end = 0;
		for (u32 rank = 0; rank < best_rank; rank++) {
			if (has_word(list + 1, wanted[rank])) {
				best = id;
				best_rank = rank;
			}
		}
	}
	fclose(f);
	*ret = best;
	if (best && name)
		*name = strstr(wanted[best_rank], "systemd") ? "systemd" : wanted[best_rank];
	return 0;
}

void cgroups__path(char *text, u32 v1_hierarchy, char *path, size_t size)
{
	bool in_v2 = false;
	char *line;

	snprintf(path, size, "/");
	while ((line = strsep(&text, "\n"))) {
		char *first = strchr(line, ':'), *second = first ? strchr(first + 1, ':') : NULL;
		u32 id = strtoul(line, NULL, 10);

		if (!second || (id && id != v1_hierarchy))
			continue;
		if (!id && strcmp(second + 1, "/"))
			in_v2 = true;
		else if (!id || in_v2)
			continue;
		snprintf(path, size, "%s", second + 1);
	}
}
