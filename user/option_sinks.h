/* SPDX-License-Identifier: GPL-2.0-only */
/* The options that say where slots go. Parse functions are as struct option_def wants them. */
#ifndef SONDE_OPTION_SINKS_H
#define SONDE_OPTION_SINKS_H

#include "options.h"

void option_sinks__defaults(struct options *o);

int option_sinks__graphite(struct options *o, const char *value, char *why, size_t size);
int option_sinks__graphite_tags(struct options *o, const char *value, char *why, size_t size);
int option_sinks__victoria(struct options *o, const char *value, char *why, size_t size);
int option_sinks__statsd(struct options *o, const char *value, char *why, size_t size);
int option_sinks__output(struct options *o, const char *value, char *why, size_t size);
int option_sinks__output_size(struct options *o, const char *value, char *why, size_t size);
int option_sinks__output_keep(struct options *o, const char *value, char *why, size_t size);
int option_sinks__prometheus(struct options *o, const char *value, char *why, size_t size);
int option_sinks__prometheus_buckets(struct options *o, const char *value, char *why, size_t size);
int option_sinks__spool(struct options *o, const char *value, char *why, size_t size);
int option_sinks__spool_size(struct options *o, const char *value, char *why, size_t size);
int option_sinks__spool_age(struct options *o, const char *value, char *why, size_t size);
int option_sinks__repeat(struct options *o, const char *value, char *why, size_t size);
int option_sinks__send_offset(struct options *o, const char *value, char *why, size_t size);

/* What only all of them together tell. Returns as the parse functions do. */
int option_sinks__finish(struct options *o, char *why, size_t size);

void option_sinks__free(struct options *o);

#endif
