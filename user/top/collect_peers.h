/* SPDX-License-Identifier: GPL-2.0-only */
/* Whom services talk to, from one reading to the next. */
#ifndef SONDE_COLLECT_PEERS_H
#define SONDE_COLLECT_PEERS_H

#include "frame.h"
#include "snapshot.h"

struct peer_table;

/* @fd: the kernel's table, negative if there is none; borrowed, and emptied in the end. Returns 0
 * or -ENOMEM; *@ret is to be freed either way. */
int peer_table__new(struct peer_table **ret, int fd);
void peer_table__free(struct peer_table *t);

/* Adds to @f the peers with which something happened; @service gives the index of a service's
 * number. Those with which nothing did for a while are forgotten. Returns 0 or -ENOMEM. */
int peer_table__fill(struct peer_table *t, const struct delta *d, struct frame *f,
		     u32 (*service)(void *ctx, const struct delta *d, u32 svc), void *ctx);

#endif
