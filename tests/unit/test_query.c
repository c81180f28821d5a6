/* SPDX-License-Identifier: GPL-2.0-only */
/* What sonde query makes of names, buckets and answers. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "cells.h"
#include "elements.h"
#include "graphite_source.h"
#include "json_source.h"
#include "names.h"

static void test_names(void)
{
	char text[100];

	CHECK(name__valid("web-1_a") && !name__valid("") && !name__valid("a.b"));
	CHECK(patterns__valid("a,b*,?") && !patterns__valid("a,,b") && !patterns__valid("a,"));
	CHECK(!patterns__valid("") && !patterns__valid("a)") && !patterns__valid("[a]"));
	CHECK(patterns__match("a,b*", "bcd") && !patterns__match("a,b*", "ab"));
	CHECK(patterns__match("x,_all", "_all") && !patterns__match("*", "_all"));
	CHECK(patterns__match("*", "_other"));
	patterns__graphite("a,b*", text, sizeof(text));
	CHECK(!strcmp(text, "{a,b*}"));
	patterns__graphite("a*", text, sizeof(text));
	CHECK(!strcmp(text, "a*"));
}

/* Every bound that a sonde sends is known again, and no other number. */
static void test_bounds(void)
{
	for (u32 unit = UNIT_NS; unit <= UNIT_BYTES; unit++) {
		for (u32 i = 0; i < DIST_COARSE; i++) {
			u64 bound = dist__coarse_bound(i, unit);
			struct dist d = {};
			int bucket = coarse__bucket(bound, unit);

			CHECK(bucket >= 0);
			d.bucket[bucket] = 1;
			/* The lowest bounds in bytes are the same number. */
			CHECK(dist__coarse(&d, i) == 1 || (unit == UNIT_BYTES && bound <= 4));
			CHECK(bound < 100 || coarse__bucket(bound - 1, unit) < 0);
		}
	}
}

static struct dist spread(u64 n)
{
	struct dist d = {};

	for (u64 i = 1; i <= n; i++) {
		u64 value = 1000 * i;

		for (u32 k = 0; k < DIST_COARSE; k++) {
			u64 bound = dist__coarse_bound(k, UNIT_NS);

			if (value <= bound) {
				d.bucket[coarse__bucket(bound, UNIT_NS)]++;
				break;
			}
		}
		d.max = value;
	}
	d.count = n;
	return d;
}

static void test_quantiles(void)
{
	const struct dist d = spread(100000);
	struct dist unknown = d, one = spread(1), none = {}, above = {.bucket[HIST_ABOVE] = 2};

	for (double q = 0.001; q < 1; q += 0.001)
		CHECK(fabs(coarse__quantile(&d, q, UNIT_NS) / (q * 1e8) - 1) < 0.02);
	CHECK(coarse__quantile(&d, 1, UNIT_NS) == 100000000);
	unknown.max = 0;
	CHECK(fabs(coarse__quantile(&unknown, 1, UNIT_NS) / 1e8 - 1) < 0.19);
	CHECK(coarse__quantile(&one, 0.5, UNIT_NS) == 1000);
	CHECK(coarse__quantile(&none, 0.5, UNIT_NS) == 0);
	CHECK(coarse__quantile(&above, 0.5, UNIT_NS) == 128000000000);
	above.max = 500000000000;
	CHECK(coarse__quantile(&above, 0.5, UNIT_NS) > 128000000000);
	CHECK(coarse__quantile(&above, 1, UNIT_NS) == 500000000000);
}

static void test_shares(void)
{
	const struct dist d = spread(100000);
	u64 low, high;

	coarse__at_most(&d, 15625000, UNIT_NS, &low, &high);
	CHECK(low == 15625 && high == 15625);
	coarse__at_most(&d, 17000000, UNIT_NS, &low, &high);
	CHECK(low == 15625 && high == 18581);
	coarse__at_most(&d, 100000000, UNIT_NS, &low, &high);
	CHECK(low == 100000 && high == 100000);
	coarse__at_most(&d, 10, UNIT_NS, &low, &high);
	CHECK(low == 0 && high == 0);
	coarse__around(17000000, UNIT_NS, &low, &high);
	CHECK(low == 15625000 && high == 18581361);
	coarse__around(15625000, UNIT_NS, &low, &high);
	CHECK(low == high);
}

