// SPDX-License-Identifier: GPL-2.0-only
/* What calls on processes take and tell. */
#include "arg_types.h"

#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>

/* Elements of a list that are shown. */
#define MOST_SHOWN 32

static struct value *decode_uid(struct decoder *d, u32 i)
{
	u32 id = (u32)d->ev->arg[i];

	if (id == ~0u)
		return value__new(d->arena, VALUE_SIGNED, NULL, (u64)-1);
	return value__new(d->arena, VALUE_UNSIGNED, NULL, id);
}

const struct arg_type t_uid = {.decode = decode_uid};

static const char *signal_text(struct decoder *d, u32 number)
{
	const char *name = signal__name(number);

	return name ? name : arena__print(d->arena, "%u", number);
}

static const char *status_text(struct decoder *d, int s)
{
	if (WIFEXITED(s))
		return arena__print(d->arena, "WIFEXITED(s) && WEXITSTATUS(s) == %d",
				    WEXITSTATUS(s));
	if (WIFSTOPPED(s))
		return arena__print(d->arena, "WIFSTOPPED(s) && WSTOPSIG(s) == %s%s",
				    signal_text(d, WSTOPSIG(s) & 0x7f),
				    WSTOPSIG(s) & 0x80 ? " | 0x80" : "");
	if (WIFCONTINUED(s))
		return "WIFCONTINUED(s)";
	return arena__print(d->arena, "WIFSIGNALED(s) && WTERMSIG(s) == %s%s",
			    signal_text(d, (u32)WTERMSIG(s)),
			    WCOREDUMP(s) ? " && WCOREDUMP(s)" : "");
}

/* Written only if there was a child to tell of. */
static struct value *decode_wait_status(struct decoder *d, u32 i)
{
	const int *s = d->ev->ret && arg__readable(d, i)
			       ? decode__memory(d, d->ev->arg[i], sizeof(*s), true)
			       : NULL;
	struct value *v;

	if (!s)
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_ARRAY, NULL, 0);
	value__add(v,
		   value__said(d->arena, NULL, arena__print(d->arena, "{%s}", status_text(d, *s))));
	return v;
}

const struct arg_type t_wait_status = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = sizeof(int)},
	.decode = decode_wait_status,
};

static void show_rusage(struct decoder *d, struct value *v, const void *memory)
{
	static const struct {
		const char *name;
		size_t at;
	} members[] = {
		{"ru_maxrss", offsetof(struct rusage, ru_maxrss)},
		{"ru_ixrss", offsetof(struct rusage, ru_ixrss)},
		{"ru_idrss", offsetof(struct rusage, ru_idrss)},
		{"ru_isrss", offsetof(struct rusage, ru_isrss)},
		{"ru_minflt", offsetof(struct rusage, ru_minflt)},
		{"ru_majflt", offsetof(struct rusage, ru_majflt)},
		{"ru_nswap", offsetof(struct rusage, ru_nswap)},
		{"ru_inblock", offsetof(struct rusage, ru_inblock)},
		{"ru_oublock", offsetof(struct rusage, ru_oublock)},
		{"ru_msgsnd", offsetof(struct rusage, ru_msgsnd)},
		{"ru_msgrcv", offsetof(struct rusage, ru_msgrcv)},
		{"ru_nsignals", offsetof(struct rusage, ru_nsignals)},
		{"ru_nvcsw", offsetof(struct rusage, ru_nvcsw)},
		{"ru_nivcsw", offsetof(struct rusage, ru_nivcsw)},
	};
	const struct rusage *r = memory;

	add_timeval(d, v, "ru_utime", &r->ru_utime);
	add_timeval(d, v, "ru_stime", &r->ru_stime);
	if (!d->opts->verbose) {
		v->cut = true;
		return;
	}
	for (u32 i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		add_unsigned(d, v, members[i].name,
			     *(const u64 *)((const char *)memory + members[i].at));
}

DEFINE_OUT(t_rusage, struct rusage, show_rusage);

/* wait4() with nobody to tell of writes nothing. */
static struct value *decode_wait_rusage(struct decoder *d, u32 i)
{
	return d->ev->ret ? show_struct(d, i, show_rusage) : show_pointer(d, i);
}

const struct arg_type t_wait_rusage = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = sizeof(struct rusage)},
	.decode = decode_wait_rusage,
};

static void add_limit(struct decoder *d, struct value *v, const char *member, u64 n)
{
	struct value *limit;

	if (n == RLIM64_INFINITY) {
		value__add(v, value__named(d->arena, member, "RLIM64_INFINITY", n));
		return;
	}
	limit = value__add(v, value__new(d->arena, VALUE_UNSIGNED, member, n));
	if (n > 1024 && n % 1024 == 0)
		limit->text = arena__print(d->arena, "%llu*1024", (unsigned long long)(n / 1024));
}

static void show_rlimit(struct decoder *d, struct value *v, const void *memory)
{
	const struct rlimit64 *r = memory;

	add_limit(d, v, "rlim_cur", r->rlim_cur);
	add_limit(d, v, "rlim_max", r->rlim_max);
}

DEFINE_IN(t_rlimit_in, struct rlimit64, show_rlimit);
DEFINE_OUT(t_rlimit_out, struct rlimit64, show_rlimit);

