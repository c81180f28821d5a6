/* SPDX-License-Identifier: GPL-2.0-only */
/* The command that is traced: started, its status passed on. */
#ifndef SONDE_TRACE_LAUNCH_H
#define SONDE_TRACE_LAUNCH_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct launched {
	pid_t pid; /* 0: not started */
	bool ended;
	int status; /* as waitpid gives it */
};

/*
 * Makes a process that stands still right before it executes @argv, as the user who called sudo if
 * one did, with @mask as its signals that are blocked. Returns 0, or -errno with a sentence in
 * @why; -ENOENT and -EACCES are of the program.
 */
int launch__prepare(struct launched *c, char **argv, const sigset_t *mask, char *why, size_t size);

/* Lets it go on; it makes no other call before its execve. */
void launch__go(struct launched *c);

/* Looks whether it has ended, without waiting. */
bool launch__ended(struct launched *c);

/* Ends one that has not gone on yet. */
void launch__cancel(struct launched *c);

/* The status to end with; if a signal has ended it, so does this process end and this does not
 * return. */
int launch__status(const struct launched *c);

#endif
