/* SPDX-License-Identifier: GPL-2.0-only */
/* What is behind a descriptor. */
#ifndef SONDE_FILE_BPF_H
#define SONDE_FILE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define S_IFMT   0170000 /* include/uapi/linux/stat.h */
#define S_IFIFO  0010000
#define S_IFCHR  0020000
#define S_IFSOCK 0140000

/* NULL if @fd is none of @task's. */
static __always_inline struct file *task_file(struct task_struct *task, u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd), *file = NULL;

	if (fd < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), files + fd);
	return file;
}

#endif
