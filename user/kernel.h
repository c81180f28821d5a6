/* SPDX-License-Identifier: GPL-2.0-only */
/* What the running kernel can do, found out from its type information. Every difference between
 * kernels is here, in kernel_object.c, which fits objects to it, or in bpf/compat.bpf.h. */
#ifndef SONDE_KERNEL_H
#define SONDE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "compat.h"

struct btf;

struct kernel {
	struct compat compat;
	struct btf *btf;
	const char *btf_path; /* where that is from */
	struct btf *own;      /* the kernel's own, NULL if it has none */
	int types;            /* a file with those that an object needs, -1: none */
	int policy;           /* of this process's scheduling, before kernel__begin_maps */
};

/*
 * Looks at the running kernel, or at what @btf_path says of it (NULL: its own type information);
 * that string has to live as long as @k. The environment's SONDE_WITHOUT, a list of members of
 * struct compat, takes features away, to try how it runs without them. Returns 0, or -errno with a
 * sentence in @why. End with kernel__forget_types.
 */
int kernel__open(struct kernel *k, const char *btf_path, char *why, size_t why_size);

/* Gives back all that was allocated: from now on nothing can be asked of it, nor an object opened,
 * but maps and priorities go on. */
void kernel__forget_types(struct kernel *k);

/* Whether kernel__begin_maps does anything. */
bool kernel__raises_priority(const struct kernel *k);

/*
 * Around system calls on maps: keeps other tasks from interrupting them, where that matters. While
 * the kernel copies a value it refuses programs on perf's events on that CPU, and a task that it
 * takes off the CPU at that moment keeps them refused. It needs CAP_SYS_NICE; without, such losses
 * are counted. A process that was given another policy than the usual one keeps that.
 */
void kernel__begin_maps(const struct kernel *k);
void kernel__end_maps(const struct kernel *k);

/* Reads a small file of a file system that only the kernel fills ("tracefs", "securityfs"), whether
 * it is mounted or not. Returns the length, and a text with a NUL in @text, or -errno. */
int kernel__read_private(const char *fs, const char *path, char *text, size_t size);

/* Whether lockdown=confidentiality forbids programs to read the kernel's memory. */
bool kernel__is_locked_down(void);

/* The number of perf's event @name (such as raw_syscalls/sys_enter), or -errno. */
int kernel__event_id(const char *name);

/* Whether the kernel has the tracepoint @name; with /3 behind it, one that passes so many arguments
 * or more. Or "probe_read", which is that programs may read any memory. */
bool kernel__has(const struct kernel *k, const char *name);

/*
 * Whether the kernel lacks one of the tracepoints in @needs: names with blanks between them, where
 * one of several that will do is a|b, and a/3 is one that passes so many arguments or more; or
 * "probe_read", which is that programs may read any memory. The first that is missing is in @name.
 */
bool kernel__lacks(const struct kernel *k, const char *needs, char *name, size_t size);

#endif
