// SPDX-License-Identifier: GPL-2.0-only
#include "split.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "log.h"
#include "session.h"

struct thread_id {
	u64 started;
	u32 tid, pad;
};

struct thread {
	struct thread_id id;
	struct thread_row last;
	u64 seen; /* the last reading that had it */
	UT_hash_handle hh;
};

struct split {
	struct session *session;
	struct thread *threads;
	bool (*wanted)(void *ctx, u32 pid, u32 tid);
	void *ctx;
	u64 readings;
	u64 time[PARTS]; /* ns, of stints on a CPU all in PART_USER */
	u64 ticks_user, ticks_kernel;
};

void split__open(struct split **ret, const struct options *o)
{
	bool set[MAX_SETS] = {};
	int sched = probes__find("sched");
	struct split *s = calloc(1, sizeof(*s));

	*ret = NULL;
	if (!s || sched < 0) {
		free(s);
		return;
	}
	set[sched] = true;
	if (session__open(&s->session, o, set)) {
		log_info("going on without the split of the time");
		free(s);
		return;
	}
	*ret = s;
}

void split__close(struct split *s)
{
	struct thread *t, *tmp;

	if (!s)
		return;
	HASH_ITER(hh, s->threads, t, tmp) {
		HASH_DEL(s->threads, t);
		free(t);
	}
	session__close(s->session);
	free(s);
}

/* Of a thread that was born since the first reading all is counted. */
static void see(void *ctx, const struct thread_row *row)
{
	struct thread_id id = {.started = row->started, .tid = row->tid};
	struct split *s = ctx;
	struct thread *t;

	if (!s->wanted(s->ctx, row->pid, row->tid))
		return;
	HASH_FIND(hh, s->threads, &id, sizeof(id), t);
	if (!t) {
		t = calloc(1, sizeof(*t));
		if (!t)
			return;
		t->id = id;
		HASH_ADD(hh, s->threads, id, sizeof(t->id), t);
		if (!hash_added(t)) {
			free(t);
			return;
		}
		if (s->readings == 1)
			t->last = *row;
	}
	for (u32 i = 0; i < PARTS; i++)
		s->time[i] += row->time[i] - t->last.time[i];
	s->ticks_user += row->ticks_user - t->last.ticks_user;
	s->ticks_kernel += row->ticks_kernel - t->last.ticks_kernel;
	t->last = *row;
	t->seen = s->readings;
}

static void forget_dead(struct split *s)
{
	struct thread *t, *tmp;

	HASH_ITER(hh, s->threads, t, tmp) {
		if (t->seen == s->readings)
			continue;
		HASH_DEL(s->threads, t);
		free(t);
	}
}

int split__read(struct split *s, bool (*wanted)(void *ctx, u32 pid, u32 tid), void *ctx,
		u64 ret[PARTS])
{
	struct delta *d;
	u64 ticks;
	int err;

	s->wanted = wanted;
	s->ctx = ctx;
	session__answer(s->session);
	err = session__take(s->session, false, &d);
	s->readings++;
	if (!err)
		err = session__threads(s->session, see, s);
	if (!err)
		forget_dead(s);
	memcpy(ret, s->time, sizeof(s->time));
	/* What part of the time on a CPU is the kernel's is known from the timer's ticks only. */
	ticks = s->ticks_user + s->ticks_kernel;
	ret[PART_KERNEL] = ticks ? (double)s->time[PART_USER] * s->ticks_kernel / ticks : 0;
	ret[PART_USER] -= ret[PART_KERNEL];
	return err;
}
