/* SPDX-License-Identifier: GPL-2.0-only */
/* Why libbpf could not do something. It says so in lines that it prints and nowhere else. */
#ifndef SONDE_COMPLAINT_H
#define SONDE_COMPLAINT_H

#include <stddef.h>

/* From now on libbpf's lines are kept here, and printed with --verbose only. */
void complaint__listen(void);

/* Forgets what was said before. */
void complaint__clear(void);

/* Takes a reason that is not libbpf's. */
void complaint__set(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* What failed with @err (-errno), and what to do about it if that is known. */
void complaint__tell(char *why, size_t size, int err);

#endif
