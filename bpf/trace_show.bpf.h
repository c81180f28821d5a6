/* SPDX-License-Identifier: GPL-2.0-only */
/* Which calls become events, and with what. */
#ifndef SONDE_TRACE_SHOW_BPF_H
#define SONDE_TRACE_SHOW_BPF_H

#include "trace_fetch.bpf.h"

static __always_inline bool is_wanted(struct caller *c, u64 ns, bool is_error)
{
	if (!cfg.events)
		return false;
	if (c->ev.flags & TRACE_WAS_SHOWN)
		return true;
	if (!plan_of(c)->show || ns < control.min_ns)
		return false;
	return is_error ? cfg.failed : cfg.succeeded;
}

static __always_inline void add_stack(void *ctx, struct memory *m)
{
	u32 at = m->used;
	long n;

	ONE_REGISTER(at);
	if (at > TRACE_MEMORY - HEAD - 8 * TRACE_STACK) {
		m->ev.flags |= TRACE_CUT;
		return;
	}
	n = bpf_get_stack(ctx, m->data + at + HEAD, 8 * TRACE_STACK, BPF_F_USER_STACK);
	if (n > 0)
		add_head(m, at, 0, n, PIECE_STACK);
}

/* Sends the event of @c, and the pieces that there are in @m. */
static __noinline void send_pieces(struct caller *c, struct memory *m, u32 may_wake)
{
	u32 bytes = m->used;

	c->ev.flags |= m->ev.flags & TRACE_CUT;
	ONE_REGISTER(bytes);
	if (bytes > TRACE_MEMORY)
		return;
	bytes += sizeof(m->ev);
	m->ev = c->ev;
	m->ev.bytes = bytes;
	send(m, bytes, may_wake);
}

static __noinline void show_call(void *ctx, struct task_struct *task, struct caller *c)
{
	u32 fetches = plan_of(c)->fetches;
	bool more = fetches & (FETCHES_AT_EXIT | FETCHES_LATE) || c->missing;
	struct memory *m;

	fill_event(&c->ev, c, TRACE_CALL, task);
	if (!more && !c->copied && !cfg.stacks) {
		send(&c->ev, sizeof(c->ev), true);
		return;
	}
	m = memory_of(task, true);
	if (!m) {
		c->ev.flags |= TRACE_CUT;
		send(&c->ev, sizeof(c->ev), true);
		return;
	}
	if (!c->copied) {
		m->used = 0;
		m->ev.flags = 0;
	}
	if (more)
		fetch_exit(c, m);
	if (cfg.stacks)
		add_stack(ctx, m);
	send_pieces(c, m, true);
}

/* A call in flight that will not be seen to return, or not for long. */
static __noinline void show_entered(struct task_struct *task, struct caller *c, u32 may_wake)
{
	struct memory *m = c->copied ? memory_of(task, false) : NULL;

	if (!plan_of(c)->show || c->ev.flags & TRACE_WAS_SHOWN)
		return;
	fill_event(&c->ev, c, TRACE_ENTERED, task);
	c->ev.start = c->start;
	c->ev.end = bpf_ktime_get_ns();
	c->ev.ret = 0;
	if (m)
		send_pieces(c, m, may_wake);
	else
		send(&c->ev, sizeof(c->ev), may_wake);
	c->ev.flags |= TRACE_WAS_SHOWN;
}

#endif
