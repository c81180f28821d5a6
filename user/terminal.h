/* SPDX-License-Identifier: GPL-2.0-only */
/* What standard output can show. */
#ifndef SONDE_TERMINAL_H
#define SONDE_TERMINAL_H

#include "print_hist.h"

/* Asked anew for each use: the window may have changed. */
struct print_style terminal__style(bool ascii);

/* Whether UTF-8 can be shown; if so, sets the locale, by which characters have their widths. */
bool terminal__use_utf8(bool ascii);

#endif
