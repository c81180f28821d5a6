// SPDX-License-Identifier: GPL-2.0-only
/* System calls as text, from events that no kernel has sent. */
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <time.h>

#include "decode_events.h"

static int passed, failed;

#define TEXT(want) check(__LINE__, want)
/* False where the architecture has no such call. */
#define CALL(name, ...) !event__make(name, __VA_ARGS__)
#define A               0x1000
#define B               0x2000

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

static void test_files(void)
{
	if (CALL("openat", 3, (u64)-100, A, O_RDONLY | O_CLOEXEC, 0xffff, 0, 0)) {
		event__copy(A, "/etc/passwd", 12, false);
		TEXT("openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY|O_CLOEXEC) = 3");
		made.ev.arg[2] = O_WRONLY | O_CREAT | O_TRUNC | 0x40000000;
		made.ev.arg[3] = 0640;
		made.ev.ret = -13;
		TEXT("openat(AT_FDCWD, \"/etc/passwd\", O_WRONLY|O_CREAT|O_TRUNC|0x40000000, 0640) = "
		     "-1 EACCES (Permission denied)");
		made.ev.arg[1] = B;
		made.ev.arg[2] = 0;
		TEXT("openat(AT_FDCWD, 0x2000, O_RDONLY) = -1 EACCES (Permission denied)");
		made.ev.arg[1] = 0;
		made.ev.ret = -14;
		TEXT("openat(AT_FDCWD, NULL, O_RDONLY) = -1 EFAULT (Bad address)");
	}
	if (CALL("openat2", 4, 5, A, B, sizeof(struct open_how), 0, 0)) {
		struct open_how how = {.flags = O_CREAT, .mode = 0600, .resolve = RESOLVE_BENEATH};

		event__copy(A, "x", 2, false);
		event__copy(B, &how, sizeof(how), false);
		TEXT("openat2(5, \"x\", {flags=O_RDONLY|O_CREAT, mode=0600, resolve=RESOLVE_BENEATH}, "
		     "24) = 4");
		made.ev.arg[3] = 8;
		TEXT("openat2(5, \"x\", 0x2000, 8) = 4");
	}
	if (CALL("lseek", 9, 3, 5, SEEK_END, 0, 0, 0))
		TEXT("lseek(3, 5, SEEK_END) = 9");
	if (CALL("lseek", -22, 3, (u64)-5, 77, 0, 0, 0))
		TEXT("lseek(3, -5, 0x4d /* SEEK_??? */) = -1 EINVAL (Invalid argument)");
	if (CALL("mkdirat", 0, 3, A, 0, 0, 0, 0))
		TEXT("mkdirat(3, 0x1000, 000) = 0");
	if (CALL("faccessat", 0, (u64)-100, A, 0, 0, 0, 0))
		TEXT("faccessat(AT_FDCWD, 0x1000, F_OK) = 0");
	if (CALL("mknodat", 0, (u64)-100, A, S_IFCHR | 0600, 0x103, 0, 0))
		TEXT("mknodat(AT_FDCWD, 0x1000, S_IFCHR|0600, makedev(0x1, 0x3)) = 0");
	if (CALL("mknodat", 0, (u64)-100, A, S_IFIFO | S_ISVTX | 0600, 0x103, 0, 0))
		TEXT("mknodat(AT_FDCWD, 0x1000, S_IFIFO|S_ISVTX|0600) = 0");
	if (CALL("umask", 022, 0, 0, 0, 0, 0, 0))
		TEXT("umask(000) = 022");
	if (CALL("pipe2", 0, A, O_NONBLOCK, 0, 0, 0, 0)) {
		event__copy(A, (int[]){3, 4}, 8, true);
		TEXT("pipe2([3, 4], O_NONBLOCK) = 0");
		made.ev.ret = -24;
		TEXT("pipe2(0x1000, O_NONBLOCK) = -1 EMFILE (Too many open files)");
	}
	if (CALL("sendfile", 5, 1, 3, A, 100, 0, 0)) {
		event__copy(A, (u64[]){7}, 8, false);
		event__copy(A, (u64[]){12}, 8, true);
		TEXT("sendfile(1, 3, [7] => [12], 100) = 5");
	}
	if (CALL("getcwd", 5, A, 100, 0, 0, 0, 0)) {
		event__copy(A, "/tmp", 5, true);
		TEXT("getcwd(\"/tmp\", 100) = 5");
	}
	if (CALL("memfd_create", 3, A, 4 | 21u << 26, 0, 0, 0, 0)) {
		event__copy(A, "m", 2, false);
		TEXT("memfd_create(\"m\", MFD_HUGETLB|21<<MFD_HUGE_SHIFT) = 3");
	}
	if (CALL("mount", 0, 0, A, 0, 0xc0ed0000 | 32, 0, 0)) {
		event__copy(A, "/m", 3, false);
		TEXT("mount(NULL, \"/m\", NULL, MS_MGC_VAL|MS_REMOUNT, NULL) = 0");
	}
}

