// SPDX-License-Identifier: GPL-2.0-only
/* Numbers for services, of which there are fewer than services. */
#include "services.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#define IDLE 2

static struct naming *naming;
static struct services *s;

/* The number of process @process, which runs the command @comm, when the kernel side asks for it.
 */
static u32 number_of(u64 process, const char *comm)
{
	struct news_ident n = {.type = NEWS_IDENT, .id.process = process};

	snprintf(n.comm, sizeof(n.comm), "%s", comm);
	memcpy(n.id.comm, n.comm, sizeof(n.comm));
	services__announced(s, &n, sizeof(n));
	return services__of(s, &n.id);
}

static u32 number(const char *comm)
{
	return number_of(0, comm);
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
	u32 svc[3], retired[2];

	begin(3);
	svc[0] = number("a");
	svc[1] = number("b");
	svc[2] = number("c");
	services__end_snapshot(s, IDLE, retired, 2);
	services__touch(s, svc[0]);
	CHECK(number("late") == SVC_OTHER);
	for (int i = 0; i < 2 * IDLE; i++)
		services__end_snapshot(s, 100, retired, 2);
	CHECK(services__end_snapshot(s, IDLE, retired, 2) == 2);
	CHECK(retired[0] == svc[1] && retired[1] == svc[2]);
	CHECK(services__end_snapshot(s, IDLE, retired, 2) == 1 && retired[0] == svc[0]);
	finish();
}

/* How many of processes @from to @to, which run @comm, the kernel side has an answer for. */
static u32 answers(int map, u64 from, u64 to, const char *comm)
{
	u32 n = 0, svc;

	for (u64 process = from; process < to; process++) {
		struct ident id = {.process = process};

		memcpy(id.comm, comm, strlen(comm));
		n += !bpf_map_lookup_elem(map, &id, &svc);
	}
	return n;
}

/* The kernel side has no answer any more with numbers that are given away, however many there are,
 * and keeps the others. */
static void test_answers(void)
{
	enum { MANY = 1000 };
	int map = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, "test_answers", sizeof(struct ident),
				 sizeof(u32), 16 * MANY, NULL);
	u32 a, b, c, retired[16];

	CHECK(map >= 0 || map == -EPERM);
	if (map < 0) {
		skipped++;
		return;
	}
	begin(3);
	services__set_map(s, map);
	a = number("a");
	b = number("b");
	c = number("c");
	for (u64 process = 0; process < MANY; process++)
		CHECK(number_of(process, "a") == a && number_of(process, "b") == b &&
		      number_of(process, "c") == c && number_of(process, "late") == SVC_OTHER);
	for (int i = 0; i <= IDLE + 1; i++) {
		services__touch(s, b);
		CHECK(end(retired) == (i <= IDLE ? 0 : 2));
	}
	CHECK(answers(map, 0, MANY, "a") == 0 && answers(map, 0, MANY, "b") == MANY &&
	      answers(map, 0, MANY, "c") == 0 && answers(map, 0, MANY, "late") == MANY);
	CHECK(services__release(s, a) && services__release(s, c));
	services__offer(s);
	CHECK(answers(map, 0, MANY, "b") == MANY && answers(map, 0, MANY, "late") == 0);
	CHECK(number("late") == a);
	services__rename(s, naming);
	CHECK(answers(map, 0, MANY, "b") == 0 && answers(map, 0, MANY, "late") == 0);
	close(map);
	finish();
}

static void write_to(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	CHECK(f && fputs(text, f) >= 0 && !fclose(f));
}

/* Without a process's arguments there is no answer; with the next reading there may be. The
 * arguments are a pipe here, and whoever opens it waits for somebody who writes. */
static void test_hanging_process(void)
{
	struct news_ident n = {
		.type = NEWS_IDENT, .pid = 77, .id = {.tgid = 77, .process = 5000000007}};
	struct news_ident other = {.type = NEWS_IDENT, .pid = 78, .id = {.tgid = 78, .process = 5}};
	char root[] = "/tmp/test_services.XXXXXX", why[128];
	struct naming *by_cmdline;

	CHECK(mkdtemp(root));
	CHECK(!chdir(root) && !mkdir("proc", 0700) && !mkdir("proc/77", 0700) &&
	      !mkdir("proc/78", 0700));
	write_to("proc/77/stat", "77 (a b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 500");
	write_to("proc/78/cmdline", "daemon");
	CHECK(!mkfifo("proc/77/cmdline", 0600));
	CHECK(!naming__new(&by_cmdline, root));
	CHECK(!naming__add_rule(by_cmdline, "job=cmdline:^daemon( |$)", why, sizeof(why)));
	CHECK(!services__new(&s, by_cmdline, root, 4));
	services__announced(s, &n, sizeof(n));
	CHECK(services__of(s, &n.id) == SVC_OTHER);
	CHECK(!services__find(s, &n.id));
	services__announced(s, &other, sizeof(other));
	for (int i = 0; i < 1000 && services__of(s, &other.id) == SVC_OTHER; i++) {
		usleep(10000);
		services__announced(s, &other, sizeof(other));
	}
	CHECK(is_named(services__of(s, &other.id), "job"));
	write_to("proc/77/cmdline", "daemon");
	CHECK(!unlink("proc/77/cmdline"));
	write_to("proc/77/cmdline", "daemon");
	for (int i = 0; i < 1000 && !services__find(s, &n.id); i++)
		usleep(10000);
	CHECK(is_named(services__of(s, &n.id), "job"));
	services__free(s);
	naming__free(by_cmdline);
	CHECK(!unlink("proc/77/cmdline") && !unlink("proc/77/stat") && !unlink("proc/78/cmdline"));
	CHECK(!rmdir("proc/77") && !rmdir("proc/78") && !rmdir("proc") && !rmdir(root));
}

int main(void)
{
	test_late();
	test_patience();
	test_return();
	test_order();
	test_answers();
	test_hanging_process();
	return report();
}
