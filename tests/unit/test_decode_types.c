// SPDX-License-Identifier: GPL-2.0-only
/* Types of arguments that only a few calls have, as text. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/timex.h>
#include <time.h>
#include <utime.h>

#include "decode_events.h"

static int passed, failed;

#define TEXT(want) check(__LINE__, want)
/* False where the architecture has no such call. */
#define CALL(name, ...) !event__make(name, __VA_ARGS__)
#define IN(data)        event__copy(A, &(data), sizeof(data), false)
#define OUT(data)       event__copy(A, &(data), sizeof(data), true)
#define A               0x1000

static void check(int line, const char *want)
{
	char *got = event__text();

	if (!strcmp(got, want)) {
		passed++;
	} else {
		failed++;
		printf("line %d:\n  got    %s\n  wanted %s\n", line, got, want);
	}
	free(got);
}

static void test_time(void)
{
	struct itimerspec spec = {{1, 2}, {3, 4}};
	struct itimerval val = {{1, 2}, {3, 4}};
	struct timeval tv[2] = {{86400, 5}, {0, 0}};
	struct timezone tz = {60, 1};
	struct utimbuf times = {0, 1};
	struct timex tx = {.modes = ADJ_OFFSET, .status = STA_PLL, .offset = -5};
	struct sigevent thread = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM};
	time_t now = 1700000000;

	if (CALL("timerfd_settime", 0, 3, 1, A, 0, 0, 0)) {
		IN(spec);
		TEXT("timerfd_settime(3, TFD_TIMER_ABSTIME, {it_interval={tv_sec=1, tv_nsec=2}, "
		     "it_value={tv_sec=3, tv_nsec=4}}, NULL) = 0");
	}
	if (CALL("getitimer", 0, 0, A, 0, 0, 0, 0)) {
		OUT(val);
		TEXT("getitimer(ITIMER_REAL, {it_interval={tv_sec=1, tv_usec=2}, "
		     "it_value={tv_sec=3, tv_usec=4}}) = 0");
	}
	if (CALL("gettimeofday", 0, 0, A, 0, 0, 0, 0)) {
		OUT(tz);
		TEXT("gettimeofday(NULL, {tz_minuteswest=60, tz_dsttime=1}) = 0");
	}
	if (CALL("utimes", 0, 0, A, 0, 0, 0, 0)) {
		IN(tv);
		TEXT("utimes(NULL, [{tv_sec=86400, tv_usec=5} /* "
		     "1970-01-02T00:00:00.000005+0000 */, {tv_sec=0, tv_usec=0}]) = 0");
	}
	if (CALL("utime", 0, 0, A, 0, 0, 0, 0)) {
		IN(times);
		TEXT("utime(NULL, {actime=0, modtime=1 /* 1970-01-01T00:00:01+0000 */}) = 0");
	}
	if (CALL("time", now, A, 0, 0, 0, 0, 0)) {
		OUT(now);
		TEXT("time([1700000000 /* 2023-11-14T22:13:20+0000 */]) = 1700000000 "
		     "(2023-11-14T22:13:20+0000)");
	}
	if (CALL("adjtimex", 5, A, 0, 0, 0, 0, 0)) {
		OUT(tx);
		TEXT("adjtimex({modes=ADJ_OFFSET, offset=-5, freq=0, maxerror=0, esterror=0, "
		     "status=STA_PLL, constant=0, precision=0, tolerance=0, time={tv_sec=0, "
		     "tv_usec=0}, tick=0, ppsfreq=0, jitter=0, shift=0, stabil=0, jitcnt=0, "
		     "calcnt=0, errcnt=0, stbcnt=0, tai=0}) = 5 (TIME_ERROR)");
	}
	thread._sigev_un._tid = 9;
	if (CALL("timer_create", 0, CLOCK_MONOTONIC, A, 0, 0, 0, 0)) {
		IN(thread);
		TEXT("timer_create(CLOCK_MONOTONIC, {sigev_value={sival_int=0, sival_ptr=NULL}, "
		     "sigev_signo=SIGALRM, sigev_notify=SIGEV_THREAD_ID, "
		     "sigev_notify_thread_id=9}, NULL) = 0");
	}
}

