/* SPDX-License-Identifier: GPL-2.0-only */
/* What standard output can show. */
#ifndef SONDE_TERMINAL_H
#define SONDE_TERMINAL_H

#include "print_hist.h"

/* Asked anew for each use: the window may have changed. */
struct print_style terminal__style(bool ascii);

#endif
