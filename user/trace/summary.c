// SPDX-License-Identifier: GPL-2.0-only
#include "summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "on.h"
#include "split.h"
#include "syscall_names.h"

/* What threads are on is told for so long at each refresh, of those that wait longest: sockets may
 * be looked for in tables of a hundred thousand. */
#define DESCRIBE_NS 200000000ULL

/* Events a second beyond which calls must be slower to become one, and below which they need not.
 */
#define MANY_EVENTS 300
#define FEW_EVENTS  100
#define FLOOR_NS    10000
#define CEILING_NS  1000000000

struct summary {
	const struct options *o;
	struct tracer *tracer;
	struct printer *printer;
	struct split *split;
	struct trace_view view;
	struct trace_sum sums[TRACE_NRS];
	u64 start, adapted; /* ns, monotonic */
	u64 min_ns, events; /* since it was adapted */
	struct trace_thread *thread;
	u32 nthreads, capacity;
	bool waits[TRACE_NRS]; /* by design */
	bool no_memory;
};

/* As the set syscalls has it. */
static void find_waits(struct summary *s)
{
	int set = probes__find("syscalls");
	struct op_info info;

	for (u32 nr = 0; set >= 0 && nr < TRACE_NRS; nr++)
		s->waits[nr] = probes[set]->op(nr, &info) && info.wait;
}

void summary__split(struct summary *s)
{
	split__open(&s->split, s->o);
	s->view.has_split = s->split;
}

int summary__new(struct summary **ret, const struct options *o, struct tracer *tracer,
		 struct printer *printer, const char *title)
{
	struct summary *s = calloc(1, sizeof(*s));

	if (!s || !(s->view.table = calloc(1, sizeof(*s->view.table)))) {
		free(s);
		return -ENOMEM;
	}
	s->o = o;
	s->tracer = tracer;
	s->printer = printer;
	s->min_ns = SUMMARY_MIN_NS;
	s->start = s->adapted = now_ns();
	s->view.sort = o->trace.sort ? trace_sort__find(o->trace.sort) : SORT_TIME;
	snprintf(s->view.title, sizeof(s->view.title), "%s", title);
	find_waits(s);
	*ret = s;
	return 0;
}

void summary__free(struct summary *s)
{
	if (!s)
		return;
	split__close(s->split);
	free(s->view.table);
	free(s->thread);
	free(s);
}

struct trace_view *summary__view(struct summary *s)
{
	return &s->view;
}

const struct trace_sum *summary__sums(const struct summary *s)
{
	return s->sums;
}

/* --- slow calls */

void summary__event(void *summary, const struct trace_event *ev)
{
	struct slow_call call = {};
	struct summary *s = summary;
	char *text;

	s->events++;
	if (ev->type != TRACE_CALL || !ev->start || s->view.paused)
		return;
	if (ev->nr < 0 || ev->nr >= TRACE_NRS || !s->o->trace.pick.call[ev->nr])
		return;
	call.nr = ev->nr;
	call.tid = ev->tid;
	call.ns = ev->end - ev->start;
	call.waits = s->waits[ev->nr];
	text = view__slow(&s->view, &call);
	if (text)
		snprintf(text, sizeof(call.text), "%s", printer__text(s->printer, ev));
}

static void adapt(struct summary *s, u64 now)
{
	u64 ns = now - s->adapted, rate;

	if (ns < 1000000)
		return;
	rate = s->events * 1000000000 / ns;
	if (rate > MANY_EVENTS)
		s->min_ns *= rate / MANY_EVENTS + 1;
	else if (rate < FEW_EVENTS)
		s->min_ns /= 2;
	s->min_ns = s->min_ns < FLOOR_NS ? FLOOR_NS : s->min_ns;
	s->min_ns = s->min_ns > CEILING_NS ? CEILING_NS : s->min_ns;
	tracer__min_ns(s->tracer, s->min_ns);
	s->adapted = now;
	s->events = 0;
}

/* --- threads */

static void see_thread(void *ctx, const struct trace_thread *row)
{
	struct summary *s = ctx;

	if (s->nthreads == s->capacity) {
		u32 capacity = s->capacity ? 2 * s->capacity : 64;
		struct trace_thread *more = realloc(s->thread, capacity * sizeof(*more));

		if (!more) {
			s->no_memory = true;
			return;
		}
		s->thread = more;
		s->capacity = capacity;
	}
	s->thread[s->nthreads++] = *row;
}

