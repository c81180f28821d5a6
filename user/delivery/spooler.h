/* SPDX-License-Identifier: GPL-2.0-only */
/* The thread that keeps a queue's spool in step with it, so that collection never waits for a disk,
 * nor does delivery of what is in memory. What is read back from the disk waits for it. */
#ifndef SONDE_SPOOLER_H
#define SONDE_SPOOLER_H

#include "queue.h"

struct spooler;

/* Borrows @q, whose opts.spool it writes, until spooler__end. Returns 0 or -errno. */
int spooler__new(struct spooler **ret, struct queue *q);

/*
 * After queue__stop: writes what waits, for up to @timeout_ns, and ends. False: the disk did not
 * answer, the thread still has the queue and will never give it back. Takes NULL.
 */
bool spooler__end(struct spooler *s, uint64_t timeout_ns);

#endif
