/* SPDX-License-Identifier: GPL-2.0-only */
/* The services of this host: names, and the dense numbers under which the kernel side counts them.
 */
#ifndef SONDE_SERVICES_H
#define SONDE_SERVICES_H

#include <stdbool.h>

#include "naming.h"
#include "shared.h"

struct services;

/* @max: services beside the fixed ones. @idents_fd: the map that answers the kernel side; both are
 * borrowed. Returns 0 or -ENOMEM. */
int services__new(struct services **ret, struct naming *naming, const char *root, u32 max);
void services__set_map(struct services *s, int idents_fd);
void services__free(struct services *s);

/* From now on @naming (borrowed) names; the kernel side asks again for all, once the caller has
 * advanced the generation. */
void services__rename(struct services *s, struct naming *naming);

/* How many numbers there can be, the fixed ones included. */
u32 services__limit(const struct services *s);

/* A number's name, one node of a metric's name; NULL if the number is free. */
const char *services__name(const struct services *s, u32 svc);

/* Takes a message of the kernel side: names the ident and answers. */
void services__announced(struct services *s, const struct news_ident *n, size_t size);

/* The number that @id was given; SVC_OTHER if it was never announced. */
u32 services__of(struct services *s, const struct ident *id);

/* Whether @id was answered: nothing counts under the bare ident any more. */
bool services__answered(const struct services *s, const struct ident *id);

/* Names and answers @id by what it says itself, for a socket whose owner does nothing any more that
 * asks, or for a process whose arguments could not be read. False: that is still so, or its
 * cgroup or process is gone or may not be seen. */
bool services__find(struct services *s, const struct ident *id);

/* The kernel side asks again for @id, with its next event. */
void services__ask_again(struct services *s, const struct ident *id);

/* Names that found no free number, as a running total. */
u64 services__folded(const struct services *s);

/* Service @svc was active in this snapshot. */
void services__touch(struct services *s, u32 svc);

/*
 * Ends a snapshot. If names wait for a number, those services that have been idle longest, and for
 * at least @idle snapshots, are retired: their numbers, @max at most, are in @retired, and mean
 * nothing to the kernel side any more once the caller has advanced the generation. Returns how
 * many. After the next snapshot services__release frees each, but for one that came back, of which
 * it returns false; then services__offer lets those that wait ask again, in a new generation.
 */
u32 services__end_snapshot(struct services *s, u32 idle, u32 *retired, u32 max);
bool services__release(struct services *s, u32 svc);
void services__offer(struct services *s);

#endif
