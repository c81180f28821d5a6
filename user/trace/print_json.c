// SPDX-License-Identifier: GPL-2.0-only
/* Events as JSON, one object per line; the members are described in docs/trace.md. */
#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>

#include "print_line.h"
#include "stacks.h"
#include "value_put.h"

#define SEC_NS ((u64)1000000000)

static void put_seconds(FILE *out, u64 ns)
{
	char fraction[16];

	put_unsigned(out, ns / SEC_NS);
	snprintf(fraction, sizeof(fraction), ".%09" PRIu64, ns % SEC_NS);
	put(out, fraction);
}

static void put_number(FILE *out, const char *member, s64 n)
{
	put(out, member);
	put_signed(out, n);
}

static void begin(struct printer *p, const struct trace_event *ev, const char *type, u64 when)
{
	u32 inner = p->opts.inner_pid ? p->opts.inner_pid(p->opts.ctx, ev->pid) : 0;
	FILE *out = p->line;

	put(out, "{\"type\":\"");
	put(out, type);
	put(out, "\",\"time\":");
	put_seconds(out, when + p->to_realtime);
	put_number(out, ",\"pid\":", ev->pid);
	put_number(out, ",\"tid\":", ev->tid);
	if (inner)
		put_number(out, ",\"inner_pid\":", inner);
	put(out, ",\"comm\":");
	json_bytes(out, ev->comm, strnlen(ev->comm, sizeof(ev->comm)), false);
}

static void put_args(FILE *out, const struct value *args)
{
	u32 i = 0;

	put(out, ",\"args\":{");
	for (const struct value *v = args->first; v && !v->absent; v = v->next, i++) {
		if (i)
			put_char(out, ',');
		if (v->name) {
			json_text(out, v->name);
		} else {
			put_number(out, "\"arg", i);
			put_char(out, '"');
		}
		put_char(out, ':');
		value__json(out, v);
	}
	put_char(out, '}');
}

void print_json__call(struct printer *p, const struct trace_event *ev, const struct decoded *d)
{
	FILE *out = p->line;
	bool ended = ev->type == TRACE_CALL;

	begin(p, ev, "call", ev->start ? ev->start : ev->end);
	put(out, ",\"call\":");
	json_text(out, d->name);
	put_args(out, d->args);
	put_char(out, ',');
	if (ended)
		decode__result_json(out, d);
	else
		put(out, "\"ret\":null");
	if (ended && !(ev->flags & TRACE_UNSTARTED)) {
		put(out, ",\"duration\":");
		put_seconds(out, ev->end - ev->start);
	}
	if (ev->unread)
		put_number(out, ",\"unread\":", ev->unread);
	if (p->opts.stacks)
		stacks__print(p->opts.stacks, out, ev, true);
	put(out, "}\n");
}

static void put_name(FILE *out, const char *member, const char *name, s64 number)
{
	put(out, member);
	if (name)
		json_text(out, name);
	else
		put_signed(out, number);
}

static void put_signal(FILE *out, const struct trace_event *ev)
{
	const u64 *arg = ev->arg;
	u32 number = arg[SIGNAL_NUMBER];

	put_name(out, ",\"signal\":", signal__name(number), number);
	put_name(out, ",\"code\":", signal_code__name(number, arg[SIGNAL_CODE]), arg[SIGNAL_CODE]);
	put_number(out, ",\"from\":", arg[SIGNAL_FROM]);
	put_number(out, ",\"by\":", arg[SIGNAL_BY]);
	put_number(out, ",\"status\":", arg[SIGNAL_STATUS]);
}

void print_json__other(struct printer *p, const struct trace_event *ev)
{
	static const char *const types[] = {
		[TRACE_SIGNAL] = "signal", [TRACE_EXIT] = "exit", [TRACE_FORK] = "fork"};
	int status = ev->ret;
	FILE *out = p->line;

	begin(p, ev, types[ev->type], ev->end ? ev->end : ev->start);
	if (ev->type == TRACE_SIGNAL) {
		put_signal(out, ev);
	} else if (ev->type == TRACE_FORK) {
		put_number(out, ",\"child\":", (u32)ev->arg[1]);
	} else if (WIFEXITED(status)) {
		put_number(out, ",\"status\":", WEXITSTATUS(status));
	} else {
		put_name(out, ",\"killed_by\":", signal__name(WTERMSIG(status)), WTERMSIG(status));
	}
	put(out, "}\n");
}

void print_json__lost(struct printer *p, const struct trace_event *ev, u64 n)
{
	if (ev)
		begin(p, ev, "lost", ev->start ? ev->start : ev->end);
	else
		put(p->line, "{\"type\":\"lost\"");
	put_number(p->line, ",\"lost\":", n);
	put(p->line, "}\n");
}
