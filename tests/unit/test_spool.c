// SPDX-License-Identifier: GPL-2.0-only
/* The spool on a real file system, also a full one, and the queue that it belongs to. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "../../user/delivery/net.h"
#include "../../user/delivery/queue.h"
#include "../../user/delivery/spooler.h"

#define SEC_NS UINT64_C(1000000000)

static char dir[64];

static void dir_begin(void)
{
	strcpy(dir, "/tmp/test_spool.XXXXXX");
	if (!mkdtemp(dir)) {
		perror("mkdtemp");
		exit(1);
	}
}

static void dir_end(void)
{
	char cmd[128];

	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	CHECK(system(cmd) == 0);
}

static struct spool *open_spool(void)
{
	struct spool *s = NULL;
	char why[600];

	if (spool__open(&s, dir, "to", why, sizeof(why)))
		printf("%s\n", why);
	CHECK(s);
	return s;
}

/* What a scan finds. */
static struct spool_entry found[100];
static int nfound;

static int note(void *ctx, const struct spool_entry *e)
{
	(void)ctx;
	found[nfound++] = *e;
	return 0;
}

static unsigned int scan(struct spool *s)
{
	unsigned int damaged;

	nfound = 0;
	CHECK(spool__scan(s, note, NULL, &damaged) == 0);
	return damaged;
}

static struct spool_entry entry(uint64_t slot, uint32_t number, const char *text)
{
	return (struct spool_entry){
		.slot = slot, .number = number, .lines = 1, .size = strlen(text)};
}

static bool is_same(const struct spool_entry *a, const struct spool_entry *b)
{
	return a->slot == b->slot && a->number == b->number && a->lines == b->lines &&
	       a->size == b->size;
}

static void path_of(uint64_t slot, uint32_t number, char *path, size_t size)
{
	snprintf(path, size, "%s/to/%012llu-%06u.slot", dir, (unsigned long long)slot, number);
}

static void test_spool(void)
{
	static const char one[] = "a 1 1\n", two[] = "bb 2 2\n";
	struct spool_entry e = entry(20, 1, one), f = entry(9, 2, two);
	struct spool *s, *other;
	char *text, why[600];

	dir_begin();
	s = open_spool();
	CHECK(spool__open(&other, dir, "to", why, sizeof(why)) == -EBUSY && strstr(why, dir));
	CHECK(spool__write(s, &e, one) == 0 && spool__write(s, &f, two) == 0);
	spool__close(s);
	s = open_spool();
	CHECK(scan(s) == 0 && nfound == 2);
	CHECK(is_same(&found[0], &f) && is_same(&found[1], &e));
	CHECK(spool__read(s, &f, &text) == 0 && !memcmp(text, two, strlen(two)));
	free(text);
	spool__remove(s, &f);
	CHECK(spool__read(s, &f, &text) == -ENOENT);
	CHECK(scan(s) == 0 && nfound == 1);
	spool__close(s);
	dir_end();
}

/* Each byte of a file turned over, and each shorter file. */
static void test_damage(void)
{
	static const char text[] = "sonde.a.b.c.d.count 1 1700000000\n";
	struct spool_entry e = entry(1700000000, 0, text);
	int missed = 0, wrong = 0;
	char path[200], *data;
	struct spool *s;
	struct stat st;

	dir_begin();
	s = open_spool();
	path_of(e.slot, e.number, path, sizeof(path));
	CHECK(spool__write(s, &e, text) == 0 && stat(path, &st) == 0);
	for (off_t i = 0; i < st.st_size; i++) {
		int fd = open(path, O_RDWR);
		unsigned char c;

		CHECK(pread(fd, &c, 1, i) == 1);
		c ^= 0x10;
		CHECK(pwrite(fd, &c, 1, i) == 1);
		close(fd);
		data = NULL;
		/* Found when scanned, or when read. */
		if (!scan(s) && spool__read(s, &e, &data) != -EBADMSG)
			missed++;
		free(data);
		wrong += spool__write(s, &e, text) != 0;
	}
	CHECK(missed == 0 && wrong == 0);
	for (off_t size = 0; size < st.st_size; size++) {
		CHECK(truncate(path, size) == 0);
		missed += scan(s) != 1 || nfound != 0 || access(path, F_OK) == 0;
		wrong += spool__write(s, &e, text) != 0;
	}
	CHECK(missed == 0 && wrong == 0);
	spool__close(s);
	dir_end();
}

static struct queue q;
/* Slots are counted from it, for what is old is dropped. */
static uint64_t base;

static void start_queue(struct spool *s, size_t max_bytes, uint64_t spool_bytes)
{
	const struct queue_opts opts = {.max_bytes = max_bytes,
					.spool = s,
					.spool_bytes = spool_bytes,
					.spool_age_s = 100000,
					.lines_per_s = 1000000000,
					.resend = true};
	unsigned int damaged;

	CHECK(queue__init(&q, &opts, &damaged) == 0 && damaged == 0);
}

