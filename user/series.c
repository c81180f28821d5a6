// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "naming.h"
#include "parts.h"
#include "sink.h"

/* What the statistics of a unit are called. */
#define QUANTILES 5

struct stat_names {
	const char *max, *quantile[QUANTILES], *bucket;
	enum scale scale;
};

static const double quantiles[QUANTILES] = {0.5, 0.9, 0.95, 0.99, 0.999};

static const struct stat_names stat_names[] = {
	[UNIT_NS] = {"max_us",
		     {"p50_us", "p90_us", "p95_us", "p99_us", "p999_us"},
		     "le_ns.",
		     SCALE_MILLI},
	[UNIT_BYTES] = {"max_bytes",
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
		fn(ctx, stat, n, SCALE_UNIT, STAT_COUNTER);
	}
}

/* Whoever waits by design waits for nothing else. */
static bool has_waits(const struct sample *s)
{
	return s->info.kind == OP_LATENCY && !s->info.wait;
}

/* What its time went to beside running. */
static void each_wait(const struct dist *d, series_fn fn, void *ctx)
{
	char stat[32];

	for (u32 i = 0; i < HIST_WAITS; i++) {
		if (!d->wait[i])
			continue;
		snprintf(stat, sizeof(stat), "wait_us.%s", part_names[PART_WAITS + i]);
		fn(ctx, stat, d->wait[i], SCALE_MILLI, STAT_COUNTER);
	}
}

/* What StatsD has of a timer, by its names and in its unit, milliseconds. */
static void each_timer(const struct delta *delta, const struct dist *d, series_fn fn, void *ctx)
{
	const struct dist_moments m = dist__moments(d);

	fn(ctx, "timer.mean", d->sum / d->count, SCALE_MICRO, STAT_GAUGE);
	fn(ctx, "timer.median", dist__quantile(d, 0.5, UNIT_NS), SCALE_MICRO, STAT_GAUGE);
	fn(ctx, "timer.std", m.std + 0.5, SCALE_MICRO, STAT_GAUGE);
	fn(ctx, "timer.sum", d->sum, SCALE_MICRO, STAT_GAUGE);
	/* ns^2 to millionths of ms^2. */
	fn(ctx, "timer.sum_squares", m.sum_squares < 1e25 ? m.sum_squares / 1e6 + 0.5 : UINT64_MAX,
	   SCALE_MICRO, STAT_GAUGE);
	fn(ctx, "timer.upper", d->max, SCALE_MICRO, STAT_GAUGE);
	fn(ctx, "timer.lower", m.lower, SCALE_MICRO, STAT_GAUGE);
	fn(ctx, "timer.count", d->count, SCALE_UNIT, STAT_GAUGE);
	fn(ctx, "timer.count_ps", d->count * 1000 / delta->interval, SCALE_MILLI, STAT_GAUGE);
}

#define TIMER_STATS 9

static bool has_timer(const struct delta *delta, const struct sample *s)
{
	return delta->stats & STATS_TIMER && s->info.kind == OP_LATENCY;
}

static void each_busy(const struct delta *delta, const struct sample *s, series_fn fn, void *ctx)
{
	const enum unit unit = s->info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;
	const struct stat_names *names = &stat_names[unit];
	const struct dist *d = s->dist;

	/* Only of what has samples, and so a distribution. */
	fn(ctx, names->max, d->max, names->scale, STAT_GAUGE); // NOLINT(clang-analyzer-core.*)
	for (u32 i = 0; i < QUANTILES && delta->stats & STATS_PERCENTILES; i++)
		fn(ctx, names->quantile[i], dist__quantile(d, quantiles[i], unit), names->scale,
		   STAT_GAUGE);
	if (has_timer(delta, s))
		each_timer(delta, d, fn, ctx);
	if (has_waits(s))
		each_wait(d, fn, ctx);
	if (delta->stats & STATS_BUCKETS)
		each_bucket(d, unit, fn, ctx);
}

u32 series__busy_count(const struct delta *delta, const struct sample *s)
{
	return 1 + (delta->stats & STATS_PERCENTILES ? QUANTILES : 0) +
	       (has_timer(delta, s) ? TIMER_STATS : 0);
}

u32 series__waits(const struct sample *s)
{
	u32 mask = 0;

	for (u32 i = 0; s->dist && has_waits(s) && i < HIST_WAITS; i++)
		mask |= (s->dist->wait[i] != 0) << i;
	return mask;
}

void series__each(const struct delta *delta, const struct sample *s, series_fn fn, void *ctx)
{
	static const struct dist nothing;
	const struct dist *d = s->dist ? s->dist : &nothing;

	if (op_kind__is_sum(s->info.kind)) {
		fn(ctx, s->info.stat, d->sum, s->info.kind == OP_TIME ? SCALE_MICRO : SCALE_UNIT,
		   STAT_COUNTER);
		return;
	}
	fn(ctx, "count", d->count, SCALE_UNIT, STAT_COUNTER);
	fn(ctx, "errors", d->errors, SCALE_UNIT, STAT_COUNTER);
	if (s->info.kind == OP_SIZE)
		fn(ctx, "sum_bytes", d->sum, SCALE_UNIT, STAT_COUNTER);
	else
		fn(ctx, "sum_us", d->sum, SCALE_MILLI, STAT_COUNTER);
	if (s->slo) {
		fn(ctx, "slo_ok", d->slo_ok, SCALE_UNIT, STAT_COUNTER);
		fn(ctx, "slo_miss", d->count - d->slo_ok, SCALE_UNIT, STAT_COUNTER);
	}
	if (d->count)
		each_busy(delta, s, fn, ctx);
	if (s->inflight) {
		fn(ctx, "inflight", s->inflight, SCALE_UNIT, STAT_GAUGE);
		fn(ctx, "inflight_max_age_us", s->inflight_age, SCALE_MILLI, STAT_GAUGE);
	}
}

u32 series__count(const struct delta *delta, const struct sample *s)
{
	const struct dist *d = s->dist;
	u32 n = 3;

	if (op_kind__is_sum(s->info.kind))
		return 1;
	if (s->slo)
		n += 2;
	if (d && d->count) {
		n += series__busy_count(delta, s) + __builtin_popcount(series__waits(s));
		for (u32 i = 0; i < DIST_COARSE && delta->stats & STATS_BUCKETS; i++)
			n += dist__coarse(d, i) != 0;
	}
	return s->inflight ? n + 2 : n;
}

void series__op_labels(const struct sample *s, struct op_labels *ret)
{
	ret->device[0] = '\0';
	if (s->info.device[0])
		node__sanitise(s->info.device, ret->device, sizeof(ret->device));
	/* Reserved for these two, so that a sanitised name is never one of them. */
	if (s->op == OP_ALL || s->op == OP_OTHER)
		snprintf(ret->op, sizeof(ret->op), "%s", s->op == OP_ALL ? "_all" : "_other");
	else
		node__sanitise(s->info.name, ret->op, sizeof(ret->op));
}

void series__op(const struct sample *s, char *op, size_t size)
{
	struct op_labels l;

	series__op_labels(s, &l);
	snprintf(op, size, "%s%s%s", l.device, l.device[0] ? "_" : "", l.op);
}
