// SPDX-License-Identifier: GPL-2.0-only
#include "print.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "print_hist.h"
#include "print_line.h"
#include "stacks.h"

#define SEC_NS ((u64)1000000000)

int printer__new(struct printer **ret, const struct printer_opts *opts)
{
	struct printer *p = calloc(1, sizeof(*p));
	struct timespec now;

	if (!p)
		return -ENOMEM;
	p->opts = *opts;
	p->decode.string_limit = opts->trace->string_limit;
	p->decode.verbose = opts->trace->whole;
	p->decode.hex = opts->trace->hex;
	p->decode.fd_name = opts->fds ? fds__name : NULL;
	p->decode.fd_ctx = opts->fds;
	p->line = open_memstream(&p->text, &p->size);
	if (!p->line || arena__new(&p->arena)) {
		printer__free(p);
		return -ENOMEM;
	}
	__fsetlocking(p->line, FSETLOCKING_BYCALLER);
	clock_gettime(CLOCK_REALTIME, &now);
	p->to_realtime = now.tv_sec * SEC_NS + now.tv_nsec - now_ns();
	*ret = p;
	return 0;
}

void printer__free(struct printer *p)
{
	struct printed_thread *t, *tmp;

	if (!p)
		return;
	HASH_ITER(hh, p->threads, t, tmp) {
		HASH_DEL(p->threads, t);
		free(t);
	}
	if (p->line)
		fclose(p->line);
	free(p->text);
	arena__free(p->arena);
	free(p);
}

u64 printer__lines(const struct printer *p)
{
	return p->lines;
}

static bool has_files(const struct printer *p)
{
	return p->opts.trace->follow > 1 && p->opts.trace->file;
}

/* --- the text of a line */

static u32 length(struct printer *p)
{
	fflush(p->line);
	return p->size;
}

void print__put(struct printer *p, u32 tid)
{
	u32 size = length(p);

	/* Without memory it ends somewhere. */
	if (ferror(p->line))
		out__fail(p->opts.out, -ENOMEM);
	out__put(p->opts.out, tid, p->text, size);
	rewind(p->line);
}

void print__leave_open(struct printer *p)
{
	if (!p->open)
		return;
	p->open->state = CALL_UNFINISHED;
	p->open = NULL;
	fputs(" <unfinished ...>\n", p->line);
	print__put(p, 0);
}