/* A slot of ten lines, 100 bytes. */
static void put(uint64_t slot)
{
	char text[101];

	for (int i = 0; i < 10; i++)
		snprintf(text + 10 * i, 11, "%09llu\n", (unsigned long long)slot % 1000000000);
	CHECK(queue__put(&q, base + slot, text, 100, 0) == 0);
}

static struct queue_stats stats(void)
{
	struct queue_stats st;

	queue__stats(&q, &st);
	return st;
}

/* What the spooler would do, in one thread. Returns how many were written. */
static int work_disk(struct spool *s, int err)
{
	struct batch *b;
	uint64_t due;
	int n = 0;

	for (;;) {
		while ((b = queue__take_trash(&q))) {
			spool__remove(s, &b->e);
			free(b);
		}
		b = queue__take_unwritten(&q, net__now_ns(), &due);
		if (!b)
			return n;
		if (!err)
			CHECK(spool__write(s, &b->e, b->data) == 0);
		CHECK(queue__written(&q, b, err, net__now_ns()) == !err);
		n++;
	}
}

/* Takes the next, which must be of @slot, and says that it was delivered. */
static void deliver(uint64_t slot)
{
	uint64_t due;
	struct batch *b = queue__take(&q, net__now_ns() + 1000, &due);
	uint32_t number = b ? b->e.number : 0;

	CHECK(b && b->e.slot == base + slot);
	if (b && queue__delivered(&q, b, NULL, net__now_ns()))
		spool__remove(q.opts.spool,
			      &(struct spool_entry){.slot = base + slot, .number = number});
}

static void test_order(void)
{
	struct batch *b;
	uint64_t due;

	start_queue(NULL, 1 << 20, 0);
	for (int i = 1; i <= 4; i++)
		put(i);
	deliver(1);
	deliver(2);
	b = queue__take(&q, net__now_ns(), &due);
	CHECK(b && b->e.slot == base + 3);
	queue__failed(&q, b);
	/* Fresh goes first; then what was not delivered, with the last that were, in order. */
	put(5);
	for (int i = 0; i < 5; i++)
		deliver((int[]){5, 1, 2, 3, 4}[i]);
	CHECK(queue__is_empty(&q));
	CHECK(stats().batches == 5 && stats().lines == 50 && stats().dropped == 0);
	queue__destroy(&q);
}

/* What is fresh comes at ten lines a slot: the backlog is sent at twice that, or faster. */
static void test_pace(void)
{
	static const struct {
		uint32_t lines_per_s, step, expected;
	} cases[] = {{1, 1, 20}, {1, 5, 4}, {100, 1, 100}};
	uint64_t due, before, wanted_ns;

	for (int i = 0; i < 3; i++) {
		start_queue(NULL, 1 << 20, 0);
		q.opts.lines_per_s = cases[i].lines_per_s;
		q.opts.resend = false;
		for (uint32_t slot = 1; slot <= 3; slot++)
			put(slot * cases[i].step);
		queue__failed(&q, NULL);
		before = net__now_ns();
		deliver(cases[i].step);
		CHECK(!queue__take(&q, before, &due));
		wanted_ns = UINT64_C(10000000000) / cases[i].expected;
		CHECK(due >= before + wanted_ns && due < before + wanted_ns + wanted_ns / 2);
		queue__destroy(&q);
	}
}

static void test_repeat(void)
{
	start_queue(NULL, 1 << 20, 0);
	q.opts.repeat = 1;
	put(1);
	deliver(1);
	put(2);
	deliver(1);
	deliver(2);
	put(3);
	deliver(2);
	deliver(3);
	CHECK(queue__is_empty(&q) && stats().batches == 3 && stats().lines == 30);
	queue__destroy(&q);
}

static void test_memory_bound(void)
{
	start_queue(NULL, 300, 0);
	queue__failed(&q, NULL);
	for (int i = 1; i <= 5; i++)
		put(i);
	CHECK(stats().dropped == 2 && stats().dropped_lines == 20 && stats().queued_lines == 30);
	for (int i = 3; i <= 5; i++)
		deliver(i);
	queue__destroy(&q);
}

static void test_spool_bound(void)
{
	struct spool *s;

	dir_begin();
	s = open_spool();
	start_queue(s, 1 << 20, 350);
	put(1);
	/* A healthy receiver has two seconds. */
	CHECK(work_disk(s, 0) == 0);
	queue__failed(&q, NULL);
	for (int i = 2; i <= 5; i++)
		put(i);
	CHECK(work_disk(s, 0) == 5);
	CHECK(scan(s) == 0 && nfound == 3 && found[0].slot == base + 3 &&
	      found[2].slot == base + 5);
	CHECK(stats().dropped == 2 && stats().dropped_lines == 20);
	CHECK(stats().spool_bytes == 300 && stats().queued == 3);
	queue__destroy(&q);

	/* The next process: what it finds comes after what is fresh. */
	start_queue(s, 1 << 20, 350);
	put(6);
	for (int i = 0; i < 4; i++)
		deliver((int[]){6, 3, 4, 5}[i]);
	CHECK(stats().dropped == 0 && queue__is_empty(&q));
	work_disk(s, 0);
	CHECK(scan(s) == 0 && nfound == 0);
	queue__destroy(&q);
	spool__close(s);
	dir_end();
}

