/* SPDX-License-Identifier: GPL-2.0-only */
/* How the running kernel differs from the newest one, as far as BPF programs must know: found out
 * by user/kernel.c, acted upon in bpf/compat.bpf.h. */
#ifndef SONDE_COMPAT_H
#define SONDE_COMPAT_H

#include "types.h"

struct compat {
	/* Tasks and sockets have storage of their own for tracing programs, and
	 * bpf_get_current_task_btf exists: both since 5.11. Else hashes by address. */
	u32 storage;
	/* A program with subprograms may end in a tail call: always on x86_64, since 6.0 on arm64.
	 */
	u32 tail_calls;
	/* Programs on tracepoints can be preempted: since 7.0. A program does not begin on a CPU
	 * where it was preempted, so what other tasks do there meanwhile is lost. */
	u32 preemptible;
	/* Programs run on perf's events where there is one, for those are not preempted, and cost
	 * more. */
	u32 events;
	/* Programs may read any kernel memory: not under lockdown=confidentiality. There only what
	 * can be reached from a typed pointer. */
	u32 probe_read;
	/* Block tracepoints pass the queue before the request: before 5.11. */
	u32 rq_second;
	/* The bit of a request's flags that says RQF_FLUSH_SEQ: 4 until 6.10, then one of an enum,
	 * which had no name at first, so that CO-RE cannot find it. */
	u32 flush_seq_bit;
	/* I_DIRTY_PAGES: 4, on 6.12 32, later one of an enum. */
	u32 dirty_pages;
	/* There is block_io_start: since 6.5. */
	u32 io_start;
	/* Atomic instructions give back what was there before: since 5.12. */
	u32 exchange;
	/* bpf_task_pt_regs exists: since 5.15. Else a task's registers are at the end of its stack,
	 * of so many bytes. */
	u32 task_regs;
	u32 stack_bytes;
	/* sched_switch passes the state of the task that leaves: since 5.18. */
	u32 switch_state;
	/* Entries of maps can be made in any context, also with a lock of the scheduler held:
	 * since 6.1. */
	u32 any_context;
};

#endif
