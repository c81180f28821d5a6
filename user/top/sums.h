/* SPDX-License-Identifier: GPL-2.0-only */
/* What a frame does not say itself but follows from its operations: figures of services and
 * devices, and a name of each row that stays the same from frame to frame. */
#ifndef SONDE_SUMS_H
#define SONDE_SUMS_H

#include "frame.h"

struct service_sum {
	u64 id;
	bool measured;     /* calls means something */
	struct dist calls; /* system calls that do not wait by design */
	u32 inflight;      /* of them */
	u64 oldest;
	double read, written; /* bytes from and to disks; NAN: not measured */
	double in, out;       /* bytes from and to the network; NAN: not measured */
};

/* A device as seen by one service or, with service SUMS_HOST, by all of them. */
#define SUMS_HOST UINT32_MAX
struct device_sum {
	u64 id;
	const char *name; /* the frame's */
	u32 service;
	bool measured;
	struct dist device; /* all requests, issued to completed */
	struct dist read, write, flush, queue;
	u64 read_bytes, written_bytes;
	u32 inflight;
};

struct sums {
	u64 *op; /* the operations' ids */
	struct service_sum *service;
	struct device_sum *device;
	u32 ndevices;
};

/* Borrows names of @f. Returns 0 or -ENOMEM; then @s is empty. */
int sums__make(struct sums *s, const struct frame *f);
void sums__free(struct sums *s);

/* A hash of @kind and strings, up to a NULL. */
u64 sums__id(char kind, ...) __attribute__((sentinel));

#endif
