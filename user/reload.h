/* SPDX-License-Identifier: GPL-2.0-only */
/* Which options can change while sonde run runs. */
#ifndef SONDE_RELOAD_H
#define SONDE_RELOAD_H

#include "options.h"

/* The name of an option that is not the same in @next and takes a restart; NULL: there is none. */
const char *reload__refused(const struct options *now, const struct options *next);

/* Whether @next names services otherwise. */
bool reload__renames(const struct options *now, const struct options *next);

/* Moves from @next to @now what can change, and the other way round, so that options__free(@next)
 * frees what was. */
void reload__take(struct options *now, struct options *next);

#endif
