/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The summary of sonde trace without a terminal: its screens are held against golden files: GOLDEN,
 * or tests/golden. With "--write" they are written.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sink.h"
#include "syscall_names.h"
#include "top/keys.h"
#include "top/screen.h"
#include "trace/view.h"

static bool writing;

#define MS 1000000ULL

static struct trace_sum sums[TRACE_NRS];

static u32 number_of(const char *name)
{
	for (u32 nr = 0; nr < SYSCALL_NUMBERS; nr++)
		if (syscall_name(nr) && !strcmp(syscall_name(nr), name))
			return nr;
	abort();
}

/* @count calls of @ns each, and one of ten times that. */
static void call(const char *name, u64 count, u64 errors, u64 ns)
{
	struct trace_sum *s = &sums[number_of(name)];

	s->count = count + 1;
	s->errors = errors;
	s->sum = (count + 10) * ns;
	s->max = 10 * ns;
	s->bucket[hist_index(ns)] = count;
	s->bucket[hist_index(10 * ns)]++;
}

static void slow(struct trace_view *v, const char *name, u32 tid, u64 ns, bool waits,
		 const char *text)
{
	struct slow_call c = {.nr = number_of(name), .tid = tid, .ns = ns, .waits = waits};
	char *to = view__slow(v, &c);

	if (to)
		snprintf(to, sizeof(c.text), "%s", text);
}

static void now(struct trace_view *v, u32 tid, const char *comm, const char *name, u64 age,
		bool at_least, const char *on)
{
	struct now_thread *n = &v->now[v->nnow++];

	v->threads++;
	n->tid = tid;
	snprintf(n->comm, sizeof(n->comm), "%s", comm);
	snprintf(n->call, sizeof(n->call), "%s", name);
	n->age = age;
	n->at_least = at_least;
	snprintf(n->on, sizeof(n->on), "%s", on);
}

static struct trace_view *new_view(void)
{
	struct trace_view *v = calloc(1, sizeof(*v));

	if (!v || !(v->table = calloc(1, sizeof(*v->table))))
		abort();
	snprintf(v->title, sizeof(v->title), "4711 php-fpm");
	memset(sums, 0, sizeof(sums));
	return v;
}

static void fill(struct trace_view *v)
{
	struct pick pick;

	pick__all(&pick);
	table__fill(v->table, sums, &pick);
	table__sort(v->table, v->sort);
}

static struct trace_view *stuck(void)
{
	struct trace_view *v = new_view();

	v->elapsed = 12345 * MS;
	v->processes = 1;
	v->has_split = true;
	v->split[PART_RECV] = 30000 * MS;
	v->split[PART_IDLE] = 12345 * MS;
	v->split[PART_USER] = 1234 * MS;
	v->split[PART_DISK] = 43 * MS;
	call("recvfrom", 90, 0, 30 * MS);
	call("read", 123456, 17, 2000);
	call("openat", 4321, 1200, 7000);
	call("close", 3121, 0, 900);
	call("epoll_pwait", 50, 0, 200 * MS);
	call("futex", 200, 3, 90000);
	fill(v);
	slow(v, "recvfrom", 4711, 1900 * MS, false,
	     "recvfrom(7<TCP:[10.0.0.2:41000->10.0.3.7:3306]>, \"\\1\\0\\0\\1\"..., 16384, 0, NULL, NULL) = 81");
	slow(v, "recvfrom", 4712, 900 * MS, false, "recvfrom(8, \"\", 16384, 0, NULL, NULL) = 0");
	slow(v, "recvfrom", 4712, 1000 * MS, false, "recvfrom(8, \"x\", 16384, 0, NULL, NULL) = 1");
	slow(v, "epoll_pwait", 4712, 5000 * MS, true, "epoll_pwait(4, [], 64, 5000) = 0");
	slow(v, "openat", 4713, 3 * MS, false,
	     "openat(AT_FDCWD, \"/etc/\\33[31m\", O_RDONLY) = -1 ENOENT (No such file or directory)");
	now(v, 4712, "php-fpm", "recvfrom", 8270 * MS, false, "10.0.3.7:3306 from 10.0.0.2:41002");
	now(v, 4713, "php-fpm", "fcntl", 3210 * MS, true,
	    "/run/lock/shop; process 4710 has the lock");
	now(v, 4714, "a\033[2Jb", "", 0, false, "");
	now(v, 4711, "php-fpm", "epoll_pwait", 12400 * MS, true, "anon_inode:[eventpoll]");
	return v;
}

static struct trace_view *many(void)
{
	/* Of each architecture. */
	static const char *const names[] = {
		"accept4",    "bind",      "brk",          "clone",      "connect",
		"dup",        "execve",    "exit",         "fallocate",  "fchdir",
		"fchmod",     "fchown",    "fdatasync",    "flock",      "fstat",
		"fsync",      "ftruncate", "getcwd",       "getdents64", "getegid",
		"geteuid",    "getgid",    "getpgid",      "getpid",     "getppid",
		"getrandom",  "getuid",    "ioctl",        "kill",       "landlock_restrict_self",
		"linkat",     "listen",    "lseek",        "madvise",    "mkdirat",
		"mlock",      "mmap",      "mprotect",     "mremap",     "munmap",
		"nanosleep",  "pipe2",     "ppoll",        "pread64",    "pwrite64",
		"readlinkat", "renameat2", "rt_sigaction",
	};
	struct trace_view *v = stuck();

