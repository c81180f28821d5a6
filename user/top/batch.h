/* SPDX-License-Identifier: GPL-2.0-only */
/* What is shown, as text. */
#ifndef SONDE_BATCH_H
#define SONDE_BATCH_H

#include "model.h"
#include "screen.h"

struct text;

/* Appends the whole of what @m shows, all rows, and an empty line. Returns 0 or -ENOMEM. */
int batch__print(struct text *out, struct screen *s, struct model *m, u32 width);

#endif
