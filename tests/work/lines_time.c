/* SPDX-License-Identifier: GPL-2.0-only */
/* Clocks, timers, sleeping, scheduling. */
#include "lines.h"

#include <linux/ioprio.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <time.h>

/* The C library does not have it. */
struct sched_attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t util_min, util_max;
};

static void clocks(void)
{
	struct timespec ts = {0, 0};
	struct timeval tv;
	struct timezone tz;
	char text[64];

	sys(clock_gettime, CLOCK_REALTIME, &ts);
	line("clock_gettime(CLOCK_REALTIME, {tv_sec=%ld, tv_nsec=%ld})", (long)ts.tv_sec,
	     ts.tv_nsec);
	sys(clock_gettime, CLOCK_BOOTTIME, NULL);
	line("clock_gettime(CLOCK_BOOTTIME, NULL)");
	sys(clock_gettime, 77, &ts);
	line("clock_gettime(0x4d /* CLOCK_??? */, %p)", (void *)&ts);
	sys(clock_getres, CLOCK_MONOTONIC, &ts);
	line("clock_getres(CLOCK_MONOTONIC, {tv_sec=%ld, tv_nsec=%ld})", (long)ts.tv_sec,
	     ts.tv_nsec);
	sys(clock_getres, CLOCK_PROCESS_CPUTIME_ID, NULL);
	line("clock_getres(CLOCK_PROCESS_CPUTIME_ID, NULL)");
	sys(clock_settime, CLOCK_MONOTONIC, &ts);
	line("clock_settime(CLOCK_MONOTONIC, {tv_sec=%ld, tv_nsec=%ld})", (long)ts.tv_sec,
	     ts.tv_nsec);
	sys(gettimeofday, &tv, NULL);
	line("gettimeofday({tv_sec=%ld, tv_usec=%ld}, NULL)", (long)tv.tv_sec, tv.tv_usec);
	sys(gettimeofday, &tv, &tz);
	line("gettimeofday({tv_sec=%ld, tv_usec=%ld}, {tz_minuteswest=%d, tz_dsttime=%d})",
	     (long)tv.tv_sec, tv.tv_usec, tz.tz_minuteswest, tz.tz_dsttime);
	sys(gettimeofday, NOWHERE, NULL);
	line("gettimeofday(%p, NULL)", NOWHERE);
#ifdef __NR_time
	sys(time, NULL);
	ends();
	strftime(text, sizeof(text), "%FT%T%z", localtime(&result));
	begins();
	line_note(text, "time(NULL)");
#else
	(void)text;
#endif
}

static void sleeping(void)
{
	struct timespec ts = {0, 1000}, bad = {0, 1000000000}, past = {1, 0}, rem;

	sys(nanosleep, &ts, NULL);
	line("nanosleep({tv_sec=0, tv_nsec=1000}, NULL)");
	sys(nanosleep, &ts, &rem);
	line("nanosleep({tv_sec=0, tv_nsec=1000}, %p)", (void *)&rem);
	sys(nanosleep, &bad, &rem);
	line("nanosleep({tv_sec=0, tv_nsec=1000000000}, %p)", (void *)&rem);
	sys(nanosleep, NULL, NULL);
	line("nanosleep(NULL, NULL)");
	sys(clock_nanosleep, CLOCK_MONOTONIC, 1, &past, NULL);
	line("clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, {tv_sec=1, tv_nsec=0}, NULL)");
	sys(clock_nanosleep, CLOCK_REALTIME, 0, &ts, &rem);
	line("clock_nanosleep(CLOCK_REALTIME, 0, {tv_sec=0, tv_nsec=1000}, %p)", (void *)&rem);
	sys(clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL);
	line("clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, {tv_sec=0, tv_nsec=1000}, NULL)");
}

