/* SPDX-License-Identifier: GPL-2.0-only */
/* Where lines go: standard output, standard error, one file or a file for each thread. */
#ifndef SONDE_TRACE_OUT_H
#define SONDE_TRACE_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "types.h"

struct out;

struct out_opts {
	const char *path; /* NULL: to @fd */
	int fd;
	bool append;
	bool each; /* a file for each thread, PATH.TID */
};

/* Returns 0, or -errno with a sentence in @why. */
int out__open(struct out **ret, const struct out_opts *opts, char *why, size_t size);

/* Adds to what thread @tid writes. What has failed once takes nothing any more. */
void out__put(struct out *o, u32 tid, const char *text, size_t size);
/* What would be added cannot be had: @err is -errno. */
void out__fail(struct out *o, int err);

/* Writes what was added. Returns 0, or -errno of the first write that failed. */
int out__flush(struct out *o);
/* The thread is gone: nothing more comes for it. */
void out__end(struct out *o, u32 tid);

bool out__is_terminal(const struct out *o);
/* What is said of it in messages. */
const char *out__name(const struct out *o);

/* Returns as out__flush. */
int out__close(struct out *o);

#endif
