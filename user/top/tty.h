/* SPDX-License-Identifier: GPL-2.0-only */
/* The terminal: draws a screen, and turns keys, mouse and resizing into actions. */
#ifndef SONDE_TTY_H
#define SONDE_TTY_H

#include <stdbool.h>
#include <stddef.h>

#include "model.h"
#include "screen.h"

struct tty;

struct tty_wants {
	bool plain;          /* no colours */
	bool keys_elsewhere; /* standard input is for something else, even if it is a terminal */
};

/* Returns 0, or -errno with a sentence in @why. */
int tty__open(struct tty **ret, const struct tty_wants *wants, char *why, size_t why_size);
/* Gives the terminal back as it was; NULL is allowed. */
void tty__close(struct tty *t);

int tty__fd(const struct tty *t);

/* Does what was typed. Returns 0, or -EPIPE if there is nobody any more. */
int tty__read(struct tty *t, const struct screen *s, struct model *m);

/* The same for who has no model: gives each key, of keys.h, to @fn. */
int tty__keys(struct tty *t, void (*fn)(void *ctx, u32 key), void *ctx);

void tty__size(const struct tty *t, u32 *width, u32 *height);
void tty__draw(struct tty *t, const struct screen *s);

#endif
