/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads whose calls interrupt each other, in an order that is known: who is to wake up a blocked
 * call is a process that is not traced. It copies bytes from the FIFO "ask" to the FIFO "answer"
 * and is the test's.
 */
#include "lines.h"

#include <pthread.h>

static int ask, answer;

struct worker {
	pthread_t thread;
	_Atomic int tid, done;
	char buf[16];
	const char *exec;
};

/* Reads one answer, after which nothing of it is printed until it is told. */
static void *reader(void *arg)
{
	struct worker *w = arg;

	begins();
	w->tid = tid;
	sys(read, answer, w->buf, sizeof(w->buf));
	w->done = 1;
	while (w->done == 1)
		;
	sys(getuid);
	ends();
	return NULL;
}

/* Without a line of its own: until @w sleeps in its call. */
static void start(struct worker *w, void *(*fn)(void *))
{
	char path[64];
	int fd;

	ends();
	errno = pthread_create(&w->thread, NULL, fn, w);
	if (errno)
		err(1, "pthread_create");
	while (!w->tid)
		;
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", w->tid);
	fd = open(path, O_RDONLY);
	wait_asleep(fd);
	close(fd);
	begins();
}

/* Lets @w's call return while this thread makes none. */
static void wake(struct worker *w)
{
	ends();
	if (write(ask, "a\n", 2) != 2)
		err(1, "ask");
	while (!w->done)
		;
	begins();
}

static void line_begun(const struct worker *w, const char *text)
{
	int me = tid;

	tid = w->tid;
	line_event("%s <unfinished ...>", text);
	tid = me;
}

static void line_resumed(const struct worker *w, const char *ret, const char *text)
{
	int me = tid;

	tid = w->tid;
	line_is(ret, "<... %s", text);
	tid = me;
}

static void interleaved(void)
{
	struct worker w = {.exec = NULL};
	char text[64];

	start(&w, reader);
	snprintf(text, sizeof(text), "read(%d, ", answer);
	line_begun(&w, text);
	sys(getuid);
	line("getuid()");
	sys(close, -1);
	line("close(-1)");
	wake(&w);
	line_resumed(&w, "2", "read resumed>\"a\\n\", 16)");
	sys(getgid);
	line("getgid()");
	ends();
	w.done = 2;
	pthread_join(w.thread, NULL);
	begins();
	line_resumed(&w, "0", "");
}

int main(int argc, char **argv)
{
	ask = open("ask", O_RDWR);
	(void)argc;
	(void)argv;
	interleaved();
	return lines_end();
}
