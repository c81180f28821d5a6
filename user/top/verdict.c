// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

int verdict__judge(struct verdict_state **state, const struct frame *f, struct verdicts *ret)
{
	(void)state;
	(void)f;
	ret->n = 0;
	return 0;
}

void verdict__free(struct verdict_state *state)
{
	(void)state;
}
