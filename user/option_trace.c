// SPDX-License-Identifier: GPL-2.0-only
#include "option_trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "option_table.h"
#include "trace/sort.h"
#include "units.h"

#define STRING_LIMIT  32
#define COLUMN        40
#define RATE_TERMINAL 1000

/* --- kinds of values */

/* A switch that counts: each letter on the command line is one more, in the file it is a number. */
static int count(u32 *to, u32 most, const char *value, char *why, size_t size)
{
	bool on = false;
	u64 n;

	if (!value) {
		*to += *to < most;
		return 0;
	}
	if (!units__number(value, 0, most, &n)) {
		*to = n;
		return 0;
	}
	if (option_table__switch(&on, value, why, size))
		return -EINVAL;
	*to = on;
	return 0;
}

static int number(u32 *to, u64 min, u64 max, const char *value, char *why, size_t size)
{
	u64 n;

	if (units__number(value, min, max, &n)) {
		snprintf(why, size, "expected a number from %llu to %llu", (unsigned long long)min,
			 (unsigned long long)max);
		return -EINVAL;
	}
	*to = n;
	return 0;
}

#define SWITCH(name)                                                                               \
	OPTION_TRACE(name)                                                                         \
	{                                                                                          \
		return option_table__switch(&o->trace.name, value, why, size);                     \
	}

#define COUNT(name, most)                                                                          \
	OPTION_TRACE(name)                                                                         \
	{                                                                                          \
		return count(&o->trace.name, most, value, why, size);                              \
	}

SWITCH(summary_only)
SWITCH(summary_too)
SWITCH(calls)
SWITCH(hist)
SWITCH(relative)
SWITCH(took)
SWITCH(stacks)
SWITCH(append)
SWITCH(whole)
COUNT(follow, 2)
COUNT(fds, 2)
COUNT(timestamps, 3)
COUNT(hex, 2)
COUNT(quiet, 2)

/* --- targets */

static int add_pid(struct trace_options *t, u32 pid)
{
	u32 *more = realloc(t->pid, (t->npids + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	t->pid = more;
	more[t->npids++] = pid;
	return 0;
}

OPTION_TRACE(pid)
{
	char *list = strdup(value), *at = list, *word;
	int err = list ? 0 : -ENOMEM;

	while (!err && (word = strsep(&at, ", "))) {
		u64 pid;

		if (!*word)
			continue;
		if (units__number(word, 1, INT32_MAX, &pid)) {
			snprintf(why, size, "expected process ids, such as 4711 or 4711,4712");
			err = -EINVAL;
		} else {
			err = add_pid(&o->trace, pid);
		}
	}
	if (!err && !o->trace.npids) {
		snprintf(why, size, "expected process ids, such as 4711 or 4711,4712");
		err = -EINVAL;
	}
	free(list);
	return err;
}

OPTION_TRACE(cgroup)
{
	if (value[0] != '/' || strlen(value) > 2000) {
		snprintf(why, size,
			 "expected its path, such as /system.slice/nginx.service or "
			 "/sys/fs/cgroup/system.slice/nginx.service");
		return -EINVAL;
	}
	return option_table__string(&o->trace.cgroup, value);
}

/* --- what is shown */

OPTION_TRACE(separately)
{
	bool on = false;
	int err = option_table__switch(&on, value, why, size);

	if (!err && on)
		o->trace.follow = 2;
	return err;
}

OPTION_TRACE(sort)
{
	if (trace_sort__find(value) < 0) {
		snprintf(why, size, "expected one of %s", trace_sort__names);
		return -EINVAL;
	}
	return option_table__string(&o->trace.sort, value);
}

OPTION_TRACE(expr)
{
	return pick__expression(&o->trace.pick, value, why, size);
}

OPTION_TRACE(path)
{
	struct trace_options *t = &o->trace;
	char **more = realloc(t->path, (t->npaths + 1) * sizeof(*more));

	(void)why;
	(void)size;
	if (!more)
		return -ENOMEM;
	t->path = more;
	more[t->npaths] = strdup(value);
	return more[t->npaths] ? (t->npaths++, 0) : -ENOMEM;
}

static int only(struct options *o, u32 status, const char *value, char *why, size_t size)
{
	bool on = false;
	int err = option_table__switch(&on, value, why, size);

	if (!err && on)
		o->trace.pick.status = status;
	return err;
}

OPTION_TRACE(successful)
{
	return only(o, STATUS_SUCCESSFUL, value, why, size);
}

OPTION_TRACE(failed)
{
	return only(o, STATUS_FAILED, value, why, size);
}

OPTION_TRACE(min_duration)
{
	if (!units__duration(value, &o->trace.min_ns))
		return 0;
	snprintf(why, size, "expected a time, such as 10ms or 1");
	return -EINVAL;
}

OPTION_TRACE(where)
{
	return pick__where(&o->trace.pick, value, why, size);
}

OPTION_TRACE(string_limit)
{
	return number(&o->trace.string_limit, 0, TRACE_PIECE, value, why, size);
}

OPTION_TRACE(column)
{
	return number(&o->trace.column, 0, 1000, value, why, size);
}

/* What the file says is where `sonde run` writes. */
OPTION_TRACE(output)
{
	if (o->reading)
		return 0;
	if (!value[0]) {
		snprintf(why, size, "expected a file");
		return -EINVAL;
	}
	return option_table__string(&o->trace.file, value);
}

OPTION_TRACE(rate)
{
	o->trace.rate_given = true;
	return number(&o->trace.rate, 0, 100000000, value, why, size);
}

/* strace's -w: times are the clock's, not the CPU's. Here they always are. */
OPTION_TRACE(wall)
{
	bool on;

	(void)o;
	return option_table__switch(&on, value, why, size);
}

/* --- all of them */

void option_trace__defaults(struct options *o)
{
	struct trace_options *t = &o->trace;

	pick__all(&t->pick);
	t->string_limit = STRING_LIMIT;
	t->column = COLUMN;
	t->rate = RATE_TERMINAL;
}

static const char *contradiction(const struct options *o)
{
	const struct trace_options *t = &o->trace;
	u32 targets = (t->npids > 0) + !!t->cgroup + !!o->service_filter + !!o->words[0];

	if (!targets)
		return "what shall be traced? -p PID, --service NAME, --cgroup PATH, or a command";
	if (o->words[0] && targets > 1)
		return "a command, or processes that run already: not both";
	if (t->summary_only && t->calls)
		return "-c prints only the table, --calls each call; -C prints both";
	if (t->follow > 1 && !t->file)
		return "-ff writes a file for each thread: it needs -o FILE";
	if (t->file && strlen(t->file) > 3900)
		return "-o: the name is too long";
	return NULL;
}

int option_trace__finish(struct options *o)
{
	struct trace_options *t = &o->trace;
	const char *wrong = contradiction(o);

	if (wrong) {
		log_error("%s", wrong);
		return -EINVAL;
	}
	if (!t->summary_only &&
	    (t->pick.calls_given || t->pick.fds_given || t->pick.nerrors ||
	     t->pick.status != STATUS_ALL || t->npaths || t->min_ns || t->took || t->fds ||
	     t->timestamps || t->relative || t->stacks || t->file || t->summary_too || o->json ||
	     o->words[0]) &&
	    !(t->hist && o->words[0]))
		t->calls = true;
	return 0;
}

void option_trace__free(struct options *o)
{
	struct trace_options *t = &o->trace;

	for (u32 i = 0; i < t->npaths; i++)
		free(t->path[i]);
	free(t->path);
	free(t->pid);
	free(t->cgroup);
	free(t->sort);
	free(t->file);
}
