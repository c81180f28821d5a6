// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side's bucket of a value, as a program that can be run by hand: the first argument in,
 * the answer out. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "hist.h"

SEC("raw_tp")
int index_of_ns(u64 *args)
{
	return hist_index(args[0]);
}

SEC("raw_tp")
int index_of_bytes(u64 *args)
{
	return hist_index(hist_ns_of_bytes(args[0]));
}

char LICENSE[] SEC("license") = "GPL";
