/* SPDX-License-Identifier: GPL-2.0-only */
/* What is logged while a screen is drawn would be written over it: it is kept until afterwards. */
#ifndef SONDE_HELD_ERRORS_H
#define SONDE_HELD_ERRORS_H

/* Returns what held_errors__release wants; -1 if nothing had to be done. */
int held_errors__begin(void);
void held_errors__release(int held);

#endif
