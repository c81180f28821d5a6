/* SPDX-License-Identifier: GPL-2.0-only */
/* What the path of a cgroup says about whose it is. */
#ifndef SONDE_NAMING_CGROUP_H
#define SONDE_NAMING_CGROUP_H

#include <stdbool.h>

struct text;

/* Each adds a name to @out and returns true, or returns false and leaves @out alone. */

/* The outermost container, pod or machine: what runs inside of one is no business of this host. */
bool cgroup__container(const char *root, const char *path, struct text *out);

/* The unit as systemd sees it, which is the outermost: below it, names are the unit's own choice.
 */
bool cgroup__unit(const char *path, struct text *out);

/* The path, from its last slice on, without ids; false in the root cgroup only. */
bool cgroup__other(const char *path, struct text *out);

#endif
