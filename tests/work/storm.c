/* SPDX-License-Identifier: GPL-2.0-only */
/* storm [-n N] [-R RATE] [-t THREADS] [-k CALLS] [-j PARALLEL] [-r NAMES] [-v] */
/* storm -a THREADS [-f] [-k CALLS] */
/*
 * N processes, at most PARALLEL at once and RATE per second, each with THREADS that call getppid
 * CALLS times, under one of NAMES names. -v: by vfork, with one thread, which is quicker. -a:
 * THREADS alive at once, blocked in read (-f: in a futex) until a line comes on standard input,
 * then CALLS each.
 */
#include "work.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define STACK_BYTES (64 * 1024)

static uint64_t processes = 1, threads = 1, calls = 1, parallel = 8, names, alive, rate;
static bool in_futex, by_vfork;
static int go[2];
static uint32_t go_word;
static _Atomic uint64_t finished;

static void *make_calls(void *arg)
{
	for (uint64_t i = 0; i < calls; i++)
		syscall(SYS_getppid);
	return arg;
}

static void *block_then_call(void *arg)
{
	char byte;

	if (in_futex)
		syscall(SYS_futex, &go_word, FUTEX_WAIT_PRIVATE, 0, NULL, NULL, 0);
	else
		syscall(SYS_read, go[0], &byte, 1);
	make_calls(NULL);
	finished++;
	return arg;
}

static pthread_t *start_threads(uint64_t count, void *(*body)(void *))
{
	pthread_t *ids = calloc(count + 1, sizeof(*ids));
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	for (uint64_t i = 0; ids && i < count; i++) {
		errno = pthread_create(&ids[i], &attr, body, NULL);
		if (errno)
			err(1, "pthread_create");
	}
	if (!ids)
		err(1, "calloc");
	return ids;
}

static void join_threads(pthread_t *ids, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		pthread_join(ids[i], NULL);
	free(ids);
}

/* One of the command names, by chance but the same at every run. */
static void rename_process(uint64_t index)
{
	char name[16];
	uint64_t which = (index * 0x9e3779b97f4a7c15ULL >> 20) % names;

	snprintf(name, sizeof(name), "st-%08" PRIx32, (uint32_t)(which * 2654435761U));
	if (prctl(PR_SET_NAME, name))
		err(1, "prctl");
}

static void child_main(uint64_t index)
{
	pthread_t *ids;

	if (names)
		rename_process(index);
	ids = start_threads(threads - 1, make_calls);
	make_calls(NULL);
	join_threads(ids, threads - 1);
	_exit(0);
}

static pid_t make_process(uint64_t index)
{
	pid_t pid;

	if (by_vfork) {
		pid = vfork();
		if (!pid) {
			/* Nothing of the parent's, whose memory this is, is changed. */
			for (uint64_t i = 0; i < calls; i++)
				syscall(SYS_getppid);
			_exit(0);
		}
		return pid;
	}
	pid = fork();
	if (!pid)
		child_main(index);
	return pid;
}

static uint64_t wait_for_one(void)
{
	int status;

	if (wait(&status) < 0)
		err(1, "wait");
	return status != 0;
}

static int crowd_of_processes(void)
{
	uint64_t begin = now_ns(), failed = 0, running = 0;
	struct line line = {.len = 0};

	for (uint64_t i = 0; i < processes; i++) {
		pid_t pid;

		pace(begin, i, rate);
		if (running == parallel) {
			failed += wait_for_one();
			running--;
		}
		pid = make_process(i);
		if (pid < 0)
			err(1, "fork");
		running++;
	}
	while (running--)
		failed += wait_for_one();
	line_add(&line, "pid=%d processes=%" PRIu64 " threads=%" PRIu64 " failed=%" PRIu64,
		 getpid(), processes, processes * threads, failed);
	line_add(&line, " calls=%" PRIu64 " ns=%" PRIu64, processes * threads * calls,
		 now_ns() - begin);
	say(&line);
	return failed != 0;
}

/* Whether thread @tid sleeps in the call that the kernel knows as @nr. */
static bool blocked_in(const char *tid, long nr)
{
	char path[PATH_MAX], text[256] = "";
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%s/syscall", tid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		err(1, "%s", path);
	len = pread(fd, text, sizeof(text) - 1, 0);
	close(fd);
	/* A thread that runs has the word "running" there. */
	return len > 0 && text[0] != 'r' && strtol(text, NULL, 10) == nr;
}

static uint64_t count_blocked(void)
{
	DIR *dir = opendir("/proc/self/task");
	struct dirent *entry;
	uint64_t count = 0;

	if (!dir)
		err(1, "/proc/self/task");
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.' && strtol(entry->d_name, NULL, 10) != getpid())
			count += blocked_in(entry->d_name, in_futex ? SYS_futex : SYS_read);
	closedir(dir);
	return count;
}

static int crowd_of_threads(void)
{
	struct line line = {.len = 0};
	pthread_t *ids;

	if (pipe(go))
		err(1, "pipe");
	ids = start_threads(alive, block_then_call);
	while (count_blocked() < alive)
		usleep(10000);
	line_add(&line, "ready pid=%d threads=%" PRIu64, getpid(), alive);
	say(&line);
	gate();
	if (in_futex) {
		__atomic_store_n(&go_word, 1, __ATOMIC_SEQ_CST);
		syscall(SYS_futex, &go_word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
	} else {
		close(go[1]);
	}
	join_threads(ids, alive);
	line_add(&line, "pid=%d threads=%" PRIu64 " calls=%" PRIu64, getpid(), alive,
		 finished * calls);
	say(&line);
	return finished != alive;
}

int main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:R:t:k:j:r:a:fv")) != -1) {
		if (c == 'n')
			processes = number(optarg);
		else if (c == 'R')
			rate = number(optarg);
		else if (c == 't')
			threads = number(optarg);
		else if (c == 'k')
			calls = number(optarg);
		else if (c == 'j')
			parallel = number(optarg);
		else if (c == 'r')
			names = number(optarg);
		else if (c == 'a')
			alive = number(optarg);
		else if (c == 'f')
			in_futex = true;
		else if (c == 'v')
			by_vfork = true;
		else
			exit(2);
	}
	if (!threads || !parallel)
		errx(2, "at least one thread and one process at a time");
	if (by_vfork && (threads > 1 || names))
		errx(2, "-v is without threads and names");
	return alive ? crowd_of_threads() : crowd_of_processes();
}
