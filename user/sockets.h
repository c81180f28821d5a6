/* SPDX-License-Identifier: GPL-2.0-only */
/* What /proc/PID/net says of a socket, by its inode. @root: where the host's / is. */
#ifndef SONDE_SOCKETS_H
#define SONDE_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "types.h"

/* As "10.0.0.2:80" and "[::1]:80"; remote is "" if it is not connected. */
struct socket_ends {
	char local[64], remote[64];
};

/* NULL if there is none of that name. */
FILE *sockets__table(const char *root, u32 pid, const char *table);

/* @table: "tcp", "udp6", "raw" or another one of that format. */
bool sockets__inet(const char *root, u32 pid, const char *table, unsigned long inode,
		   struct socket_ends *ret);

/* @path is "" if it has no name; that of an abstract one begins with '@'. */
bool sockets__unix(const char *root, u32 pid, unsigned long inode, u32 *type, char *path,
		   size_t size);

#endif
