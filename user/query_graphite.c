// SPDX-License-Identifier: GPL-2.0-only
/*
 * The render API is asked by the program curl, which knows proxies, certificates and credentials,
 * and is nothing that a daemon that runs as root would want to have inside.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log.h"
#include "query.h"
#include "sink.h"

#define ANSWER_MAX (256 << 20) /* bytes */
#define PATIENCE   "60"        /* s */

extern char **environ;

static u32 nodes_of(const char *prefix)
{
	u32 n = 1;

	for (; *prefix; prefix++)
		n += *prefix == '.';
	return n;
}

/*
 * One series per service, host, set, operation and statistic, summed over the time of a line. The
 * name tells what it is, for the nodes in question are put together to be one:
 * SERVICE.HOST.SET.OP.STAT.
 */
static void target_of(const struct query *q, const char *stats, const char *how,
		      struct text *target)
{
	const struct query_options *w = &q->o->query;
	u32 p = nodes_of(q->o->prefix);
	u64 step = q->line_s ? q->line_s : q->until - q->from;

	text__clear(target);
	text__printf(target, "target=summarize(groupByNodes(%s.%s.%s.%s.%s.%s,'%s',%u,",
		     q->o->prefix, q->o->service_filter ? q->o->service_filter : "*",
		     w->host ? w->host : "*", w->set, w->op, stats, how, p);
	if (w->by == QUERY_BY_HOST)
		text__printf(target, "%u,", p + 1);
	text__printf(target, "%u,%u,%u", p + 2, p + 3, p + 4);
	if (strchr(stats, '.'))
		text__printf(target, ",%u", p + 5);
	text__printf(target, "),'%llus','%s',%s)", (unsigned long long)step, how,
		     q->line_s ? "false" : "true");
	text__put(target, "", 1);
}

/* Returns the number of the pipe to read from, or -errno. */
static int start_curl(const char *url, const struct query *q, const struct text *target, pid_t *pid)
{
	char from[64], until[64], render[2100];
	posix_spawn_file_actions_t actions;
	int p[2], err;
	char *argv[] = {"curl",
			"--silent",
			"--show-error",
			"--fail",
			"--location",
			"--netrc-optional",
			"--max-time",
			PATIENCE,
			"--get",
			"--data-urlencode",
			target->data,
			"--data-urlencode",
			from,
			"--data-urlencode",
			until,
			"--data",
			"format=json",
			render,
			NULL};

	snprintf(from, sizeof(from), "from=%llu", (unsigned long long)q->from);
	snprintf(until, sizeof(until), "until=%llu", (unsigned long long)q->until);
	snprintf(render, sizeof(render), "%.2000s%srender", url,
		 url[strlen(url) - 1] == '/' ? "" : "/");
	if (pipe2(p, O_CLOEXEC))
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, p[1], STDOUT_FILENO);
	err = posix_spawnp(pid, "curl", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(p[1]);
	if (!err)
		return p[0];
	close(p[0]);
	return -err;
}

/* "SERVICE.HOST.SET.OP.STAT" of a summarize(...) or as it is; cut into its nodes. Returns how many
 * there are. */
static u32 cut_name(char *name, char *node[8])
{
	u32 n = 0;

	for (char *at = name; n < 8 && at; n++)
		node[n] = strsep(&at, ".");
	return n;
}

static bool add_series(struct query *q, json_t *series)
{
	const char *target = json_string_value(json_object_get(series, "target"));
	json_t *points = json_object_get(series, "datapoints"), *point;
	bool host = q->o->query.by == QUERY_BY_HOST;
	struct query_place at = {.host = ""};
	char name[1024], stat[64], *node[8], *begin;
	size_t i;
	u32 n;

	if (!target || !json_is_array(points))
		return false;
	/* summarize(NAME, "60s", "sum") */
	begin = strchr(target, '(');
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(begin ? begin + 1 : target, ","),
		 begin ? begin + 1 : target);
	n = cut_name(name, node);
	if (n < 4u + host)
		return false;
	at.service = node[0];
	at.host = host ? node[1] : q->o->query.host ? q->o->query.host : "*";
	at.set = node[1 + host];
	at.op = node[2 + host];
	snprintf(stat, sizeof(stat), "%s%s%s", node[3 + host], n > 4u + host ? "." : "",
		 n > 4u + host ? node[4 + host] : "");
	json_array_foreach(points, i, point)
	{
		json_t *value = json_array_get(point, 0), *when = json_array_get(point, 1);
		struct query_row *row;

		if (!json_is_number(value))
			continue;
		at.slot = json_integer_value(when);
		row = query__row(q, &at, strstr(stat, "bytes") ? UNIT_BYTES : UNIT_NS);
		if (!row)
			return true;
		q->samples++;
		query__add(row, stat, json_number_value(value));
	}
	return true;
}

struct answer {
	int fd;
	size_t size;
};

static size_t read_answer(void *buffer, size_t size, void *data)
{
	struct answer *a = data;
	ssize_t n;

	do
		n = read(a->fd, buffer, size);
	while (n < 0 && errno == EINTR);
	if (n < 0 || a->size + n > ANSWER_MAX)
		return (size_t)-1;
	a->size += n;
	return n;
}

/* Whether curl ended well; it has said itself what was wrong. */
static bool curl_ended_well(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static int add_answer(struct query *q, const char *url, int fd, pid_t pid)
{
	struct answer a = {.fd = fd};
	json_error_t error;
	json_t *answer = json_load_callback(read_answer, &a, 0, &error), *series;
	bool good = json_is_array(answer);
	size_t i;

	close(fd);
	if (!curl_ended_well(pid)) {
		log_error("%s does not answer: see curl's message above", url);
		good = false;
	} else if (a.size >= ANSWER_MAX) {
		log_error("%s: the answer is larger than %d bytes; ask for less", url, ANSWER_MAX);
		good = false;
	} else if (!good) {
		log_error("%s: the answer is not what graphite-web's render API gives: %s", url,
			  answer ? "not a list" : error.text);
	}
	for (i = 0; good && i < json_array_size(answer); i++) {
		series = json_array_get(answer, i);
		good = add_series(q, series);
		if (!good)
			log_error(
				"%s: a series of the answer has no name or no datapoints as we asked for them",
				url);
	}
	json_decref(answer);
	return good ? 0 : -EPROTO;
}

int query_graphite__read(struct query *q, const char *url)
{
	static const struct {
		const char *stats, *how;
	} parts[] = {{"{count,errors,sum_us,sum_bytes}", "sum"},
		     {"{max_us,max_bytes}", "max"},
		     {"{le_ns,le_bytes}.*", "sum"}};
	struct text target = {};
	int err = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && !err; i++) {
		pid_t pid;
		int fd;

		target_of(q, parts[i].stats, parts[i].how, &target);
		if (target.err)
			return target.err;
		fd = start_curl(url, q, &target, &pid);
		if (fd == -ENOENT)
			log_error(
				"the program curl is needed to ask a store, and is not installed");
		else if (fd < 0)
			log_error("curl: %s", strerror(-fd));
		err = fd < 0 ? fd : add_answer(q, url, fd, pid);
	}
	text__free(&target);
	return err;
}
