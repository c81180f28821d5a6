/* SPDX-License-Identifier: GPL-2.0-only */
/* What `sonde ctl` asks of a `sonde run`: sets are switched while it runs. */
#ifndef SONDE_CTL_H
#define SONDE_CTL_H

#include "session.h"
#include "sink.h"
#include "top/serve.h"

#define CTL_EVENTS 256

/* Starts as {}. */
struct ctl {
	u64 since[MAX_SETS];                /* s since 1970 */
	struct set_event event[CTL_EVENTS]; /* of the slot that is being filled */
	u32 nevents;
};

/* When all is attached. */
void ctl__start(struct ctl *c);

/*
 * Does what @r says: "enable SET[,SET...]", "disable SET[,SET...]" or "status". @answer gets one
 * line of JSON for `sonde ctl`. What cannot be done changes nothing, and the log hears of the rest.
 */
void ctl__do(struct ctl *c, struct session *s, const struct server_request *r, struct text *answer);

#endif
