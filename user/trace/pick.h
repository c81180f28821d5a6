/* SPDX-License-Identifier: GPL-2.0-only */
/* Which calls, results, descriptors and signals are wanted: -e, --where, -z, -Z. */
#ifndef SONDE_TRACE_PICK_H
#define SONDE_TRACE_PICK_H

#include <stdbool.h>
#include <stddef.h>

#include "trace.h"

#define PICK_SIGNALS 65
#define PICK_FDS     1024
#define PICK_ERRNOS  16

enum pick_status {
	STATUS_SUCCESSFUL = 1,
	STATUS_FAILED = 2,
	STATUS_UNFINISHED = 4,
	STATUS_ALL = 7,
};

struct pick {
	bool calls_given; /* trace=, or a plain list */
	bool call[TRACE_NRS];
	u32 status;
	bool signal[PICK_SIGNALS];
	bool fds_given;
	bool fd[PICK_FDS];
	u32 error[PICK_ERRNOS];
	u32 nerrors;
};

/* Everything. */
void pick__all(struct pick *p);

/* Takes what follows -e. Returns 0, or -errno with a sentence in @why. */
int pick__expression(struct pick *p, const char *text, char *why, size_t size);

/* Takes "errno=ENOENT,EACCES". */
int pick__where(struct pick *p, const char *text, char *why, size_t size);

bool pick__signal(const struct pick *p, u32 number);
bool pick__fd(const struct pick *p, s32 fd);
/* @error: the number, 0: it succeeded. */
bool pick__result(const struct pick *p, u32 error);

#endif
