/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of `sonde query`, as struct option_def wants them. */
#ifndef SONDE_OPTION_QUERY_H
#define SONDE_OPTION_QUERY_H

#include "options.h"

int option_query__graphite(struct options *o, const char *value, char *why, size_t size);
int option_query__json(struct options *o, const char *value, char *why, size_t size);
int option_query__set(struct options *o, const char *value, char *why, size_t size);
int option_query__op(struct options *o, const char *value, char *why, size_t size);
int option_query__p(struct options *o, const char *value, char *why, size_t size);
int option_query__within(struct options *o, const char *value, char *why, size_t size);
int option_query__last(struct options *o, const char *value, char *why, size_t size);
int option_query__from(struct options *o, const char *value, char *why, size_t size);
int option_query__until(struct options *o, const char *value, char *why, size_t size);
int option_query__by(struct options *o, const char *value, char *why, size_t size);

/* Defaults, and what only all of them together tell. 0, or -EINVAL after a line on the log. */
int option_query__finish(struct options *o);
void option_query__free(struct options *o);

#endif
