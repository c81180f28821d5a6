// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "query.h"

static enum unit unit_of(const json_t *op)
{
	return json_object_get(op, "sum_bytes") ? UNIT_BYTES : UNIT_NS;
}

static void add_group(struct query_row *row, const char *group, json_t *members)
{
	char stat[64];
	const char *name;
	json_t *value;

	json_object_foreach(members, name, value)
	{
		snprintf(stat, sizeof(stat), "%s.%s", group, name);
		query__add(row, stat, json_number_value(value));
	}
}

static void add_op(struct query *q, const struct query_place *at, json_t *op)
{
	struct query_row *row;
	const char *stat;
	json_t *value;

	/* Counters, such as bytes_in, have no distribution. */
	if (!query__wants(q, at) || !json_object_get(op, "errors"))
		return;
	row = query__row(q, at, unit_of(op));
	if (!row)
		return;
	q->samples++;
	json_object_foreach(op, stat, value)
	{
		if (json_is_object(value))
			add_group(row, stat, value);
		else
			query__add(row, stat, json_number_value(value));
	}
}

/* False: it is not what docs/formats.md describes. */
static bool add_slot(struct query *q, json_t *slot)
{
	json_t *services = json_object_get(slot, "services"), *sets, *ops, *op;
	json_t *start = json_object_get(slot, "slot"), *host = json_object_get(slot, "host");
	struct query_place at;

	if (!json_is_object(services) || !json_is_integer(start) || !json_is_string(host))
		return false;
	at.slot = json_integer_value(start);
	at.host = json_string_value(host);
	json_object_foreach(services, at.service, sets) json_object_foreach(sets, at.set, ops)
		json_object_foreach(ops, at.op, op) add_op(q, &at, op);
	return true;
}

static int read_lines(struct query *q, FILE *f, const char *path)
{
	size_t capacity = 0;
	unsigned long n = 0;
	char *line = NULL;
	ssize_t size;
	int err = 0;

	while (!err && !q->out_of_memory && (size = getline(&line, &capacity, f)) > 0) {
		json_error_t error;
		json_t *slot = json_loadb(line, size, 0, &error);

		n++;
		if (!slot && line[size - 1] != '\n') {
			log_warn("%s:%lu: the last line is not complete and left out", path, n);
		} else if (!slot) {
			log_error("%s:%lu: not JSON: %s", path, n, error.text);
			err = -EINVAL;
		} else if (!add_slot(q, slot)) {
			log_error(
				"%s:%lu: not a slot as `sonde run --output json` writes it: slot, host or services is missing",
				path, n);
			err = -EINVAL;
		}
		json_decref(slot);
	}
	if (!err && ferror(f)) {
		err = -EIO;
		log_error("%s: %s", path, strerror(EIO));
	}
	free(line);
	return err;
}

int query_json__read(struct query *q, const char *path)
{
	bool input = !strcmp(path, "-");
	FILE *f = input ? stdin : fopen(path, "re");
	int err;

	if (!f) {
		err = -errno;
		log_error("%s: %s", path, strerror(errno));
		return err;
	}
	err = read_lines(q, f, input ? "standard input" : path);
	if (!input)
		fclose(f);
	return err;
}
