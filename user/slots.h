/* SPDX-License-Identifier: GPL-2.0-only */
/* Slots: the intervals of the wall clock that samples belong to. Pure. */
#ifndef SONDE_SLOTS_H
#define SONDE_SLOTS_H

#include "types.h"

struct slots {
	u64 interval; /* s */
	u64 current;  /* start of the slot that is being filled, s since 1970 */
};

/*
 * The slot that holds @now (s). @taken: the last slot that a run before this one has sent, 0 for
 * none. Stores keep the last value of a slot, so what is left of that one is counted in the slot
 * after it.
 */
void slots__start(struct slots *s, u64 interval, u64 now, u64 taken);

/*
 * The clock says @now at a tick. Returns the slot that has ended and is to be sent, 0 if none has
 * (a tick too early, or a clock that was set back by less than two intervals: the counts stay where
 * they are until the next tick). *@missed: slots that nobody will send, because the clock leapt
 * forward.
 */
u64 slots__tick(struct slots *s, u64 now, u64 *missed);

#endif
