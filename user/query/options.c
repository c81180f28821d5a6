// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "names.h"
#include "naming.h"
#include "query.h"
#include "units.h"

#define SEC_NS 1000000000ULL

/* getopt's numbers; no option has a letter but -h and -V. */
enum {
	FROM_GRAPHITE = 256,
	FROM_JSON,
	PREFIX,
	SERVICE,
	HOST,
	SET,
	OP,
	PERCENTILES,
	SLO,
	LAST,
	FROM,
	UNTIL,
	BY,
	HEAT,
	JSON,
	TIMEOUT,
};

static const struct option long_options[] = {
	{"from-graphite", required_argument, NULL, FROM_GRAPHITE},
	{"from-json", required_argument, NULL, FROM_JSON},
	{"prefix", required_argument, NULL, PREFIX},
	{"service", required_argument, NULL, SERVICE},
	{"host", required_argument, NULL, HOST},
	{"set", required_argument, NULL, SET},
	{"op", required_argument, NULL, OP},
	{"p", required_argument, NULL, PERCENTILES},
	{"slo", required_argument, NULL, SLO},
	{"last", required_argument, NULL, LAST},
	{"from", required_argument, NULL, FROM},
	{"until", required_argument, NULL, UNTIL},
	{"by", required_argument, NULL, BY},
	{"heat", no_argument, NULL, HEAT},
	{"json", no_argument, NULL, JSON},
	{"timeout", required_argument, NULL, TIMEOUT},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{},
};

static const char help[] =
	"Usage: sonde query --from-graphite URL [OPTION]...\n"
	"       sonde query --from-json FILE... [OPTION]...\n"
	"Percentiles of many hosts, from the buckets that they sent.\n"
	"\n"
	"Options:\n"
	"  --from-graphite URL   ask graphite-web there; user and password are in ~/.netrc or the URL\n"
	"  --from-json FILE...   read what `sonde run --output json` wrote; several files: several\n"
	"                        hosts; -: standard input\n"
	"  --prefix PATH         first nodes of the names in Graphite (default: sonde)\n"
	"  --service LIST        names, with the wildcards * and ?, joined by commas (default: *)\n"
	"  --host LIST           the same of hosts (default: *)\n"
	"  --set LIST            the same of probe sets (default: syscalls; with --op: *)\n"
	"  --op LIST             the same of operations (default: _all, the sum of all calls that do\n"
	"                        not wait by design; of other sets: *)\n"
	"  --p LIST              percentiles (default: 50,95,99,99.9)\n"
	"  --slo TIME            the share of what took at most that long, such as 250ms\n"
	"  --last TIME           the time until now (default: 1h from Graphite, all of files)\n"
	"  --from T              since when: seconds since 1970, or before now: -1h, -30m, -7d\n"
	"  --until T             until when, the same or now (default: now; of files, their end)\n"
	"  --by KEY              service, host, op or none: a row for each operation of a service or\n"
	"                        host, for each operation, or one, operations added up (default:\n"
	"                        service)\n"
	"  --heat                a heat map of each row, time down and latency across\n"
	"  --json                as JSON, for programs\n"
	"  --timeout TIME        of the HTTP request (default: 60)\n"
	"  --version             print the version\n"
	"  --help                print this\n"
	"\n"
	"Recipes:\n"
	"  sonde query --from-graphite http://graphite                        who is slow?\n"
	"  sonde query --from-graphite http://graphite --service nginx --op read --p 99 --last 1h\n"
	"  sonde query --from-graphite http://graphite --op fsync --by host   which host?\n"
	"  sonde query --from-graphite http://graphite --set tcp --op connect --slo 250ms\n"
	"  sonde query --from-json web1.json web2.json --op read --heat       when was it slow?\n"
	"  sonde run --output json --duration 30s | sonde query --from-json -\n";

__attribute__((format(printf, 1, 2))) static int refuse(const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	log_error("%s", line);
	return -EINVAL;
}

