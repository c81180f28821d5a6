// SPDX-License-Identifier: GPL-2.0-only
/* Slots against clocks that behave and clocks that do not, and the difference of two readings of a
 * histogram. */
#include <stdio.h>
#include <string.h>

#include "slots.h"
#include "store.h"

static int passed, failed;

#define CHECK(got, want)                                                                           \
	do {                                                                                       \
		unsigned long long g = (got), w = (want);                                          \
		if (g == w) {                                                                      \
			passed++;                                                                  \
		} else {                                                                           \
			failed++;                                                                  \
			printf("%s:%d: %s is %llu, wanted %llu\n", __FILE__, __LINE__, #got, g,    \
			       w);                                                                 \
		}                                                                                  \
	} while (0)

static void test_slots(void)
{
	struct slots s;
	u64 missed;

	slots__start(&s, 10, 1007, 990);
	CHECK(s.current, 1000);
	/* On time, and a little late. */
	CHECK(slots__tick(&s, 1010, &missed), 1000);
	CHECK(slots__tick(&s, 1021, &missed), 1010);
	CHECK(missed, 0);
	/* Too early: the same slot goes on. */
	CHECK(slots__tick(&s, 1029, &missed), 0);
	/* Late by two slots: what was counted belongs to the one that ended last. */
	CHECK(slots__tick(&s, 1055, &missed), 1040);
	CHECK(missed, 2);
	/* Set back a little: nothing is sent twice, the slot that was being filled goes on. */
	CHECK(slots__tick(&s, 1041, &missed), 0);
	CHECK(slots__tick(&s, 1049, &missed), 0);
	CHECK(slots__tick(&s, 1060, &missed), 1050);
	/* Set back by an hour: time is that again. */
	slots__start(&s, 10, 10007, 0);
	CHECK(slots__tick(&s, 6407, &missed), 6390);
	CHECK(slots__tick(&s, 6410, &missed), 6400);
	/* Set forward by an hour. */
	CHECK(slots__tick(&s, 10017, &missed), 10000);
	CHECK(missed, 359);
}

static void test_delta(void)
{
	struct hist_total last = {};
	struct hist cpu[2] = {};
	struct dist d;

	CHECK(hist__delta(cpu, 2, sizeof(cpu[0]), 7, UNIT_NS, &last, &d), false);
	/* Two CPUs; the larger maximum of the epoch that ended counts. */
	cpu[0].bucket[hist_index(1000)] = 3;
	cpu[0].sum = 3000;
	cpu[0].epoch[1] = 7;
	cpu[0].max[1] = 1000;
	cpu[1].bucket[hist_index(5000)] = 1;
	cpu[1].sum = 5000;
	cpu[1].errors = 1;
	cpu[1].epoch[1] = 7;
	cpu[1].max[1] = 5000;
	CHECK(hist__delta(cpu, 2, sizeof(cpu[0]), 7, UNIT_NS, &last, &d), true);
	CHECK(d.count, 4);
	CHECK(d.sum, 8000);
	CHECK(d.errors, 1);
	CHECK(d.max, 5000);
	/* Nothing came: nothing is reported twice. */
	CHECK(hist__delta(cpu, 2, sizeof(cpu[0]), 8, UNIT_NS, &last, &d), false);
	/* An event between the end of the epoch and the reading is in the next epoch's maximum. */
	cpu[0].bucket[hist_index(9000)]++;
	cpu[0].sum += 9000;
	cpu[0].epoch[0] = 10;
	cpu[0].max[0] = 9000;
	CHECK(hist__delta(cpu, 2, sizeof(cpu[0]), 9, UNIT_NS, &last, &d), true);
	CHECK(d.count, 1);
	CHECK(d.max, 9000);
	/* Its maximum was lost to a race: the bucket's bound. */
	cpu[1].bucket[hist_index(20000)]++;
	CHECK(hist__delta(cpu, 2, sizeof(cpu[0]), 11, UNIT_NS, &last, &d), true);
	CHECK(d.max, hist_bound_ns[hist_index(20000)]);
	/* The 32-bit counters wrap. */
	cpu[0].bucket[hist_index(1000)] = 0xffffffff;
	CHECK(hist__delta(cpu, 2, sizeof(cpu[0]), 12, UNIT_NS, &last, &d), true);
	cpu[0].bucket[hist_index(1000)] = 4;
	CHECK(hist__delta(cpu, 2, sizeof(cpu[0]), 13, UNIT_NS, &last, &d), true);
	CHECK(d.count, 5);
}

static void test_taken(void)
{
	struct slots s;
	u64 missed;

	slots__start(&s, 10, 1007, 1000);
	CHECK(s.current, 1010);
	CHECK(slots__tick(&s, 1010, &missed), 0);
	CHECK(slots__tick(&s, 1020, &missed), 1010);
	CHECK(missed, 0);
	CHECK(slots__tick(&s, 1030, &missed), 1020);
	slots__start(&s, 10, 1007, 1010);
	CHECK(s.current, 1020);
	slots__start(&s, 10, 1007, 1020);
	CHECK(s.current, 1000);
}

int main(void)
{
	test_slots();
	test_taken();
	test_delta();
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
