/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads files that can make whoever reads them wait without end, without waiting for them:
 * /proc/PID/cmdline is memory of that process (fs/proc/base.c, get_mm_cmdline), and one that hangs
 * while it changes its mappings, on a file server that is gone say, lets nobody in.
 */
#ifndef SONDE_SLOW_FILE_H
#define SONDE_SLOW_FILE_H

#include <stddef.h>
#include <sys/types.h>

#include "types.h"

#define SLOW_FILE_MAX 1024

struct slow_file;

/*
 * Reads at most @size bytes, and at most SLOW_FILE_MAX, of @path. @what tells apart what has the
 * same path at different times. Returns how many, or -errno; -EAGAIN: it takes longer than can be
 * waited for, 50 ms and a tenth of all time. Then it goes on being read, and one of the next calls
 * for it has it. When no more threads are left or can be started, that is the answer to all, too.
 *
 * *@state is the caller's, starts as NULL and is freed by slow_file__free; it has as many threads
 * as had to wait at the same time, 16 at most.
 */
ssize_t slow_file__read(struct slow_file **state, const char *path, u64 what, char *buf,
			size_t size);

/* Leaves those threads behind that still wait; they end with the process. */
void slow_file__free(struct slow_file *f);

#endif