/* Pointers of a vector that ends with NULL, as far as they were copied. */
static const u64 *vector_of(struct decoder *d, u32 i, u32 *n, bool *ends)
{
	u32 have = 0;
	const u64 *vector = d->ev->arg[i] ? decode__some(d, d->ev->arg[i], &have, false) : NULL;

	have /= sizeof(u64);
	for (*n = 0; *n < have && vector[*n]; ++*n)
		;
	*ends = *n < have;
	return vector;
}

static struct value *show_strings(struct decoder *d, const u64 *vector, u32 n, bool ends)
{
	struct value *v = value__new(d->arena, VALUE_ARRAY, NULL, 0);

	for (u32 i = 0; i < n && i < MOST_SHOWN; i++)
		value__add(v, show_string_at(d, NULL, vector[i], d->opts->string_limit, false));
	v->cut = n > MOST_SHOWN || !ends;
	return v;
}

static struct value *decode_strings(struct decoder *d, u32 i)
{
	bool ends;
	u32 n;
	const u64 *vector = vector_of(d, i, &n, &ends);

	return vector ? show_strings(d, vector, n, ends) : show_pointer(d, i);
}

const struct arg_type t_strings = {
	.fetch = {.kind = FETCH_STRINGS, .most = MOST_SHOWN + 1},
	.decode = decode_strings,
};

/* Only how many, unless everything is wanted. */
static struct value *decode_environ(struct decoder *d, u32 i)
{
	struct value *v = show_pointer(d, i);
	bool ends;
	u32 n;
	const u64 *vector = vector_of(d, i, &n, &ends);

	if (vector && d->opts->verbose)
		return show_strings(d, vector, n, ends);
	if (vector)
		v->note = arena__print(d->arena, "%u%s var%s", n, ends ? "" : " or more",
				       n == 1 ? "" : "s");
	return v;
}

const struct arg_type t_environ = {
	.fetch = {.kind = FETCH_STRINGS, .most = 255},
	.decode = decode_environ,
};

static void show_utsname(struct decoder *d, struct value *v, const void *memory)
{
	static const char *const names[] = {"sysname", "nodename", "release",
					    "version", "machine",  "domainname"};
	const u32 size = sizeof(struct utsname) / 6;
	u32 shown = d->opts->verbose ? 6 : 2;

	for (u32 i = 0; i < shown; i++) {
		const char *text = (const char *)memory + i * size;

		value__add(v,
			   value__bytes(d->arena, names[i], text, (u32)strnlen(text, size), false));
	}
	v->cut = shown < 6;
}

DEFINE_OUT(t_utsname, struct utsname, show_utsname);

static void show_sysinfo(struct decoder *d, struct value *v, const void *memory)
{
	const struct sysinfo *s = memory;
	struct value *loads;

	add_unsigned(d, v, "uptime", (u64)s->uptime);
	loads = value__add(v, value__new(d->arena, VALUE_ARRAY, "loads", 0));
	for (u32 i = 0; i < 3; i++)
		add_unsigned(d, loads, NULL, s->loads[i]);
	add_unsigned(d, v, "totalram", s->totalram);
	add_unsigned(d, v, "freeram", s->freeram);
	add_unsigned(d, v, "sharedram", s->sharedram);
	add_unsigned(d, v, "bufferram", s->bufferram);
	add_unsigned(d, v, "totalswap", s->totalswap);
	add_unsigned(d, v, "freeswap", s->freeswap);
	add_unsigned(d, v, "procs", s->procs);
	add_unsigned(d, v, "totalhigh", s->totalhigh);
	add_unsigned(d, v, "freehigh", s->freehigh);
	add_unsigned(d, v, "mem_unit", s->mem_unit);
}

DEFINE_OUT(t_sysinfo, struct sysinfo, show_sysinfo);

static void show_tms(struct decoder *d, struct value *v, const void *memory)
{
	const struct tms *t = memory;

	add_unsigned(d, v, "tms_utime", (u64)t->tms_utime);
	add_unsigned(d, v, "tms_stime", (u64)t->tms_stime);
	add_unsigned(d, v, "tms_cutime", (u64)t->tms_cutime);
	add_unsigned(d, v, "tms_cstime", (u64)t->tms_cstime);
}

DEFINE_OUT(t_tms, struct tms, show_tms);

/* Groups: so many as the first argument says, or the call returns. */
static struct value *decode_groups(struct decoder *d, u32 i)
{
	bool out = arg__at_exit(d, i);
	u64 n = out ? (u64)d->ev->ret : d->ev->arg[d->call->arg[i].len];

	if (!arg__readable(d, i))
		return show_pointer(d, i);
	return show_array_at(d, NULL, d->ev->arg[i], n, sizeof(u32), out, show_uint_element);
}

const struct arg_type t_groups_in = {
	.fetch = {.kind = FETCH_ARRAY, .size = sizeof(u32), .most = MOST_SHOWN},
	.decode = decode_groups,
};
const struct arg_type t_groups_out = {
	.fetch = {.kind = FETCH_ARRAY,
		  .flags = FETCH_AT_EXIT | FETCH_RETURNED,
		  .size = sizeof(u32),
		  .most = MOST_SHOWN},
	.decode = decode_groups,
};
