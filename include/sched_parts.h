/* SPDX-License-Identifier: GPL-2.0-only */
/* Probe set sched: the parts that a thread's time is split into, and what the kernel side must know
 * to tell them. */
#ifndef SONDE_SCHED_PARTS_H
#define SONDE_SCHED_PARTS_H

#include "shared.h"

/* A thread is always in exactly one of these. */
enum part {
	PART_USER,   /* on a CPU, running the program */
	PART_KERNEL, /* on a CPU, in the kernel for it */
	PART_RUNQ,   /* ready, waiting for a CPU */
	PART_DISK,   /* blocked until a device has read or written */
	PART_RECV,   /* blocked until a peer sends what was asked for */
	PART_SEND,   /* blocked until a peer takes what was sent, or answers a connect */
	PART_LOCK,   /* blocked until another one releases a lock */
	PART_MEMORY, /* blocked in a page fault or in reclaim */
	PART_OTHER,  /* blocked in something else: a full pipe, locks of the kernel */
	PART_IDLE,   /* waiting for work by design: epoll, accept, sleep, wait4 ... */
	PARTS,
};

_Static_assert((int)PARTS == (int)TIME_PARTS, "a thread has a sum for each part");

/* What a call in flight was waiting for: struct hist's wait[] begins with this part. */
#define PART_WAITS PART_RUNQ

_Static_assert((int)PARTS - (int)PART_WAITS == HIST_WAITS,
	       "struct hist has a place for each way to wait");

/*
 * Counters of a service in the kernel, ns. How a stint on a CPU divides into user and kernel is
 * only known from the timer's ticks, so the kernel side counts stints as PART_USER, and the ticks
 * beside them.
 */
enum sched_counter {
	SCHED_ON_CPU = PART_USER,
	SCHED_TICKS_USER = PARTS,
	SCHED_TICKS_KERNEL,
	SCHED_COUNTERS,
};

/* Operations beside the parts. */
#define SCHED_OP_RUNQ 12 /* a histogram: from ready to running, each time */

/* What the iterator `list_threads` writes for each thread; all sums since it was seen first. */
struct thread_row {
	u32 pid, tid, ppid;
	u32 svc;
	char comm[COMM_LEN];
	u64 started;          /* ns; with tid it names one thread for ever */
	u64 time[TIME_PARTS]; /* ns; PART_USER is all of the time on a CPU */
	u64 ticks_user, ticks_kernel;
	u64 read_bytes, written_bytes; /* of this thread, from and to devices */
	u32 calls, errors;
	s32 call;    /* system call that it is in, -1: none, or it runs */
	u32 part;    /* that it is in now */
	u64 age;     /* ns, how long in that call; 0: not known */
	u64 blocked; /* ns since it left its CPU, 0: it did not */
	u64 arg;     /* the call's first argument */
};

/* What a thread that is blocked in a system call waits for, by the call. */
enum call_class {
	CALL_OTHER,
	CALL_IDLE,
	CALL_DISK,  /* waits for a device whenever it is blocked */
	CALL_FILES, /* does so when it cannot be interrupted */
	CALL_MEMORY,
	CALL_LOCK,
	CALL_FUTEX,  /* a lock or a wait for work: futex(addr, op, value) */
	CALL_FUTEX2, /* the same: futex_wait(addr, value) */
	CALL_READ,   /* depends on what the descriptor, its first argument, is */
	CALL_WRITE,
	CALL_CONNECT,
	CALL_POLL, /* one descriptor: as READ; several: IDLE */
};

#define CALL_CLASSES 512

#endif