static void test_stat(void)
{
	struct stat st = {.st_mode = S_IFREG | S_ISUID | 04, .st_size = 1234};
	char names[48] = {};
	u16 len = 24;

	if (CALL("newfstatat", 0, 3, A, B, 0x1000, 0, 0)) {
		event__copy(A, "", 1, false);
		event__copy(B, &st, sizeof(st), true);
		TEXT("newfstatat(3, \"\", {st_mode=S_IFREG|S_ISUID|004, st_size=1234, ...}, "
		     "AT_EMPTY_PATH) = 0");
		made.ev.ret = -2;
		TEXT("newfstatat(3, \"\", 0x2000, AT_EMPTY_PATH) = -1 ENOENT (No such file or "
		     "directory)");
	}
	st = (struct stat){.st_mode = S_IFCHR | 0620, .st_rdev = 0x8801, .st_dev = 5};
	if (CALL("fstat", 0, 3, B, 0, 0, 0, 0)) {
		event__copy(B, &st, sizeof(st), true);
		TEXT("fstat(3, {st_mode=S_IFCHR|0620, st_rdev=makedev(0x88, 0x1), ...}) = 0");
		opts.verbose = true;
		TEXT("fstat(3, {st_dev=makedev(0, 0x5), st_ino=0, st_mode=S_IFCHR|0620, st_nlink=0, "
		     "st_uid=0, st_gid=0, st_blksize=0, st_blocks=0, st_rdev=makedev(0x88, 0x1), "
		     "st_atime=0, st_atime_nsec=0, st_mtime=0, st_mtime_nsec=0, st_ctime=0, "
		     "st_ctime_nsec=0}) = 0");
		opts.verbose = false;
	}
	memcpy(names + 16, &len, 2);
	memcpy(names + 24 + 16, &len, 2);
	names[18] = 4;
	names[19] = '.';
	if (CALL("getdents64", 48, 3, A, 4096, 0, 0, 0)) {
		event__copy(A, names, 48, true);
		TEXT("getdents64(3, 0x1000 /* 2 entries */, 4096) = 48");
		made.ev.ret = 5000;
		TEXT("getdents64(3, 0x1000 /* 2 or more entries */, 4096) = 5000");
	}
	if (CALL("statx", 0, 3, 0, 0x2000, 0x7ff, 0, 0))
		TEXT("statx(3, NULL, AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, NULL) = 0");
}

static void test_fcntl(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_start = 1, .l_len = 10, .l_pid = 77};

	if (CALL("fcntl", 0, 3, F_SETLK, A, 0, 0, 0)) {
		event__copy(A, &lock, sizeof(lock), false);
		TEXT("fcntl(3, F_SETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=1, l_len=10}) = "
		     "0");
	}
	if (CALL("fcntl", 0, 3, F_GETLK, A, 0, 0, 0)) {
		event__copy(A, &lock, sizeof(lock), true);
		TEXT("fcntl(3, F_GETLK, {l_type=F_WRLCK, l_whence=SEEK_SET, l_start=1, l_len=10, "
		     "l_pid=77}) = 0");
	}
	if (CALL("fcntl", O_RDWR, 3, F_GETFL, 99, 0, 0, 0))
		TEXT("fcntl(3, F_GETFL) = 0x2 (flags O_RDWR)");
	if (CALL("fcntl", 1, 3, F_GETFD, 99, 0, 0, 0))
		TEXT("fcntl(3, F_GETFD) = 0x1 (flags FD_CLOEXEC)");
	if (CALL("fcntl", 0, 3, F_SETFL, O_APPEND, 0, 0, 0))
		TEXT("fcntl(3, F_SETFL, O_RDONLY|O_APPEND) = 0");
	if (CALL("fcntl", -22, 3, 0x777, 5, 0, 0, 0))
		TEXT("fcntl(3, 0x777 /* F_??? */, 0x5) = -1 EINVAL (Invalid argument)");
}

