// SPDX-License-Identifier: GPL-2.0-only
/* Lines of what is no call: signals, ends, new processes. */
#include "print_line.h"

/* A thread that ends in a call. */
static void end_in_call(struct printer *p, struct printed_thread *t, const struct trace_event *ev)
{
	u32 begun = 0;

	if (t->state == CALL_OPEN) {
		begun = t->column;
		p->open = NULL;
	} else {
		print__begin(p, ev->pid, ev->tid, ev->end ? ev->end : ev->start);
		fprintf(p->line, "<... %s resumed>", t->call);
	}
	t->state = CALL_NONE;
	fputs(t->unfinished_args ? " <unfinished ...>) " : ") ", p->line);
	print__pad(p, begun);
	fputs("= ?\n", p->line);
	print__put(p, ev->tid);
}

static void print_exit(struct printer *p, struct printed_thread *t, const struct trace_event *ev)
{
	if (t->state != CALL_NONE)
		end_in_call(p, t, ev);
	if (p->opts.trace->quiet < 2 && print__has_room(p)) {
		print__begin(p, ev->pid, ev->tid, ev->end ? ev->end : ev->start);
		print_exit__text(p->line, ev);
		putc_unlocked('\n', p->line);
		print__put(p, ev->tid);
	}
	out__end(p->opts.out, ev->tid);
}

static void print_attached(struct printer *p, const struct trace_event *ev)
{
	if (p->opts.trace->quiet || p->opts.trace->file || !print__has_room(p))
		return;
	print__leave_open(p);
	fprintf(p->line, "sonde: process %u attached\n", (u32)ev->arg[1]);
	print__put(p, ev->tid);
}

static void print_signal(struct printer *p, const struct trace_event *ev)
{
	if (!pick__signal(&p->opts.trace->pick, ev->arg[SIGNAL_NUMBER]) || !print__has_room(p))
		return;
	print__begin(p, ev->pid, ev->tid, ev->end ? ev->end : ev->start);
	print_signal__text(p->line, ev);
	putc_unlocked('\n', p->line);
	print__put(p, ev->tid);
}

void print__changed(struct printer *p, struct printed_thread *t, const struct trace_event *ev)
{
	u32 old = ev->arg[0];
	struct printed_thread *from;

	HASH_FIND(hh, p->threads, &old, sizeof(old), from);
	if (!from || old == ev->tid)
		return;
	if (p->open == from)
		p->open = t;
	t->seq = from->seq;
	t->state = from->state;
	t->column = from->column;
	t->nargs = from->nargs;
	t->unfinished_args = from->unfinished_args;
	memcpy(t->call, from->call, sizeof(t->call));
	HASH_DEL(p->threads, from);
	free(from);
	out__end(p->opts.out, old);
}

void print__other(struct printer *p, struct printed_thread *t, const struct trace_event *ev)
{
	if (p->opts.json) {
		bool wanted = ev->type == TRACE_SIGNAL
				      ? pick__signal(&p->opts.trace->pick, ev->arg[SIGNAL_NUMBER])
				      : !(p->opts.trace->quiet > (ev->type == TRACE_EXIT));

		if (ev->type != TRACE_EXEC && wanted && print__has_room(p)) {
			print_json__other(p, ev);
			print__put(p, ev->tid);
		}
		if (ev->type == TRACE_EXIT)
			out__end(p->opts.out, ev->tid);
		return;
	}
	switch (ev->type) {
	case TRACE_SIGNAL:
		print_signal(p, ev);
		break;
	case TRACE_EXIT:
		print_exit(p, t, ev);
		break;
	case TRACE_FORK:
		print_attached(p, ev);
		break;
	}
}
