/* SPDX-License-Identifier: GPL-2.0-only */
/* calls [-t THREADS] [-p PROCESSES] [-n N] [-d USEC] [--exec] [--wait] CALL */
/*
 * Exactly N times CALL in each of THREADS of each of PROCESSES, all at once. -d: how long a
 * sleeping CALL sleeps, or the time from one of the others to the next. --exec: each process
 * executes itself between its halves. --wait: for a line on standard input before the first call,
 * and for another before the end.
 */
#include "work.h"

#include <fcntl.h>
#include <getopt.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* In a memory file, so that it is shared between processes and outlives their exec. */
struct shared {
	_Atomic uint64_t calls, errors;
	uint64_t begin_ns;
	int ready[2]; /* a byte per thread that stands at the start */
	int go[2];    /* its end of file is the start */
	int done[2];  /* a byte per process that has made all its calls */
	int end[2];   /* its end of file lets the processes exit */
};

struct options {
	uint64_t threads, processes, n, usec;
	const struct call *call;
	bool exec, wait;
	int resume; /* descriptor of the shared memory, in the second half; else -1 */
	uint64_t index;
};

struct call {
	const char *name;
	long (*make)(uint64_t usec);
	int error;        /* the errno that every call must fail with */
	bool sleeps;      /* USEC is how long a call lasts, not the time between calls */
	const char *file; /* what it needs open */
};

static int file_fd;
static struct options opt = {.threads = 1, .processes = 1, .n = 1, .resume = -1};
static struct shared *shared;
static int thread_done[2];

static long make_getppid(uint64_t usec)
{
	(void)usec;
	return syscall(SYS_getppid) < 0 ? -1 : 0;
}

static long make_read(uint64_t usec)
{
	char byte;

	(void)usec;
	return syscall(SYS_read, file_fd, &byte, 1) - 1;
}

static long make_write(uint64_t usec)
{
	(void)usec;
	return syscall(SYS_write, file_fd, "", 1) - 1;
}

static long make_read_fail(uint64_t usec)
{
	char byte;

	(void)usec;
	return syscall(SYS_read, -1, &byte, 1);
}

static long make_openat_fail(uint64_t usec)
{
	(void)usec;
	return syscall(SYS_openat, AT_FDCWD, "/nonexistent/nothing", O_RDONLY);
}

static long make_nanosleep(uint64_t usec)
{
	struct timespec ts = ns_to_timespec(usec * NS_PER_US);

	return syscall(SYS_nanosleep, &ts, NULL);
}

static long make_futex_wait(uint64_t usec)
{
	struct timespec ts = ns_to_timespec(usec * NS_PER_US);
	uint32_t word = 0;

	return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &ts, NULL, 0);
}

static long make_ppoll(uint64_t usec)
{
	struct timespec ts = ns_to_timespec(usec * NS_PER_US);

	return syscall(SYS_ppoll, NULL, 0, &ts, NULL, 0);
}

static const struct call calls[] = {
	{"getppid", make_getppid, 0, false, NULL},
	{"read", make_read, 0, false, "/dev/zero"},
	{"write", make_write, 0, false, "/dev/null"},
	{"read-fail", make_read_fail, EBADF, false, NULL},
	{"openat-fail", make_openat_fail, ENOENT, false, NULL},
	{"nanosleep", make_nanosleep, 0, true, NULL},
	{"futex-wait", make_futex_wait, ETIMEDOUT, true, NULL},
	{"ppoll", make_ppoll, 0, true, NULL},
};

/* How many calls each thread makes in this half: all of them when nothing is executed in between.
 */
static uint64_t share(void)
{
	uint64_t half = opt.n / 2;

	if (!opt.exec)
		return opt.n;
	return opt.resume < 0 ? half : opt.n - half;
}

static void make_calls(void)
{
	uint64_t n = share(), next = now_ns();

	for (uint64_t i = 0; i < n; i++) {
		long ret = opt.call->make(opt.usec);

		if (opt.call->error ? ret != -1 || errno != opt.call->error : ret != 0)
			err(1, "%s returned %ld", opt.call->name, ret);
		if (opt.usec && !opt.call->sleeps)
			spin_until(next += opt.usec * NS_PER_US);
	}
	shared->calls += n;
	if (opt.call->error)
		shared->errors += n;
}

static void wait_for_end_of(int fd)
{
	char byte;

	if (get_byte(fd, &byte))
		errx(1, "a byte where the end of the file was due");
}

static void *thread_main(void *arg)
{
	put_byte(shared->ready[1]);
	wait_for_end_of(shared->go[0]);
	make_calls();
	put_byte(thread_done[1]);
	/* Not by pthread_exit, whose locks are futexes. */
	syscall(SYS_exit, 0);
	return arg;
}