static void print_time(struct printer *p, u64 when)
{
	const struct trace_options *t = p->opts.trace;
	u64 real = when + p->to_realtime;
	time_t seconds = real / SEC_NS;
	struct tm tm;

	if (t->relative) {
		u64 since = p->before && when > p->before ? when - p->before : 0;

		fprintf(p->line, "%6" PRIu64 ".%06" PRIu64 " ", since / SEC_NS,
			since % SEC_NS / 1000);
		p->before = when;
	}
	if (t->timestamps == 3) {
		fprintf(p->line, "%" PRIu64 ".%06" PRIu64 " ", real / SEC_NS, real % SEC_NS / 1000);
	} else if (t->timestamps) {
		localtime_r(&seconds, &tm);
		fprintf(p->line, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
		if (t->timestamps == 2)
			fprintf(p->line, ".%06" PRIu64, real % SEC_NS / 1000);
		putc_unlocked(' ', p->line);
	}
}

void print__begin(struct printer *p, u32 pid, u32 tid, u64 when)
{
	const struct trace_options *t = p->opts.trace;
	u32 inner;

	print__leave_open(p);
	if (has_files(p)) {
		/* It is the file's name. */
	} else if (t->file && (p->several || t->follow)) {
		fprintf(p->line, "%-5u ", tid);
	} else if (!t->file && p->several) {
		inner = p->opts.inner_pid ? p->opts.inner_pid(p->opts.ctx, pid) : 0;
		if (inner)
			fprintf(p->line, "[pid %5u, there %u] ", tid, inner);
		else
			fprintf(p->line, "[pid %5u] ", tid);
	}
	if (t->relative || t->timestamps)
		print_time(p, when);
}

/* Whether the call has arguments from number @from on. */
static bool has_args(const struct value *args, u32 from)
{
	u32 i = 0;

	for (const struct value *v = args->first; v; v = v->next, i++)
		if (i >= from && !v->absent)
			return true;
	return false;
}

void print__pad(struct printer *p, u32 begun)
{
	u32 at = begun + length(p), column = p->opts.trace->column;

	if (at < column)
		fprintf(p->line, "%*s", (int)(column - at), "");
}

/* Of a call that has returned. @begun: what is on its line already. */
static void end_call(struct printer *p, const struct trace_event *ev, const struct decoded *d,
		     u32 begun)
{
	fputs(") ", p->line);
	print__pad(p, begun);
	fputs("= ", p->line);
	decode__result_text(p->line, d);
	if (p->opts.trace->took && !(ev->flags & TRACE_UNSTARTED))
		fprintf(p->line, " <%" PRIu64 ".%06" PRIu64 ">", (ev->end - ev->start) / SEC_NS,
			(ev->end - ev->start) % SEC_NS / 1000);
	else if (p->opts.trace->took)
		fputs(" <?>", p->line);
	putc_unlocked('\n', p->line);
	if (p->opts.stacks)
		stacks__print(p->opts.stacks, p->line, ev, false);
}

/* --- what is left out */

static void tell_left_out(struct printer *p)
{
	char n[AMOUNT_MAX];

	if (!p->left_out)
		return;
	print__leave_open(p);
	fprintf(p->line, "... %s lines left out, beyond --rate %u ...\n",
		format__count(n, p->left_out), p->opts.rate);
	print__put(p, 0);
	p->left_out = 0;
}

void printer__tick(struct printer *p)
{
	u64 second = now_ns() / SEC_NS;

	if (!p->opts.rate || second == p->second)
		return;
	tell_left_out(p);
	p->second = second;
	p->in_second = 0;
}

bool print__has_room(struct printer *p)
{
	if (!p->opts.rate || p->in_second < p->opts.rate) {
		p->in_second++;
		p->lines++;
		return true;
	}
	p->left_out++;
	return false;
}

static void check_seq(struct printer *p, struct printed_thread *t, const struct trace_event *ev)
{
	u64 lost = ev->seq > t->seq ? ev->seq - t->seq - 1 : 0;
	char n[AMOUNT_MAX];

	t->seq = ev->seq;
	if (!lost)
		return;
	p->told_lost += lost;
	t->state = CALL_NONE;
	if (p->open == t) {
		print__leave_open(p);
		t->state = CALL_NONE;
	}
	if (p->opts.json) {
		print_json__lost(p, ev, lost);
	} else {
		print__begin(p, ev->pid, ev->tid, ev->start ? ev->start : ev->end);
		fprintf(p->line, "... %s calls lost ...\n", format__count(n, lost));
	}
	print__put(p, ev->tid);
}

/* --- calls */

static void name_call(struct printed_thread *t, const struct decoded *d)
{
	snprintf(t->call, sizeof(t->call), "%s", d->name);
}

static void tell_mode(struct printer *p, struct printed_thread *t, const struct trace_event *ev)
{
	bool compat = ev->flags & TRACE_COMPAT;

	if (compat == t->compat)
		return;
	t->compat = compat;
	print__begin(p, ev->pid, ev->tid, ev->start ? ev->start : ev->end);
	fprintf(p->line, "[ thread %u makes %s calls ]\n", ev->tid, compat ? "32-bit" : "64-bit");
	print__put(p, ev->tid);
}

/* Its line stays open until it returns, or something else is printed. */
static void entered(struct printer *p, struct printed_thread *t, const struct trace_event *ev,
		    const struct decoded *d)
{
	const struct call_desc *desc = decode__call_desc(ev->flags & TRACE_COMPAT ? -1 : ev->nr);

	if (!print__has_room(p))
		return;
	tell_mode(p, t, ev);
	print__begin(p, ev->pid, ev->tid, ev->start ? ev->start : ev->end);
	name_call(t, d);
	fprintf(p->line, "%s(", d->name);
	t->nargs = decode__known_at_entry(desc);
	decode__args_text(p->line, d, 0, t->nargs);
	t->unfinished_args = has_args(d->args, t->nargs);
	t->column = length(p);
	t->state = CALL_OPEN;
	if (!has_files(p))
		p->open = t;
	print__put(p, ev->tid);
}

static void returned(struct printer *p, struct printed_thread *t, const struct trace_event *ev,
		     const struct decoded *d)
{
	u32 begun = 0, from = 0;

	if (t->state == CALL_NONE) {
		if (!print__has_room(p))
			return;
		tell_mode(p, t, ev);
		print__begin(p, ev->pid, ev->tid, ev->start ? ev->start : ev->end);
		fprintf(p->line, "%s(", d->name);
	} else if (t->state == CALL_OPEN) {
		begun = t->column;
		from = t->nargs;
		p->open = NULL;
	} else {
		print__begin(p, ev->pid, ev->tid, ev->end);
		fprintf(p->line, "<... %s resumed>", d->name);
		from = t->nargs;
	}
	t->state = CALL_NONE;
	decode__args_text(p->line, d, from, TRACE_ARGS + 1);
	end_call(p, ev, d, begun);
	print__put(p, ev->tid);
}

static void print_call(struct printer *p, struct printed_thread *t, const struct trace_event *ev)
{
	struct decoder dec = {.arena = p->arena, .ev = ev, .opts = &p->decode};
	struct decoded d;

	decode__event(&dec, &d);
	if (printer__wants(p, ev, &d)) {
		if (p->opts.json) {
			if (print__has_room(p)) {
				print_json__call(p, ev, &d);
				print__put(p, ev->tid);
			}
		} else if (ev->type == TRACE_CALL) {
			returned(p, t, ev, &d);
		} else {
			entered(p, t, ev, &d);
		}
	} else if (ev->type == TRACE_CALL && t->state != CALL_NONE) {
		t->state = CALL_NONE;
		print__leave_open(p);
	}
	arena__reset(p->arena);
}

const char *printer__text(struct printer *p, const struct trace_event *ev)
{
	struct decoder dec = {.arena = p->arena, .ev = ev, .opts = &p->decode};
	struct decoded d;
	bool cut;

	decode__event(&dec, &d);
	fprintf(p->line, "%s(", d.name);
	decode__args_text(p->line, &d, 0, TRACE_ARGS + 1);
	fputs(") = ", p->line);
	decode__result_text(p->line, &d);
	putc_unlocked(0, p->line);
	fflush(p->line);
	cut = ferror(p->line);
	rewind(p->line);
	arena__reset(p->arena);
	return cut ? "?" : p->text;
}

/* --- events */

static struct printed_thread *thread_of(struct printer *p, u32 tid)
{
	struct printed_thread *t;

	HASH_FIND(hh, p->threads, &tid, sizeof(tid), t);
	if (t)
		return t;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->tid = tid;
	HASH_ADD(hh, p->threads, tid, sizeof(t->tid), t);
	if (!hash_added(t)) {
		free(t);
		return NULL;
	}
	p->first_tid = p->first_tid ? p->first_tid : tid;
	return t;
}

static void forget(struct printer *p, struct printed_thread *t)
{
	if (p->open == t)
		p->open = NULL;
	HASH_DEL(p->threads, t);
	free(t);
}

void printer__event(void *printer, const struct trace_event *ev)
{
	struct printer *p = printer;
	struct printed_thread *t = thread_of(p, ev->tid);

	if (!t) {
		out__fail(p->opts.out, -ENOMEM);
		return;
	}
	printer__tick(p);
	if (ev->type == TRACE_EXEC)
		print__changed(p, t, ev);
	if (ev->type == TRACE_FORK)
		thread_of(p, ev->arg[1]);
	p->several = HASH_COUNT(p->threads) > 1;
	check_seq(p, t, ev);
	if (p->opts.stacks)
		stacks__see(p->opts.stacks, ev);
	if (p->opts.fds)
		fds__before(p->opts.fds, ev);
	if (ev->type == TRACE_CALL || ev->type == TRACE_ENTERED)
		print_call(p, t, ev);
	else
		print__other(p, t, ev);
	if (p->opts.fds)
		fds__after(p->opts.fds, ev);
	if (ev->type == TRACE_EXIT)
		forget(p, t);
}

void printer__end(struct printer *p, u64 lost)
{
	char n[AMOUNT_MAX];

	tell_left_out(p);
	if (p->open) {
		fputs(" <detached ...>\n", p->line);
		p->open->state = CALL_UNFINISHED;
		p->open = NULL;
		print__put(p, 0);
	}
	if (lost <= p->told_lost)
		return;
	if (p->opts.json)
		print_json__lost(p, NULL, lost - p->told_lost);
	else
		fprintf(p->line, "... %s calls lost ...\n", format__count(n, lost - p->told_lost));
	print__put(p, p->first_tid);
}
