// SPDX-License-Identifier: GPL-2.0-only
#include "slots.h"

void slots__start(struct slots *s, u64 interval, u64 now, u64 taken)
{
	s->interval = interval;
	s->current = now - now % interval;
	/* Once it may be a slot ahead itself; what is further ahead was another clock. */
	if (taken == s->current || taken == s->current + interval)
		s->current = taken + interval;
}

u64 slots__tick(struct slots *s, u64 now, u64 *missed)
{
	u64 slot = now - now % s->interval, ended = s->current;

	*missed = 0;
	/* A clock that was set back far: its slots are sent again, because that is the time that
	 * everybody else has now. */
	if (slot + 2 * s->interval < ended) {
		s->current = slot;
		return slot - s->interval;
	}
	if (slot <= ended)
		return 0;
	/* What was counted before and after a leap cannot be told apart: it belongs to the slot
	 * that ends now. */
	*missed = (slot - ended) / s->interval - 1;
	s->current = slot;
	return slot - s->interval;
}
