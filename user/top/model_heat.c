// SPDX-License-Identifier: GPL-2.0-only
/* Heat maps of what was kept, and the cursor in them. */
#include <stdlib.h>

#include "model.h"

/* As few buckets to a line as it takes for all that occur to fit. */
static void choose_rows(const struct heat *h, u32 height, u32 *first, u32 *fold, u32 *rows)
{
	u32 low = DIST_COARSE, high = 0;

	for (u32 c = 0; c < h->n; c++) {
		for (u32 i = 0; i < DIST_COARSE; i++) {
			if (!h->column[c].count[i])
				continue;
			low = i < low ? i : low;
			high = i > high ? i : high;
		}
	}
	if (low > high)
		low = high = DIST_COARSE / 2;
	/* Lines begin at multiples, so that they stay where they are as the range moves. */
	for (*fold = 1; high / *fold - low / *fold >= height; (*fold)++)
		;
	*first = low / *fold * *fold;
	*rows = high / *fold - low / *fold + 1;
}

int model__heat(const struct model *m, struct heat *ret)
{
	int n = history__heat(&m->history, m->subject.id, m->heat_width, &ret->column);
	u32 row;

	if (n < 0)
		return n;
	ret->n = n;
	choose_rows(ret, m->heat_height, &ret->first, &ret->fold, &ret->rows);
	ret->column_at = m->heat_back < ret->n ? ret->n - 1 - m->heat_back : 0;
	row = m->heat_row > ret->first ? (m->heat_row - ret->first) / ret->fold : 0;
	ret->row_at = row < ret->rows ? row : ret->rows - 1;
	return 0;
}

u64 heat__count(const struct heat *h, u32 column, u32 row)
{
	u64 n = 0;

	for (u32 i = 0; i < h->fold; i++)
		if (h->first + row * h->fold + i < DIST_COARSE)
			n += h->column[column].count[h->first + row * h->fold + i];
	return n;
}

void model__move_in_heat(struct model *m, int columns, int rows)
{
	struct heat h;

	if (model__heat(m, &h))
		return;
	m->heat_back = h.n ? h.n - 1 - h.column_at : 0;
	if (columns < 0 && m->heat_back + 1 < h.n)
		m->heat_back++;
	if (columns > 0 && m->heat_back)
		m->heat_back--;
	if (rows > 0 && h.row_at + 1 < h.rows)
		h.row_at++;
	if (rows < 0 && h.row_at)
		h.row_at--;
	m->heat_row = h.first + h.row_at * h.fold;
	free(h.column);
}
