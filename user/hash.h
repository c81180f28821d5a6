/* SPDX-License-Identifier: GPL-2.0-only */
/* Hash tables that survive a lack of memory: after each HASH_ADD comes hash_added. */
#ifndef SONDE_HASH_H
#define SONDE_HASH_H

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* False: there was no memory to add @item, which is still the caller's alone. */
#define hash_added(item) ((item)->hh.tbl != NULL)

#endif
