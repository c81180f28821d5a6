// SPDX-License-Identifier: GPL-2.0-only
/* Which of the events that come are printed. */
#include <errno.h>
#include <string.h>

#include "print_line.h"

static bool has_fd(const struct pick *pick, const struct value *v)
{
	if (v->absent)
		return false;
	if (v->kind == VALUE_FD && pick__fd(pick, (s32)v->num))
		return true;
	if (v->after && has_fd(pick, v->after))
		return true;
	for (const struct value *c = v->first; c; c = c->next)
		if (has_fd(pick, c))
			return true;
	return false;
}

static bool is_path(const struct trace_options *t, const char *text, size_t len)
{
	for (u32 i = 0; i < t->npaths; i++)
		if (strlen(t->path[i]) == len && !memcmp(t->path[i], text, len))
			return true;
	return false;
}

/* @files: the call takes paths, so its strings are some. */
static bool has_path(const struct trace_options *t, const struct value *v, bool files)
{
	if (v->absent)
		return false;
	if (v->kind == VALUE_FD && v->text && is_path(t, v->text, strlen(v->text)))
		return true;
	if (files && v->kind == VALUE_BYTES && is_path(t, v->text, v->len))
		return true;
	for (const struct value *c = v->first; c; c = c->next)
		if (has_path(t, c, files))
			return true;
	return false;
}

/* Their names were only wanted to be compared. */
static void hide_names(struct value *v)
{
	if (v->kind == VALUE_FD || v->kind == VALUE_CWD)
		v->text = NULL;
	if (v->after)
		hide_names(v->after);
	for (struct value *c = v->first; c; c = c->next)
		hide_names(c);
}

static bool wants_result(const struct printer *p, const struct trace_event *ev,
			 const struct decoded *d)
{
	const struct pick *pick = &p->opts.trace->pick;

	if (ev->type == TRACE_ENTERED)
		return pick->status & STATUS_UNFINISHED && !pick->nerrors;
	if (ev->end - ev->start < p->opts.min_ns && !(ev->flags & TRACE_UNSTARTED))
		return false;
	return pick__result(pick, d->error ? (u32)-ev->ret : 0);
}

bool printer__wants(struct printer *p, const struct trace_event *ev, const struct decoded *d)
{
	const struct trace_options *t = p->opts.trace;
	const struct call_desc *desc = decode__call_desc(ev->flags & TRACE_COMPAT ? -1 : ev->nr);

	/* Numbers of the other table cannot be chosen. */
	if (ev->flags & TRACE_COMPAT || ev->nr < 0 || ev->nr >= TRACE_NRS) {
		if (t->pick.calls_given)
			return false;
	} else if (!t->pick.call[ev->nr]) {
		return false;
	}
	if (!wants_result(p, ev, d))
		return false;
	if (t->pick.fds_given && !has_fd(&t->pick, d->args) && !has_fd(&t->pick, d->ret))
		return false;
	if (t->npaths && !has_path(t, d->args, desc->classes & CALL_IS_FILE) &&
	    !has_path(t, d->ret, false))
		return false;
	if (!t->fds && p->opts.fds) {
		hide_names(d->args);
		hide_names(d->ret);
	}
	return true;
}
