/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef SONDE_HELP_H
#define SONDE_HELP_H

#include <stdio.h>

#include "options.h"

/* What there is, and the options of one command from the table; both end in recipes. */
void help__program(FILE *out);
void help__command(FILE *out, enum command command);

#endif
