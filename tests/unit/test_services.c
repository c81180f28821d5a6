// SPDX-License-Identifier: GPL-2.0-only
/* Numbers for services, of which there are fewer than services. */
#include "services.h"

#include <string.h>

#include "check.h"

#define IDLE 2

static struct naming *naming;
static struct services *s;

/* The number of the command @comm in the root cgroup, when the kernel side asks for it. */
static u32 number(const char *comm)
{
	struct news_ident n = {.type = NEWS_IDENT};

	snprintf(n.comm, sizeof(n.comm), "%s", comm);
	memcpy(n.id.comm, n.comm, sizeof(n.comm));
	services__announced(s, &n, sizeof(n));
	return services__of(s, &n.id);
}

static bool is_named(u32 svc, const char *name)
{
	const char *have = services__name(s, svc);

	return have && !strcmp(have, name);
}

static u32 end(u32 *retired)
{
	return services__end_snapshot(s, IDLE, retired, 16);
}

static void begin(u32 max)
{
	CHECK(!naming__new(&naming, "/nonexistent"));
	CHECK(!services__new(&s, naming, "/nonexistent", max));
}

static void finish(void)
{
	services__free(s);
	naming__free(naming);
}

static void test_late(void)
{
	u32 a, b, retired[16];

	begin(2);
	a = number("a");
	b = number("b");
	CHECK(a >= SVC_FIRST && b >= SVC_FIRST && a != b);
	/* Nobody waits: idle services keep their numbers. */
	for (int i = 0; i < 2 * IDLE; i++)
		CHECK(end(retired) == 0);
	CHECK(number("late") == SVC_OTHER);
	CHECK(services__folded(s) == 1);
	services__touch(s, b);
	CHECK(end(retired) == 1 && retired[0] == a);
	/* Not before the snapshot that takes what was counted under it. */
	CHECK(number("late") == SVC_OTHER);
	CHECK(services__release(s, a));
	services__offer(s);
	CHECK(number("late") == a);
	CHECK(is_named(a, "late"));
	CHECK(number("b") == b);
	finish();
}

/* One that was refused once is remembered until there is a number, however quiet it is. */
static void test_patience(void)
{
	u32 a, retired[16];

	begin(1);
	a = number("a");
	CHECK(number("late") == SVC_OTHER);
	for (int i = 0; i < 3 * IDLE; i++) {
		services__touch(s, a);
		CHECK(end(retired) == 0);
	}
	for (int i = 0; i < IDLE; i++)
		CHECK(end(retired) == 0);
	CHECK(end(retired) == 1 && retired[0] == a);
	finish();
}

static void test_return(void)
{
	u32 a, retired[16];

	begin(1);
	a = number("a");
	CHECK(number("late") == SVC_OTHER);
	for (int i = 0; i <= IDLE; i++)
		CHECK(end(retired) == 0);
	CHECK(end(retired) == 1);
	CHECK(number("a") == a);
	CHECK(!services__release(s, a));
	CHECK(is_named(a, "a"));
	CHECK(number("late") == SVC_OTHER);
	finish();
}

/* The longest idle first, and no more at a time than was said. */
static void test_order(void)
{
	u32 number_of[3], retired[2];

	begin(3);
	number_of[0] = number("a");
	number_of[1] = number("b");
	number_of[2] = number("c");
	services__end_snapshot(s, IDLE, retired, 2);
	services__touch(s, number_of[0]);
	CHECK(number("late") == SVC_OTHER);
	for (int i = 0; i < 2 * IDLE; i++)
		services__end_snapshot(s, 100, retired, 2);
	CHECK(services__end_snapshot(s, IDLE, retired, 2) == 2);
	CHECK(retired[0] == number_of[1] && retired[1] == number_of[2]);
	CHECK(services__end_snapshot(s, IDLE, retired, 2) == 1 && retired[0] == number_of[0]);
	finish();
}

int main(void)
{
	test_late();
	test_patience();
	test_return();
	test_order();
	return report();
}
