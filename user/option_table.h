/* SPDX-License-Identifier: GPL-2.0-only */
/* The one table of options: command line, configuration file and help are made from it. */
#ifndef SONDE_OPTION_TABLE_H
#define SONDE_OPTION_TABLE_H

#include "options.h"

enum { OPTION_FIRST = 1 /* only on the command line, and looked at before the file is read */ };

struct option_def {
	const char *name; /* without dashes; the key in the file */
	char letter;
	const char *arg;       /* placeholder of the value; NULL: a switch */
	unsigned int commands; /* enum command */
	unsigned int flags;
	/* @value is NULL for a switch on the command line. Returns 0 or -errno with a sentence in
	 * @why. */
	int (*parse)(struct options *o, const char *value, char *why, size_t why_size);
	const char *help;
};

/* Ends with a nameless one. */
extern const struct option_def option_table[];

/* Returns 0 or -ENOMEM, which has not been told. */
int option_table__defaults(struct options *o);

/* For parse functions. */
int option_table__string(char **to, const char *value);
int option_table__switch(bool *to, const char *value, char *why, size_t size);

#endif
