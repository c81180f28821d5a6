/* SPDX-License-Identifier: GPL-2.0-only */
/* The options: one table gives the parser, the configuration file's keys and the help. */
#ifndef SONDE_OPTIONS_H
#define SONDE_OPTIONS_H

#include <stdbool.h>
#include <string.h>

#include "config.h"
#include "loader.h"
#include "naming.h"
#include "snapshot.h"
#include "trace/trace_options.h"

enum command {
	CMD_RUN = 1,
	CMD_HIST = 2,
	CMD_PROBES = 4,
	CMD_CHECK = 8,
	CMD_QUERY = 16,
	CMD_TOP = 32,
	CMD_TRACE = 64,
	CMD_CTL = 128
};

enum hist_by { BY_NONE, BY_SERVICE, BY_OP, BY_DEVICE };

enum destination_kind { TO_GRAPHITE, TO_VICTORIA, TO_STATSD, TO_OUTPUT, DESTINATION_KINDS };

#define MAX_DESTINATIONS 8

struct destination {
	enum destination_kind kind;
	char *host, *port; /* not of TO_OUTPUT */
	char *format;      /* of TO_OUTPUT only */
	char *path;        /* of TO_OUTPUT; NULL: standard output */
	bool in_file;      /* comes from the configuration file */
};

struct options {
	enum command command;
	bool set[MAX_SETS]; /* --probes */
	bool probes_given;
	u64 interval; /* s, 1 to 3600 */
	u64 duration; /* ns, 0: until a signal */
	char *prefix;
	char *host; /* one node, sanitised */
	struct destination to[MAX_DESTINATIONS];
	u32 nto;
	bool graphite_tags;
	u64 send_offset; /* ns, how long after its end a slot is sent; UINT64_MAX: by the host's
			    name */
	char *send_offset_at;     /* FILE:LINE that says so; NULL: the command line, or nobody */
	char *spool;              /* directory, NULL: none */
	u64 spool_bytes;          /* of each destination */
	u64 spool_age;            /* s */
	u64 output_bytes;         /* of a file, before it is renamed; 0: any */
	u32 output_keep;          /* renamed files */
	u32 repeat;               /* with how many later slots one is sent again */
	char *prometheus_address; /* to listen on, NULL: none */
	u16 prometheus_port;
	u32 prometheus_schema; /* of buckets as text, 0 to 3 */
	u32 stats;             /* STATS_ */
	u32 max_services;
	u32 max_series;
	u32 new_series;        /* per minute, 0: any */
	struct naming *naming; /* with all --service rules */
	u64 slo[MAX_SETS][MAX_OPS];
	char *root;   /* where the host's / is, "" for / itself */
	char **rules; /* as they were given, in that order */
	u32 nrules;
	char *config;  /* the configuration file, NULL: none */
	bool answered; /* --help, --version */
	char *btf;     /* NULL: the running kernel's own */
	bool confine;  /* `sonde run`: give up privileges once it runs */
	bool verbose;
	const char *reading; /* FILE:LINE of the configuration file; NULL: the command line */
	int argc;            /* what was parsed, to do it again */
	char **argv;
	struct trace_options trace;
	/* sonde hist, sonde trace */
	char *service_filter; /* NULL: all */
	enum hist_by by;
	bool heat;
	bool ascii;
	char **words; /* what remains, NULL-terminated; of CMD_QUERY all that was given */
	/* sonde top */
	u64 refresh; /* ns, between two frames */
	u32 frames;  /* after which it ends, 0: never */
	bool batch;
	char *view, *sort, *filter; /* NULL: by default */
	char *socket;               /* of a daemon, NULL: none was named; "none": none is wanted */
	char *socket_group;         /* NULL: the default */
	u32 socket_mode;
	char *replay; /* a recording, NULL: none */
	/* sonde probes, sonde check; of sonde top: frames as JSON */
	bool markdown;
	bool json;
};

/*
 * Parses the command line (and the configuration file that it names). Returns 0; 1 if it has
 * answered already (--help, --version): exit with 0; or after one line on the log that says what is
 * wrong and what to do -EINVAL: exit with 2, or -ENOMEM: exit with 1.
 */
int options__parse(struct options *o, int argc, char **argv);
void options__free(struct options *o);

/* Of two values either of which may be NULL. */
static inline bool same_value(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* Tells @say of each error in @path as a configuration of `sonde run`. Returns 0 or
 * -errno; -ENOMEM need not have been told. */
int options__check_file(const char *path, config_error_fn *say, void *data);

#endif
