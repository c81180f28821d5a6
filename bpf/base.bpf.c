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
	struct task_state *t = bpf_task_storage_get(&tasks, task, NULL, 0);

	if (t)
		t->cset = 0;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
