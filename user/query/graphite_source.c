// SPDX-License-Identifier: GPL-2.0-only
#include "graphite_source.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "names.h"

/* --- the question */

/* Nodes of the prefix, which come first. */
static u32 count_nodes(const char *prefix)
{
	u32 n = 1;

	for (; *prefix; prefix++)
		n += *prefix == '.';
	return n;
}

/*
 * A target of one kind of statistic. Series whose archives have different steps are brought to the
 * longest before they are added, by what consolidateBy says, and so is the result where it is made
 * one point.
 */
static void write_target(const struct query *q, char *target, const char *stats, const char *how,
			 bool buckets)
{
	u32 at = count_nodes(q->prefix);
	char service[1100], host[1100], set[1100], op[1100], who[16] = "", bound[16] = "";

	patterns__graphite(q->service, service, sizeof(service));
	patterns__graphite(q->host, host, sizeof(host));
	patterns__graphite(q->set, set, sizeof(set));
	patterns__graphite(q->op, op, sizeof(op));
	if (q->by == BY_SERVICE || q->by == BY_HOST)
		snprintf(who, sizeof(who), "%u,", q->by == BY_SERVICE ? at : at + 1);
	if (buckets)
		snprintf(bound, sizeof(bound), ",%u", at + 5);
	snprintf(target, TARGET_MAX,
		 "consolidateBy(groupByNodes(consolidateBy(%.1000s.%s.%s.%s.%s.%s,\"%s\"),\"%s\","
		 "%s%u,%u,%u%s),\"%s\")",
		 q->prefix, service, host, set, op, stats, how, how, who, at + 2, at + 3, at + 4,
		 bound, how);
}

void graphite_source__targets(const struct query *q, char target[TARGETS][TARGET_MAX])
{
	write_target(q, target[0], "{le_ns,le_bytes}.*", "sum", true);
	write_target(q, target[1], "{count,errors,sum_us,sum_bytes}", "sum", false);
	write_target(q, target[2], "{max_us,max_bytes}", "max", false);
}

/* --- the answer */

__attribute__((format(printf, 3, 4))) static int bad(struct series_reader *r, const char *name,
						     const char *fmt, ...)
{
	char safe[100];
	va_list ap;
	int n;

	/* It may be anything. */
	snprintf(safe, sizeof(safe), "%s", name ? name : "");
	for (char *p = safe; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	n = snprintf(r->why, WHY_MAX, "series '%s': ", safe);
	va_start(ap, fmt);
	vsnprintf(r->why + n, WHY_MAX - n, fmt, ap);
	va_end(ap);
	return -EBADMSG;
}

/* Of consolidateBy(NAME,"sum"), as the answer is called, NAME. */
static void inner_name(const char *target, char *name, size_t size)
{
	const char *open = strrchr(target, '(');

	if (open)
		target = open + 1;
	snprintf(name, size, "%.*s", (int)strcspn(target, ",)"), target);
}

struct series {
	char *who, *set, *op, *stat;
};

/* Cuts WHO.SET.OP.STAT or SET.OP.STAT; a STAT may have a dot. */
static bool cut_name(const struct query *q, char *name, struct series *s)
{
	static char nobody[] = "";

	s->who = q->by == BY_SERVICE || q->by == BY_HOST ? strsep(&name, ".") : nobody;
	s->set = strsep(&name, ".");
	s->op = strsep(&name, ".");
	s->stat = name;
	return s->stat && (s->who == nobody || name__valid(s->who)) && name__valid(s->set) &&
	       name__valid(s->op);
}

static bool is_wanted(const struct query *q, const struct series *s)
{
	return cells__wants(q, q->by == BY_SERVICE ? s->who : NULL,
			    q->by == BY_HOST ? s->who : NULL, s->set, s->op);
}

/* s between two points, 0 if there is only one. */
static u64 step_of(const json_t *points)
{
	double first = json_real_value(json_array_get(json_array_get(points, 0), 1));
	double second = json_real_value(json_array_get(json_array_get(points, 1), 1));

	return second > first && second - first < 1e6 ? second - first : 0;
}

static int add_points(struct series_reader *r, const struct series *s, const json_t *points,
		      const char *name)
{
	const struct query *q = r->cells->q;
	u64 step = step_of(points);
	size_t i;
	json_t *point;

	json_array_foreach(points, i, point)
	{
		const json_t *value = json_array_get(point, 0), *time = json_array_get(point, 1);
		double at = json_number_value(time);
		int err;

		if (!json_is_number(time) || !value || !(at >= 0 && at < 1e11))
			return bad(r, name, "point %zu is not [value, time]", i + 1);
		if (json_is_null(value) || at < q->from || at >= q->until)
			continue;
		if (!json_is_number(value))
			return bad(r, name, "the value of point %zu is not a number", i + 1);
		err = cells__add(r->cells, s->who, s->set, s->op, s->stat, at, step,
				 json_number_value(value));
		if (err == -EINVAL)
			return bad(r, name,
				   "no bucket of sonde's, or no possible value in point %zu",
				   i + 1);
		if (err)
			return bad(r, name, "%s", cells__why(r->cells, err));
	}
	return 0;
}

int graphite_source__series(void *reader, json_t *series)
{
	struct series_reader *r = reader;
	const char *target = json_string_value(json_object_get(series, "target"));
	const json_t *points = json_object_get(series, "datapoints");
	char name[1024];
	struct series s;

	if (!target || !json_is_array(points))
		return bad(r, target, "no target and datapoints");
	inner_name(target, name, sizeof(name));
	if (!cut_name(r->cells->q, name, &s))
		return bad(r, target, "not what was asked for");
	if (!is_wanted(r->cells->q, &s))
		return 0;
	return add_points(r, &s, points, target);
}