static void test_age(void)
{
	struct spool_entry e = entry(time(NULL) - 200000, 0, "a 1 1\n");
	struct spool *s;

	dir_begin();
	s = open_spool();
	CHECK(spool__write(s, &e, "a 1 1\n") == 0);
	start_queue(s, 1 << 20, 1 << 20);
	CHECK(stats().dropped == 1 && stats().dropped_lines == 1 && queue__is_empty(&q));
	work_disk(s, 0);
	CHECK(scan(s) == 0 && nfound == 0);
	queue__destroy(&q);
	spool__close(s);
	dir_end();
}

static void test_broken_disk(void)
{
	struct spool *s;

	dir_begin();
	s = open_spool();
	start_queue(s, 300, 1 << 20);
	queue__failed(&q, NULL);
	put(1);
	CHECK(work_disk(s, 0) == 1);
	for (int i = 2; i <= 3; i++)
		put(i);
	/* A full disk: the oldest file makes room, then memory has to do. */
	CHECK(work_disk(s, -ENOSPC) == 2);
	CHECK(scan(s) == 0 && nfound == 0 && stats().dropped == 1);
	for (int i = 4; i <= 6; i++)
		put(i);
	CHECK(stats().dropped == 3 && stats().dropped_lines == 30 && stats().queued == 3);
	for (int i = 4; i <= 6; i++)
		deliver(i);
	queue__destroy(&q);
	spool__close(s);
	dir_end();
}

/* A disk that is really full, and the real spooler. */
static void test_full_disk(void)
{
	struct spooler *spooler = NULL;
	struct spool *s;
	char text[4096];

	dir_begin();
	if (mount("none", dir, "tmpfs", 0, "size=64k")) {
		skipped++;
		dir_end();
		return;
	}
	s = open_spool();
	start_queue(s, 1 << 20, 1 << 20);
	CHECK(spooler__new(&spooler, &q) == 0);
	queue__failed(&q, NULL);
	memset(text, '\n', sizeof(text));
	for (int i = 0; i < 64; i++)
		CHECK(queue__put(&q, base + i, text, sizeof(text), 0) == 0);
	queue__stop(&q);
	CHECK(spooler__end(spooler, 10 * SEC_NS));
	/* Two pages each: what is left is the newest, and nothing is unaccounted for. */
	CHECK(scan(s) == 0 && nfound >= 4 && found[nfound - 1].slot == base + 63);
	CHECK(stats().dropped + nfound == 64 && stats().dropped_lines == stats().dropped * 4096);
	queue__destroy(&q);
	spool__close(s);
	CHECK(umount(dir) == 0);
	dir_end();
}

/* Somebody who may write there makes links to what they may not write. */
static void test_links(void)
{
	static const char *const names[] = {"part", "lock"};
	char mine[128], path[128], text[4] = "";
	struct spool_entry e = {.slot = base, .number = 1, .lines = 1, .size = 4};
	struct spool *s;
	FILE *f;

	dir_begin();
	snprintf(mine, sizeof(mine), "%s/mine", dir);
	f = fopen(mine, "w");
	CHECK(f && fputs("abc", f) >= 0 && !fclose(f));
	s = open_spool();
	snprintf(path, sizeof(path), "%s/to/part", dir);
	CHECK(!symlink(mine, path));
	CHECK(spool__write(s, &e, "text") == 0);
	CHECK(scan(s) == 0 && nfound == 1);
	spool__close(s);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char why[600];

		snprintf(path, sizeof(path), "%s/to/%s", dir, names[i]);
		unlink(path);
		CHECK(!symlink(mine, path));
		CHECK(!spool__open(&s, dir, "to", why, sizeof(why)) == !strcmp(names[i], "part"));
		if (!strcmp(names[i], "part"))
			spool__close(s);
	}
	snprintf(path, sizeof(path), "%s/link", dir);
	CHECK(!symlink("to", path));
	CHECK(spool__open(&s, dir, "link", path, sizeof(path)) < 0);
	f = fopen(mine, "r");
	CHECK(f && fgets(text, sizeof(text), f) && !strcmp(text, "abc"));
	fclose(f);
	dir_end();
}

int main(void)
{
	alarm(120);
	base = time(NULL);
	test_spool();
	test_damage();
	test_links();
	test_order();
	test_pace();
	test_repeat();
	test_memory_bound();
	test_spool_bound();
	test_age();
	test_broken_disk();
	test_full_disk();
	return report();
}
