/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * census SECONDS DIR... counts the threads of each cgroup every 2 ms, from a full second of the
 * wall clock on, and says that second and how many thread-milliseconds each had: from=S N N...
 */
#include "work.h"

#include <fcntl.h>
#include <sched.h>

#define EVERY_NS (2 * NS_PER_MS)
#define DIRS     32

struct group {
	int fd;
	uint64_t threads, sum; /* thread-ns */
};

static uint64_t wall_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

static int open_threads(const char *dir)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.threads", dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

/* One is on each line. */
static uint64_t count(int fd)
{
	static char buf[1 << 16];
	uint64_t n = 0;
	ssize_t size;

	if (lseek(fd, 0, SEEK_SET))
		err(1, "cgroup.threads");
	while ((size = read(fd, buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < size; i++)
			n += buf[i] == '\n';
	return n;
}

static void look(struct group *group, int n, uint64_t ns)
{
	for (int i = 0; i < n; i++) {
		uint64_t threads = count(group[i].fd);

		/* As many in the middle as on average of both ends. */
		group[i].sum += (group[i].threads + threads) * ns / 2;
		group[i].threads = threads;
	}
}

int main(int argc, char **argv)
{
	/* So that it looks at the right time however busy the host is. */
	struct sched_param first = {.sched_priority = 1};
	struct group group[DIRS] = {0};
	struct line line = {.len = 0};
	uint64_t from, last, end;
	int n = argc - 2;

	if (n < 1 || n > DIRS)
		errx(2, "usage: census SECONDS DIR...");
	for (int i = 0; i < n; i++)
		group[i].fd = open_threads(argv[i + 2]);
	if (sched_setscheduler(0, SCHED_FIFO, &first))
		warn("SCHED_FIFO");
	from = wall_ns() / NS_PER_S + 1;
	last = now_ns() + from * NS_PER_S - wall_ns();
	end = last + number(argv[1]) * NS_PER_S;
	sleep_until(last);
	look(group, n, 0);
	while (last < end) {
		uint64_t now;

		sleep_until(last + EVERY_NS);
		now = now_ns();
		look(group, n, now - last);
		last = now;
	}
	line_add(&line, "from=%" PRIu64, from);
	for (int i = 0; i < n; i++)
		line_add(&line, " %" PRIu64, group[i].sum / NS_PER_MS);
	say(&line);
}
