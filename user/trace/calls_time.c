// SPDX-License-Identifier: GPL-2.0-only
/* Clocks and timers. */
#include "arg_types.h"

static void adjust_time(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (decode__succeeded(d))
		ret->note = date_note(d, d->ev->ret, 0, 0);
}

/* The state of the clock. */
static void adjust_timex(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (decode__succeeded(d))
		ret->note = constant__name(&c_timex_state, (u64)d->ev->ret);
}

#define CLOCK  CALL_IS_CLOCK
#define DESC   CALL_IS_DESC
#define NUMBER RETURNS_NUMBER

/* clang-format off */
const struct call_desc calls_time[] = {
	CALL(adjtimex, CLOCK, NUMBER, adjust_timex, ARG("buf", timex)),
	CALL(alarm, 0, NUMBER, NULL, ARG("seconds", uint)),
	CALL(clock_adjtime, CLOCK, NUMBER, adjust_timex, ARG_NAME("clockid", clock), ARG("buf", timex)),
	CALL(clock_getres, CLOCK, NUMBER, NULL, ARG_NAME("clockid", clock), ARG("res", timespec_out)),
	CALL(clock_gettime, CLOCK, NUMBER, NULL, ARG_NAME("clockid", clock), ARG("tp", timespec_out)),
	CALL(clock_nanosleep, CLOCK, NUMBER, NULL,
	     ARG_NAME("clockid", clock), ARG_FLAGS("flags", timer_flags), ARG("request", timespec_in), ARG("remain", timespec_left)),
	CALL(clock_settime, CLOCK, NUMBER, NULL, ARG_NAME("clockid", clock), ARG("tp", timespec_in)),
	CALL(getitimer, 0, NUMBER, NULL, ARG_NAME("which", itimer), ARG("curr_value", itimerval_out)),
	CALL(gettimeofday, CLOCK, NUMBER, NULL, ARG("tv", timeval_out), ARG("tz", timezone_out)),
	CALL(nanosleep, CLOCK, NUMBER, NULL, ARG("req", timespec_in), ARG("rem", timespec_left)),
	CALL(setitimer, 0, NUMBER, NULL,
	     ARG_NAME("which", itimer), ARG("new_value", itimerval_in), ARG("old_value", itimerval_out)),
	CALL(settimeofday, CLOCK, NUMBER, NULL, ARG("tv", timeval_in), ARG("tz", timezone_in)),
	CALL(time, CLOCK, NUMBER, adjust_time, ARG("tloc", time_out)),
	CALL(timer_create, 0, NUMBER, NULL,
	     ARG_NAME("clockid", clock), ARG("sevp", sigevent), ARG("timerid", int_out)),
	CALL(timer_delete, 0, NUMBER, NULL, ARG("timerid", int)),
	CALL(timer_getoverrun, 0, NUMBER, NULL, ARG("timerid", int)),
	CALL(timer_gettime, 0, NUMBER, NULL, ARG("timerid", int), ARG("curr_value", itimerspec_out)),
	CALL(timer_settime, 0, NUMBER, NULL,
	     ARG("timerid", int), ARG_FLAGS("flags", timer_flags), ARG("new_value", itimerspec_in), ARG("old_value", itimerspec_out)),
	CALL(timerfd_create, DESC, RETURNS_FD, NULL, ARG_NAME("clockid", clock), ARG_FLAGS("flags", timerfd_flags)),
	CALL(timerfd_gettime, DESC, NUMBER, NULL, ARG("fd", fd), ARG("curr_value", itimerspec_out)),
	CALL(timerfd_settime, DESC, NUMBER, NULL,
	     ARG("fd", fd), ARG_FLAGS("flags", timerfd_set), ARG("new_value", itimerspec_in), ARG("old_value", itimerspec_out)),
	{}
};
