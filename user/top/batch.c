// SPDX-License-Identifier: GPL-2.0-only
#include "batch.h"

#include "sink.h"

/* More than there can be above a table. */
#define ABOVE 32

int batch__print(struct text *out, struct screen *s, struct model *m, u32 width)
{
	u32 last;
	int err = screen__resize(s, width, m->nrows + ABOVE);

	s->batch = true;
	if (!err)
		err = screen__draw(s, m);
	if (err)
		return err;
	last = s->table_y + (s->table_rows ? s->table_rows : 1);
	for (u32 y = 0; y < last && y < s->height; y++)
		screen__text(s, y, out);
	text__put(out, "\n", 1);
	return out->err;
}
