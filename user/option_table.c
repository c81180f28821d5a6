// SPDX-License-Identifier: GPL-2.0-only
#include "option_table.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "help.h"
#include "hist_select.h"
#include "option_sinks.h"
#include "option_top.h"
#include "option_trace.h"
#include "top/serve.h"
#include "units.h"

#define ASKING       (CMD_PROBES | CMD_CHECK)
#define ALL_COMMANDS (MEASURING | ASKING)
#define MEASURING    (CMD_RUN | CMD_HIST | CMD_TOP)

int option_table__string(char **to, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

int option_table__switch(bool *to, const char *value, char *why, size_t size)
{
	if (!value || !strcmp(value, "true") || !strcmp(value, "yes")) {
		*to = true;
		return 0;
	}
	if (!strcmp(value, "false") || !strcmp(value, "no")) {
		*to = false;
		return 0;
	}
	snprintf(why, size, "expected true or false");
	return -EINVAL;
}

static void list_sets(char *buf, size_t size)
{
	buf[0] = 0;
	for (u32 i = 0; probes[i]; i++)
		snprintf(buf + strlen(buf), size - strlen(buf), "%s%s", i ? ", " : "",
			 probes[i]->name);
}

static int parse_probes(struct options *o, const char *value, char *why, size_t size)
{
	char *list = strdup(value), *at = list, *word;
	bool set[MAX_SETS] = {}, any = false;
	int err = list ? 0 : -ENOMEM;

	while (!err && (word = strsep(&at, ","))) {
		bool on = word[0] != '-';
		int i = probes__find(word + !on);

		if (!strcmp(word, "all")) {
			for (u32 k = 0; probes[k]; k++)
				set[k] = true;
		} else if (i >= 0) {
			set[i] = on;
		} else {
			char known[128];

			list_sets(known, sizeof(known));
			snprintf(why, size, "unknown probe set '%s'; there are %s, and all", word,
				 known);
			err = -EINVAL;
		}
	}
	for (u32 i = 0; probes[i]; i++)
		any |= set[i];
	if (!err && !any) {
		snprintf(why, size, "leaves no probe set; try all or syscalls,tcp");
		err = -EINVAL;
	}
	if (!err) {
		memcpy(o->set, set, sizeof(set));
		o->probes_given = true;
	}
	free(list);
	return err;
}

static int parse_interval(struct options *o, const char *value, char *why, size_t size)
{
	u64 ns = 0;

	o->trace.interval_given |= !o->reading;
	if (o->command & (CMD_TOP | CMD_TRACE))
		return option_top__refresh(o, value, why, size);
	if (units__duration(value, &ns) || ns % 1000000000 || ns < 1000000000 ||
	    ns > 3600000000000) {
		snprintf(why, size, "expected whole seconds from 1 to 3600, such as 10 or 1m");
		return -EINVAL;
	}
	o->interval = ns / 1000000000;
	return 0;
}

static int parse_duration(struct options *o, const char *value, char *why, size_t size)
{
	/* What the file says is how long `sonde run` goes on. */
	if (o->command == CMD_TRACE && o->reading)
		return 0;
	if (!units__duration(value, &o->duration))
		return 0;
	snprintf(why, size, "expected a duration such as 10, 500ms or 5m");
	return -EINVAL;
}

static int parse_prefix(struct options *o, const char *value, char *why, size_t size)
{
	bool good = value[0] && strlen(value) < 200, in_node = false;

	for (const char *p = value; *p && good; p++) {
		bool dot = *p == '.';

		good = dot ? in_node : isalnum((unsigned char)*p) || *p == '_' || *p == '-';
		in_node = !dot;
	}
	if (good && in_node)
		return option_table__string(&o->prefix, value);
	snprintf(why, size, "expected nodes of A-Z a-z 0-9 _ -, joined by dots, such as ops.sonde");
	return -EINVAL;
}

static int parse_host(struct options *o, const char *value, char *why, size_t size)
{
	char node[128];

	node__sanitise_host(value, node, sizeof(node));
	if (node[0])
		return option_table__string(&o->host, node);
	snprintf(why, size, "expected a host's name");
	return -EINVAL;
}

static int parse_stats(struct options *o, const char *value, char *why, size_t size)
{
	static const struct {
		const char *name;
		u32 stats;
	} groups[] = {{"buckets", STATS_BUCKETS},
		      {"percentiles", STATS_PERCENTILES},
		      {"statsd", STATS_TIMER},
		      {"none", 0}};
	u32 stats = 0, i = 0;

	for (const char *at = value; *at; at += strcspn(at, ","), at += *at == ',') {
		size_t len = strcspn(at, ",");

		for (i = 0; i < 4; i++)
			if (strlen(groups[i].name) == len && !strncmp(at, groups[i].name, len))
				break;
		if (i == 4)
			break;
		stats |= groups[i].stats;
	}
	if (!value[0] || i == 4) {
		snprintf(why, size, "expected a list of buckets, percentiles and statsd, or none");
		return -EINVAL;
	}
	o->stats = stats;
	return 0;
}

static int parse_service(struct options *o, const char *value, char *why, size_t size)
{
	struct naming *check;
	char **rules;
	int err;

	if ((o->command & (CMD_HIST | CMD_TRACE)) && !strchr(value, '='))
		return option_table__string(&o->service_filter, value);
	err = naming__new(&check, "");
	if (!err) {
		err = naming__add_rule(check, value, why, size);
		naming__free(check);
	}
	if (err)
		return err;
	rules = realloc(o->rules, (o->nrules + 1) * sizeof(*rules));
	if (!rules)
		return -ENOMEM;
	o->rules = rules;
	rules[o->nrules] = strdup(value);
	return rules[o->nrules] ? (o->nrules++, 0) : -ENOMEM;
}

static int parse_max_services(struct options *o, const char *value, char *why, size_t size)
{
	u64 n;

	if (units__number(value, 1, 1000, &n)) {
		snprintf(why, size, "expected a number from 1 to 1000");
		return -EINVAL;
	}
	o->max_services = n;
	return 0;
}

static int parse_max_series(struct options *o, const char *value, char *why, size_t size)
{
	u64 n;

	if (units__number(value, 500, 1000000, &n)) {
		snprintf(why, size, "expected a number of lines from 500 to 1000000");
		return -EINVAL;
	}
	o->max_series = n;
	return 0;
}

static int parse_new_series(struct options *o, const char *value, char *why, size_t size)
{
	u64 n;

	if (units__number(value, 0, 1000000, &n)) {
		snprintf(why, size, "expected a number of series from 0 (any) to 1000000");
		return -EINVAL;
	}
	o->new_series = n;
	return 0;
}

/* @word is a latency operation of set @set: "read", "read_total", "vda_read_total". */
static bool slo_matches(u32 set, u32 op, const char *word, char *name, size_t size)
{
	struct op_info info;

	if (!probes[set]->op(op, &info) || info.kind != OP_LATENCY)
		return false;
	snprintf(name, size, "%s", info.name);
	return !strcmp(info.name, word);
}

static int set_slo(struct options *o, u32 set, const char *word, u64 ns, char *why, size_t size)
{
	static char names[MAX_OPS][OP_NAME_MAX];
	const char *list[MAX_OPS];
	bool found = false;
	char near[160];
	u32 n = 0;

	for (u32 op = 0; op < OP_OTHER; op++) {
		names[n][0] = 0;
		if (slo_matches(set, op, word, names[n], sizeof(names[n]))) {
			o->slo[set][probes[set]->slo_op ? probes[set]->slo_op(op) : op] = ns;
			found = true;
		}
		if (names[n][0]) {
			list[n] = names[n];
			n++;
		}
	}
	if (found)
		return 0;
	suggest__nearest(near, sizeof(near), word, list, n);
	snprintf(why, size, "the set %s has no latency operation '%s'%s%s", probes[set]->name, word,
		 near[0] ? ", did you mean " : "", near);
	return -EINVAL;
}

static int parse_slo(struct options *o, const char *value, char *why, size_t size)
{
	const char *colon = strchr(value, ':'), *dot;
	char set_name[32] = "syscalls", op[OP_NAME_MAX];
	int set;
	u64 ns;

	if (!colon || colon == value || units__duration(colon + 1, &ns) || !ns ||
	    isdigit((unsigned char)colon[strlen(colon) - 1])) {
		snprintf(
			why, size,
			"expected OP:DURATION with a unit, such as read:10ms or tcp.connect:200ms");
		return -EINVAL;
	}
	snprintf(op, sizeof(op), "%.*s", (int)(colon - value), value);
	dot = strchr(op, '.');
	if (dot) {
		snprintf(set_name, sizeof(set_name), "%.*s", (int)(dot - op), op);
		memmove(op, dot + 1, strlen(dot));
	}
	set = probes__find(set_name);
	if (set < 0) {
		char known[128];

		list_sets(known, sizeof(known));
		snprintf(why, size, "unknown probe set '%s'; there are %s", set_name, known);
		return -EINVAL;
	}
	return set_slo(o, set, op, ns, why, size);
}

static int parse_by(struct options *o, const char *value, char *why, size_t size)
{
	static const struct {
		const char *name;
		enum hist_by by;
	} names[] = {{"service", BY_SERVICE}, {"op", BY_OP}, {"device", BY_DEVICE}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(value, names[i].name)) {
			o->by = names[i].by;
			return 0;
		}
	}
	snprintf(why, size, "expected service, op or device");
	return -EINVAL;
}

