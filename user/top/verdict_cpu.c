// SPDX-License-Identifier: GPL-2.0-only
/* Time lost waiting for a CPU: to another service, or to a limit. */
#include "verdict_rules.h"

static void blame_for_cpu(struct judge *j, u32 neighbour, u32 importance)
{
	struct sentence s;
	char name[SHOWN_MAX];

	if (!judge__find(j, neighbour, VERDICT_CULPRIT, importance, &s))
		return;
	say(&s, "uses %.1f of %.0f CPUs; %s waits for a CPU",
	    (double)j->facts->service[neighbour].on / j->facts->f->interval,
	    (double)j->facts->f->cpus, put_name(name, j->name));
}

/* The other service that uses most, or NOBODY if this one uses as much: it is not for it to accuse.
 */
static u32 who_uses_more(const struct judge *j)
{
	const struct facts *facts = j->facts;
	u32 top = facts->cpu_top[0];

	return top != j->service && top != NOBODY && facts->service[top].on > j->s->on ? top
										       : NOBODY;
}

/* Whether it would wait without the others, too: it uses most of what is used, or uses more than
 * any other while the threads that it has ready beyond all CPUs are at least half of those that
 * wait. */
static bool crowds_itself(const struct judge *j, u32 neighbour, double capacity)
{
	return percent(j->s->on, j->facts->used) >= CPU_OWN ||
	       (neighbour == NOBODY && j->s->on + j->time[PART_RUNQ] / 2.0 >= capacity);
}

static void find_cpu(struct judge *j, u32 neighbour, double capacity)
{
	const struct facts *facts = j->facts;
	u32 importance = ACCUSE + judge__weight(j, j->time[PART_RUNQ]);
	struct sentence s;
	char name[SHOWN_MAX];

	if (!judge__find(j, j->service, VERDICT_CPU, importance, &s))
		return;
	say(&s, "%u %% of its busy time waiting for a CPU",
	    percent(j->time[PART_RUNQ], j->s->busy));
	if (neighbour == NOBODY || facts->service[neighbour].on < capacity * CPU_NEIGHBOUR / 100) {
		say(&s, "; all services together keep the CPUs %u %% busy",
		    percent(facts->used, capacity));
		return;
	}
	say(&s, "; %s uses %.1f of %.0f CPUs", put_name(name, facts->f->service[neighbour].name),
	    (double)facts->service[neighbour].on / facts->f->interval, (double)facts->f->cpus);
	blame_for_cpu(j, neighbour, importance - 1);
}

static void find_own_cpu(struct judge *j)
{
	struct sentence s;

	if (judge__find(j, j->service, VERDICT_OWN_CPU, judge__weight(j, j->time[PART_RUNQ]), &s))
		say(&s,
		    "%u %% of its busy time waiting for a CPU: its own threads use %.1f of %.0f "
		    "CPUs",
		    percent(j->time[PART_RUNQ], j->s->busy),
		    (double)j->s->on / j->facts->f->interval, (double)j->facts->f->cpus);
}

static void find_cpu_limit(struct judge *j)
{
	struct sentence s;

	if (judge__find(j, j->service, VERDICT_CPU_LIMIT,
			ACCUSE + judge__weight(j, j->time[PART_RUNQ]), &s))
		say(&s,
		    "%u %% of its busy time waiting for a CPU although CPUs are idle: look at its "
		    "CPU limit or pinning",
		    percent(j->time[PART_RUNQ], j->s->busy));
}

/* What is slow anyway needs no other floor. */
static bool was_better(const struct normal *n, u64 wait)
{
	return normal__known(n) && wait >= WORSE_TIMES * normal__ns(n);
}

void judge_cpu(struct judge *j)
{
	const struct facts *facts = j->facts;
	struct normal *normal = &j->habits->normal[LAYER_CPU];
	double capacity = (double)facts->f->cpus * facts->f->interval;
	u64 lost = j->time[PART_RUNQ], wait = j->s->runq_wait;
	bool much = judge__lost(j, lost, SHARE_RUNQ, LOST_MUCH);
	bool worse = was_better(normal, wait) && judge__lost(j, lost, SHARE_RUNQ, LOST_SOME);
	u32 neighbour = who_uses_more(j);

	if (wait >= RUNQ_SLOW && facts->used >= capacity * CPUS_BUSY / 100 && capacity > 0) {
		if (crowds_itself(j, neighbour, capacity)) {
			if (much)
				find_own_cpu(j);
		} else if (much || worse) {
			find_cpu(j, neighbour, capacity);
			return;
		}
	} else if (wait >= RUNQ_LIMIT && facts->used <= capacity * CPUS_IDLE / 100 &&
		   judge__lost(j, lost, SHARE_RUNQ, LOST_LIMIT)) {
		find_cpu_limit(j);
		return;
	}
	normal__learn(normal, wait);
}
