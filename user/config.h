/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration file: `key = value`, a line each; keys are the long names of the options. */
#ifndef SONDE_CONFIG_H
#define SONDE_CONFIG_H

#include <stddef.h>

struct options;

/* Applies @path to @o. Keys of other commands' options are passed over. Returns 0 or -errno with
 * FILE:LINE and a sentence in @why. */
int config__read(const char *path, struct options *o, char *why, size_t why_size);

#endif
