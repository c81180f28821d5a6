/* SPDX-License-Identifier: GPL-2.0-only */
/* Which key does what: for the terminal, and for the help that is made from the same table. */
#ifndef SONDE_KEYS_H
#define SONDE_KEYS_H

#include "model.h"

/* Keys that are no character, beyond all code points. */
enum {
	KEY_CODE_UP = 0x110000,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_ENTER,
	KEY_CODE_ESCAPE,
	KEY_CODE_BACKSPACE,
	KEY_CODE_TAB,
	KEY_CODE_BACK_TAB,
	KEY_CODE_F, /* F1 is KEY_CODE_F + 1 */
};

/* While something is typed, characters are ACT_TYPE. */
enum action keys__action(u32 key, bool typing);

struct keys_help {
	const char *keys, *what; /* ends with NULL */
};
extern const struct keys_help keys_help[];

#endif
