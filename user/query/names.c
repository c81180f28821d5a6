// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_LEN 200
#define NODE_CHARS   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

bool name__valid(const char *name)
{
	size_t len = strlen(name);

	return len && len < NAME_MAX_LEN && strspn(name, NODE_CHARS) == len;
}

bool patterns__valid(const char *list)
{
	size_t len;

	if (strlen(list) >= 1024)
		return false;
	do {
		len = strspn(list, NODE_CHARS "*?");
		if (!len || len >= NAME_MAX_LEN)
			return false;
		list += len;
	} while (*list++ == ',');
	return !list[-1];
}

bool patterns__match(const char *list, const char *name)
{
	char pattern[NAME_MAX_LEN];

	for (size_t len; *list; list += len, list += *list == ',') {
		len = strcspn(list, ",");
		snprintf(pattern, sizeof(pattern), "%.*s", (int)len, list);
		if (strcmp(name, "_all") ? !fnmatch(pattern, name, 0) : !strcmp(pattern, name))
			return true;
	}
	return false;
}

void patterns__graphite(const char *list, char *buf, size_t size)
{
	bool several = strchr(list, ',');

	snprintf(buf, size, "%s%s%s", several ? "{" : "", list, several ? "}" : "");
}