static void test_siginfo(void)
{
	siginfo_t si = {.si_signo = SIGSEGV, .si_code = SEGV_MAPERR, .si_addr = (void *)0x10};
	stack_t stack = {.ss_sp = (void *)0x5000, .ss_flags = SS_DISABLE, .ss_size = 8192};

	if (CALL("rt_sigtimedwait", SIGSEGV, 0, A, 0, 8, 0, 0)) {
		OUT(si);
		TEXT("rt_sigtimedwait(NULL, {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x10}, "
		     "NULL, 8) = 11 (SIGSEGV)");
	}
	si = (siginfo_t){.si_signo = SIGUSR1, .si_code = SI_QUEUE, .si_errno = EPERM};
	si.si_pid = 5;
	si.si_uid = 6;
	si.si_ptr = (void *)0x77;
	if (CALL("rt_sigqueueinfo", 0, 7, SIGUSR1, A, 0, 0, 0)) {
		IN(si);
		TEXT("rt_sigqueueinfo(7, SIGUSR1, {si_signo=SIGUSR1, si_code=SI_QUEUE, "
		     "si_errno=EPERM, si_pid=5, si_uid=6, si_int=119, si_ptr=0x77}) = 0");
	}
	si = (siginfo_t){.si_signo = 40, .si_code = 77};
	if (CALL("rt_sigqueueinfo", 0, 7, 40, A, 0, 0, 0)) {
		IN(si);
		TEXT("rt_sigqueueinfo(7, SIGRT_8, {si_signo=SIGRT_8, si_code=0x4d /* SI_??? */, "
		     "si_pid=0, si_uid=0}) = 0");
	}
	if (CALL("sigaltstack", 0, A, 0, 0, 0, 0, 0)) {
		IN(stack);
		TEXT("sigaltstack({ss_sp=0x5000, ss_flags=SS_DISABLE, ss_size=8192}, NULL) = 0");
	}
}

static void test_processes(void)
{
	struct sysinfo info = {.uptime = 5, .procs = 3, .mem_unit = 1};
	struct tms tms = {1, 2, 3, 4};
	struct rusage usage = {.ru_maxrss = 9};
	struct __user_cap_data_struct caps[2] = {{.effective = 3}, {.permitted = 1u << 31}};
	u32 attr[14] = {48, SCHED_BATCH, 0, 0, (u32)-5};
	u64 cpus = 5;

	if (CALL("sysinfo", 0, A, 0, 0, 0, 0, 0)) {
		OUT(info);
		TEXT("sysinfo({uptime=5, loads=[0, 0, 0], totalram=0, freeram=0, sharedram=0, "
		     "bufferram=0, totalswap=0, freeswap=0, procs=3, totalhigh=0, freehigh=0, "
		     "mem_unit=1}) = 0");
	}
	if (CALL("times", 77, A, 0, 0, 0, 0, 0)) {
		OUT(tms);
		TEXT("times({tms_utime=1, tms_stime=2, tms_cutime=3, tms_cstime=4}) = 77");
	}
	opts.verbose = true;
	if (CALL("getrusage", 0, (u32)-1, A, 0, 0, 0, 0)) {
		OUT(usage);
		TEXT("getrusage(RUSAGE_CHILDREN, {ru_utime={tv_sec=0, tv_usec=0}, "
		     "ru_stime={tv_sec=0, tv_usec=0}, ru_maxrss=9, ru_ixrss=0, ru_idrss=0, "
		     "ru_isrss=0, ru_minflt=0, ru_majflt=0, ru_nswap=0, ru_inblock=0, "
		     "ru_oublock=0, ru_msgsnd=0, ru_msgrcv=0, ru_nsignals=0, ru_nvcsw=0, "
		     "ru_nivcsw=0}) = 0");
	}
	opts.verbose = false;
	if (CALL("capset", 0, 0, A, 0, 0, 0, 0)) {
		IN(caps);
		TEXT("capset(NULL, {effective=1<<CAP_CHOWN|1<<CAP_DAC_OVERRIDE, "
		     "permitted=0x8000000000000000, inheritable=0}) = 0");
	}
	if (CALL("sched_setattr", 0, 0, A, 0, 0, 0, 0)) {
		IN(attr);
		TEXT("sched_setattr(0, {size=48, sched_policy=SCHED_BATCH, sched_flags=0, "
		     "sched_nice=-5, sched_priority=0, sched_runtime=0, sched_deadline=0, "
		     "sched_period=0}, 0) = 0");
	}
	if (CALL("sched_setaffinity", 0, 0, 8, A, 0, 0, 0)) {
		IN(cpus);
		TEXT("sched_setaffinity(0, 8, [0 2]) = 0");
	}
	if (CALL("ioprio_set", 0, 1, 0, 2 << 13 | 4, 0, 0, 0))
		TEXT("ioprio_set(IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, 4)) = 0");
	if (CALL("personality", 0x0040000, 0xffffffff, 0, 0, 0, 0, 0))
		TEXT("personality(0xffffffff) = 0x40000 (PER_LINUX|ADDR_NO_RANDOMIZE)");
	if (CALL("getrandom", 2, A, 8, 1, 0, 0, 0)) {
		event__copy(A, "a\xff", 2, true);
		TEXT("getrandom(\"\\x61\\xff\", 8, GRND_NONBLOCK) = 2");
	}
	if (CALL("kcmp", 0, 1, 2, 0, 3, 4, 0))
		TEXT("kcmp(1, 2, KCMP_FILE, 3, 4) = 0");
	if (CALL("kcmp", 0, 1, 2, 1, 3, 4, 0))
		TEXT("kcmp(1, 2, KCMP_VM) = 0");
	if (CALL("ptrace", -3, 16, 9, 0, 0, 0, 0))
		TEXT("ptrace(PTRACE_ATTACH, 9) = -1 ESRCH (No such process)");
	if (CALL("ptrace", 0, 7, 9, 0, SIGINT, 0, 0))
		TEXT("ptrace(PTRACE_CONT, 9, NULL, SIGINT) = 0");
	if (CALL("arch_prctl", 0, 0x1003, A, 0, 0, 0, 0)) {
		event__copy(A, (u64[]){0x5000}, 8, true);
		TEXT("arch_prctl(ARCH_GET_FS, [0x5000]) = 0");
	}
}

