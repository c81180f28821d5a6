/* SPDX-License-Identifier: GPL-2.0-only */
/* A receiver that fails: the log hears of it once, and of its end; attempts back off in between. */
#ifndef SONDE_OUTAGE_H
#define SONDE_OUTAGE_H

#include <stdint.h>

struct outage {
	const char *name;  /* of the receiver; the caller's */
	const char *kept;  /* what becomes of slots meanwhile: "wait in memory"; the caller's */
	const char *back;  /* what its end is called: "connected again" */
	uint64_t down_ns;  /* since when, 0: it is up */
	uint64_t retry_ns; /* no attempt before */
	uint64_t backoff_ns;
};

/* "NAME: WHATWHY", and when to try again: 0.5 s to 30 s from now, jittered. */
void outage__fail(struct outage *o, const char *what, const char *why);
void outage__end(struct outage *o);
/* Forgets the back-off so far. */
void outage__hurry(struct outage *o);

#endif
