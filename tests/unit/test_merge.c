// SPDX-License-Identifier: GPL-2.0-only
/* Several readings of one slot, put together again. */
#include "merge.h"

#include "samples.h"

static const struct sample *find(const struct delta *d, u32 svc, u32 op)
{
	for (u32 i = 0; i < d->nsamples; i++)
		if (d->sample[i].svc == svc && d->sample[i].op == op)
			return &d->sample[i];
	return NULL;
}

static void test_sum(void)
{
	struct merge *m = NULL;
	struct delta *sum;
	struct sample *s;

	begin();
	delta.since = 1700000010;
	s = sample(SYSCALLS, 4, 0, "read", OP_LATENCY);
	add(s, 5000, 10);
	s->dist->wait[1] = 3000;
	s->inflight = 2;
	s->inflight_age = 7;
	sample(SYSCALLS, 4, 1, "write", OP_LATENCY);
	CHECK(!merge__add(&m, &delta, &sum));

	begin();
	delta.since = 1700000011;
	delta.taken = 1700000012;
	s = sample(SYSCALLS, 4, 0, "read", OP_LATENCY);
	add(s, 4000, 5);
	s->dist->wait[1] = 500;
	s = sample(SYSCALLS, 5, 0, "read", OP_LATENCY);
	add(s, 60, 1);
	CHECK(!merge__add(&m, &delta, &sum));

	CHECK(sum->since == 1700000010 && sum->taken == 1700000012);
	CHECK(sum->nsamples == 3);
	CHECK(find(sum, 4, 0)->dist->count == 15 && find(sum, 4, 0)->dist->sum == 70000);
	CHECK(find(sum, 4, 0)->dist->max == 5000 && find(sum, 4, 0)->dist->wait[1] == 3500);
	/* What was in flight has ended. */
	CHECK(find(sum, 4, 0)->inflight == 0 && find(sum, 4, 0)->inflight_age == 0);
	CHECK(!find(sum, 4, 1)->dist);
	CHECK(find(sum, 5, 0)->dist->count == 1);

	/* The next slot begins with nothing. */
	merge__clear(m);
	begin();
	delta.since = 1700000012;
	s = sample(SYSCALLS, 4, 1, "write", OP_LATENCY);
	CHECK(!merge__add(&m, &delta, &sum));
	CHECK(sum->nsamples == 1 && !sum->sample[0].dist && sum->since == 1700000012);
	/* An operation that was idle so far is not any more. */
	add(s, 100, 3);
	CHECK(!merge__add(&m, &delta, &sum));
	CHECK(sum->nsamples == 1 && sum->sample[0].dist->count == 3);
	merge__free(m);
	begin();
}

int main(void)
{
	test_sum();
	return report();
}