static void timers(void)
{
	struct itimerval val = {.it_value = {5000, 0}}, old;
	struct sigevent ev = {.sigev_notify = SIGEV_NONE, .sigev_signo = SIGUSR1};
	struct itimerspec spec = {.it_value = {3000, 7}}, olds;
	int timer = -1;

	sys(setitimer, ITIMER_REAL, &val, NULL);
	line("setitimer(ITIMER_REAL, {it_interval={tv_sec=0, tv_usec=0}, it_value={tv_sec=5000, "
	     "tv_usec=0}}, NULL)");
	sys(getitimer, ITIMER_REAL, &old);
	line("getitimer(ITIMER_REAL, {it_interval={tv_sec=0, tv_usec=0}, it_value={tv_sec=%ld, "
	     "tv_usec=%ld}})",
	     (long)old.it_value.tv_sec, old.it_value.tv_usec);
	val.it_value.tv_sec = 0;
	sys(setitimer, ITIMER_REAL, &val, &old);
	line("setitimer(ITIMER_REAL, {it_interval={tv_sec=0, tv_usec=0}, it_value={tv_sec=0, "
	     "tv_usec=0}}, {it_interval={tv_sec=0, tv_usec=0}, it_value={tv_sec=%ld, "
	     "tv_usec=%ld}})",
	     (long)old.it_value.tv_sec, old.it_value.tv_usec);
	sys(getitimer, 9, &old);
	line("getitimer(0x9 /* ITIMER_??? */, %p)", (void *)&old);
#ifdef __NR_alarm
	sys(alarm, 1000);
	line("alarm(1000)");
	sys(alarm, 0);
	line("alarm(0)");
#endif
	sys(timer_create, CLOCK_BOOTTIME, &ev, NULL);
	line("timer_create(CLOCK_BOOTTIME, {sigev_signo=10, sigev_notify=SIGEV_NONE}, NULL)");
	ev.sigev_notify = SIGEV_SIGNAL;
	ev.sigev_value.sival_ptr = (void *)5;
	sys(timer_create, CLOCK_MONOTONIC, &ev, &timer);
	line("timer_create(CLOCK_MONOTONIC, {sigev_value={sival_int=5, sival_ptr=0x5}, "
	     "sigev_signo=SIGUSR1, sigev_notify=SIGEV_SIGNAL}, %s)",
	     out(&timer, "[%d]", timer));
	sys(timer_settime, timer, 0, &spec, &olds);
	line("timer_settime(%d, 0, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=3000, "
	     "tv_nsec=7}}, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=0, tv_nsec=0}})",
	     timer);
	sys(timer_gettime, timer, &olds);
	line("timer_gettime(%d, {it_interval={tv_sec=0, tv_nsec=0}, it_value={tv_sec=%ld, "
	     "tv_nsec=%ld}})",
	     timer, (long)olds.it_value.tv_sec, olds.it_value.tv_nsec);
	sys(timer_getoverrun, timer);
	line("timer_getoverrun(%d)", timer);
	sys(timer_settime, timer, TIMER_ABSTIME, NULL, NULL);
	line("timer_settime(%d, TIMER_ABSTIME, NULL, NULL)", timer);
	sys(timer_delete, timer);
	line("timer_delete(%d)", timer);
	sys(timer_delete, timer);
	line("timer_delete(%d)", timer);
	sys(timer_create, CLOCK_REALTIME, NULL, NOWHERE);
	line("timer_create(CLOCK_REALTIME, NULL, %p)", NOWHERE);
}

static void policies(void)
{
	struct sched_param param = {.sched_priority = 0};
	struct sched_attr attr = {.size = sizeof(attr), .policy = SCHED_BATCH, .nice = 1};
	struct timespec ts;

	sys(sched_yield);
	line("sched_yield()");
	sys(sched_getscheduler, 0);
	line_is("0 (SCHED_OTHER)", "sched_getscheduler(0)");
	sys(sched_getscheduler, -5);
	line("sched_getscheduler(-5)");
	sys(sched_getparam, 0, &param);
	line("sched_getparam(0, [0])");
	sys(sched_setscheduler, 0, SCHED_BATCH, &param);
	line("sched_setscheduler(0, SCHED_BATCH, [0])");
	param.sched_priority = 200;
	sys(sched_setscheduler, 0, SCHED_FIFO, &param);
	line("sched_setscheduler(0, SCHED_FIFO, [200])");
	sys(sched_setparam, 0, &param);
	line("sched_setparam(0, [200])");
	sys(sched_get_priority_max, SCHED_RR);
	line("sched_get_priority_max(SCHED_RR)");
	sys(sched_get_priority_min, 99);
	line("sched_get_priority_min(0x63 /* SCHED_??? */)");
	sys(sched_rr_get_interval, 0, &ts);
	line("sched_rr_get_interval(0, {tv_sec=%ld, tv_nsec=%ld})", (long)ts.tv_sec, ts.tv_nsec);
	sys(sched_setattr, 0, &attr, 0);
	line("sched_setattr(0, {size=%zu, sched_policy=SCHED_BATCH, sched_flags=0, sched_nice=1, "
	     "sched_priority=0, sched_runtime=0, sched_deadline=0, sched_period=0, "
	     "sched_util_min=0, sched_util_max=0}, 0)",
	     sizeof(attr));
	sys(sched_getattr, -5, &attr, sizeof(attr), 0);
	line("sched_getattr(-5, %p, %zu, 0)", (void *)&attr, sizeof(attr));
}

