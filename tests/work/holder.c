/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * holder N    N threads that take turns with one mutex of the C library, 1,000 times a second each,
 * for a few microseconds. SIGUSR1: from now on one of them sleeps for 200 ms while it has the
 * mutex, each time; SIGUSR2: no longer.
 */
#include "work.h"

#include <pthread.h>
#include <signal.h>

#define HELD_NS  (200 * 1000 * NS_PER_US)
#define WORK_NS  (5 * NS_PER_US)
#define PAUSE_NS (1000 * NS_PER_US)

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t holds;

static void set_holds(int sig)
{
	holds = sig == SIGUSR1;
}

static void *take_turns(void *first)
{
	for (;;) {
		pthread_mutex_lock(&mutex);
		if (first && holds)
			sleep_until(now_ns() + HELD_NS);
		spin_until(now_ns() + WORK_NS);
		pthread_mutex_unlock(&mutex);
		sleep_until(now_ns() + PAUSE_NS);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	unsigned long n = argc == 2 ? number(argv[1]) : 0;
	pthread_t thread;

	if (!n)
		errx(2, "usage: holder N");
	signal(SIGUSR1, set_holds);
	signal(SIGUSR2, set_holds);
	for (unsigned long i = 1; i < n; i++) {
		errno = pthread_create(&thread, NULL, take_turns, NULL);
		if (errno)
			err(1, "pthread_create");
	}
	puts("ready");
	fflush(stdout);
	take_turns(&mutex);
}
