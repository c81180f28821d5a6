/* SPDX-License-Identifier: GPL-2.0-only */
/* BPF objects, fitted to the kernel. */
#ifndef SONDE_KERNEL_OBJECT_H
#define SONDE_KERNEL_OBJECT_H

#include <stddef.h>

struct bpf_link;
struct bpf_object;
struct bpf_program;
struct kernel;

/*
 * Opens the object file in @bytes as @name, for this kernel: tells it what the kernel is like, and
 * leaves out the maps and programs that are not for this one, and programs on tracepoints that it
 * does not have. To be loaded before the next one is opened. Returns 0 or -errno; @ret may be set
 * then, too: end it with bpf_object__close.
 */
int kernel__open_object(const struct kernel *k, struct bpf_object **ret, const char *name,
			const unsigned char *bytes, size_t size);

/* Attaches a program to what its section names. NULL with errno set if that fails. */
struct bpf_link *kernel__attach(const struct bpf_program *prog);

/* The name of the tracepoint that @prog is for, NULL if it is for something else. */
const char *kernel__tracepoint(const struct bpf_program *prog);

#endif
