/* SPDX-License-Identifier: GPL-2.0-only */
/* Parse functions of the options of sonde top; see option_table.h. */
#ifndef SONDE_OPTION_TOP_H
#define SONDE_OPTION_TOP_H

#include "options.h"

int option_top__refresh(struct options *o, const char *value, char *why, size_t size);
int option_top__frames(struct options *o, const char *value, char *why, size_t size);
int option_top__batch(struct options *o, const char *value, char *why, size_t size);
int option_top__view(struct options *o, const char *value, char *why, size_t size);
int option_top__sort(struct options *o, const char *value, char *why, size_t size);
int option_top__filter(struct options *o, const char *value, char *why, size_t size);
int option_top__socket(struct options *o, const char *value, char *why, size_t size);
int option_top__socket_group(struct options *o, const char *value, char *why, size_t size);
int option_top__socket_mode(struct options *o, const char *value, char *why, size_t size);
int option_top__replay(struct options *o, const char *value, char *why, size_t size);

#endif
