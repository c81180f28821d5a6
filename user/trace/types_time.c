// SPDX-License-Identifier: GPL-2.0-only
#include "arg_types.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <utime.h>

/* The kernel's own errno of a sleep that a signal has interrupted: ERESTART_RESTARTBLOCK. */
#define RESTART_BLOCK 516

/* NULL for 0, which is no date, and for what no calendar has. */
char *date_note(struct decoder *d, s64 seconds, u64 fraction, u32 digits)
{
	char date[32], zone[16];
	time_t t = (time_t)seconds;
	struct tm tm;

	if (!seconds && !fraction)
		return NULL;
	if (!localtime_r(&t, &tm) || !strftime(date, sizeof(date), "%FT%T", &tm) ||
	    !strftime(zone, sizeof(zone), "%z", &tm))
		return NULL;
	if (!fraction)
		return arena__print(d->arena, "%s%s", date, zone);
	return arena__print(d->arena, "%s.%0*llu%s", date, (int)digits,
			    (unsigned long long)fraction, zone);
}

void show_timespec(struct decoder *d, struct value *v, const void *memory)
{
	const struct timespec *t = memory;

	add_signed(d, v, "tv_sec", t->tv_sec);
	add_unsigned(d, v, "tv_nsec", (u64)t->tv_nsec);
}

void show_timeval(struct decoder *d, struct value *v, const void *memory)
{
	const struct timeval *t = memory;

	add_signed(d, v, "tv_sec", t->tv_sec);
	add_unsigned(d, v, "tv_usec", (u64)t->tv_usec);
}

DEFINE_IN(t_timespec_in, struct timespec, show_timespec);
DEFINE_OUT(t_timespec_out, struct timespec, show_timespec);
DEFINE_IN(t_timeval_in, struct timeval, show_timeval);
DEFINE_OUT(t_timeval_out, struct timeval, show_timeval);

/* What was left to sleep: written only when a signal ended the sleep. */
static struct value *decode_t_timespec_left(struct decoder *d, u32 i)
{
	s64 ret = d->ev->ret;

	if (d->ev->type != TRACE_CALL || (ret != -EINTR && ret != -RESTART_BLOCK))
		return show_pointer(d, i);
	return show_struct_at(d, NULL, d->ev->arg[i], sizeof(struct timespec), true, show_timespec);
}

const struct arg_type t_timespec_left = {
	.fetch = {.kind = FETCH_STRUCT,
		  .flags = FETCH_AT_EXIT | FETCH_ON_FAILURE,
		  .size = sizeof(struct timespec)},
	.decode = decode_t_timespec_left,
};

static struct value *member_timespec(struct decoder *d, const char *member,
				     const struct timespec *t)
{
	struct value *v = value__new(d->arena, VALUE_STRUCT, member, 0);

	show_timespec(d, v, t);
	return v;
}

static struct value *member_timeval(struct decoder *d, const char *member, const struct timeval *t)
{
	struct value *v = value__new(d->arena, VALUE_STRUCT, member, 0);

	show_timeval(d, v, t);
	return v;
}

void add_timeval(struct decoder *d, struct value *v, const char *member, const void *memory)
{
	value__add(v, member_timeval(d, member, memory));
}

static void show_itimerspec(struct decoder *d, struct value *v, const void *memory)
{
	const struct itimerspec *t = memory;

	value__add(v, member_timespec(d, "it_interval", &t->it_interval));
	value__add(v, member_timespec(d, "it_value", &t->it_value));
}

static void show_itimerval(struct decoder *d, struct value *v, const void *memory)
{
	const struct itimerval *t = memory;

	value__add(v, member_timeval(d, "it_interval", &t->it_interval));
	value__add(v, member_timeval(d, "it_value", &t->it_value));
}

DEFINE_IN(t_itimerspec_in, struct itimerspec, show_itimerspec);
DEFINE_OUT(t_itimerspec_out, struct itimerspec, show_itimerspec);
DEFINE_IN(t_itimerval_in, struct itimerval, show_itimerval);
DEFINE_OUT(t_itimerval_out, struct itimerval, show_itimerval);

