/* SPDX-License-Identifier: GPL-2.0-only */
/* Probe set sched: the parts that a thread's time is split into. */
#ifndef SONDE_SCHED_PARTS_H
#define SONDE_SCHED_PARTS_H

#include "types.h"

enum part {
	PART_USER,   /* on a CPU, running the program */
	PART_KERNEL, /* on a CPU, in the kernel for it */
	PART_RUNQ,   /* ready, waiting for a CPU */
	PART_DISK,   /* blocked until a device has read or written */
	PART_RECV,   /* blocked until a peer sends */
	PART_SEND,   /* blocked until a peer takes what was sent, or answers a connect */
	PART_LOCK,   /* blocked until another thread releases a lock (futex) */
	PART_MEMORY, /* blocked in a page fault or in reclaim */
	PART_OTHER,  /* blocked in something else: pipes, file locks, locks of the kernel */
	PART_IDLE,   /* waiting for work by design: epoll, accept, sleep, wait4 ... */
	PARTS,
};

#endif
