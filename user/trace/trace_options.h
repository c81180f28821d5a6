/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of `sonde trace`. */
#ifndef SONDE_TRACE_OPTIONS_H
#define SONDE_TRACE_OPTIONS_H

#include "pick.h"

struct trace_options {
	struct pick pick;
	u32 *pid;
	u32 npids;
	char *service, *cgroup; /* NULL: none */
	u32 follow;             /* -f; 2: -ff, a file for each thread */
	bool summary_only;      /* -c */
	bool summary_too;       /* -C */
	bool calls;             /* asked for, or implied by what is only of use with them */
	bool hist;
	char *sort; /* NULL: by time */
	char **path;
	u32 npaths;
	u64 min_ns;
	u32 string_limit;
	u32 fds;        /* -y, -yy */
	u32 timestamps; /* -t, -tt, -ttt */
	bool relative;  /* -r */
	bool took;      /* -T */
	u32 column;     /* -a */
	bool stacks;    /* -k */
	char *file;     /* -o, NULL: none */
	bool append;    /* -A */
	bool whole;     /* -v */
	u32 hex;        /* -x, -xx */
	u32 rate;       /* lines per second, 0: any */
	bool rate_given;
	u32 quiet;
	bool interval_given;
};

#endif