static struct query any(enum by by)
{
	return (struct query){.service = "*",
			      .host = "*",
			      .set = "*",
			      .op = "*",
			      .prefix = "ops.sonde",
			      .until = 1000000000000,
			      .by = by};
}

/* Lines of a heat map keep all, in whatever order and distance slots come. */
static void test_heat(void)
{
	struct query q = any(BY_SERVICE);
	struct cells c = {.q = &q};
	struct cell **rows;
	u64 slot = 1700000000, sum = 0;

	q.heat = true;
	srand(1);
	for (u32 i = 0; i < 2000; i++) {
		CHECK(!cells__add(&c, "s", "set", "op", "le_ns.1000000000", slot, 1, 1));
		slot += i % 3 ? rand() % 5000 : -(rand() % 9000);
		CHECK(c.last / c.step - c.first / c.step < HEAT_LINES);
	}
	CHECK(cells__rows(&c, &rows) == 1);
	for (u32 i = 0; i < HEAT_LINES; i++)
		sum += rows[0]->line[i].bucket[coarse__bucket(1000000000, UNIT_NS)];
	CHECK(sum == 2000);
	CHECK(cells__line_time(&c, 0) <= c.first && cells__line_time(&c, 1) > c.first);
	free(rows);
	cells__free(&c);
}

/* More ns than 64 bits hold is neither 0 nor what is left of it. */
static void test_large_sums(void)
{
	struct query q = any(BY_NONE);
	struct cells c = {.q = &q};
	struct cell **rows;

	CHECK(!cells__add(&c, "", "set", "a", "sum_us", 1700000000, 10, 1e16));
	CHECK(!cells__add(&c, "", "set", "a", "count", 1700000000, 10, 1));
	CHECK(!cells__add(&c, "", "set", "b", "sum_us", 1700000000, 10, 1e16));
	CHECK(!cells__add(&c, "", "set", "b", "count", 1700000000, 10, 1));
	CHECK(!cells__add(&c, "", "other", "a", "sum_us", 1700000000, 10, 9e17));
	CHECK(!cells__add(&c, "", "other", "a", "sum_us", 1700000010, 10, 1));
	CHECK(!cells__add(&c, "", "other", "a", "count", 1700000000, 10, 1));
	CHECK(cells__rows(&c, &rows) == 2);
	CHECK(rows[0]->total.sum == SUM_TOO_LARGE && rows[1]->total.sum == SUM_TOO_LARGE);
	free(rows);
	cells__free(&c);
}

static void test_none(void)
{
	struct query q = any(BY_NONE);
	struct cells c = {.q = &q};
	struct cell **rows;

	CHECK(!cells__add(&c, "", "block", "a_total", "le_ns.1000000000", 1700000000, 10, 3));
	CHECK(!cells__add(&c, "", "block", "a_total", "count", 1700000000, 10, 3));
	CHECK(!cells__add(&c, "", "block", "b_total", "count", 1700000000, 10, 4));
	CHECK(!cells__add(&c, "", "block", "b_total", "max_us", 1700000000, 10, 1.5));
	CHECK(!cells__add(&c, "", "block", "a_size", "le_bytes.4096", 1700000000, 10, 5));
	CHECK(!cells__add(&c, "", "tcp", "bytes_in", "count", 1700000000, 10, 99));
	CHECK(!cells__add(&c, "", "tcp", "bytes_in", "p99_us", 1700000000, 10, -1));
	CHECK(cells__add(&c, "", "tcp", "x", "count", 1700000000, 10, NAN) == -EINVAL);
	CHECK(cells__add(&c, "", "tcp", "x", "le_ns.+1", 1700000000, 10, 1) == -EINVAL);
	CHECK(cells__rows(&c, &rows) == 2);
	CHECK(rows[0]->unit == UNIT_NS && rows[0]->total.count == 7 && rows[0]->total.max == 1500);
	CHECK(rows[1]->unit == UNIT_BYTES && coarse__total(&rows[1]->total) == 5);
	free(rows);
	cells__free(&c);
}

