/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls that interrupt each other, in an order that is known. What wakes a blocked call up is no
 * call of the program: for each of two workers the test copies what comes out of the FIFO "askN" to
 * the FIFO "answerN".
 */
#include "lines.h"

#include <poll.h>
#include <pthread.h>
#include <sys/wait.h>

struct worker {
	pthread_t thread;
	int ask, answer;
	_Atomic int tid, done;
	char buf[16];
};

static char *self;

/* Comes back when it may end, having made no call since @done was 1. */
static void finish(struct worker *w)
{
	w->done = 1;
	while (w->done == 1)
		;
	ends();
}

static void *reader(void *arg)
{
	struct worker *w = arg;

	begins();
	w->tid = tid;
	sys(read, w->answer, w->buf, sizeof(w->buf));
	finish(w);
	return NULL;
}

static void *poller(void *arg)
{
	struct worker *w = arg;
	struct pollfd fd = {w->answer, POLLIN, 0};

	begins();
	sys(getppid);
	line("getppid()");
	w->tid = tid;
	sys(ppoll, &fd, 1, NULL, NULL, 8);
	sys(read, w->answer, w->buf, sizeof(w->buf));
	finish(w);
	return NULL;
}

static void until_asleep(int pid, int of)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", pid, of);
	fd = open(path, O_RDONLY);
	wait_asleep(fd);
	close(fd);
}

/* Returns when @w sleeps in its call. */
static void start(struct worker *w, void *(*fn)(void *))
{
	ends();
	errno = pthread_create(&w->thread, NULL, fn, w);
	if (errno)
		err(1, "pthread_create");
	while (!w->tid)
		;
	until_asleep(tid, w->tid);
	begins();
}

/* Lets @w's call return while this thread makes none. */
static void wake(struct worker *w)
{
	ends();
	if (write(w->ask, "a\n", 2) != 2)
		err(1, "ask");
	while (!w->done)
		;
	begins();
}

static void stop(struct worker *w)
{
	ends();
	w->done = 2;
	pthread_join(w->thread, NULL);
	begins();
}

/* A line of another thread; @by is this one. */
#define BY(who, statement)                                                                         \
	do {                                                                                       \
		int by = tid;                                                                      \
                                                                                                   \
		tid = (who);                                                                       \
		statement;                                                                         \
		tid = by;                                                                          \
	} while (0)

static void interleaved(struct worker *a, struct worker *b)
{
	char ret[64];

	sys(getuid);
	line("getuid()");
	start(a, reader);
	BY(a->tid, line_event("read(%d,  <unfinished ...>", a->answer));
	sys(close, -1);
	line("close(-1)");
	start(b, poller);
	BY(b->tid, line_event("ppoll([{fd=%d, events=POLLIN}], 1, NULL, NULL, 8 <unfinished ...>",
			      b->answer));
	sys(getgid);
	line("getgid()");
	wake(b);
	snprintf(ret, sizeof(ret), "1 ([{fd=%d, revents=POLLIN}])", b->answer);
	BY(b->tid, line_is(ret, "<... ppoll resumed>)"));
	BY(b->tid, line_is("2", "read(%d, \"a\\n\", 16)", b->answer));
	sys(getegid);
	line("getegid()");
	wake(a);
	BY(a->tid, line_is("2", "<... read resumed>\"a\\n\", 16)"));
	sys(geteuid);
	line("geteuid()");
	stop(a);
	stop(b);
}

static void *executer(void *arg)
{
	char *argv[] = {"self", "exit", NULL};
	int leader = *(int *)arg;

	until_asleep(leader, leader);
	begins();
	BY(leader, line_event("ppoll(NULL, 0, NULL, NULL, 8 <unfinished ...>"));
	line_event("execve(\"%s\", [\"self\", \"exit\"], NULL <unfinished ...>", self);
	BY(leader, line_is("?", "<... ppoll resumed> <unfinished ...>)"));
	BY(leader, line_event("+++ superseded by execve in pid %d +++", by));
	BY(leader, line_is("0", "<... execve resumed>)"));
	sys(execve, self, argv, NULL);
	errx(1, "not executed");
}

/* A thread that is not its process's first one executes a program: it becomes the first one. */
static void exec_of_thread(void)
{
	int pid;

	ends();
	pid = fork();
	if (!pid) {
		pthread_t thread;
		int me = getpid();

		pthread_create(&thread, NULL, executer, &me);
		begins();
		for (;;)
			sys(ppoll, NULL, 0, NULL, NULL, 8);
	}
	waitpid(pid, NULL, 0);
	begins();
}

static void killed_in_call(void)
{
	int pid;

	ends();
	pid = fork();
	if (!pid) {
		begins();
		lines->turn = 1;
		for (;;)
			sys(ppoll, NULL, 0, NULL, NULL, 8);
	}
	while (!lines->turn)
		;
	until_asleep(pid, pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	begins();
	BY(pid, line_event("ppoll(NULL, 0, NULL, NULL, 8 <unfinished ...>"));
	BY(pid, line_is("?", "<... ppoll resumed> <unfinished ...>)"));
	BY(pid, line_event("+++ killed by SIGKILL +++"));
}

int main(int argc, char **argv)
{
	struct worker a = {.tid = 0}, b = {.tid = 0};

	if (argc > 1 && !strcmp(argv[1], "exit"))
		return 0;
	self = realpath("/proc/self/exe", NULL);
	lines_begin(argc, argv);
	ends();
	/* For both directions, so that no open waits. */
	a.ask = open("ask1", O_RDWR | O_CLOEXEC);
	a.answer = open("answer1", O_RDWR | O_CLOEXEC);
	b.ask = open("ask2", O_RDWR | O_CLOEXEC);
	b.answer = open("answer2", O_RDWR | O_CLOEXEC);
	if (a.ask < 0 || a.answer < 0 || b.ask < 0 || b.answer < 0)
		err(1, "ask, answer");
	begins();
	interleaved(&a, &b);
	exec_of_thread();
	killed_in_call();
	return lines_end();
}
