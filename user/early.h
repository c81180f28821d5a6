/* SPDX-License-Identifier: GPL-2.0-only */
/* What has been counted before it had a slot, and the kernel side's messages that it should have
 * one. */
#ifndef SONDE_EARLY_H
#define SONDE_EARLY_H

#include "loader.h"
#include "services.h"

struct dist;
struct early;

/* @delta came to an operation of a service of @set. */
typedef void (*early_fn)(void *ctx, u32 set, u32 svc, u32 op, const struct dist *delta);

/* @fn is called, with @ctx, for what a reading finds. @loader and @services have to live as long.
 * Returns 0 or -ENOMEM. */
int early__new(struct early **ret, struct loader *loader, struct services *services, early_fn fn,
	       void *ctx);
void early__free(struct early *e);

/* Readable when there is a message. */
int early__fd(const struct early *e);

/* Answers what was asked. Returns whether there were so many messages that the entries should be
 * read before the interval ends. */
bool early__answer(struct early *e);

/* Reads the entries, gives them slots, and removes those that are of no use any more. @epochs are
 * the sets' before the one that was begun last. Returns 0 or -errno. */
int early__read(struct early *e, const u32 *epochs);

#endif
