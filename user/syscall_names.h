/* SPDX-License-Identifier: GPL-2.0-only */
/* The system calls of the architecture that this is built for. */
#ifndef SONDE_SYSCALL_NAMES_H
#define SONDE_SYSCALL_NAMES_H

#include "types.h"

/* Above all numbers that have a name. */
#define SYSCALL_NUMBERS 508

/* NULL if there is none of that number. */
const char *syscall_name(u32 nr);

#endif
