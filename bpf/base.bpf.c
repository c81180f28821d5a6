// SPDX-License-Identifier: GPL-2.0-only
/* Loaded with any set: owns what the sets share, and notices what changes a task's identity. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "service.bpf.h"

/* The leader's command name, executable and arguments are others now. */
SEC("tp_btf/sched_process_exec")
int BPF_PROG(sched_process_exec, struct task_struct *task)
{
	struct task_state *t = task_state(task, false);

	if (t)
		t->cset = 0;
	return 0;
}

/* Where what is kept for a task does not go with it. */
SEC("tp_btf/sched_process_free")
int BPF_PROG(sched_process_free, struct task_struct *task)
{
	u64 key = (u64)task;

	bpf_map_delete_elem(&threads, &key);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