static void test_targets(void)
{
	static char target[TARGETS][TARGET_MAX];
	struct query q = any(BY_SERVICE);

	q.service = "a,b*";
	graphite_source__targets(&q, target);
	CHECK(!strcmp(target[0], "consolidateBy(groupByNodes(consolidateBy(ops.sonde.{a,b*}.*.*.*."
				 "{le_ns,le_bytes}.*,\"sum\"),\"sum\",2,4,5,6,7),\"sum\")"));
	q.by = BY_OP;
	graphite_source__targets(&q, target);
	CHECK(!strcmp(target[2], "consolidateBy(groupByNodes(consolidateBy(ops.sonde.{a,b*}.*.*.*."
				 "{max_us,max_bytes},\"max\"),\"max\",4,5,6),\"max\")"));
}

/* Whatever pieces an answer comes in. */
static void test_elements(void)
{
	static const char text[] =
		" [{\"target\":\"consolidateBy(s.set.op.count,\\\"sum\\\")\",\"tags\":{\"a\":\"}]\\\\\"},"
		"\"datapoints\":[[1,1700000000],[null,1700000010],[2.0,1700000020]]},\n"
		"{\"target\":\"s.set.op.le_ns.1000000000\",\"datapoints\":[[3,1700000000]]}] \n";

	for (size_t piece = 1; piece < sizeof(text); piece++) {
		struct query q = any(BY_SERVICE);
		struct cells c = {.q = &q};
		struct series_reader reader = {.cells = &c};
		struct elements e = {.fn = graphite_source__series, .ctx = &reader, .limit = 1000};
		struct cell **rows = NULL;

		for (size_t at = 0; at < sizeof(text) - 1; at += piece) {
			size_t left = sizeof(text) - 1 - at;

			CHECK(!elements__feed(&e, text + at, left < piece ? left : piece));
			CHECK(elements__end(&e) == -EBADMSG || left < 4 + piece);
		}
		CHECK(!elements__end(&e));
		CHECK(cells__rows(&c, &rows) == 1 && rows[0]->total.count == 3 &&
		      coarse__total(&rows[0]->total) == 3);
		CHECK(elements__feed(&e, "[", 1) == -EBADMSG);
		free(rows);
		elements__free(&e);
		cells__free(&c);
	}
}

/* A slot with any one byte replaced or cut off: no crash, and no more than a slot's counts. */
static void test_damage(void)
{
	static const char good[] =
		"{\"slot\":1700000010,\"interval\":10,\"host\":\"web1\",\"services\":{\"nginx\":{"
		"\"syscalls\":{\"read\":{\"count\":3,\"max_us\":5.5,\"le_ns\":{\"1000000000\":3}}}}}}";

	for (size_t i = 0; i < 3 * sizeof(good); i++) {
		static const char bad[] = {0, '"', '9'};
		struct query q = any(BY_HOST);
		struct cells c = {.q = &q};
		struct slots_seen seen = {};
		char line[sizeof(good)], why[WHY_MAX] = "";
		FILE *in;
		int err;

		memcpy(line, good, sizeof(good));
		line[i / 3] = bad[i % 3];
		in = fmemopen(line, sizeof(good) - 1, "r");
		err = json_source__read(in, "x", &c, &seen, why);
		CHECK(!err == !why[0]);
		CHECK(!err || !strncmp(why, "x:1: ", 5));
		fclose(in);
		cells__free(&c);
	}
}

int main(void)
{
	test_names();
	test_bounds();
	test_quantiles();
	test_shares();
	test_heat();
	test_large_sums();
	test_none();
	test_targets();
	test_elements();
	test_damage();
	return report();
}