static void show_timezone(struct decoder *d, struct value *v, const void *memory)
{
	const struct timezone *t = memory;

	add_signed(d, v, "tz_minuteswest", t->tz_minuteswest);
	add_signed(d, v, "tz_dsttime", t->tz_dsttime);
}

DEFINE_IN(t_timezone_in, struct timezone, show_timezone);
DEFINE_OUT(t_timezone_out, struct timezone, show_timezone);

/* A file's times: a date, or what the kernel is to do instead. */
static struct value *file_timespec(struct decoder *d, const void *element)
{
	const struct timespec *t = element;
	struct value *v;

	if (t->tv_nsec == UTIME_NOW)
		return value__said(d->arena, NULL, "UTIME_NOW");
	if (t->tv_nsec == UTIME_OMIT)
		return value__said(d->arena, NULL, "UTIME_OMIT");
	v = member_timespec(d, NULL, t);
	v->note = date_note(d, t->tv_sec, (u64)t->tv_nsec, 9);
	return v;
}

static struct value *file_timeval(struct decoder *d, const void *element)
{
	const struct timeval *t = element;
	struct value *v = member_timeval(d, NULL, t);

	v->note = date_note(d, t->tv_sec, (u64)t->tv_usec, 6);
	return v;
}

static struct value *decode_file_timespecs(struct decoder *d, u32 i)
{
	return show_array_at(d, NULL, d->ev->arg[i], 2, sizeof(struct timespec), false,
			     file_timespec);
}

static struct value *decode_file_timevals(struct decoder *d, u32 i)
{
	return show_array_at(d, NULL, d->ev->arg[i], 2, sizeof(struct timeval), false,
			     file_timeval);
}

const struct arg_type t_file_timespecs = {
	.fetch = {.kind = FETCH_STRUCT, .size = 2 * sizeof(struct timespec)},
	.decode = decode_file_timespecs,
};
const struct arg_type t_file_timevals = {
	.fetch = {.kind = FETCH_STRUCT, .size = 2 * sizeof(struct timeval)},
	.decode = decode_file_timevals,
};

static void show_utimbuf(struct decoder *d, struct value *v, const void *memory)
{
	const struct utimbuf *t = memory;

	add_signed(d, v, "actime", t->actime);
	v->last->note = date_note(d, t->actime, 0, 0);
	add_signed(d, v, "modtime", t->modtime);
	v->last->note = date_note(d, t->modtime, 0, 0);
}

DEFINE_IN(t_utimbuf, struct utimbuf, show_utimbuf);

/* Seconds since 1970 that time() also returns. */
static struct value *decode_time_out(struct decoder *d, u32 i)
{
	struct value *v = t_long_out.decode(d, i);

	if (v->kind == VALUE_ARRAY)
		v->first->note = date_note(d, (s64)v->first->num, 0, 0);
	return v;
}

const struct arg_type t_time_out = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = 8},
	.decode = decode_time_out,
};

static void show_timex(struct decoder *d, struct value *v, const void *memory)
{
	const struct timex *t = memory;

	add_flags(d, v, "modes", &c_timex_modes, t->modes);
	add_signed(d, v, "offset", t->offset);
	add_signed(d, v, "freq", t->freq);
	add_signed(d, v, "maxerror", t->maxerror);
	add_signed(d, v, "esterror", t->esterror);
	add_flags(d, v, "status", &c_timex_status, (u32)t->status);
	add_signed(d, v, "constant", t->constant);
	add_signed(d, v, "precision", t->precision);
	add_signed(d, v, "tolerance", t->tolerance);
	add_timeval(d, v, "time", &t->time);
	add_signed(d, v, "tick", t->tick);
	add_signed(d, v, "ppsfreq", t->ppsfreq);
	add_signed(d, v, "jitter", t->jitter);
	add_signed(d, v, "shift", t->shift);
	add_signed(d, v, "stabil", t->stabil);
	add_signed(d, v, "jitcnt", t->jitcnt);
	add_signed(d, v, "calcnt", t->calcnt);
	add_signed(d, v, "errcnt", t->errcnt);
	add_signed(d, v, "stbcnt", t->stbcnt);
	add_signed(d, v, "tai", t->tai);
}

DEFINE_OUT(t_timex, struct timex, show_timex);