static void test_memory(void)
{
	if (CALL("mmap", 0x7f0000001000, 0, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS, (u32)-1, 0))
		TEXT("mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = "
		     "0x7f0000001000");
	if (CALL("mmap", -12, 0, 1, 0, 7 | MAP_FIXED, 3, 0x1000))
		TEXT("mmap(NULL, 1, PROT_NONE, 0x7 /* MAP_??? */|MAP_FIXED, 3, 0x1000) = -1 ENOMEM "
		     "(Cannot allocate memory)");
	if (CALL("mremap", A, A, 1, 2, MREMAP_MAYMOVE, B, 0))
		TEXT("mremap(0x1000, 1, 2, MREMAP_MAYMOVE) = 0x1000");
	if (CALL("mincore", 0, A, 8192, B, 0, 0, 0)) {
		event__copy(B, "\1", 2, true);
		TEXT("mincore(0x1000, 8192, [1, 0]) = 0");
	}
	if (CALL("brk", A, 0, 0, 0, 0, 0, 0))
		TEXT("brk(NULL) = 0x1000");
}

static void test_processes(void)
{
	const u64 vector[] = {0x100, 0x200, 0};
	struct clone_args clone = {.flags = CLONE_VM | CLONE_PARENT_SETTID, .exit_signal = SIGCHLD};
	struct rlimit limit = {8192 * 1024, RLIM_INFINITY};
	struct rusage usage = {.ru_utime = {1, 2}};
	struct utsname uts = {.sysname = "Linux", .nodename = "vm"};

	if (CALL("execve", -2, A, B, 0x3000, 0, 0, 0)) {
		event__copy(A, "/bin/ls", 8, false);
		event__copy(B, vector, sizeof(vector), false);
		event__copy(0x100, "ls", 3, false);
		event__copy(0x3000, vector + 1, 16, false);
		TEXT("execve(\"/bin/ls\", [\"ls\", 0x200], 0x3000 /* 1 var */) = -1 ENOENT (No such "
		     "file or directory)");
	}
	if (CALL("wait4", 8, (u64)-1, A, 0, 0, 0, 0)) {
		event__copy(A, (int[]){3 << 8}, 4, true);
		TEXT("wait4(-1, [{WIFEXITED(s) && WEXITSTATUS(s) == 3}], 0, NULL) = 8");
		made.ev.ret = 0;
		TEXT("wait4(-1, 0x1000, 0, NULL) = 0");
	}
	if (CALL("wait4", 8, (u64)-1, A, 1, B, 0, 0)) {
		event__copy(A, (int[]){SIGSEGV | 0x80}, 4, true);
		event__copy(B, &usage, sizeof(usage), true);
		TEXT("wait4(-1, [{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}], "
		     "WNOHANG, {ru_utime={tv_sec=1, tv_usec=2}, ru_stime={tv_sec=0, tv_usec=0}, "
		     "...}) = 8");
	}
	if (CALL("clone", 9, CLONE_PARENT_SETTID | SIGCHLD, 0, A, B, B, 0)) {
		event__copy(A, (int[]){9}, 4, true);
		TEXT("clone(child_stack=NULL, flags=CLONE_PARENT_SETTID|SIGCHLD, parent_tid=[9]) = 9");
	}
	if (CALL("clone3", 9, A, sizeof(clone), 0, 0, 0, 0)) {
		event__copy(A, &clone, sizeof(clone), false);
		TEXT("clone3({flags=CLONE_VM|CLONE_PARENT_SETTID, parent_tid=NULL, "
		     "exit_signal=SIGCHLD, stack=NULL, stack_size=0} => {parent_tid=[9]}, 88) = 9");
	}
	if (CALL("prlimit64", 0, 0, 3, 0, A, 0, 0)) {
		event__copy(A, &limit, sizeof(limit), true);
		TEXT("prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, "
		     "rlim_max=RLIM64_INFINITY}) = 0");
	}
	if (CALL("uname", 0, A, 0, 0, 0, 0, 0)) {
		event__copy(A, &uts, sizeof(uts), true);
		TEXT("uname({sysname=\"Linux\", nodename=\"vm\", ...}) = 0");
	}
	if (CALL("prctl", 0, 15, A, 3, 4, 5, 0)) {
		event__copy(A, "name\0\0\0\0\0\0\0\0\0\0\0", 16, false);
		TEXT("prctl(PR_SET_NAME, \"name\") = 0");
	}
	if (CALL("prctl", -22, 12345, 1, 2, 3, 4, 0))
		TEXT("prctl(0x3039 /* PR_??? */, 0x1, 0x2, 0x3, 0x4) = -1 EINVAL (Invalid argument)");
	if (CALL("sched_getaffinity", 8, 0, 128, A, 0, 0, 0)) {
		event__copy(A, (u64[]){0x103}, 8, true);
		TEXT("sched_getaffinity(0, 128, [0 1 8]) = 8");
	}
	if (CALL("setresuid", 0, (u32)-1, 1000, 0, 0, 0, 0))
		TEXT("setresuid(-1, 1000, 0) = 0");
	if (CALL("getgroups", 2, 5, A, 0, 0, 0, 0)) {
		event__copy(A, (int[]){4, 27}, 8, true);
		TEXT("getgroups(5, [4, 27]) = 2");
	}
	if (CALL("exit_group", 0, 1, 0, 0, 0, 0, 0))
		TEXT("exit_group(1) = ?");
}

