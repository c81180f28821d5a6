/* SPDX-License-Identifier: GPL-2.0-only */
/* What `sonde hist` was asked for: sets, operations, a service. */
#ifndef SONDE_HIST_SELECT_H
#define SONDE_HIST_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "options.h"
#include "snapshot.h"

#define SELECT_WORDS 64

struct selection {
	bool set[MAX_SETS];
	bool has_ops[MAX_SETS];       /* some of its operations are named */
	bool headline_only[MAX_SETS]; /* the sum of its operations stands for them */
	const char *service;          /* NULL: all */
	enum hist_by by;
	struct {
		const char *text; /* an operation, a device, or DEVICE_OPERATION */
		u32 set;
	} word[SELECT_WORDS];
	u32 nwords;
};

/*
 * Borrows the strings of @o. Returns 0, or -EINVAL with one sentence in @why. A set whose
 * operations are numbered while it runs (devices) is not checked yet: select__check afterwards.
 */
int select__parse(struct selection *s, const struct options *o, char *why, size_t why_size);
int select__check(const struct selection *s, char *why, size_t why_size);

/* Whether the operation is asked for; says nothing of the service. */
bool select__wants_op(const struct selection *s, const struct sample *sample);

/* "nginx, nginx-cache": the names nearest to @word, at most five; "" if none is near. */
void suggest__nearest(char *buf, size_t size, const char *word, const char *const *names, u32 n);

#endif