static u64 age_of(const struct trace_thread *t)
{
	if (t->nr < 0 || t->running)
		return 0;
	return t->age ? t->age : t->blocked;
}

static int by_tid(const void *a, const void *b)
{
	const struct trace_thread *x = a, *y = b;

	return x->tid < y->tid ? -1 : x->tid > y->tid;
}

/* Those that wait by design come last: what somebody looks for is among the others. */
static int by_age(const void *a, const void *b, void *summary)
{
	const struct summary *s = summary;
	const struct trace_thread *ta = a, *tb = b;
	u64 x = age_of(a), y = age_of(b);
	bool xw = ta->nr >= 0 && s->waits[ta->nr], yw = tb->nr >= 0 && s->waits[tb->nr];

	if (xw != yw)
		return xw - yw;
	return x > y ? -1 : x < y ? 1 : by_tid(a, b);
}

static bool is_ours(void *ctx, u32 pid, u32 tid)
{
	struct trace_thread key = {.tid = tid};
	struct summary *s = ctx;

	(void)pid;
	return bsearch(&key, s->thread, s->nthreads, sizeof(key), by_tid);
}

static bool has_thread(void *ctx, u32 tid)
{
	const struct summary *s = ctx;

	for (u32 i = 0; i < s->nthreads; i++)
		if (s->thread[i].tid == tid)
			return true;
	return false;
}

/* @describe: what it is on, too. */
static void show_thread(struct summary *s, struct now_thread *n, const struct trace_thread *t,
			bool describe)
{
	const char *name = t->nr >= 0 ? syscall_name(t->nr) : NULL;

	memset(n, 0, sizeof(*n));
	n->tid = t->tid;
	memcpy(n->comm, t->comm, sizeof(n->comm) - 1);
	if (t->nr < 0)
		return;
	if (t->flags & TRACE_COMPAT || !name)
		snprintf(n->call, sizeof(n->call), "%scall %d",
			 t->flags & TRACE_COMPAT ? "32-bit " : "", t->nr);
	else
		snprintf(n->call, sizeof(n->call), "%s", name);
	n->age = t->age ? t->age : t->blocked;
	n->at_least = !t->age;
	if (t->flags & TRACE_COMPAT || !name || !describe)
		return;
	on__describe(s->o->root, t, name, has_thread, s, n->on, sizeof(n->on));
}

static void show_threads(struct summary *s)
{
	struct trace_view *v = &s->view;
	u64 until = now_ns() + DESCRIBE_NS;
	u32 last = 0;

	v->threads = s->nthreads;
	v->processes = 0;
	/* Threads of a process follow each other. */
	for (u32 i = 0; i < s->nthreads; i++) {
		v->processes += s->thread[i].pid != last;
		last = s->thread[i].pid;
	}
	qsort_r(s->thread, s->nthreads, sizeof(*s->thread), by_age, s);
	v->nnow = s->nthreads < TRACE_VIEW_THREADS ? s->nthreads : TRACE_VIEW_THREADS;
	for (u32 i = 0; i < v->nnow; i++)
		show_thread(s, &v->now[i], &s->thread[i], now_ns() < until);
}

/* --- all of it */

int summary__refresh(struct summary *s)
{
	struct trace_view *v = &s->view;
	u64 now = now_ns();
	int err;

	adapt(s, now);
	if (v->paused)
		return 0;
	v->elapsed = now - s->start;
	err = tracer__sums(s->tracer, s->sums);
	if (err)
		return err;
	table__fill(v->table, s->sums, &s->o->trace.pick);
	table__sort(v->table, v->sort);
	tracer__losses(s->tracer, v->lost);
	s->nthreads = 0;
	err = tracer__threads(s->tracer, see_thread, s);
	if (s->no_memory)
		err = -ENOMEM;
	if (err || !s->nthreads)
		return err;
	show_threads(s);
	qsort(s->thread, s->nthreads, sizeof(*s->thread), by_tid);
	if (s->split && split__read(s->split, is_ours, s, v->split))
		v->has_split = false;
	return 0;
}
