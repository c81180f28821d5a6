/* SPDX-License-Identifier: GPL-2.0-only */
/* The least that two programs at a context switch and a wakeup can cost. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("tp_btf/sched_switch")
int switched(void *ctx)
{
	return 0;
}

SEC("tp_btf/sched_wakeup")
int woken(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
