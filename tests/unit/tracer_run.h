/* SPDX-License-Identifier: GPL-2.0-only */
/* A child that does known things, traced from before its first one to its end. */
#ifndef SONDE_TRACER_RUN_H
#define SONDE_TRACER_RUN_H

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "trace/tracer.h"

#define MAX_EVENTS 200000
#define PATIENCE_S 60

static int passed, failures;

#define CHECK(ok, ...)                                                                             \
	do {                                                                                       \
		if (ok) {                                                                          \
			passed++;                                                                  \
			break;                                                                     \
		}                                                                                  \
		failures++;                                                                        \
		printf("%s:%d: ", __func__, __LINE__);                                             \
		printf(__VA_ARGS__);                                                               \
		putchar('\n');                                                                     \
	} while (0)

#define EQUAL(got, want)                                                                           \
	do {                                                                                       \
		long long got_ = (long long)(got), want_ = (long long)(want);                      \
		CHECK(got_ == want_, "%s is %lld, not %lld", #got, got_, want_);                   \
	} while (0)

struct run {
	struct tracer *t;
	struct tracer_opts opts;
	struct trace_plan plan[TRACE_NRS];
	struct trace_sum sums[TRACE_NRS];
	u64 lost[TRACE_LOST_MAX];
	struct trace_event **ev;
	u32 nev;
	int go;
	pid_t pid;
	int status;
	bool no_reader; /* until the end */
};

static void run__new(struct run *r)
{
	memset(r, 0, sizeof(*r));
	r->opts = (struct tracer_opts){
		.config = {.events = 1,
			   .follow = 1,
			   .string_limit = 32,
			   .succeeded = 1,
			   .failed = 1,
			   .early = 1},
		.plan = r->plan,
		.ring_bytes = 8 << 20,
	};
	for (u32 nr = 0; nr < TRACE_NRS; nr++)
		r->plan[nr].show = 1;
	r->ev = calloc(MAX_EVENTS, sizeof(*r->ev));
}

static void run__keep(void *ctx, const struct trace_event *ev)
{
	struct run *r = ctx;

	if (r->nev == MAX_EVENTS)
		return;
	r->ev[r->nev] = malloc(ev->bytes);
	memcpy(r->ev[r->nev++], ev, ev->bytes);
}

/* Until @pid sleeps: it has nothing else to do but to read. */
static void wait_asleep(pid_t pid)
{
	char path[64], state = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (u64 begun = now_ns(); state != 'S' && now_ns() - begun < PATIENCE_S * 1000000000ULL;) {
		FILE *f = fopen(path, "re");

		usleep(1000);
		if (!f || fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = 0;
		if (f)
			fclose(f);
	}
}

/* Forks; the child waits until it is let go. False if that cannot be done here. */
static bool run__begin(struct run *r, void (*child)(void))
{
	char why[512] = "", c;
	int err, fds[2];

	err = tracer__new(&r->t, &r->opts, why, sizeof(why));
	CHECK(!err, "load: %s", why);
	if (err || pipe(fds))
		return false;
	fflush(stdout);
	r->pid = fork();
	if (!r->pid) {
		close(fds[1]);
		if (read(fds[0], &c, 1) == 1)
			child();
		_exit(0);
	}
	close(fds[0]);
	r->go = fds[1];
	wait_asleep(r->pid);
	EQUAL(tracer__add(r->t, r->pid), 0);
	EQUAL(tracer__targets(r->t), 1);
	err = tracer__attach(r->t, why, sizeof(why));
	CHECK(!err, "attach: %s", why);
	return !err;
}

static void run__go(struct run *r)
{
	CHECK(write(r->go, "", 1) == 1, "the child is gone");
	close(r->go);
}

static void run__read(struct run *r, u32 ms)
{
	struct pollfd p = {.fd = tracer__fd(r->t), .events = POLLIN};

	poll(&p, 1, ms);
	if (!r->no_reader)
		tracer__read(r->t, run__keep, r);
	tracer__drop_missed(r->t);
}

/* Until the last target has ended. */
static void run__finish(struct run *r)
{
	u64 begun = now_ns();

	while (tracer__targets(r->t) && now_ns() - begun < PATIENCE_S * 1000000000ULL)
		run__read(r, 10);
	EQUAL(tracer__targets(r->t), 0);
	waitpid(r->pid, &r->status, 0);
	r->no_reader = false;
	run__read(r, 0);
	tracer__sums(r->t, r->sums);
	tracer__losses(r->t, r->lost);
}

static void run__free(struct run *r)
{
	tracer__free(r->t);
	for (u32 i = 0; i < r->nev; i++)
		free(r->ev[i]);
	free(r->ev);
}

/* The events of a type, and of a call if @nr is not -1: how many, and the @n-th one. */
static u32 run__count(const struct run *r, u32 type, s32 nr)
{
	u32 n = 0;

	for (u32 i = 0; i < r->nev; i++)
		n += r->ev[i]->type == type && (nr < 0 || r->ev[i]->nr == nr);
	return n;
}

static const struct trace_event *run__event(const struct run *r, u32 type, s32 nr, u32 n)
{
	static const struct trace_event none;

	for (u32 i = 0; i < r->nev; i++)
		if (r->ev[i]->type == type && (nr < 0 || r->ev[i]->nr == nr) && !n--)
			return r->ev[i];
	return &none;
}

/* The piece at @addr, NULL if there is none. */
static const struct trace_piece *event__piece(const struct trace_event *ev, u64 addr, u32 flags)
{
	for (u32 at = sizeof(*ev); at < ev->bytes;) {
		const struct trace_piece *p = (const void *)((const char *)ev + at);

		if (p->addr == addr && p->flags == flags)
			return p;
		at += (sizeof(*p) + p->bytes + 7) & ~7U;
	}
	return NULL;
}

static bool event__has(const struct trace_event *ev, u64 addr, u32 flags, const void *data, u32 len)
{
	const struct trace_piece *p = event__piece(ev, addr, flags);

	return p && p->bytes == len && !memcmp(p->data, data, len);
}

/* Gaps in the numbers of all threads' events. */
static u64 run__gaps(const struct run *r)
{
	u64 gaps = 0;

	for (u32 i = 0; i < r->nev; i++) {
		u64 before = 0;

		for (u32 j = i; j--;)
			if (r->ev[j]->tid == r->ev[i]->tid) {
				before = r->ev[j]->seq;
				break;
			}
		gaps += r->ev[i]->seq - before - 1;
	}
	return gaps;
}

static int report(void)
{
	printf("%d passed, %d failed\n", passed, failures);
	return failures != 0;
}

#endif
