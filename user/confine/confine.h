/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a running sonde can still do, once it needs no more than to read its maps, files of /proc
 * and the wall clock, and to write to destinations that it knows: few capabilities, and few system
 * calls.
 */
#ifndef SONDE_CONFINE_H
#define SONDE_CONFINE_H

#include <stdbool.h>
#include <stddef.h>

struct confine_needs {
	bool processes; /* reads executables' names in /proc */
	bool viewers;   /* and what descriptors are on */
	bool priority;  /* see kernel__raises_priority */
	/* Files that are opened for writing and renamed, entries of directories that come and go;
	 * NULL at the end. */
	const char *const *writes;
};

/*
 * For good, of this process; only the calling thread, and those that it starts later, lose
 * capabilities. Whatever is missing from the start stays missing and is no error. @kept gets the
 * capabilities that are left, in words. Returns 0 or -errno: system calls are not confined then.
 */
int confine__enter(const struct confine_needs *needs, char *kept, size_t size);

/* The two halves of it. */
void confine__drop_capabilities(const struct confine_needs *needs, char *kept, size_t size);
int confine__filter_calls(bool priority);

#endif
