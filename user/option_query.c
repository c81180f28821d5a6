// SPDX-License-Identifier: GPL-2.0-only
#include "option_query.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "option_table.h"
#include "units.h"

int option_query__graphite(struct options *o, const char *value, char *why, size_t size)
{
	if (!strncmp(value, "http://", 7) || !strncmp(value, "https://", 8))
		return option_table__string(&o->query.graphite, value);
	snprintf(why, size, "expected a URL such as http://graphite.example.com:8080");
	return -EINVAL;
}

int option_query__json(struct options *o, const char *value, char *why, size_t size)
{
	if (o->query.nfiles == QUERY_FILES) {
		snprintf(why, size,
			 "there are %d files already, no more are possible; join some with cat",
			 QUERY_FILES);
		return -EINVAL;
	}
	return option_table__string(&o->query.file[o->query.nfiles++], value);
}

/* Goes into a query: nothing there may end it. */
static int set_pattern(char **to, const char *value, char *why, size_t size)
{
	if (*value && !value[strcspn(value, "(),'\" ;&.")])
		return option_table__string(to, value);
	snprintf(why, size, "expected one node of a name, with * ? [] {} as in the shell");
	return -EINVAL;
}

int option_query__set(struct options *o, const char *value, char *why, size_t size)
{
	return set_pattern(&o->query.set, value, why, size);
}

int option_query__op(struct options *o, const char *value, char *why, size_t size)
{
	return set_pattern(&o->query.op, value, why, size);
}

int option_query__p(struct options *o, const char *value, char *why, size_t size)
{
	struct query_options *w = &o->query;
	const char *at = value;

	for (w->npercentiles = 0; w->npercentiles < QUERY_PERCENTILES; at++) {
		char *end;
		double p = strtod(at, &end);

		if (end == at || p <= 0 || p > 100 || (*end && *end != ','))
			break;
		w->percentile[w->npercentiles++] = p;
		at = end;
		if (!*at)
			return 0;
	}
	snprintf(why, size,
		 "expected up to %d percentiles above 0 and at most 100, such as 50,99,99.9",
		 QUERY_PERCENTILES);
	return -EINVAL;
}

static int set_duration(u64 *ns, const char *value, char *why, size_t size)
{
	if (!units__duration(value, ns) && *ns)
		return 0;
	snprintf(why, size, "expected a duration such as 10ms, 30s or 1h");
	return -EINVAL;
}

int option_query__within(struct options *o, const char *value, char *why, size_t size)
{
	return set_duration(&o->query.within, value, why, size);
}

int option_query__last(struct options *o, const char *value, char *why, size_t size)
{
	u64 ns;
	int err = set_duration(&ns, value, why, size);

	if (!err)
		o->query.last = ns < 1000000000 ? 1 : ns / 1000000000;
	return err;
}

static int set_second(u64 *to, const char *value, char *why, size_t size)
{
	if (!units__number(value, 1, 99999999999, to))
		return 0;
	snprintf(why, size, "expected seconds since 1970, as `date +%%s` prints them");
	return -EINVAL;
}

int option_query__from(struct options *o, const char *value, char *why, size_t size)
{
	return set_second(&o->query.from, value, why, size);
}

int option_query__until(struct options *o, const char *value, char *why, size_t size)
{
	return set_second(&o->query.until, value, why, size);
}

int option_query__by(struct options *o, const char *value, char *why, size_t size)
{
	static const char *const names[] = {
		[QUERY_BY_SERVICE] = "service", [QUERY_BY_OP] = "op", [QUERY_BY_HOST] = "host"};

	for (u32 i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(value, names[i])) {
			o->query.by = i;
			return 0;
		}
	}
	snprintf(why, size, "expected service, op or host");
	return -EINVAL;
}

int option_query__finish(struct options *o)
{
	struct query_options *w = &o->query;
	char why[200];

	if (!w->graphite && !w->nfiles) {
		log_error(
			"nothing to ask: give --from-graphite URL, or --from-json FILE as `sonde run --output json` writes it");
		return -EINVAL;
	}
	if (w->from && w->until && w->from >= w->until) {
		log_error("--from must be before --until");
		return -EINVAL;
	}
	if ((o->service_filter &&
	     set_pattern(&o->service_filter, strdupa(o->service_filter), why, sizeof(why))) ||
	    (w->host && set_pattern(&w->host, strdupa(w->host), why, sizeof(why)))) {
		log_error("--service, --host: %s", why);
		return -EINVAL;
	}
	if (!w->npercentiles)
		option_query__p(o, "50,95,99,99.9", why, sizeof(why));
	if ((!w->set && option_table__string(&w->set, "syscalls")) ||
	    (!w->op && option_table__string(&w->op, "_all"))) {
		log_error("out of memory");
		return -EINVAL;
	}
	return 0;
}

void option_query__free(struct options *o)
{
	struct query_options *w = &o->query;

	for (u32 i = 0; i < w->nfiles; i++)
		free(w->file[i]);
	free(w->graphite);
	free(w->host);
	free(w->set);
	free(w->op);
}
