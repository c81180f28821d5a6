// SPDX-License-Identifier: GPL-2.0-only
#include "verdict_rules.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool normal__known(const struct normal *n)
{
	return n->samples >= NORMAL_SAMPLES;
}

u64 normal__ns(const struct normal *n)
{
	return exp2(n->log2_ns) + 0.5;
}

void normal__learn(struct normal *n, u64 ns)
{
	double value, step = log2(NORMAL_STEP), weight = NORMAL_WEIGHT;

	if (!ns)
		return;
	value = log2(ns);
	if (normal__known(n))
		value = fmin(fmax(value, n->log2_ns - step), n->log2_ns + step);
	else
		weight = 1.0 / ++n->samples;
	n->log2_ns += weight * (value - n->log2_ns);
}

bool normal__is_worse(const struct normal *n, u64 ns)
{
	return normal__known(n) && ns >= WORSE_FLOOR && ns >= WORSE_TIMES * normal__ns(n);
}

void normal__say(const struct normal *n, struct sentence *s)
{
	char was[TIME_MAX];

	if (normal__known(n))
		say(s, ", normally %s", put_time(was, normal__ns(n)));
}

u64 judge__rate(const struct judge *j, u64 ns)
{
	double value = (double)ns * SECOND / j->facts->f->interval;

	return value < 1e18 ? value : 1e18;
}

bool judge__lost(const struct judge *j, u64 ns, u32 share, u64 least)
{
	return percent(ns, j->s->busy) >= share && judge__rate(j, ns) >= least;
}

u32 judge__weight(const struct judge *j, u64 ns)
{
	u64 ms = judge__rate(j, ns) / MS;

	return 2 + (ms < VERDICT_ACCUSES / 4 ? ms : VERDICT_ACCUSES / 4);
}

struct finding *judge__find(struct judge *j, u32 service, enum verdict_kind kind, u32 weight,
			    struct sentence *ret)
{
	struct findings *all = j->found;
	struct finding *f;

	if (all->n == all->room) {
		u32 room = all->room ? 2 * all->room : 16;

		f = realloc(all->v, room * sizeof(*f));
		if (!f) {
			all->failed = true;
			return NULL;
		}
		all->v = f;
		all->room = room;
	}
	f = &all->v[all->n++];
	*f = (struct finding){.service = service, .kind = kind, .weight = weight};
	sentence__begin(ret, f->text, j->facts->f->service[service].name);
	return f;
}

static void judge_lock(struct judge *j)
{
	struct normal *normal = &j->habits->normal[LAYER_LOCK];
	u64 lost = j->time[PART_LOCK], rate = judge__rate(j, lost);
	struct sentence s;

	/* Where all threads stand behind one that holds the lock there is hardly any work either,
	 * but they did not always wait. */
	if (!judge__lost(j, lost, SHARE_LOCK, LOST_MUCH) ||
	    (judge__rate(j, j->s->on) < LOCK_WORK && !normal__is_worse(normal, rate))) {
		/* That there was no wait is known, too. */
		normal__learn(normal, rate > LOCK_NONE ? rate : LOCK_NONE);
		return;
	}
	if (!judge__find(j, j->service, VERDICT_LOCK, ACCUSE + judge__weight(j, lost), &s))
		return;
	say(&s, "%u %% of its busy time waiting for a %s", percent(lost, j->s->busy),
	    j->s->file_lock >= lost / 2 ? "file's lock (flock, fcntl)"
					: "lock in its own threads (futex)");
}

static void judge_memory(struct judge *j)
{
	u64 lost = j->time[PART_MEMORY];
	struct sentence s;

	if (judge__lost(j, lost, SHARE_MEMORY, LOST_MUCH) &&
	    judge__find(j, j->service, VERDICT_MEMORY, ACCUSE + judge__weight(j, lost), &s))
		say(&s,
		    "%u %% of its busy time waiting for memory (page faults, reclaim): look at its "
		    "memory limit and swap",
		    percent(lost, j->s->busy));
}

static void judge_stuck(struct judge *j)
{
	const struct frame_op *op = j->s->stuck;
	char name[SHOWN_MAX], age[TIME_MAX];
	struct sentence s;

	if (!op || op->inflight_age < STUCK_AGE ||
	    !judge__find(j, j->service, VERDICT_STUCK, ACCUSE + SECOND / MS, &s))
		return;
	say(&s, "a call of %s has not returned for %s", put_name(name, op->name),
	    put_time(age, op->inflight_age));
	if (op->inflight > 1)
		say(&s, ", %u are in flight", op->inflight);
}

static void judge_on_cpu(struct judge *j)
{
	u64 io = j->time[PART_DISK] + j->time[PART_RECV] + j->time[PART_SEND];
	struct sentence s;

	if (!judge__lost(j, j->s->on, SHARE_ON_CPU, PROFILE_ON_CPU) ||
	    !judge__find(j, j->service, VERDICT_ON_CPU, judge__weight(j, j->s->on), &s))
		return;
	say(&s, "on CPU %u %% of busy time%s: use a profiler", percent(j->s->on, j->s->busy),
	    percent(io, j->s->busy) < SHARE_QUIET ? ", I/O normal" : "");
}

static void judge_other(struct judge *j)
{
	u64 lost = j->time[PART_OTHER];
	struct sentence s;

	if (judge__lost(j, lost, SHARE_OTHER, LOST_MUCH) &&
	    judge__rate(j, j->s->on) >= OTHER_ON_CPU &&
	    judge__find(j, j->service, VERDICT_OTHER, 1, &s))
		say(&s, "%u %% of its busy time waiting in other (pipes, kernel locks)",
		    percent(lost, j->s->busy));
}

/* What the program itself costs does not depend on any set. */
static void judge_self(struct judge *j)
{
	const struct frame *f = j->facts->f;
	struct sentence s;

	if (!strcmp(j->name, "sonde") && judge__rate(j, f->self_cpu) > SELF_CPU &&
	    judge__find(j, j->service, VERDICT_SELF, VERDICT_ACCUSES - 1, &s))
		say(&s, "uses %.1f %% of a CPU itself", 100.0 * f->self_cpu / f->interval);
}

void rules__judge(const struct facts *facts, u32 service, struct habits *habits,
		  struct findings *ret)
{
	struct judge j = {
		.facts = facts,
		.s = &facts->service[service],
		.time = facts->f->service[service].time,
		.name = facts->f->service[service].name,
		.service = service,
		.habits = habits,
		.found = ret,
	};

	if (!j.s->subject) {
		judge_self(&j);
		return;
	}
	judge_connects(&j);
	judge_resent(&j);
	judge_stuck(&j);
	if (!facts->sched || !j.s->busy)
		return;
	judge_cpu(&j);
	judge_disk(&j);
	judge_peer(&j);
	judge_lock(&j);
	judge_memory(&j);
	judge_on_cpu(&j);
	judge_other(&j);
}
