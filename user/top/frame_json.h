/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A frame as text: one JSON object on one line, {"frame":1,"host":"web1", ...
 * "ops":[{"name":"read", "dist":{"count":2,"buckets":[81,2]}}]}. What is zero, empty or false is
 * left out; buckets are pairs of number and count; the bytes of names that are not printable ASCII
 * are one \u00XX each, whatever they are, so that each name comes back as it was.
 */
#ifndef SONDE_FRAME_JSON_H
#define SONDE_FRAME_JSON_H

#include "frame.h"

struct text;

/* Appends the line, its end included. Returns 0 or -ENOMEM. */
int frame__write(struct text *out, const struct frame *f);

/*
 * Reads a line into @f, which is overwritten and is the caller's to free. Members that are not
 * known are passed over. Returns 0, -EBADMSG with a sentence in @why, or -ENOMEM; then @f is empty.
 */
int frame__read(struct frame *f, const char *line, size_t len, char *why, size_t why_size);

#endif
