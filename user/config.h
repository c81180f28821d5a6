/* SPDX-License-Identifier: GPL-2.0-only */
/* The configuration file: `key = value`, a line each; keys are the long names of the options. */
#ifndef SONDE_CONFIG_H
#define SONDE_CONFIG_H

#include <stdbool.h>

struct options;

/* @text: FILE:LINE and a sentence on what is wrong there. Returns whether to go on reading. */
typedef bool config_error_fn(void *data, const char *text);

/* Applies @path to @o, and the files that it includes. Keys of other commands' options are passed
 * over. Returns 0 or -EINVAL after @say was told why. */
int config__read(const char *path, struct options *o, config_error_fn *say, void *data);

#endif
