/* SPDX-License-Identifier: GPL-2.0-only */
/* Probe set syscalls: the operation is the number of the call, and these beside it. */
#ifndef SONDE_SYSCALLS_H
#define SONDE_SYSCALLS_H

#include "shared.h"

enum {
	SYS_OP_COMPAT =
		MAX_OPS - 4, /* a call of the 32-bit table, whose numbers mean other calls */
	SYS_OP_FUTEX_WAIT,   /* futex that waits, apart from the futex calls that do not */
	SYS_OP_UNKNOWN,      /* a number beyond the table */
};

_Static_assert((int)SYS_OP_UNKNOWN < (int)OP_OTHER, "the last operation is _other");

/* Calls that the kernel side treats apart, by their number on the running architecture; set before
 * load. */
#define MAX_BIRTHS 4
struct syscall_numbers {
	u32 futex;
	u32 futex_wait; /* the newer call, which is the same operation */
	u32 accept, accept4;
	u32 births;
	u32 birth[MAX_BIRTHS]; /* calls that a child leaves without having entered */
};

/* What the iterator `inflight` writes for each call in flight. */
struct inflight {
	u32 svc;
	u32 op;
	u64 age_ns;
};

#endif
