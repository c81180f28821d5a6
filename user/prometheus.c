// SPDX-License-Identifier: GPL-2.0-only
#include "prometheus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "families.h"

const char *const exposition_type[EXPOSITIONS] = {
	[EXPOSITION_TEXT] = "text/plain; version=0.0.4; charset=utf-8",
	[EXPOSITION_OPENMETRICS] = "application/openmetrics-text; version=1.0.0; charset=utf-8",
	[EXPOSITION_PROTOBUF] = "application/vnd.google.protobuf; "
				"proto=io.prometheus.client.MetricFamily; encoding=delimited",
};

static size_t blanks(const char *s)
{
	return strspn(s, " \t");
}

/* Whether the parameter at @p, of @len bytes, is @name=@value, in quotes or not. */
static bool is_param(const char *p, size_t len, const char *name, const char *value)
{
	size_t n = strlen(name), v = strlen(value);

	if (len <= n || strncasecmp(p, name, n) || p[n] != '=')
		return false;
	p += n + 1;
	len -= n + 1;
	if (len >= 2 && *p == '"') {
		p++;
		len -= 2;
	}
	return len == v && !strncasecmp(p, value, v);
}

struct range {
	int exposition; /* -1: something else */
	double q;
	bool good; /* what the kind requires is there */
};

static void read_param(struct range *r, const char *p, size_t len, bool *proto, bool *delimited)
{
	if (len > 2 && (*p == 'q' || *p == 'Q') && p[1] == '=')
		r->q = strtod(p + 2, NULL);
	*proto |= is_param(p, len, "proto", "io.prometheus.client.MetricFamily");
	*delimited |= is_param(p, len, "encoding", "delimited");
	/* Of another version than ours. */
	if (r->exposition == EXPOSITION_OPENMETRICS && len > 8 && !strncasecmp(p, "version=", 8) &&
	    !is_param(p, len, "version", "1.0.0"))
		r->good = false;
}

/* One of the comma-separated parts of Accept, from @p to @end. */
static struct range read_range(const char *p, const char *end)
{
	static const char *const names[EXPOSITIONS] = {"text/plain", "application/openmetrics-text",
						       "application/vnd.google.protobuf"};
	struct range r = {.exposition = -1, .q = 1, .good = true};
	bool proto = false, delimited = false;
	size_t len;

	p += blanks(p);
	len = strcspn(p, ";, \t");
	for (int i = 0; i < EXPOSITIONS; i++)
		if (strlen(names[i]) == len && !strncasecmp(p, names[i], len))
			r.exposition = i;
	for (p += len; p < end; p += len) {
		p += strspn(p, "; \t");
		len = strcspn(p, ";, \t");
		if (p >= end)
			break;
		read_param(&r, p, len, &proto, &delimited);
	}
	if (r.exposition == EXPOSITION_PROTOBUF)
		r.good = proto && delimited;
	return r;
}

enum exposition exposition__choose(const char *accept)
{
	enum exposition best = EXPOSITION_TEXT;
	double q = 0;

	for (const char *p = accept; p && *p;) {
		const char *end = p + strcspn(p, ",");
		struct range r = read_range(p, end);

		if (r.exposition >= 0 && r.good &&
		    (r.q > q || (r.q == q && q > 0 && r.exposition > (int)best))) {
			best = r.exposition;
			q = r.q;
		}
		p = end + (*end == ',');
	}
	return best;
}

void exposition__format(struct text *out, const struct delta *totals, const char *prefix,
			enum exposition exposition, u32 schema)
{
	struct families f;

	if (families__make(&f, totals, prefix)) {
		out->err = -ENOMEM;
		return;
	}
	if (exposition == EXPOSITION_PROTOBUF)
		prometheus_proto__format(out, &f);
	else
		prometheus_text__format(out, &f, exposition == EXPOSITION_OPENMETRICS, schema);
	families__free(&f);
}