static void affinity(void)
{
	unsigned long mask[16] = {0};
	char text[2048] = "";
	long n = sys(sched_getaffinity, 0, sizeof(mask), mask);

	for (long i = 0; i < n * 8; i++)
		if (mask[i / 64] >> (i % 64) & 1)
			sprintf(text + strlen(text), "%s%ld", text[0] ? " " : "", i);
	line("sched_getaffinity(0, 128, [%s])", text);
	sys(sched_setaffinity, 0, 8, mask);
	line("sched_setaffinity(0, 8, [%s])", text);
	mask[0] = 0;
	sys(sched_setaffinity, 0, 8, mask);
	line("sched_setaffinity(0, 8, [])");
	sys(sched_getaffinity, 0, 1, mask);
	line("sched_getaffinity(0, 1, %p)", (void *)mask);
}

static void limits(void)
{
	struct rlimit lim = {100, RLIM_INFINITY};
	struct rusage usage;
	struct tms tms;

	sys(getpriority, PRIO_PROCESS, 0);
	line("getpriority(PRIO_PROCESS, 0)");
	sys(getpriority, 5, 0);
	line("getpriority(0x5 /* PRIO_??? */, 0)");
	sys(setpriority, PRIO_PROCESS, 0, 3);
	line("setpriority(PRIO_PROCESS, 0, 3)");
	sys(setpriority, PRIO_PGRP, 0x7fffff, -3);
	line("setpriority(PRIO_PGRP, %d, -3)", 0x7fffff);
	sys(ioprio_get, 1, 0);
	line_is("0 (IOPRIO_PRIO_VALUE(IOPRIO_CLASS_NONE, 0))" + 0,
		"ioprio_get(IOPRIO_WHO_PROCESS, 0)");
	sys(ioprio_set, 1, 0, 2 << 13 | 4);
	line("ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4))");
	sys(getrlimit, RLIMIT_NOFILE, &lim);
	line("getrlimit(RLIMIT_NOFILE, {rlim_cur=1000, rlim_max=4*1024})");
	sys(setrlimit, RLIMIT_CORE, &lim);
	line("setrlimit(RLIMIT_CORE, {rlim_cur=1000, rlim_max=4*1024})");
	lim = (struct rlimit){1 << 20, 1 << 20};
	sys(prlimit64, 0, RLIMIT_MEMLOCK, &lim, NULL);
	line("prlimit64(0, RLIMIT_MEMLOCK, {rlim_cur=1024*1024, rlim_max=1024*1024}, NULL)");
	sys(prlimit64, 0, RLIMIT_CPU, NULL, &lim);
	line("prlimit64(0, RLIMIT_CPU, NULL, {rlim_cur=RLIM64_INFINITY, rlim_max=RLIM64_INFINITY})");
	sys(prlimit64, 0, 99, NULL, &lim);
	line("prlimit64(0, 0x63 /* RLIMIT_??? */, NULL, %p)", (void *)&lim);
	lim = (struct rlimit){2, 1};
	sys(setrlimit, RLIMIT_STACK, &lim);
	line("setrlimit(RLIMIT_STACK, {rlim_cur=2, rlim_max=1})");
	sys(getrusage, RUSAGE_SELF, &usage);
	line("getrusage(RUSAGE_SELF, {ru_utime={tv_sec=%ld, tv_usec=%ld}, ru_stime={tv_sec=%ld, "
	     "tv_usec=%ld}, ...})",
	     (long)usage.ru_utime.tv_sec, usage.ru_utime.tv_usec, (long)usage.ru_stime.tv_sec,
	     usage.ru_stime.tv_usec);
	sys(getrusage, 5, &usage);
	line("getrusage(0x5 /* RUSAGE_??? */, %p)", (void *)&usage);
	sys(times, &tms);
	line("times({tms_utime=%ld, tms_stime=%ld, tms_cutime=0, tms_cstime=0})", tms.tms_utime,
	     tms.tms_stime);
	sys(times, NULL);
	line("times(NULL)");
}

int main(int argc, char **argv)
{
	struct rlimit lim = {1000, 4096};

	setrlimit(RLIMIT_NOFILE, &lim);
	lines_begin(argc, argv);
	clocks();
	sleeping();
	timers();
	policies();
	affinity();
	limits();
	return lines_end();
}
