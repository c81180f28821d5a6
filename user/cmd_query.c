// SPDX-License-Identifier: GPL-2.0-only
/*
 * sonde query is a program of its own, which needs no privileges and has libraries for HTTP and TLS
 * that what runs as root shall not have.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "log.h"
#include "options.h"

/* Where it is, from the directory that sonde is in: the build's, or the installed one. Not PATH,
 * which is the user's. */
static const char *const places[] = {"sonde-query", "../libexec/sonde/sonde-query"};

static char **make_argv(char **words)
{
	size_t n = 0;
	char **argv;

	while (words[n])
		n++;
	argv = calloc(n + 2, sizeof(*argv));
	if (!argv)
		return NULL;
	argv[0] = (char *)"sonde query";
	memcpy(argv + 1, words, n * sizeof(*words));
	return argv;
}

int cmd_query(const struct options *o)
{
	char self[PATH_MAX], path[PATH_MAX + 64], **argv = make_argv(o->words);
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (!argv || n < 0) {
		log_error("query: %s", strerror(argv ? errno : ENOMEM));
		free(argv);
		return EXIT_FAILED;
	}
	self[n] = 0;
	slash = strrchr(self, '/');
	slash[1] = 0;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", self, places[i]);
		execv(path, argv);
		if (errno != ENOENT && errno != ENOTDIR)
			break;
	}
	if (errno == ENOENT || errno == ENOTDIR)
		log_error(
			"query is a program of its own, sonde-query, which is not beside this one; "
			"`make` builds it, `make static` does not");
	else
		log_error("%s: %s", path, strerror(errno));
	free(argv);
	return EXIT_FAILED;
}
