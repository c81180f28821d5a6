// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "naming.h"
#include "sink.h"

/* What the statistics of a unit are called. */
struct stat_names {
	const char *sum, *max, *quantile[5], *bucket;
	enum scale scale;
};

static const double quantiles[5] = {0.5, 0.9, 0.95, 0.99, 0.999};

static const struct stat_names stat_names[] = {
	[UNIT_NS] = {"sum_us",
		     "max_us",
		     {"p50_us", "p90_us", "p95_us", "p99_us", "p999_us"},
		     "le_ns.",
		     SCALE_MILLI},
	[UNIT_BYTES] = {"sum_bytes",
			"max_bytes",
			{"p50_bytes", "p90_bytes", "p95_bytes", "p99_bytes", "p999_bytes"},
			"le_bytes.",
			SCALE_UNIT},
};

static void each_bucket(const struct dist *d, enum unit unit, series_fn fn, void *ctx)
{
	const char *prefix = stat_names[unit].bucket;
	char stat[16 + NUMBER_MAX];
	size_t len = strlen(prefix);

	memcpy(stat, prefix, len);
	for (u32 i = 0; i < DIST_COARSE; i++) {
		u64 n = dist__coarse(d, i);

		if (!n)
			continue;
		*number__write(stat + len, dist__coarse_bound(i, unit), SCALE_UNIT) = '\0';
		fn(ctx, stat, n, SCALE_UNIT);
	}
}

void series__each(const struct sample *s, series_fn fn, void *ctx)
{
	const enum unit unit = s->info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;
	const struct stat_names *names = &stat_names[unit];
	const struct dist *d = s->dist;

	if (s->info.kind == OP_COUNTER) {
		fn(ctx, s->info.stat, d ? d->sum : 0, SCALE_UNIT);
		return;
	}
	fn(ctx, "count", d ? d->count : 0, SCALE_UNIT);
	fn(ctx, "errors", d ? d->errors : 0, SCALE_UNIT);
	fn(ctx, names->sum, d ? d->sum : 0, names->scale);
	if (s->slo) {
		fn(ctx, "slo_ok", d ? d->slo_ok : 0, SCALE_UNIT);
		fn(ctx, "slo_miss", d ? d->count - d->slo_ok : 0, SCALE_UNIT);
	}
	if (d && d->count) {
		fn(ctx, names->max, d->max, names->scale);
		for (u32 i = 0; i < 5; i++)
			fn(ctx, names->quantile[i], dist__quantile(d, quantiles[i], unit),
			   names->scale);
		each_bucket(d, unit, fn, ctx);
	}
	if (s->inflight) {
		fn(ctx, "inflight", s->inflight, SCALE_UNIT);
		fn(ctx, "inflight_max_age_us", s->inflight_age, SCALE_MILLI);
	}
}

u32 series__count(const struct sample *s)
{
	const struct dist *d = s->dist;
	u32 n = 3;

	if (s->info.kind == OP_COUNTER)
		return 1;
	if (s->slo)
		n += 2;
	if (d && d->count) {
		n += 6;
		for (u32 i = 0; i < DIST_COARSE; i++)
			n += dist__coarse(d, i) != 0;
	}
	return s->inflight ? n + 2 : n;
}

void series__op(const struct sample *s, char *op, size_t size)
{
	size_t len = 0;

	if (s->info.device[0] && size > SERVICE_NAME_MAX) {
		node__sanitise(s->info.device, op, size);
		len = strlen(op);
		op[len++] = '_';
	}
	/* Reserved for these two, so that a sanitised name is never one of them. */
	if (s->op == OP_ALL || s->op == OP_OTHER)
		snprintf(op + len, size - len, "%s", s->op == OP_ALL ? "_all" : "_other");
	else
		node__sanitise(s->info.name, op + len, size - len);
}
