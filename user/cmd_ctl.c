// SPDX-License-Identifier: GPL-2.0-only
/* sonde ctl: asks a sonde run at its socket to switch probe sets. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "log.h"
#include "options.h"
#include "top/serve.h"

/* The request in @line. Returns 0, or an exit status after a line on the log. */
static int make_request(const struct options *o, char *line, size_t size)
{
	const char *verb = o->words[0], *list = verb ? o->words[1] : NULL;
	bool status = verb && !strcmp(verb, "status");
	bool switches = verb && (!strcmp(verb, "enable") || !strcmp(verb, "disable"));

	if ((!status && !switches) || status == !!list || (list && o->words[2])) {
		log_error(
			"expected enable SET[,SET...], disable SET[,SET...] or status; `sonde ctl --help` has more");
		return EXIT_USAGE;
	}
	if ((size_t)snprintf(line, size, "ctl %s%s%s\n", verb, list ? " " : "", list ? list : "") >=
	    size) {
		log_error("there are no such sets; `sonde probes` lists those that there are");
		return EXIT_USAGE;
	}
	return 0;
}

/* Returns a descriptor or -errno. */
static int connect_to(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd, err;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || !connect(fd, (const void *)&addr, sizeof(addr)))
		return fd < 0 ? -errno : fd;
	err = -errno;
	close(fd);
	return err;
}

/* A frame for viewers may come before it. NULL: none came. */
static json_t *read_answer(int fd)
{
	FILE *f = fdopen(fd, "re");
	json_t *answer = NULL;
	char *line = NULL;
	size_t size = 0;

	while (f && getline(&line, &size, f) > 0) {
		json_decref(answer);
		answer = json_loads(line, 0, NULL);
	}
	free(line);
	if (f)
		fclose(f);
	else
		close(fd);
	return answer;
}

static void print_text(const json_t *sets)
{
	const json_t *set;
	size_t i;

	json_array_foreach(sets, i, set)
	{
		bool on = json_is_true(json_object_get(set, "enabled"));
		const json_t *since = json_object_get(set, "since");
		const char *reason = json_string_value(json_object_get(set, "reason"));
		time_t at = json_integer_value(since);
		char when[64] = "";
		struct tm tm;

		if (since)
			strftime(when, sizeof(when), "since %F %T", localtime_r(&at, &tm));
		printf("%-10s %-4s %s\n", json_string_value(json_object_get(set, "set")),
		       on ? "on" : "off",
		       since    ? when
		       : reason ? reason
				: "");
	}
}

static int show(const struct options *o, const json_t *answer, const char *path)
{
	const char *refused = json_string_value(json_object_get(answer, "refused"));
	const json_t *sets = json_object_get(answer, "sets");

	if (refused) {
		log_error("%s: refused: %s", path, refused);
		return EXIT_FAILED;
	}
	if (!sets) {
		log_error("--socket %s: no answer; is that a sonde run, and not an older one?",
			  path);
		return EXIT_FAILED;
	}
	if (o->json) {
		json_dumpf(sets, stdout, JSON_COMPACT);
		putchar('\n');
	} else {
		print_text(sets);
	}
	return EXIT_DONE;
}

int cmd_ctl(const struct options *o)
{
	const char *path = o->socket ? o->socket : SERVE_DEFAULT_PATH;
	json_t *answer = NULL;
	char request[64];
	int fd, status = make_request(o, request, sizeof(request));

	if (status)
		return status;
	fd = connect_to(path);
	if (fd == -EACCES) {
		log_error("--socket %s: only root may switch sets; use sudo", path);
		return EXIT_UNABLE;
	}
	if (fd < 0) {
		log_error("--socket %s: %s; does a sonde run serve it?", path, strerror(-fd));
		return EXIT_FAILED;
	}
	/* What is not sent gets no answer. */
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) > 0)
		answer = read_answer(fd);
	else
		close(fd);
	status = show(o, answer, path);
	json_decref(answer);
	return status;
}
