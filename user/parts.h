/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of a thread's time are called. */
#ifndef SONDE_PARTS_H
#define SONDE_PARTS_H

#include "sched_parts.h"

extern const char *const part_names[PARTS];

#endif
