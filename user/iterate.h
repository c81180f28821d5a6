/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs a BPF iterator once. */
#ifndef SONDE_ITERATE_H
#define SONDE_ITERATE_H

#include <stddef.h>

struct bpf_object;

/* Gives @fn what the program @name of @obj writes, in pieces of whole records of @record bytes;
 * NULL and 0 for one that writes nothing. Returns 0 or -errno. */
int iterate(const struct bpf_object *obj, const char *name, size_t record,
	    void (*fn)(void *ctx, const void *data, size_t size), void *ctx);

#endif