static int add_file(struct query *q, char *file)
{
	char **files = realloc(q->files, (q->nfiles + 1) * sizeof(*files));

	if (!files) {
		log_error("%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	q->files = files;
	files[q->nfiles++] = file;
	return 0;
}

static int parse_patterns(const char **to, const char *option, const char *value)
{
	if (!patterns__valid(value))
		return refuse(
			"--%s %.100s: expected names of A-Z a-z 0-9 _ -, with * and ?, joined "
			"by commas",
			option, value);
	*to = value;
	return 0;
}

/* Hosts are known by their names, in which metrics have '_' for '.'. */
static int parse_host(struct query *q, const char *value)
{
	const char *unused;

	snprintf(q->host, sizeof(q->host), "%s", value);
	for (char *p = q->host; *p; p++)
		if (*p == '.')
			*p = '_';
	return strlen(value) < sizeof(q->host) ? parse_patterns(&unused, "host", q->host)
					       : refuse("--host: too long");
}

static int parse_prefix(struct query *q, const char *value)
{
	const char *node = value;
	char copy[200];

	if (strlen(value) >= sizeof(copy))
		return refuse("--prefix: too long");
	for (size_t len; node; node = node[len] ? node + len + 1 : NULL) {
		len = strcspn(node, ".");
		snprintf(copy, sizeof(copy), "%.*s", (int)len, node);
		if (!name__valid(copy))
			return refuse("--prefix %s: expected nodes of A-Z a-z 0-9 _ -, joined by "
				      "dots, such as ops.sonde",
				      value);
	}
	q->prefix = value;
	return 0;
}

static int parse_percentiles(struct query *q, char *value)
{
	char *name;

	q->np = 0;
	while ((name = strsep(&value, ","))) {
		char *end;
		double p = strtod(name, &end);

		if (end == name || *end || !(p > 0 && p <= 100) ||
		    strspn(name, "0123456789.") != strlen(name))
			return refuse(
				"--p %s: expected percentiles above 0 and at most 100, such as "
				"50,99,99.9",
				name);
		if (q->np == MAX_PERCENTILES)
			return refuse("--p: at most %d at once", MAX_PERCENTILES);
		q->p_name[q->np] = name;
		q->p[q->np++] = p / 100;
	}
	return 0;
}

/* "1700000000", "-1h", "now" */
static int parse_time(u64 *to, const char *option, const char *value, u64 now)
{
	u64 ago;

	if (!strcmp(value, "now"))
		*to = now;
	else if (*value == '-' && !units__duration(value + 1, &ago) && ago / SEC_NS < now)
		*to = now - ago / SEC_NS;
	else if (units__number(value, 1, 99999999999, to))
		return refuse("--%s %s: expected seconds since 1970, -1h or now", option, value);
	return 0;
}

static int parse_duration(u64 *ns, const char *option, const char *value, u64 most)
{
	if (!units__duration(value, ns) && *ns && *ns <= most)
		return 0;
	return refuse("--%s %s: expected a time such as %s", option, value,
		      *option == 's' ? "10ms or 250ms" : "30s, 10m or 1h");
}

static int parse_by(struct query *q, const char *value)
{
	static const char *const names[] = {
		[BY_SERVICE] = "service", [BY_HOST] = "host", [BY_OP] = "op", [BY_NONE] = "none"};

	for (int i = 0; i < 4; i++) {
		if (!strcmp(value, names[i])) {
			q->by = i;
			return 0;
		}
	}
	return refuse("--by %s: expected service, host, op or none", value);
}

struct parsing {
	u64 now, last, from, until;
};

static int apply_time(struct query *q, struct parsing *p, int option, const char *value)
{
	u64 ns = 0;
	int err;

	switch (option) {
	case FROM:
		return parse_time(&p->from, "from", value, p->now);
	case UNTIL:
		return parse_time(&p->until, "until", value, p->now);
	case LAST:
		err = parse_duration(&ns, "last", value, 1000000000 * SEC_NS);
		p->last = ns / SEC_NS;
		return err ? err : p->last ? 0 : refuse("--last %s: at least 1s", value);
	default:
		err = parse_duration(&ns, "timeout", value, 3600 * SEC_NS);
		q->timeout = (ns + SEC_NS - 1) / SEC_NS;
		return err;
	}
}

static int apply(struct query *q, struct parsing *p, int option, char *value)
{
	switch (option) {
	case FROM_GRAPHITE:
		q->graphite = value;
		return 0;
	case FROM_JSON:
		return add_file(q, value);
	case PREFIX:
		return parse_prefix(q, value);
	case SERVICE:
		return parse_patterns(&q->service, "service", value);
	case HOST:
		return parse_host(q, value);
	case SET:
		return parse_patterns(&q->set, "set", value);
	case OP:
		return parse_patterns(&q->op, "op", value);
	case PERCENTILES:
		return parse_percentiles(q, value);
	case SLO:
		return parse_duration(&q->slo, "slo", value, 128 * SEC_NS);
	case BY:
		return parse_by(q, value);
	case HEAT:
		q->heat = true;
		return 0;
	case JSON:
		q->json = true;
		return 0;
	default:
		return apply_time(q, p, option, value);
	}
}

static int finish(struct query *q, const struct parsing *p)
{
	if (!q->graphite == !q->nfiles)
		return refuse(q->graphite
				      ? "either --from-graphite or --from-json, not both"
				      : "say where from: --from-graphite URL or --from-json FILE");
	if (q->prefix && !q->graphite)
		return refuse(
			"--prefix goes with --from-graphite; files are read whatever theirs is");
	if (p->last && p->from)
		return refuse("either --last or --from, not both");
	if (!q->prefix)
		q->prefix = "sonde";
	if (!q->set)
		q->set = q->op ? "*" : "syscalls";
	if (!q->op)
		q->op = strcmp(q->set, "syscalls") ? "*" : "_all";
	/* A file is read whole also where a clock is ahead of ours. */
	q->until = p->until ? p->until : q->nfiles && !p->last ? UINT32_MAX * 16ULL : p->now;
	q->from = p->from;
	if (p->last)
		q->from = q->until > p->last ? q->until - p->last : 0;
	else if (q->graphite && !p->from)
		q->from = q->until > 3600 ? q->until - 3600 : 0;
	return q->from < q->until ? 0 : refuse("--from is not before --until");
}

int query__parse(struct query *q, int argc, char **argv, u64 now)
{
	static char percentiles[] = "50,95,99,99.9";
	struct parsing p = {.now = now};
	int c, err = 0;

	*q = (struct query){.service = "*", .host = "*", .timeout = 60};
	parse_percentiles(q, percentiles);
	opterr = 0;
	while (!err && (c = getopt_long(argc, argv, ":hV", long_options, NULL)) != -1) {
		if (c == 'h' || c == 'V') {
			fputs(c == 'h' ? help : "sonde " SONDE_VERSION "\n", stdout);
			return 1;
		}
		if (c == ':')
			err = refuse("%s needs a value; --help says of which kind",
				     argv[optind - 1]);
		else if (c == '?')
			err = refuse("unknown option '%.100s'; --help lists the options",
				     argv[optind - 1]);
		else
			err = apply(q, &p, c, optarg);
	}
	/* What a shell made of --from-json *.json */
	for (; !err && optind < argc; optind++)
		err = q->nfiles ? add_file(q, argv[optind])
				: refuse("'%.100s' is not understood here; options begin with --",
					 argv[optind]);
	return err ? err : finish(q, &p);
}

void query__free(struct query *q)
{
	free(q->files);
}
