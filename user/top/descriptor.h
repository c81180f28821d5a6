/* SPDX-License-Identifier: GPL-2.0-only */
/* What a call in flight is on, in words. */
#ifndef SONDE_DESCRIPTOR_H
#define SONDE_DESCRIPTOR_H

#include <stddef.h>

#include "types.h"

/*
 * Of a call whose first argument is a descriptor: its file, "10.0.3.7:3306 from 10.0.0.2:41000",
 * or what else it is; of a futex its address. "" if the call is on nothing, or that cannot be told.
 * @root: where the host's / is.
 */
void descriptor__of_call(const char *root, u32 pid, const char *call, u64 arg, char *buf,
			 size_t size);

#endif
