/* SPDX-License-Identifier: GPL-2.0-only */
/* The least that two programs around a system call can cost. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

SEC("tp_btf/sys_enter")
int enter(void *ctx)
{
	return 0;
}

SEC("tp_btf/sys_exit")
int leave(void *ctx)
{
	return 0;
}

char _license[] SEC("license") = "GPL";