static int parse_heat(struct options *o, const char *value, char *why, size_t size)
{
	return option_table__switch(&o->heat, value, why, size);
}

static int parse_ascii(struct options *o, const char *value, char *why, size_t size)
{
	return option_table__switch(&o->ascii, value, why, size);
}

static int parse_markdown(struct options *o, const char *value, char *why, size_t size)
{
	return option_table__switch(&o->markdown, value, why, size);
}

static int parse_json(struct options *o, const char *value, char *why, size_t size)
{
	return option_table__switch(&o->json, value, why, size);
}

static int parse_confine(struct options *o, const char *value, char *why, size_t size)
{
	return option_table__switch(&o->confine, value, why, size);
}

static int parse_verbose(struct options *o, const char *value, char *why, size_t size)
{
	return option_table__switch(&o->verbose, value, why, size);
}

/* An absolute path; "/" is the same as nothing. */
static int parse_root(struct options *o, const char *value, char *why, size_t size)
{
	char path[512];
	size_t n;

	if (value[0] != '/' || access(value, X_OK) || strlen(value) >= sizeof(path)) {
		snprintf(why, size,
			 "expected the directory where the host's / is mounted, such as /host");
		return -EINVAL;
	}
	snprintf(path, sizeof(path), "%s", value);
	for (n = strlen(path); n && path[n - 1] == '/';)
		path[--n] = 0;
	return option_table__string(&o->root, path);
}

