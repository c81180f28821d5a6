/* SPDX-License-Identifier: GPL-2.0-only */
/* What a piece of the screen is, from which a terminal chooses how it looks. */
#ifndef SONDE_STYLE_H
#define SONDE_STYLE_H

#include "sched_parts.h"

#define SHADES 10

enum style {
	STYLE_PLAIN,
	STYLE_TITLE,
	STYLE_DIM,
	STYLE_HEAD,
	STYLE_SORTED, /* the head of the column that the table is sorted by */
	STYLE_TAB,    /* the view that is shown */
	STYLE_GOOD,
	STYLE_WARN,
	STYLE_ALARM,
	STYLE_KEY,
	STYLE_CURSOR,
	STYLE_PART,                       /* and the parts after it */
	STYLE_SHADE = STYLE_PART + PARTS, /* and the shades after it */
	STYLES = STYLE_SHADE + SHADES,
};

/* Added to one of them: the selected row. */
#define STYLE_SELECTED 0x80

#endif
