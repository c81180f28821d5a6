/* SPDX-License-Identifier: GPL-2.0-only */
/* The functions of an ELF file by address. */
#ifndef SONDE_TRACE_SYMBOLS_H
#define SONDE_TRACE_SYMBOLS_H

#include "types.h"

struct symbols;

/* Of a name that is longer no more needs to be shown. */
#define SYMBOL_NAME_MAX 512

/* What a file has too much of is left out. Returns 0 or -errno; -ENOEXEC if it is no ELF file. */
int symbols__read(struct symbols **ret, const char *path);
void symbols__free(struct symbols *s);

/* To an empty file that another process with the same program reads, which leaves it empty. */
int symbols__save(const struct symbols *s, int fd);
int symbols__load(struct symbols **ret, int fd);

/* The function that the byte at @offset of the file is in, and how far; NULL if none is known. */
const char *symbols__find(const struct symbols *s, u64 offset, u64 *into);

#endif
