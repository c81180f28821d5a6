// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "option_table.h"

/* How deep files may include each other. */
#define MAX_DEPTH 4

struct reading {
	struct options *o;
	config_error_fn *say;
	void *data;
	bool stop;
	int err;
};

static char *trim(char *s)
{
	char *end;

	while (isspace((unsigned char)*s))
		s++;
	end = s + strlen(s);
	while (end > s && isspace((unsigned char)end[-1]))
		*--end = 0;
	return s;
}

/* Of several with that name the one of this command. */
static const struct option_def *find_key(const struct options *o, const char *key)
{
	const struct option_def *found = NULL;

	for (const struct option_def *d = option_table; d->name; d++)
		if (!strcmp(d->name, key) && !(d->flags & OPTION_FIRST) &&
		    (!found || d->commands & o->command))
			found = d;
	return found;
}

/* `service.NAME = KIND:REGEX` is the option --service NAME=KIND:REGEX. */
static int apply_line(struct options *o, char *line, char *why, size_t size)
{
	char *equals = strchr(line, '='), *key, *value, *rule = NULL;
	const struct option_def *d;
	int err;

	if (!equals) {
		snprintf(why, size, "expected `key = value`");
		return -EINVAL;
	}
	*equals = 0;
	key = trim(line);
	value = trim(equals + 1);
	if (!strncmp(key, "service.", 8)) {
		if (asprintf(&rule, "%s=%s", key + 8, value) < 0)
			return -ENOMEM;
		key = "service";
		value = rule;
	}
	d = find_key(o, key);
	if (!d) {
		snprintf(
			why, size,
			"unknown key '%s'; the keys are the long names of the options, see `sonde run --help`",
			key);
		err = -EINVAL;
	} else if (!(d->commands & o->command)) {
		err = 0;
	} else {
		char reason[300] = "";

		err = d->parse(o, value, reason, sizeof(reason));
		if (err)
			snprintf(why, size, "%s: %s", key, reason[0] ? reason : strerror(-err));
	}
	free(rule);
	return err;
}

static int read_file(struct reading *r, const char *path, u32 depth);

/* Whatever @pattern matches, in the order of the names; what is not absolute is beside @file. A
 * file that is named without wildcards has to be there. */
static int include(struct reading *r, const char *file, const char *pattern, u32 depth, char *why,
		   size_t size)
{
	const char *slash = strrchr(file, '/');
	int beside = *pattern != '/' && slash ? (int)(slash + 1 - file) : 0, err;
	char *path;
	glob_t found;

	if (depth == MAX_DEPTH) {
		snprintf(why, size, "include: files include each other more than %d deep",
			 MAX_DEPTH);
		return -EINVAL;
	}
	if (asprintf(&path, "%.*s%s", beside, file, pattern) < 0)
		return -ENOMEM;
	err = glob(path, GLOB_NOMAGIC, NULL, &found);
	free(path);
	if (err == GLOB_NOMATCH)
		return 0;
	if (err) {
		snprintf(why, size, "include: %s cannot be searched", pattern);
		return -EINVAL;
	}
	for (size_t i = 0; !r->stop && !err && i < found.gl_pathc; i++) {
		if (access(found.gl_pathv[i], R_OK)) {
			err = -errno;
			snprintf(why, size, "include: %s: %s", found.gl_pathv[i], strerror(errno));
		} else {
			read_file(r, found.gl_pathv[i], depth + 1);
		}
	}
	globfree(&found);
	return err;
}

static void complain(struct reading *r, int err, const char *text)
{
	r->err = err == -ENOMEM ? err : -EINVAL;
	r->stop = !r->say(r->data, text);
}

/* Line @n of @path, which is @text. */
static int read_line(struct reading *r, const char *path, u32 n, char *text, u32 depth, char *why,
		     size_t size)
{
	static const char key[] = "include";
	char *value = text + strlen(key), *at;
	int err;

	if (!strncmp(text, key, strlen(key)) && *(value = trim(value)) == '=')
		return include(r, path, trim(value + 1), depth, why, size);
	if (asprintf(&at, "%s:%u", path, n) < 0)
		return -ENOMEM;
	r->o->reading = at;
	err = apply_line(r->o, text, why, size);
	r->o->reading = NULL;
	free(at);
	return err;
}

static int read_file(struct reading *r, const char *path, u32 depth)
{
	char *line = NULL, why[400] = "", text[600];
	FILE *f = fopen(path, "re");
	size_t capacity = 0;
	int err;

	if (!f) {
		err = -errno;
		snprintf(text, sizeof(text), "--config %s: %s", path, strerror(-err));
		complain(r, err, text);
		return r->err;
	}
	for (u32 n = 1; !r->stop && getline(&line, &capacity, f) >= 0; n++) {
		char *start = trim(line);

		if (!*start || *start == '#')
			continue;
		why[0] = 0;
		err = read_line(r, path, n, start, depth, why, sizeof(why));
		if (!err)
			continue;
		snprintf(text, sizeof(text), "%s:%u: %s", path, n, why[0] ? why : "out of memory");
		complain(r, err, text);
	}
	/* Without memory for a line it is not at its end, and there is no error of the file's. */
	if (!r->stop && !feof(f)) {
		err = -errno;
		snprintf(text, sizeof(text), "--config %s: %s", path, strerror(-err));
		complain(r, err, text);
	}
	free(line);
	fclose(f);
	return r->err;
}

int config__read(const char *path, struct options *o, config_error_fn *say, void *data)
{
	struct reading r = {.o = o, .say = say, .data = data};

	return read_file(&r, path, 0);
}