static void start_threads(void)
{
	if (pipe2(thread_done, O_CLOEXEC))
		err(1, "pipe2");
	for (uint64_t i = 1; i < opt.threads; i++) {
		pthread_t thread;

		errno = pthread_create(&thread, NULL, thread_main, NULL);
		if (errno)
			err(1, "pthread_create");
	}
}

static void exec_second_half(char **argv, int argc, int fd)
{
	char path[4096], resume[16], index[24], *args[argc + 5];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		err(1, "readlink");
	/* By its path, since to execute /proc/self/exe would change the command name. */
	path[len] = '\0';
	snprintf(resume, sizeof(resume), "%d", fd);
	snprintf(index, sizeof(index), "%" PRIu64, opt.index);
	args[0] = argv[0];
	args[1] = "--resume";
	args[2] = resume;
	args[3] = "--index";
	args[4] = index;
	memcpy(&args[5], &argv[1], (size_t)argc * sizeof(*argv));
	execv(path, args);
	err(1, "execv");
}

/* Process 0 has its threads and all other processes at the start, and lets them go at once. */
static void start_all(void)
{
	/* Only the others write there, so that their early end is the end of the file. */
	close(shared->done[1]);
	get_bytes(shared->ready[0], opt.processes * opt.threads - 1);
	if (opt.wait)
		ready_gate();
	shared->begin_ns = now_ns();
	close(shared->go[1]);
}

static void report(void)
{
	struct line line = {.len = 0};
	uint64_t ns;

	get_bytes(shared->done[0], opt.processes - 1);
	ns = now_ns() - shared->begin_ns;
	line_add(&line, "pid=%d call=%s threads=%" PRIu64 " processes=%" PRIu64, getpid(),
		 opt.call->name, opt.threads, opt.processes);
	line_add(&line, " calls=%" PRIu64 " errors=%" PRIu64 " ns=%" PRIu64, shared->calls,
		 shared->errors, ns);
	say(&line);
	if (opt.wait)
		gate();
	close(shared->end[1]);
	for (uint64_t i = 1; i < opt.processes; i++) {
		int status;

		if (wait(&status) < 0 || status)
			errx(1, "a process failed");
	}
}

static void open_shared(int *fd)
{
	*fd = opt.resume;
	if (opt.resume < 0) {
		*fd = memfd_create("calls", 0);
		if (*fd < 0 || ftruncate(*fd, sizeof(*shared)))
			err(1, "memfd_create");
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	if (shared == MAP_FAILED)
		err(1, "mmap");
	if (opt.resume < 0 &&
	    (pipe(shared->ready) || pipe(shared->go) || pipe(shared->done) || pipe(shared->end)))
		err(1, "pipe");
}

static void fork_others(void)
{
	for (uint64_t i = 1; i < opt.processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid) {
			opt.index = i;
			close(shared->go[1]);
			close(shared->end[1]);
			return;
		}
	}
}

static void parse(int argc, char **argv)
{
	static const struct option longs[] = {
		{"exec", no_argument, NULL, 'e'},
		{"wait", no_argument, NULL, 'w'},
		{"resume", required_argument, NULL, 'R'},
		{"index", required_argument, NULL, 'I'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "+t:p:n:d:ew", longs, NULL)) != -1) {
		switch (c) {
		case 't':
			opt.threads = number(optarg);
			break;
		case 'p':
			opt.processes = number(optarg);
			break;
		case 'n':
			opt.n = number(optarg);
			break;
		case 'd':
			opt.usec = number(optarg);
			break;
		case 'e':
			opt.exec = true;
			break;
		case 'w':
			opt.wait = true;
			break;
		case 'R':
			opt.resume = (int)number(optarg);
			break;
		case 'I':
			opt.index = number(optarg);
			break;
		default:
			exit(2);
		}
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (optind == argc - 1 && !strcmp(argv[optind], calls[i].name))
			opt.call = &calls[i];
	if (!opt.call || !opt.threads || !opt.processes)
		errx(2, "usage: calls [OPTION]... CALL, with at least one thread and process");
}

int main(int argc, char **argv)
{
	int fd;

	parse(argc, argv);
	open_shared(&fd);
	if (opt.resume < 0)
		fork_others();
	if (opt.call->file) {
		file_fd = open(opt.call->file, O_RDWR | O_CLOEXEC);
		if (file_fd < 0)
			err(1, "%s", opt.call->file);
	}
	start_threads();
	if (opt.resume < 0) {
		if (opt.index)
			put_byte(shared->ready[1]);
		else
			start_all();
	}
	wait_for_end_of(shared->go[0]);
	make_calls();
	get_bytes(thread_done[0], opt.threads - 1);
	if (opt.exec && opt.resume < 0)
		exec_second_half(argv, argc, fd);
	if (!opt.index) {
		report();
	} else {
		put_byte(shared->done[1]);
		close(shared->done[1]);
		wait_for_end_of(shared->end[0]);
	}
	_exit(0);
}
