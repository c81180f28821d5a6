// SPDX-License-Identifier: GPL-2.0-only
#include "begun.h"

#include <string.h>

#include "apart.h"
#include "clock.h"
#include "decode.h"

struct shown {
	trace_event_fn fn;
	void *ctx;
};

struct event_memory {
	struct trace_event ev;
	char data[TRACE_MEMORY];
};

/* Up to the end of its page: what comes after need not be there. */
static void add_string(struct event_memory *m, u64 addr)
{
	struct trace_piece *p = (void *)((char *)m + m->ev.bytes);
	size_t room = sizeof(*m) - m->ev.bytes - sizeof(*p), size = 4096 - addr % 4096;
	ssize_t n;
	char *end;

	if (m->ev.bytes + sizeof(*p) + 8 > sizeof(*m))
		return;
	n = apart__memory(m->ev.pid, addr, p->data, size < room ? size : room);
	end = n > 0 ? memchr(p->data, 0, n) : NULL;
	if (!end)
		return;
	p->addr = addr;
	p->bytes = end + 1 - (char *)p->data;
	m->ev.bytes += (sizeof(*p) + p->bytes + 7) & ~7u;
}

static void show(void *ctx, const struct trace_thread *row)
{
	struct event_memory m = {};
	struct trace_plan plan;
	struct shown *s = ctx;

	/* One that has an age will be an event by itself. */
	if (row->nr < 0 || row->running || row->age)
		return;
	m.ev.type = TRACE_ENTERED;
	m.ev.flags = TRACE_UNSTARTED | (row->flags & TRACE_COMPAT);
	m.ev.bytes = sizeof(m.ev);
	m.ev.pid = row->pid;
	m.ev.tid = row->tid;
	m.ev.end = now_ns();
	m.ev.nr = row->nr;
	memcpy(m.ev.arg, row->arg, sizeof(m.ev.arg));
	memcpy(m.ev.comm, row->comm, sizeof(m.ev.comm));
	if (!(row->flags & TRACE_COMPAT)) {
		decode__plan(row->nr, &plan);
		for (u32 i = 0; i < TRACE_ARGS; i++)
			if (plan.arg[i].kind == FETCH_STRING)
				add_string(&m, row->arg[i]);
	}
	s->fn(s->ctx, &m.ev);
}

int begun__show(struct tracer *t, trace_event_fn fn, void *ctx)
{
	struct shown s = {fn, ctx};

	return tracer__threads(t, show, &s);
}