static void test_signals(void)
{
	const u64 action[] = {1, SA_RESTART, 0, 1ULL << (SIGUSR1 - 1)};
	siginfo_t si = {.si_signo = SIGCHLD, .si_code = CLD_EXITED};

	if (CALL("rt_sigaction", 0, SIGINT, A, B, 8, 0, 0)) {
		event__copy(A, action, sizeof(action), false);
		event__copy(B, (u64[4]){0x5000}, 32, true);
		TEXT("rt_sigaction(SIGINT, {sa_handler=SIG_IGN, sa_mask=[USR1], sa_flags=SA_RESTART}, "
		     "{sa_handler=0x5000, sa_mask=[], sa_flags=0}, 8) = 0");
	}
	if (CALL("rt_sigprocmask", 0, SIG_SETMASK, A, 0, 8, 0, 0)) {
		event__copy(A, (u64[]){~0x100ULL}, 8, false);
		TEXT("rt_sigprocmask(SIG_SETMASK, ~[KILL], NULL, 8) = 0");
		made.ev.arg[3] = 4;
		TEXT("rt_sigprocmask(SIG_SETMASK, 0x1000, NULL, 4) = 0");
	}
	if (CALL("kill", 0, 7, 34, 0, 0, 0, 0))
		TEXT("kill(7, SIGRT_2) = 0");
	if (CALL("kill", -22, 7, 123, 0, 0, 0, 0))
		TEXT("kill(7, 123) = -1 EINVAL (Invalid argument)");
	si.si_pid = 12;
	si.si_status = 1;
	if (CALL("waitid", 0, 0, 0, A, 4, 0, 0)) {
		event__copy(A, &si, sizeof(si), true);
		TEXT("waitid(P_ALL, 0, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=12, si_uid=0, "
		     "si_status=1, si_utime=0, si_stime=0}, WEXITED, NULL) = 0");
	}
}

static void test_time(void)
{
	const struct timespec ts = {1, 500}, left = {0, 400};
	const struct timespec when[] = {{5, 6}, {0, UTIME_OMIT}};

	if (CALL("nanosleep", 0, A, B, 0, 0, 0, 0)) {
		event__copy(A, &ts, sizeof(ts), false);
		event__copy(B, &left, sizeof(left), true);
		TEXT("nanosleep({tv_sec=1, tv_nsec=500}, 0x2000) = 0");
		made.ev.ret = -516;
		TEXT("nanosleep({tv_sec=1, tv_nsec=500}, {tv_sec=0, tv_nsec=400}) = ? "
		     "ERESTART_RESTARTBLOCK (Interrupted by signal)");
	}
	if (CALL("clock_gettime", 0, CLOCK_MONOTONIC, A, 0, 0, 0, 0)) {
		event__copy(A, &ts, sizeof(ts), true);
		TEXT("clock_gettime(CLOCK_MONOTONIC, {tv_sec=1, tv_nsec=500}) = 0");
	}
	if (CALL("utimensat", 0, (u64)-100, 0, A, 0, 0, 0)) {
		event__copy(A, when, sizeof(when), false);
		TEXT("utimensat(AT_FDCWD, NULL, [{tv_sec=5, tv_nsec=6} /* "
		     "1970-01-01T00:00:05.000000006+0000 */, UTIME_OMIT], 0) = 0");
	}
}

