/* SPDX-License-Identifier: GPL-2.0-only */
/* A grid of characters, each of one style: what a terminal shows, and what --batch prints. */
#ifndef SONDE_SCREEN_H
#define SONDE_SCREEN_H

#include <stdbool.h>

#include "columns.h"
#include "style.h"

struct text;
struct model;

struct glyph {
	u32 c; /* code point; 0: the second column of the one before */
	u8 style;
};

struct screen {
	u32 width, height;
	bool utf8;  /* else ASCII */
	bool batch; /* nobody presses keys: no selection, no footer */
	struct glyph *glyph;
	/* For the mouse: where the table's rows and heads are. */
	u32 table_y, table_rows, table_first;
	struct {
		u32 from, to, column;
	} head[32];
	u32 nheads;
};

/* Returns 0 or -ENOMEM. */
int screen__resize(struct screen *s, u32 width, u32 height);
void screen__free(struct screen *s);

/*
 * Puts @text at @x, @y, at most @width columns of it, and returns how many it took. Whatever bytes
 * there are, no control character and nothing of no width gets onto the screen: bytes that are no
 * printable text become \xNN, and '?' stands for what this screen cannot show.
 */
u32 screen__put(struct screen *s, u32 x, u32 y, u32 width, u8 style, const char *text);
void screen__fill(struct screen *s, u32 x, u32 y, u32 width, u8 style, u32 c);
/* Adds STYLE_SELECTED to a line. */
void screen__mark(struct screen *s, u32 y);

/* Appends line @y as UTF-8, without blanks and a newline at the end. */
void screen__text(const struct screen *s, u32 y, struct text *out);

/* Draws what @m shows over the whole screen; of the model only what is scrolled changes. Returns 0
 * or -ENOMEM. */
int screen__draw(struct screen *s, struct model *m);

/* --- its parts */

void screen__table(struct screen *s, struct model *m, u32 y, u32 height);
void screen__help(struct screen *s, const struct model *m, u32 y, u32 height);
void screen__menu(struct screen *s, const struct model *m, u32 y, u32 height);
int screen__hist(struct screen *s, const struct model *m, u32 y, u32 height);
int screen__heat(struct screen *s, struct model *m, u32 y, u32 height);

#endif
