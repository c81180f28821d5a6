/* SPDX-License-Identifier: GPL-2.0-only */
/* Probe set block: the operations, and what the kernel side keeps of a request. */
#ifndef SONDE_BLOCK_H
#define SONDE_BLOCK_H

#include "shared.h"

enum block_kind {
	BLOCK_QUEUE,  /* accepted -> issued to the driver */
	BLOCK_DEVICE, /* issued -> completed */
	BLOCK_TOTAL,  /* accepted -> done */
	BLOCK_SIZE,   /* bytes */
	BLOCK_KINDS,
};

enum block_action {
	BLOCK_READ,
	BLOCK_WRITE,
	BLOCK_FLUSH,
	BLOCK_DISCARD,
	BLOCK_ACTIONS,
};

/* An operation is device * BLOCK_OPS + action * BLOCK_KINDS + kind. Device 0 stands for all that
 * have no number. */
#define BLOCK_OPS     (BLOCK_ACTIONS * BLOCK_KINDS)
#define BLOCK_DEVICES 31

_Static_assert((int)BLOCK_DEVICES *BLOCK_OPS <= (int)OP_OTHER, "the last operation is _other");

/* The operation of a device that user space has not numbered yet: its kernel device number is in
 * the place of the number. */
#define BLOCK_RAW           (1ULL << 60)
#define BLOCK_RAW_DEV_SHIFT 16

/* The kernel's own dev_t, not the one of stat(2). */
#define BLOCK_MINOR_BITS 20

#define BLOCK_REQUESTS 65536

/* One request, in a hash by its address. The kernel uses requests again and again, so an entry
 * stays. */
struct block_io {
	u64 start; /* ns; 0: idle */
	u64 issue; /* ns, of the first one; 0: none yet */
	u64 ended; /* ns, when the device had finished what a flush still has to follow; 0: not that
		    */
	u64 op;    /* without the kind */
	u32 bytes;
	u32 dev;
	struct who who;
};

#endif
