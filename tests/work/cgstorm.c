/* SPDX-License-Identifier: GPL-2.0-only */
/* cgstorm [-p PATTERN] [-j PARALLEL] [-R RATE] [-c] ROOT COUNT PROGRAM [ARG]... */
/*
 * PROGRAM once in each of COUNT fresh cgroups under ROOT, at most PARALLEL at once and RATE per
 * second; each cgroup is removed when its process is over. PATTERN names them: %d is the index, %x
 * a container's id. -c: born there by clone3, not moved.
 */
#include "cgroup.h"

#include <linux/sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define MAX_PARALLEL      1024
#define RMDIR_DEADLINE_NS (2 * NS_PER_S)

struct child {
	pid_t pid; /* 0: free */
	char dir[PATH_MAX];
};

static const char *root, *pattern = "storm-%d.scope";
static bool by_clone3;
static struct child children[MAX_PARALLEL];
static uint64_t parallel = 1, rate, failed, retries;

/* 64 hex digits that differ from those of every other @index, as the ids of containers do. */
static int hex_id(char *out, size_t room, uint64_t index)
{
	uint64_t x = index + 1, word[4];

	for (int i = 0; i < 4; i++) {
		/* An odd multiplier and a shift-xor are both invertible, so distinct in is distinct
		 * out. */
		x *= 0x9e3779b97f4a7c15ULL;
		x ^= x >> 29;
		word[i] = x;
	}
	return snprintf(out, room, "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64, word[0],
			word[1], word[2], word[3]);
}

/* ROOT and the pattern, in which %d is the index and %x a container's id. */
static void name_cgroup(char *dir, uint64_t index)
{
	size_t len = (size_t)snprintf(dir, PATH_MAX, "%s/", root);

	for (const char *p = pattern; *p && len < PATH_MAX; p++) {
		size_t room = PATH_MAX - len;

		if (p[0] == '%' && p[1] == 'd')
			len += (size_t)snprintf(dir + len, room, "%" PRIu64, index);
		else if (p[0] == '%' && p[1] == 'x')
			len += (size_t)hex_id(dir + len, room, index);
		else
			len += (size_t)snprintf(dir + len, room, "%c", *p);
		if (p[0] == '%' && (p[1] == 'd' || p[1] == 'x'))
			p++;
	}
	if (len >= PATH_MAX)
		errx(1, "path too long: %s", pattern);
}

static pid_t fork_into(const char *dir)
{
	struct clone_args args = {.flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD};
	pid_t pid;
	int fd;

	if (!by_clone3) {
		pid = fork();
		if (!pid)
			enter_cgroup(dir);
		return pid;
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", dir);
	args.cgroup = (uint64_t)fd;
	pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (pid)
		close(fd);
	return pid;
}

static void start(struct child *child, uint64_t index, char **program)
{
	name_cgroup(child->dir, index);
	make_cgroup(child->dir);
	child->pid = fork_into(child->dir);
	if (child->pid < 0)
		err(1, "%s", by_clone3 ? "clone3" : "fork");
	if (!child->pid) {
		execvp(program[0], program);
		_exit(127);
	}
}

/* A cgroup can stay busy for a moment after its last process was waited for. */
static void remove_cgroup(const char *dir)
{
	uint64_t deadline = now_ns() + RMDIR_DEADLINE_NS;

	while (rmdir(dir)) {
		if (errno != EBUSY || now_ns() > deadline)
			err(1, "rmdir %s", dir);
		retries++;
		usleep(1000);
	}
}

static struct child *wait_for_one(void)
{
	int status;
	pid_t pid = wait(&status);

	if (pid < 0)
		err(1, "wait");
	for (uint64_t i = 0; i < parallel; i++) {
		if (children[i].pid != pid)
			continue;
		failed += status != 0;
		remove_cgroup(children[i].dir);
		children[i].pid = 0;
		return &children[i];
	}
	errx(1, "waited for a stranger");
}

static void run(uint64_t count, char **program)
{
	uint64_t begin = now_ns(), running = 0;

	for (uint64_t i = 0; i < count; i++) {
		struct child *child = running < parallel ? &children[running++] : wait_for_one();

		pace(begin, i, rate);
		start(child, i, program);
	}
	while (running--)
		wait_for_one();
}

/* The programs' standard output is nobody's: only this program's one line is wanted. */
static int divert_stdout(void)
{
	int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3), null = open("/dev/null", O_WRONLY);

	if (out < 0 || null < 0 || dup2(null, STDOUT_FILENO) < 0 || close(null))
		err(1, "standard output");
	return out;
}

int main(int argc, char **argv)
{
	struct line line = {.len = 0};
	uint64_t begin, count;
	int c, out;

	while ((c = getopt(argc, argv, "+p:j:R:c")) != -1) {
		if (c == 'p')
			pattern = optarg;
		else if (c == 'j')
			parallel = number(optarg);
		else if (c == 'R')
			rate = number(optarg);
		else if (c == 'c')
			by_clone3 = true;
		else
			exit(2);
	}
	if (argc - optind < 3 || !parallel || parallel > MAX_PARALLEL)
		errx(2,
		     "usage: cgstorm [OPTION]... ROOT COUNT PROGRAM [ARG]..., at most %d parallel",
		     MAX_PARALLEL);
	root = argv[optind];
	count = number(argv[optind + 1]);
	out = divert_stdout();
	begin = now_ns();
	run(count, &argv[optind + 2]);
	if (dup2(out, STDOUT_FILENO) < 0)
		err(1, "standard output");
	line_add(&line, "pid=%d cgroups=%" PRIu64 " failed=%" PRIu64 " rmdir_retries=%" PRIu64,
		 getpid(), count, failed, retries);
	line_add(&line, " ns=%" PRIu64, now_ns() - begin);
	say(&line);
	return failed != 0;
}
