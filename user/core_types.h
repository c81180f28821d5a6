/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's types, as few of them as a BPF object is fitted to (CO-RE). */
#ifndef SONDE_CORE_TYPES_H
#define SONDE_CORE_TYPES_H

struct btf;

/*
 * Writes to @fd, as raw BTF and in place of what is there, those of @kernel's structs, unions and
 * enums that @object knows by name, with what they contain; all pointers are void's. That is what
 * libbpf looks at when it fits fields, sizes and enumerators; the numbers of types are not the
 * kernel's. A kernel has 150,000 types, of which libbpf would read all for each object. Returns 0
 * or -errno.
 */
int core_types__write(int fd, const struct btf *kernel, const struct btf *object);

#endif
