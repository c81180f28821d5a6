/* SPDX-License-Identifier: GPL-2.0-only */
/* What Prometheus scrapes, as text and as protocol buffers. Pure. */
#ifndef SONDE_PROMETHEUS_H
#define SONDE_PROMETHEUS_H

#include "sink.h"

enum exposition { EXPOSITION_TEXT, EXPOSITION_OPENMETRICS, EXPOSITION_PROTOBUF, EXPOSITIONS };

extern const char *const exposition_type[EXPOSITIONS]; /* Content-Type */

/* What a scraper prefers of these by its Accept header, which may be NULL: of equals, the one that
 * holds most. */
enum exposition exposition__choose(const char *accept);

/*
 * Appends the whole of @totals. Histograms are native ones in protocol buffers; as text they have
 * buckets up to each 2^(1/2^@schema) of a second or byte (@schema 0 to 3), empty ones included.
 */
void exposition__format(struct text *out, const struct delta *totals, const char *prefix,
			enum exposition exposition, u32 schema);

/* The two halves of that. */
struct families;
void prometheus_text__format(struct text *out, const struct families *f, bool openmetrics,
			     u32 schema);
void prometheus_proto__format(struct text *out, const struct families *f);

#endif
