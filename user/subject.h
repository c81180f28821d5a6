/* SPDX-License-Identifier: GPL-2.0-only */
/* What there is to know of whom the kernel side has an ident of, for naming it. */
#ifndef SONDE_SUBJECT_H
#define SONDE_SUBJECT_H

#include <stdbool.h>

#include "naming.h"
#include "shared.h"
#include "slow_file.h"

/* The path of a cgroup from the names that a struct news_ident brings, @len bytes, leaf first. */
void subject__path(const char *names, u32 len, char *path, size_t size);

/* Where names come from; @root is where the host's / is. Both are borrowed, @slow is the owner's to
 * free. */
struct names {
	struct naming *naming;
	const char *root;
	struct slow_file *slow;
};

/*
 * The raw name of @id: @path of its cgroup, @comm of COMM_LEN bytes at most, and, if the rules look
 * at processes, the executable and the arguments of process @pid. Returns 0, or -EAGAIN if the
 * arguments cannot be read now.
 */
int subject__name(struct names *names, const struct ident *id, const char *path, const char *comm,
		  u32 pid, char *raw, size_t size);

/* Whether the process of @id is there still, by when it began. The exec count that was added to
 * that is too small to show in what /proc says (proc_pid_stat(5): starttime). */
bool subject__is_running(const char *root, const struct ident *id);

#endif
