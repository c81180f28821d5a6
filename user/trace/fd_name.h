/* SPDX-License-Identifier: GPL-2.0-only */
/* What a descriptor is on, as /proc says now. */
#ifndef SONDE_TRACE_FD_NAME_H
#define SONDE_TRACE_FD_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "types.h"

/* A file's path, or what else it is on: "/etc/passwd", "pipe:[123]", and if @detail
 * "TCP:[127.0.0.1:80->127.0.0.1:4711]". @root: where the host's / is. Returns 0 or -errno. */
int fd_name__look(const char *root, u32 pid, s32 fd, bool detail, char *name, size_t size);

/* Adds "<char 1:3>" to the path of a device that process @pid has. */
void fd_name__device(const char *root, u32 pid, char *name, size_t size);

#endif
