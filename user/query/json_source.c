// SPDX-License-Identifier: GPL-2.0-only
#include "json_source.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"

/* Far above what --max-series 1000000 needs for most names. */
#define LINE_LIMIT (128U << 20)

struct slot {
	struct cells *cells;
	const char *service, *set, *op, *host;
	u64 start, interval;
	char *why; /* of WHY_MAX */
};

__attribute__((format(printf, 2, 3))) static int bad(const struct slot *s, const char *fmt, ...)
{
	va_list ap;
	int n = 0;

	if (s->op)
		n = snprintf(s->why, WHY_MAX, "%.64s.%.64s.%.64s: ", s->service, s->set, s->op);
	va_start(ap, fmt);
	vsnprintf(s->why + n, WHY_MAX - n, fmt, ap);
	va_end(ap);
	return -EBADMSG;
}

static int add(const struct slot *s, const char *stat, const json_t *value)
{
	enum by by = s->cells->q->by;
	const char *who = by == BY_SERVICE ? s->service : by == BY_HOST ? s->host : "";
	int err;

	if (!json_is_number(value))
		return bad(s, "%.100s is not a number", stat);
	err = cells__add(s->cells, who, s->set, s->op, stat, s->start, s->interval,
			 json_number_value(value));
	if (err != -EINVAL)
		return err;
	return bad(s,
		   strchr(stat, '.') ? "%.100s is no bucket of sonde's, or has no possible count"
				     : "%.100s has no possible value",
		   stat);
}

static int add_stats(const struct slot *s, json_t *stats)
{
	const char *stat, *key;
	json_t *value, *inner;
	char name[64];
	int err;

	json_object_foreach(stats, stat, value)
	{
		if (!json_is_object(value)) {
			err = add(s, stat, value);
			if (err)
				return err;
			continue;
		}
		/* Only these two add up. */
		if (strcmp(stat, "le_ns") && strcmp(stat, "le_bytes"))
			continue;
		json_object_foreach(value, key, inner)
		{
			snprintf(name, sizeof(name), "%s.%s", stat, key);
			err = add(s, name, inner);
			if (err)
				return err;
		}
	}
	return 0;
}

static int add_ops(struct slot *s, json_t *ops)
{
	json_t *stats;
	int err = 0;

	json_object_foreach(ops, s->op, stats)
	{
		if (!name__valid(s->op))
			err = bad(s, "that is no operation's name");
		else if (!json_is_object(stats))
			err = bad(s, "is not an object");
		else if (cells__wants(s->cells->q, s->service, s->host, s->set, s->op))
			err = add_stats(s, stats);
		if (err)
			break;
	}
	s->op = NULL;
	return err;
}

static int add_services(struct slot *s, json_t *services)
{
	json_t *sets, *ops;
	int err;

	json_object_foreach(services, s->service, sets)
	{
		if (!name__valid(s->service) || !json_is_object(sets))
			return bad(s, "services.%.64s is not a service's object", s->service);
		json_object_foreach(sets, s->set, ops)
		{
			if (!name__valid(s->set) || !json_is_object(ops))
				return bad(s, "services.%.64s.%.64s is not a set's object",
					   s->service, s->set);
			err = add_ops(s, ops);
			if (err)
				return err;
		}
	}
	return 0;
}

/* A whole number of seconds; numbers are all read as reals. */
static bool get_seconds(json_t *root, const char *name, u64 *ret)
{
	double value = json_real_value(json_object_get(root, name));

	if (!(value >= 1 && value < 1e11) || value != (u64)value)
		return false;
	*ret = value;
	return true;
}

static int add_slot(struct slot *s, json_t *root, struct slots_seen *seen)
{
	const struct query *q = s->cells->q;
	json_t *services = json_object_get(root, "services");

	s->host = json_string_value(json_object_get(root, "host"));
	if (!json_is_object(root))
		return bad(s, "not an object");
	if (!get_seconds(root, "slot", &s->start))
		return bad(s, "slot is not a time in seconds");
	if (!get_seconds(root, "interval", &s->interval))
		return bad(s, "interval is not a number of seconds");
	if (!s->host || !name__valid(s->host))
		return bad(s, "host is not a host's name");
	if (!json_is_object(services))
		return bad(s, "services is not an object");
	if (!seen->n || s->start < seen->first)
		seen->first = s->start;
	if (!seen->n || s->start > seen->last)
		seen->last = s->start;
	seen->n++;
	return s->start >= q->from && s->start < q->until ? add_services(s, services) : 0;
}

/* 1: it cannot be parsed. */
static int add_line(struct slot *s, const char *line, size_t size, struct slots_seen *seen)
{
	json_error_t error;
	json_t *root =
		json_loadb(line, size, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES, &error);
	int err;

	if (!root) {
		bad(s, "not JSON: %.200s", error.text);
		return 1;
	}
	err = add_slot(s, root, seen);
	json_decref(root);
	return err;
}

/* A line without its newline. Returns its length; 0 at the end; -errno. *@cut: it had none. */
static ssize_t read_line(FILE *in, char **line, size_t *room, bool *cut)
{
	size_t n = 0;
	int c;

	while ((c = getc_unlocked(in)) != EOF && c != '\n') {
		if (n == LINE_LIMIT)
			return -EFBIG;
		if (n == *room) {
			size_t more = *room ? 2 * *room : 65536;
			char *bigger = realloc(*line, more);

			if (!bigger)
				return -ENOMEM;
			*line = bigger;
			*room = more;
		}
		(*line)[n++] = c;
	}
	*cut = c == EOF;
	return ferror(in) ? -EIO : (ssize_t)n;
}

int json_source__read(FILE *in, const char *name, struct cells *c, struct slots_seen *seen,
		      char why[WHY_MAX])
{
	char what[WHY_MAX] = "", *line = NULL;
	struct slot s = {.cells = c, .why = what};
	size_t room = 0;
	bool cut = false;
	u64 number = 0;
	ssize_t n = 0;
	int err = 0;

	while (!err && !cut) {
		number++;
		n = read_line(in, &line, &room, &cut);
		if (n < 0)
			err = n;
		else if (n)
			err = add_line(&s, line, n, seen);
	}
	free(line);
	if (err == -EFBIG)
		bad(&s, "longer than %u MiB", LINE_LIMIT >> 20);
	else if (err < 0 && err != -EBADMSG)
		bad(&s, "%s", cells__why(c, err));
	if (err)
		snprintf(why, WHY_MAX, "%.200s:%llu: %.380s", name, (unsigned long long)number,
			 what);
	return err == 1 && !cut ? -EBADMSG : err;
}