static int parse_btf(struct options *o, const char *value, char *why, size_t size)
{
	(void)why;
	(void)size;
	return option_table__string(&o->btf, value);
}

static int parse_config(struct options *o, const char *value, char *why, size_t size)
{
	(void)why;
	(void)size;
	return option_table__string(&o->config, value);
}

static int parse_help(struct options *o, const char *value, char *why, size_t size)
{
	(void)value;
	(void)why;
	(void)size;
	help__command(stdout, o->command);
	o->answered = true;
	return 0;
}

static int parse_version(struct options *o, const char *value, char *why, size_t size)
{
	(void)value;
	(void)why;
	(void)size;
	printf("sonde %s\n", SONDE_VERSION);
	o->answered = true;
	return 0;
}

const struct option_def option_table[] = {
	{"pid", 'p', "PID[,PID...]", CMD_TRACE, 0, option_trace__pid,
	 "trace these processes, all of their threads; repeatable"},
	{"service", 0, "NAME", CMD_TRACE, 0, parse_service,
	 "trace the processes of that service, as `sonde top` names it (NAME=KIND:REGEX is a rule)"},
	{"cgroup", 0, "PATH", CMD_TRACE, 0, option_trace__cgroup,
	 "trace the processes in that cgroup and below"},
	{"follow", 'f', NULL, CMD_TRACE, 0, option_trace__follow,
	 "trace their children, too; twice (-ff): with -o a file for each thread, FILE.TID"},
	{"output-separately", 0, NULL, CMD_TRACE, 0, option_trace__separately, "the same as -ff"},
	{"summary-only", 'c', NULL, CMD_TRACE, 0, option_trace__summary_only,
	 "only a table at the end: calls, their number, times and errors"},
	{"summary", 'C', NULL, CMD_TRACE, 0, option_trace__summary_too,
	 "each call, and the table at the end"},
	{"sort-by", 'S', "COLUMN", CMD_TRACE, 0, option_trace__sort,
	 "sort the table by time, calls, errors, p50, p95, p99, max, name or nothing (default: time)"},
	{"summary-wall-clock", 'w', NULL, CMD_TRACE, 0, option_trace__wall,
	 "times are the clock's: they always are"},
	{"hist", 0, NULL, CMD_TRACE, 0, option_trace__hist,
	 "a histogram of each call's durations at the end"},
	{"calls", 0, NULL, CMD_TRACE, 0, option_trace__calls,
	 "print each call (implied by a command, by what chooses calls and by what only lines can show)"},
	{"expr", 'e', "EXPR", CMD_TRACE, 0, option_trace__expr,
	 "only these calls: names, %class, /regex, !these; or trace=, status=, fd=, signal= with such a list"},
	{"path", 'P', "PATH", CMD_TRACE, 0, option_trace__path,
	 "only calls on that path, also by descriptor; repeatable"},
	{"successful-only", 'z', NULL, CMD_TRACE, 0, option_trace__successful,
	 "only calls that succeeded"},
	{"failed-only", 'Z', NULL, CMD_TRACE, 0, option_trace__failed, "only calls that failed"},
	{"min-duration", 0, "TIME", CMD_TRACE, 0, option_trace__min_duration,
	 "only calls that took at least so long, such as 10ms"},
	{"where", 0, "errno=NAME", CMD_TRACE, 0, option_trace__where,
	 "only calls that failed with one of these errors, such as errno=ENOENT,EACCES"},
	{"string-limit", 's', "N", CMD_TRACE, 0, option_trace__string_limit,
	 "bytes of a string that are shown, up to 4096 (default: 32); paths are whole"},
	{"decode-fds", 'y', NULL, CMD_TRACE, 0, option_trace__fds,
	 "what descriptors are on: paths; twice (-yy): protocol and addresses, too"},
	{"absolute-timestamps", 't', NULL, CMD_TRACE, 0, option_trace__timestamps,
	 "when calls began; twice: with microseconds; three times: in seconds since 1970"},
	{"relative-timestamps", 'r', NULL, CMD_TRACE, 0, option_trace__relative,
	 "the time since the line before"},
	{"syscall-times", 'T', NULL, CMD_TRACE, 0, option_trace__took, "how long each call took"},
	{"columns", 'a', "N", CMD_TRACE, 0, option_trace__column,
	 "column of the results (default: 40)"},
	{"stack-trace", 'k', NULL, CMD_TRACE, 0, option_trace__stacks,
	 "the program's stack below each call"},
	{"output", 'o', "FILE", CMD_TRACE, 0, option_trace__output,
	 "write there instead of standard output (with a command: standard error)"},
	{"append", 'A', NULL, CMD_TRACE, 0, option_trace__append, "append to FILE"},
	{"no-abbrev", 'v', NULL, CMD_TRACE, 0, option_trace__whole, "structures with all members"},
	{"strings-in-hex", 'x', NULL, CMD_TRACE, 0, option_trace__hex,
	 "strings that are no text in hexadecimal; twice: all strings"},
	{"rate", 0, "N", CMD_TRACE, 0, option_trace__rate,
	 "at most N lines per second, and how many were left out; 0: all (default: 1000 on a terminal, else all)"},
	{"quiet", 'q', NULL, CMD_TRACE, 0, option_trace__quiet,
	 "do not say which processes are attached; twice: nor exits"},
	{"probes", 'p', "LIST", CMD_RUN | CMD_HIST, 0, parse_probes,
	 "probe sets: names, all, -NAME to leave one out (default: syscalls,tcp,block)"},
	{"probes", 'p', "LIST", CMD_TOP, 0, parse_probes,
	 "probe sets: names, all, -NAME to leave one out (default: all)"},
	{"interval", 0, "SECONDS", CMD_TRACE, 0, parse_interval,
	 "between two tables (default: 1 on a terminal, else only the last one)"},
	{"interval", 'i', "SECONDS", CMD_RUN, 0, parse_interval, "length of a slot (default: 10)"},
	{"interval", 'i', "SECONDS", CMD_TOP, 0, parse_interval,
	 "between two readings, as little as 100ms (default: 1)"},
	{"duration", 'd', "TIME", CMD_RUN | CMD_TRACE, 0, parse_duration,
	 "end after that time (default: never)"},
	{"duration", 'd', "TIME", CMD_HIST, 0, parse_duration,
	 "end after that time (default: 10 s)"},
	{"graphite", 'g', "HOST:PORT", CMD_RUN, 0, option_sinks__graphite,
	 "send Graphite lines to this carbon over TCP; repeatable"},
	{"graphite-tags", 0, NULL, CMD_RUN, 0, option_sinks__graphite_tags,
	 "Graphite lines with tags instead of nodes"},
	{"victoria", 0, "HOST:PORT", CMD_RUN, 0, option_sinks__victoria,
	 "send counters to VictoriaMetrics' Graphite port over TCP; repeatable"},
	{"statsd", 0, "HOST:PORT", CMD_RUN, 0, option_sinks__statsd,
	 "send counters and gauges to StatsD over UDP; repeatable"},
	{"output", 'o', "FORMAT[:FILE]", CMD_RUN, 0, option_sinks__output,
	 "write graphite, graphite-tags, json, csv, statsd or victoria lines to FILE or standard output; repeatable (default: graphite, unless there is another destination)"},
	{"output-size", 0, "SIZE", CMD_RUN, 0, option_sinks__output_size,
	 "rename a FILE to FILE.1 before it grows beyond that, such as 100M (default: never)"},
	{"output-keep", 0, "N", CMD_RUN, 0, option_sinks__output_keep,
	 "how many renamed files to keep (default: 5)"},
	{"spool", 0, "DIR", CMD_RUN, 0, option_sinks__spool,
	 "keep on disk what a receiver over TCP does not take, also beyond the end of this run"},
	{"spool-size", 0, "SIZE", CMD_RUN, 0, option_sinks__spool_size,
	 "at most that much for each receiver, the oldest slots are dropped (default: 256M)"},
	{"spool-age", 0, "TIME", CMD_RUN, 0, option_sinks__spool_age,
	 "drop slots that are older, which must be less than the store's finest archive holds (default: 5h)"},
	{"repeat", 0, "N", CMD_RUN, 0, option_sinks__repeat,
	 "send each slot again with the next N, for what a relay loses when the carbon behind it ends (default: 0)"},
	{"send-offset", 0, "TIME", CMD_RUN, 0, option_sinks__send_offset,
	 "send that long after the end of a slot (default: by this host's name, up to a quarter of the interval; none below 10 s)"},
	{"prometheus", 0, "[ADDRESS:]PORT", CMD_RUN, 0, option_sinks__prometheus,
	 "be scraped by Prometheus there, at /metrics; without ADDRESS only from this host"},
	{"prometheus-buckets", 0, "N", CMD_RUN, 0, option_sinks__prometheus_buckets,
	 "histograms as text have 2^N buckets per power of two, 0 to 3 (default: 0); native ones have 8"},
	{"stats", 0, "LIST", CMD_RUN, 0, parse_stats,
	 "what is sent beside counts, sums and maxima: buckets, percentiles, statsd (what StatsD has of a timer) or none (default: buckets,percentiles)"},
	{"prefix", 0, "PATH", CMD_RUN, 0, parse_prefix,
	 "first nodes of all names (default: sonde)"},
	{"host", 0, "NAME", CMD_RUN, 0, parse_host, "this host's node (default: its name)"},
	{"service", 's', "RULE", CMD_RUN | CMD_TOP, 0, parse_service,
	 "NAME=KIND:REGEX, KIND one of cgroup, exe, comm, cmdline; repeatable, the first match wins"},
	{"service", 's', "NAME", CMD_HIST, 0, parse_service,
	 "only that service; or a rule, NAME=KIND:REGEX, KIND one of cgroup, exe, comm, cmdline; repeatable, the first match wins"},
	{"slo", 0, "OP:TIME", CMD_RUN | CMD_HIST, 0, parse_slo,
	 "count exactly what was in time, read:10ms, tcp.connect:200ms; repeatable"},
	{"max-services", 0, "N", MEASURING, 0, parse_max_services,
	 "services with a name of their own, the rest is _other (default: 128)"},
	{"max-series", 0, "N", CMD_RUN, 0, parse_max_series,
	 "lines per interval, the least busy operations are folded into _other (default: 2000)"},
	{"new-series", 0, "N", CMD_RUN, 0, parse_new_series,
	 "with --graphite: how many more series a minute to begin with, the busiest first; not above carbon's MAX_CREATES_PER_MINUTE, beyond which it drops them (default: 5000, 0: any)"},
	{"by", 0, "KEY", CMD_HIST, 0, parse_by,
	 "one histogram per service, op or device (default: op)"},
	{"heat", 0, NULL, CMD_HIST, 0, parse_heat, "one line per second, a heat map"},
	{"batch", 'b', NULL, CMD_TOP, 0, option_top__batch, "print instead of drawing, all rows"},
	{"frames", 'n', "N", CMD_TOP, 0, option_top__frames,
	 "end after N intervals (default: never)"},
	{"view", 0, "NAME", CMD_TOP, 0, option_top__view,
	 "begin with services, processes, operations, devices or peers (default: services)"},
	{"sort", 0, "COLUMN", CMD_TOP, 0, option_top__sort,
	 "sort by lost, cpu, calls, errors, p95, max, oldest ... (default: what loses most time)"},
	{"filter", 0, "TEXT", CMD_TOP, 0, option_top__filter, "only rows that have that in them"},
	{"socket", 0, "PATH", CMD_TOP | CMD_RUN, 0, option_top__socket,
	 "where sonde run lets sonde top see what it measures, or none (default: " SERVE_DEFAULT_PATH
	 ")"},
	{"socket", 0, "PATH", CMD_CTL, 0, option_top__socket,
	 "where that sonde run listens (default: " SERVE_DEFAULT_PATH ")"},
	{"socket-group", 0, "NAME", CMD_RUN, 0, option_top__socket_group,
	 "the group that may look (default: sonde, if there is one)"},
	{"socket-mode", 0, "MODE", CMD_RUN, 0, option_top__socket_mode,
	 "permissions of the socket in octal (default: 0660)"},
	{"confine", 0, NULL, CMD_RUN, 0, parse_confine,
	 "give up privileges and system calls that a run under way does not need"},
	{"replay", 0, "FILE", CMD_TOP, 0, option_top__replay,
	 "show what --json recorded, - is standard input"},
	{"ascii", 0, NULL, CMD_HIST | CMD_TOP | CMD_TRACE, 0, parse_ascii,
	 "plain ASCII, no colours"},
	{"markdown", 0, NULL, CMD_PROBES, 0, parse_markdown, "as docs/metrics.md"},
	{"json", 0, NULL, CMD_TRACE, 0, parse_json,
	 "each call as an object on one line; with -c the table as one"},
	{"json", 0, NULL, CMD_TOP, 0, parse_json,
	 "each interval as an object on one line; implies --batch"},
	{"json", 0, NULL, ASKING | CMD_CTL, 0, parse_json, "as JSON, for programs"},
	{"root", 0, "DIR", ALL_COMMANDS | CMD_TRACE, 0, parse_root,
	 "where the host's / is mounted, when run in a container"},
	{"btf", 0, "FILE", ALL_COMMANDS | CMD_TRACE, 0, parse_btf,
	 "where the kernel's structures have their members, instead of what it says itself"},
	{"config", 0, "FILE", CMD_TRACE, OPTION_FIRST, parse_config,
	 "read options from FILE (`key = value`, the keys are these long names); the command line wins"},
	{"config", 'c', "FILE", MEASURING, OPTION_FIRST, parse_config,
	 "read options from FILE (`key = value`, the keys are these long names); the command line wins"},
	{"config", 'c', "FILE", CMD_CHECK, OPTION_FIRST, parse_config,
	 "look for all errors in that configuration of `sonde run`, too"},
	{"verbose", 0, NULL, CMD_TRACE, 0, parse_verbose, "say more on standard error"},
	{"verbose", 'v', NULL, ALL_COMMANDS, 0, parse_verbose, "say more on standard error"},
	{"version", 'V', NULL, ALL_COMMANDS | CMD_TRACE | CMD_CTL, OPTION_FIRST, parse_version,
	 "print the version"},
	{"help", 'h', NULL, ALL_COMMANDS | CMD_TRACE | CMD_CTL, OPTION_FIRST, parse_help,
	 "print this"},
	{},
};

int option_table__defaults(struct options *o)
{
	char name[256] = "localhost", why[64];

	gethostname(name, sizeof(name) - 1);
	for (u32 i = 0; probes[i]; i++)
		o->set[i] = !probes[i]->on_request || o->command == CMD_TOP;
	o->interval = 10;
	o->refresh = 1000000000;
	o->socket_mode = 0660;
	o->duration = o->command == CMD_HIST ? 10000000000 : 0;
	o->stats = STATS_BUCKETS | STATS_PERCENTILES;
	o->max_services = 128;
	o->max_series = 2000;
	o->new_series = 5000;
	option_sinks__defaults(o);
	option_trace__defaults(o);
	if (option_table__string(&o->prefix, "sonde") || option_table__string(&o->root, "") ||
	    parse_host(o, name, why, sizeof(why)))
		return -ENOMEM;
	return 0;
}
