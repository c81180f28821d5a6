// SPDX-License-Identifier: GPL-2.0-only
/* What may last for ever, done by other processes: how long it is waited for, and what becomes of
 * those that nobody waited for. */
#include "trace/apart.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"

#define MS 1000000ULL

static char text[] = "a name";

static int copy(int to, u32 pid, const void *in)
{
	(void)pid;
	return write(to, in, strlen(in)) < 0 ? -errno : 0;
}

static int fail_so(int to, u32 pid, const void *in)
{
	(void)to;
	(void)pid;
	(void)in;
	return -ENOEXEC;
}

/* As long as @in says, then copies it. */
static int sleep_for(int to, u32 pid, const void *in)
{
	const u32 *ms = in;

	(void)pid;
	usleep(*ms * 1000);
	return write(to, ms, sizeof(*ms)) == sizeof(*ms) ? 0 : -EIO;
}

static int work_for(int to, u32 pid, const void *in)
{
	const u32 *ms = in;
	struct timespec ts;

	(void)pid;
	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	while (ts.tv_sec * 1000 + ts.tv_nsec / 1000000 < *ms);
	return write(to, ms, sizeof(*ms)) == sizeof(*ms) ? 0 : -EIO;
}

static int end_it(int to, u32 pid, const void *in)
{
	(void)to;
	(void)pid;
	(void)in;
	_exit(1);
}

static int do_ms(u64 *id, u32 pid, apart_fn fn, u32 ms)
{
	return apart__do(id, pid, fn, &ms, sizeof(ms));
}

static void test_answers(void)
{
	char got[100] = "";
	int fd = apart__do(NULL, 1, copy, text, sizeof(text));

	CHECK(fd >= 0 && pread(fd, got, sizeof(got), 0) == (ssize_t)strlen(text));
	CHECK(!strcmp(got, text));
	/* Nothing is left of that. */
	fd = apart__do(NULL, 1, copy, "x", 2);
	CHECK(fd >= 0 && pread(fd, got, sizeof(got), 0) == 1 && got[0] == 'x');
	CHECK(apart__do(NULL, 1, fail_so, "", 1) == -ENOEXEC);
	CHECK(apart__memory(getpid(), (u64)text, got, sizeof(text)) == sizeof(text));
	CHECK(!strcmp(got, text));
	CHECK(apart__memory(getpid(), 8, got, 1) == -EFAULT);
	CHECK(apart__do(NULL, 1, end_it, "", 1) == -EIO);
	CHECK(apart__do(NULL, 1, copy, "x", 2) >= 0);
	CHECK(!apart__is_own(getpid()) && apart__later(4711) == -ENOENT);
}

static void test_late(void)
{
	u64 id = 0, begun = now_ns();
	u32 ms = 0;
	int fd;

	CHECK(do_ms(&id, 2, sleep_for, 600) == -EAGAIN);
	CHECK(now_ns() - begun >= 90 * MS && now_ns() - begun < 400 * MS);
	/* Nobody waits for that process again, and others are read. */
	begun = now_ns();
	CHECK(do_ms(NULL, 2, sleep_for, 0) == -EBUSY);
	CHECK(apart__later(id) == -EAGAIN);
	CHECK(now_ns() - begun < 90 * MS);
	CHECK(do_ms(NULL, 3, sleep_for, 0) >= 0);
	for (int i = 0; i < 100 && (fd = apart__later(id)) == -EAGAIN; i++)
		usleep(50000);
	CHECK(fd >= 0 && pread(fd, &ms, sizeof(ms), 0) == sizeof(ms) && ms == 600);
	CHECK(apart__later(id) == -ENOENT);
	CHECK(do_ms(NULL, 2, sleep_for, 0) >= 0);
}

/* A process that is not there any more must be one that may be asked for again. */
static void test_forgotten(void)
{
	u64 id = 0;

	CHECK(do_ms(&id, 4, sleep_for, 500) == -EAGAIN);
	apart__forget(id);
	CHECK(do_ms(NULL, 4, sleep_for, 0) == -EBUSY);
	usleep(1000000);
	CHECK(do_ms(NULL, 4, sleep_for, 0) >= 0);
}

static void test_working(void)
{
	u64 begun = now_ns();

	CHECK(do_ms(NULL, 5, work_for, 500) >= 0);
	CHECK(now_ns() - begun >= 300 * MS);
}

/* The program can end although all of them sleep. */
static void test_many(void)
{
	u64 begun = now_ns();
	u32 begun_for = 0;

	for (u32 pid = 100; pid < 140; pid++)
		begun_for += do_ms(NULL, pid, sleep_for, 1000000) == -EAGAIN;
	CHECK(begun_for == 16);
	CHECK(now_ns() - begun < 1500 * MS);
	CHECK(do_ms(NULL, 140, sleep_for, 0) == -EBUSY);
}

int main(void)
{
	alarm(60);
	test_answers();
	test_late();
	test_forgotten();
	test_working();
	test_many();
	return report();
}
