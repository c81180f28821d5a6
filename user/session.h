/* SPDX-License-Identifier: GPL-2.0-only */
/* What every command that measures needs: loaded sets, services and snapshots, as one. */
#ifndef SONDE_SESSION_H
#define SONDE_SESSION_H

#include "options.h"
#include "snapshot.h"

struct session;

/*
 * Loads and attaches the sets of @set (NULL: of @o). Logs what cannot run and why. Returns 0 or an
 * exit status. When it returns, all events of the running sets are counted.
 */
int session__open(struct session **ret, const struct options *o, const bool *set);

/* Readable when session__answer is wanted. */
int session__fd(const struct session *s);
void session__answer(struct session *s);

/* See snapshots__take; fills sonde's own figures, too. */
int session__take(struct session *s, bool partial, struct delta **ret);

/* See struct probe's threads: of the running set that has it, if there is one. Returns 0 or -errno.
 */
int session__threads(struct session *s, thread_fn fn, void *ctx);

/* The set of that number; NULL if it was not wanted. */
const struct loaded *session__set(const struct session *s, u32 set);

/* Switches a set that runs off, or one that is off on. See loader__disable. */
int session__switch(struct session *s, u32 set, bool on, char *why, size_t size);

/* See kernel__raises_priority. */
bool session__raises_priority(const struct session *s);

/* See loader__detail, loader__peers_fd. */
void session__detail(struct session *s, bool on);
int session__peers_fd(const struct session *s);

/* Services are called as @naming says, which is borrowed, from the next event of each on. */
void session__rename(struct session *s, struct naming *naming);

/* After it nothing is counted any more; a last session__take finds all of it. */
void session__detach(struct session *s);
void session__close(struct session *s);

#endif
