/* SPDX-License-Identifier: GPL-2.0-only */
/* The destinations of a run: each has a format, a receiver, and a queue and thread of its own. */
#ifndef SONDE_OUTPUTS_H
#define SONDE_OUTPUTS_H

#include "options.h"
#include "snapshot.h"

struct outputs;

/* Borrows @o. Starts no thread. Returns 0, or -errno after a line on the log. */
int outputs__open(struct outputs **ret, const struct options *o);

/* Begins to deliver. Returns 0, or -errno after a line on the log. */
int outputs__start(struct outputs *out);

/*
 * Delivers to what @next says from now on. A destination that was there before keeps what waits for
 * it; one that is there no more is delivered to for up to 2 s, meanwhile. Returns 0, when the
 * caller has to move @next's destinations and names to the options that @out was opened with before
 * it calls anything else here, or -errno after a line on the log, when nothing has changed.
 */
int outputs__follow(struct outputs **out, const struct options *next);

/* Formats @d and hands it to each. Never waits for a receiver or a disk. Returns 0 or -ENOMEM. */
int outputs__put(struct outputs *out, const struct delta *d);

/* The last slot that the run before this one has sent, as it says in the spool; 0: not known. */
u64 outputs__former_slot(const struct outputs *out);

/* Adds what became of the slots before to @d's own figures. */
void outputs__self(struct outputs *out, struct delta *d);

/* Becomes readable when standard output takes no more; -1: that is not among them. */
int outputs__ended_fd(const struct outputs *out);
/* Its errno then. */
int outputs__ended(struct outputs *out);

/* Delivers what waits, for up to 2 s; the log hears what could not be delivered. Takes NULL. */
void outputs__close(struct outputs *out);

#endif
