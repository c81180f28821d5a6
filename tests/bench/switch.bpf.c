/* SPDX-License-Identifier: GPL-2.0-only */
/* The least that timing a context switch and a wakeup can cost: each of the two programs reads the clock. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* Stored, so that the compiler cannot drop the reading. */
u64 now;

SEC("tp_btf/sched_switch")
int switched(void *ctx)
{
	now = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/sched_wakeup")
int woken(void *ctx)
{
	now = bpf_ktime_get_ns();
	return 0;
}

char _license[] SEC("license") = "GPL";
