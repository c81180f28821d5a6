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

#define SLOW_FILE_MAX 1024

struct slow_file;

/*
 * Reads at most @size bytes, and at most SLOW_FILE_MAX, of @path. Returns how many, or -errno;
 * -EAGAIN: not within 50 ms, or it is still being waited for since an earlier call, or as many
 * files are as threads may wait. *@state is the caller's, starts as NULL and is freed by
 * slow_file__free; it has one thread, and one more for each file that is being waited for.
 */
ssize_t slow_file__read(struct slow_file **state, const char *path, char *buf, size_t size);

/* Leaves those threads behind that still wait; they end with the process. */
void slow_file__free(struct slow_file *f);

#endif
