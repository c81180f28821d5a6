/* SPDX-License-Identifier: GPL-2.0-only */
/* What is counted of each peer that a service is a client of, while somebody looks. */
#ifndef SONDE_PEER_H
#define SONDE_PEER_H

#include "shared.h"

#define PEERS        1024
#define PEER_PATH    64
#define PEER_BUCKETS 126 /* those of struct dist's coarse ones */

/* All bytes count, so what is unused is zero. */
struct peer_key {
	u32 svc;
	u16 family;  /* AF_INET, AF_INET6, AF_UNIX */
	u16 port;    /* host order */
	u8 addr[16]; /* of AF_UNIX the kernel's address of the name */
};

/* Sums since it was seen first. */
struct peer_stats {
	char path[PEER_PATH]; /* of AF_UNIX */
	u64 connects;         /* attempts that ended */
	u64 failures;
	u64 error;     /* errno of the last failure */
	u64 rtt, rtts; /* ns and how many */
	u64 retransmits;
	u64 bytes_in, bytes_out;
	u64 waited; /* ns that threads were blocked for it */
	u64 waits;  /* how many that ended */
	u32 connect[PEER_BUCKETS];
	u32 wait[PEER_BUCKETS];
};

/* Local ports from here to there are those of clients. */
struct port_range {
	u32 first, last;
};

#endif