	for (u32 i = 0; i < 200; i++) {
		char comm[16];

		snprintf(comm, sizeof(comm), "worker-%u", i);
		now(v, 5000 + i, comm, "futex", (200 - i) * MS, false, "at 0x7f5998000b70");
	}
	v->threads = 5000;
	v->processes = 40;
	for (u32 i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		call(names[i], 400 - i, i, (i + 1) * 1000);
	fill(v);
	v->lost[TRACE_LOST_THREAD] = 3;
	return v;
}

static void free_view(struct trace_view *v)
{
	free(v->table);
	free(v);
}

/* --- golden screens */

static void draw(const struct trace_view *v, u32 width, u32 height, struct text *out)
{
	struct screen s = {.utf8 = true};

	if (screen__resize(&s, width, height))
		abort();
	view__draw(&s, v);
	for (u32 y = 0; y < height; y++)
		screen__text(&s, y, out);
	text__printf(out, "--- %ux%u\n", width, height);
	screen__free(&s);
}

static void compare(const char *name, const struct text *got)
{
	const char *dir = getenv("GOLDEN");
	char path[400], *want = NULL;
	size_t capacity = 0;
	ssize_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "tests/golden", name);
	f = fopen(path, writing ? "w" : "r");
	if (!f) {
		printf("%s: %s\n", path, strerror(errno));
		failed++;
		return;
	}
	if (writing) {
		fwrite(got->data, 1, got->size, f);
	} else {
		n = getdelim(&want, &capacity, 0, f);
		CHECK_THAT(name, n == (ssize_t)got->size && !memcmp(want, got->data, n));
		if (n != (ssize_t)got->size || memcmp(want, got->data, n))
			printf("%.*s", (int)got->size, got->data);
	}
	free(want);
	fclose(f);
}

static void test_screens(const char *name, struct trace_view *v)
{
	struct screen s = {.utf8 = true};
	struct text out = {};

	draw(v, 80, 24, &out);
	draw(v, 200, 60, &out);
	draw(v, 40, 10, &out);
	draw(v, 1, 1, &out);
	CHECK_THAT("text", !view__text(&out, &s, v, 120));
	compare(name, &out);
	screen__free(&s);
	text__free(&out);
	free_view(v);
}

/* --- what keys do */

static void test_keys(void)
{
	struct trace_view *v = many();

	view__key(v, 'c');
	CHECK_THAT("sorted by calls",
		   v->sort == SORT_COUNT && !strcmp(v->table->row[0].name, "read"));
	view__key(v, 'n');
	CHECK_THAT("sorted by name", v->sort == SORT_NAME && strcmp(v->table->row[0].name,
								    v->table->row[1].name) < 0);
	view__key(v, 't');
	view__key(v, '>');
	CHECK_THAT("next column", v->sort == SORT_COUNT);
	view__key(v, '<');
	view__key(v, '<');
	CHECK_THAT("wraps around", v->sort == SORT_NOTHING);
	view__key(v, 'k');
	CHECK_THAT("not above the first", !v->first);
	view__key(v, 'G');
	CHECK_THAT("the last", v->first == v->table->n - 1);
	view__key(v, KEY_CODE_DOWN);
	CHECK_THAT("not below the last", v->first == v->table->n - 1);
	view__key(v, 'g');
	view__key(v, 'p');
	CHECK_THAT("paused", v->paused && !v->first);
	view__key(v, ' ');
	CHECK_THAT("goes on", !v->paused);
	view__key(v, 'h');
	CHECK_THAT("help", v->help);
	view__key(v, KEY_CODE_ESCAPE);
	CHECK_THAT("no help", !v->help && !v->quit);
	view__key(v, 'q');
	CHECK_THAT("quit", v->quit);
	free_view(v);
}

static void test_slow(void)
{
	struct trace_view *v = new_view();

	for (u32 i = 0; i < 1000; i++)
		slow(v, "read", i, i * 7919 % 1000 + 1, false, "");
	CHECK_THAT("two of a kind", v->nslow == 2 && v->slow[0].ns == 1000 && v->slow[1].ns == 999);
	for (u32 nr = 1; nr < 100; nr++)
		if (syscall_name(nr))
			slow(v, syscall_name(nr), nr, 10000 + nr, nr % 2, "");
	CHECK_THAT("not more than there is room for", v->nslow == TRACE_VIEW_SLOW);
	CHECK_THAT("waits come last", !v->slow[0].waits && v->slow[0].ns > 10000);
	for (u32 i = 1; i < v->nslow; i++)
		CHECK_THAT("in order", v->slow[i - 1].waits < v->slow[i].waits ||
					       (v->slow[i - 1].waits == v->slow[i].waits &&
						v->slow[i - 1].ns >= v->slow[i].ns));
	free_view(v);
}

int main(int argc, char **argv)
{
	struct trace_view *help = stuck(), *empty = new_view();

	writing = argc > 1 && !strcmp(argv[1], "--write");
	setlocale(LC_CTYPE, "C.UTF-8");
	help->help = help->paused = true;
	empty->ended = true;
	test_screens("trace-stuck", stuck());
	test_screens("trace-many", many());
	test_screens("trace-help", help);
	test_screens("trace-empty", empty);
	test_keys();
	test_slow();
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
