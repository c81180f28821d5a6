// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option_table.h"

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
		snprintf(why, size, "%s: %s", key, reason[0] ? reason : strerror(-err));
	}
	free(rule);
	return err;
}

int config__read(const char *path, struct options *o, char *why, size_t why_size)
{
	FILE *f = fopen(path, "re");
	char *line = NULL, reason[400];
	size_t capacity = 0;
	unsigned int n = 0;
	int err = 0;

	if (!f) {
		err = -errno;
		snprintf(why, why_size, "--config %s: %s", path, strerror(errno));
		return err;
	}
	errno = 0;
	while (!err && getline(&line, &capacity, f) >= 0) {
		char *text = trim(line);

		n++;
		if (*text && *text != '#')
			err = apply_line(o, text, reason, sizeof(reason));
		if (err)
			snprintf(why, why_size, "%s:%u: %s", path, n, reason);
	}
	if (!err && ferror(f)) {
		err = -EIO;
		snprintf(why, why_size, "--config %s: %s", path, strerror(errno));
	}
	free(line);
	fclose(f);
	return err;
}
