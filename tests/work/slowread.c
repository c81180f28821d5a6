/* SPDX-License-Identifier: GPL-2.0-only */
/* slowread [-n N] [-d USEC] [-w] */
/* N times read, by a child, of a pipe that the parent fills USEC after each began. -w: waits for
 * lines, as calls does. */
#include "work.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define SPIN_NS (200 * NS_PER_US)

struct shared {
	_Atomic uint64_t begin_ns; /* of the read that is to be answered; 0: none */
	uint64_t min_ns, max_ns, sum_ns;
};

/* What the caller sees of a call holds the call as the kernel sees it, and the clock's reads. */
static void reader(struct shared *s, int fd, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		uint64_t begin = now_ns(), ns;
		char byte;

		s->begin_ns = begin;
		if (syscall(SYS_read, fd, &byte, 1) != 1)
			err(1, "read");
		ns = now_ns() - begin;
		s->sum_ns += ns;
		if (ns > s->max_ns)
			s->max_ns = ns;
		if (!i || ns < s->min_ns)
			s->min_ns = ns;
	}
	_exit(0);
}

static void fill(struct shared *s, int fd, uint64_t n, uint64_t ns)
{
	for (uint64_t i = 0; i < n; i++) {
		uint64_t begin, due;

		while (!(begin = atomic_exchange(&s->begin_ns, 0)))
			usleep(50);
		due = begin + ns;
		if (ns > SPIN_NS)
			sleep_until(due - SPIN_NS);
		spin_until(due);
		put_byte(fd);
	}
}

int main(int argc, char **argv)
{
	uint64_t n = 1, usec = 1000;
	struct line line = {.len = 0};
	bool wait_lines = false;
	struct shared *s;
	int c, fds[2], status;
	pid_t pid;

	while ((c = getopt(argc, argv, "n:d:w")) != -1) {
		if (c == 'n')
			n = number(optarg);
		else if (c == 'd')
			usec = number(optarg);
		else if (c == 'w')
			wait_lines = true;
		else
			exit(2);
	}
	s = mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (s == MAP_FAILED || pipe(fds))
		err(1, "mmap, pipe");
	if (wait_lines)
		ready_gate();
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid)
		reader(s, fds[0], n);
	fill(s, fds[1], n, usec * NS_PER_US);
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "the reader failed");
	line_add(&line, "pid=%d reader=%d reads=%" PRIu64 " asked_ns=%" PRIu64, getpid(), pid, n,
		 usec * NS_PER_US);
	line_add(&line, " min_ns=%" PRIu64 " max_ns=%" PRIu64 " sum_ns=%" PRIu64, s->min_ns,
		 s->max_ns, s->sum_ns);
	say(&line);
	if (wait_lines)
		gate();
	return 0;
}