static void test_strings(void)
{
	const char bytes[] = "\177ELF\2\1\1\n\t\"\\\0"
			     "7\0"
			     "8\33[31m";

	if (CALL("read", 20, 3, A, 100, 0, 0, 0)) {
		event__copy(A, bytes, 20, true);
		TEXT("read(3, \"\\177ELF\\2\\1\\1\\n\\t\\\"\\\\\\0007\\08\\33[31m\", 100) = 20");
		made.ev.ret = 0;
		TEXT("read(3, \"\", 100) = 0");
		made.ev.ret = 500;
		TEXT("read(3, \"\\177ELF\\2\\1\\1\\n\\t\\\"\\\\\\0007\\08\\33[31m\"..., 100) = 500");
		opts.string_limit = 4;
		made.ev.ret = 5;
		TEXT("read(3, \"\\177ELF\"..., 100) = 5");
		opts.hex = HEX_ALWAYS;
		TEXT("read(3, \"\\x7f\\x45\\x4c\\x46\"..., 100) = 5");
		opts.hex = HEX_NO_TEXT;
		TEXT("read(3, \"\\x7f\\x45\\x4c\\x46\"..., 100) = 5");
		opts.hex = HEX_NEVER;
		opts.string_limit = 32;
		made.ev.ret = -512;
		TEXT("read(3, 0x1000, 100) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)");
		made.ev.type = TRACE_ENTERED;
		TEXT("read(3, 0x1000, 100) = ?");
	}
	if (CALL("write", -9, 99, A, 40, 0, 0, 0)) {
		event__copy(A, "0123456789012345678901234567890123456789", 32, false);
		TEXT("write(99, \"01234567890123456789012345678901\"..., 40) = -1 EBADF (Bad file "
		     "descriptor)");
	}
	/* No NUL has been copied: it is longer. */
	if (CALL("unlinkat", 0, 3, A, 0, 0, 0, 0)) {
		event__copy(A, "abc", 3, false);
		TEXT("unlinkat(3, \"abc\"..., 0) = 0");
	}
}

static const char *on(void *ctx, u32 pid, s32 fd)
{
	(void)ctx;
	return pid != 7 ? NULL : fd == 3 ? "/a\33b\\" : fd == -100 ? "/home" : NULL;
}

static void test_others(void)
{
	opts.fd_name = on;
	if (CALL("dup", 3, 3, 0, 0, 0, 0, 0))
		TEXT("dup(3</a\\33b\\\\>) = 3</a\\33b\\\\>");
	if (CALL("unlinkat", 0, (u64)-100, A, 0, 0, 0, 0))
		TEXT("unlinkat(AT_FDCWD</home>, 0x1000, 0) = 0");
	opts.fd_name = NULL;
	if (CALL("dup", -4000, 3, 0, 0, 0, 0, 0))
		TEXT("dup(3) = -1 4000 (errno 4000)");
	if (CALL("cachestat", 0, 1, 2, 3, 4, 5, 0))
		TEXT("cachestat(1, 0x2, 0x3, 0x4) = 0");
	event__make("read", 0, 1, 2, 3, 4, 5, 6);
	made.ev.nr = 9999;
	made.ev.ret = -38;
	TEXT("syscall_0x270f(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = -1 ENOSYS (Function not implemented)");
	made.ev.nr = 3;
	made.ev.flags = TRACE_COMPAT;
	made.ev.ret = 0;
	TEXT("compat_syscall_0x3(0x1, 0x2, 0x3, 0x4, 0x5, 0x6) = 0");
}

static void test_plan(void)
{
	struct trace_plan plan;
	const struct call_desc *read;

	event__make("read", 0, 0, 0, 0, 0, 0, 0);
	decode__plan(made.ev.nr, &plan);
	read = decode__call_desc(made.ev.nr);
	if (plan.arg[1].kind == FETCH_BYTES && plan.arg[1].len == 2 &&
	    plan.arg[1].flags == (FETCH_AT_EXIT | FETCH_RETURNED) && plan.fetches == 2 &&
	    decode__known_at_entry(read) == 1)
		passed++;
	else
		failed++, printf("the plan of read() is wrong\n");
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	test_files();
	test_stat();
	test_fcntl();
	test_memory();
	test_processes();
	test_signals();
	test_time();
	test_strings();
	test_others();
	test_plan();
	arena__free(arena);
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
