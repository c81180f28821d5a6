/* SPDX-License-Identifier: GPL-2.0-only */
/* What a thread that is in a call waits for: a file, a peer, a lock, in words. */
#ifndef SONDE_TRACE_ON_H
#define SONDE_TRACE_ON_H

#include <stdbool.h>
#include <stddef.h>

#include "trace.h"

/*
 * Of thread @t, which is in call @name. Beside /proc this reads the thread's memory: paths,
 * addresses and locks that are its arguments. @is_thread says whether a number is one of a thread
 * that is traced. "" if there is nothing to say.
 */
void on__describe(const char *root, const struct trace_thread *t, const char *name,
		  bool (*is_thread)(void *ctx, u32 tid), void *ctx, char *buf, size_t size);

#endif