static void test_files(void)
{
	struct statfs fs = {.f_type = 0xef53, .f_bsize = 4096, .f_flags = 0x1020};
	struct statx sx = {.stx_mask = STATX_BASIC_STATS, .stx_mode = S_IFREG, .stx_size = 3};
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
	char path[TRACE_PIECE];

	if (CALL("fstatfs", 0, 3, A, 0, 0, 0, 0)) {
		OUT(fs);
		TEXT("fstatfs(3, {f_type=EXT2_SUPER_MAGIC, f_bsize=4096, f_blocks=0, f_bfree=0, "
		     "f_bavail=0, f_files=0, f_ffree=0, f_fsid={val=[0, 0]}, f_namelen=0, "
		     "f_frsize=0, f_flags=ST_VALID|ST_RELATIME}) = 0");
	}
	if (CALL("statx", 0, 3, 0, 0, 1, A, 0)) {
		OUT(sx);
		TEXT("statx(3, NULL, AT_STATX_SYNC_AS_STAT, STATX_TYPE, "
		     "{stx_mask=STATX_BASIC_STATS, stx_attributes=0, stx_mode=S_IFREG|000, "
		     "stx_size=3, ...}) = 0");
	}
	if (CALL("mount_setattr", 0, 3, 0, 0x8000, A, 32, 0)) {
		IN(attr);
		TEXT("mount_setattr(3, NULL, AT_RECURSIVE, {attr_set=MOUNT_ATTR_RDONLY, attr_clr=0, "
		     "propagation=0, userns_fd=0}, 32) = 0");
	}
	if (CALL("swapon", 0, 0, 0x8003, 0, 0, 0, 0))
		TEXT("swapon(NULL, SWAP_FLAG_PREFER|3) = 0");
	/* A path that is too long for the kernel, too, has no end. */
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = 0;
	if (CALL("rmdir", -ENAMETOOLONG, A, 0, 0, 0, 0, 0)) {
		char *text;

		event__copy(A, path, sizeof(path), false);
		text = event__text();
		if (strstr(text, "x\"...) = -1 ENAMETOOLONG"))
			passed++;
		else
			failed++, printf("a path that is too long is shown as whole\n");
		free(text);
	}
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	test_time();
	test_siginfo();
	test_processes();
	test_files();
	arena__free(arena);
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
