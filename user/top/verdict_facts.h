/* SPDX-License-Identifier: GPL-2.0-only */
/* What the rules of the verdicts need of a frame, gathered in one pass. */
#ifndef SONDE_VERDICT_FACTS_H
#define SONDE_VERDICT_FACTS_H

#include "frame.h"

/* What one service did on one device, or all of them did. */
struct usage {
	u64 bytes, requests;
	u64 time;                       /* ns, of all requests */
	const struct frame_op *request; /* "read_total" ..., the one with most time; or NULL */
};

/* Calls are those with most time, or NULL. */
struct service_facts {
	bool subject;  /* not "kernel", "_other" or "sonde" */
	u64 busy, on;  /* thread-ns: all but idle; on a CPU */
	u64 runq_wait; /* 0: not known */
	u64 file_lock; /* ns in calls that wait for files' locks */
	const struct frame_op *recv, *send;
	const struct frame_op *disk;  /* of the calls that are about files alone */
	const struct frame_op *files; /* of those that may be about anything */
	/* The one with the oldest call in flight. */
	const struct frame_op *peer_open, *files_open, *disk_open, *stuck;
	const struct frame_peer *peer; /* that was waited for longest */
	u32 npeers;                    /* that were waited for */
	u64 ended;                     /* ns that the waits that ended can have taken at most */
	const struct frame_peer *failing, *resending;
};

#define NOBODY UINT32_MAX

struct facts {
	const struct frame *f;
	bool sched, block;
	u64 used;       /* ns on a CPU, all services */
	u32 cpu_top[2]; /* the subjects with most of it, or NOBODY */
	struct service_facts *service;
	struct usage *usage; /* of service s on device d: s * ndevices + d */
	struct usage *device;
};

/* Returns 0 or -ENOMEM; then there is nothing to free. */
int facts__gather(struct facts *ret, const struct frame *f);
void facts__free(struct facts *facts);

/* Of subjects but @victim the one with most of @device's bytes or requests, or NOBODY. */
u32 facts__neighbour(const struct facts *facts, u32 device, u32 victim);

/* @part of @whole in %; at most 100, and 0 of nothing. */
u32 percent(u64 part, u64 whole);

#endif
