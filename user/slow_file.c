// SPDX-License-Identifier: GPL-2.0-only
#include "slow_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

#define READERS 16
#define STACK   (64 * 1024)

/* For one file; and what may be waited for at once when nothing was for long. */
#define WAIT_NS      50000000ULL
#define ALLOWANCE_NS 200000000ULL
/* One part of so many of all time. */
#define SHARE 10
/* Any file gets so long: most take some us, and nobody calls that waiting. */
#define SHORT_NS 1000000ULL

/* Later than that a process hangs, and is not just behind. */
#define HANGS_NS 10000000000ULL

/* ANSWERED: too late for whoever asked. */
enum state { FREE, ASKED, ANSWERED, ENDED };

struct reader {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	enum state state;
	char path[256];
	u64 what;
	u64 asked; /* ns */
	bool told;
	char text[SLOW_FILE_MAX];
	ssize_t n;
};

struct slow_file {
	struct reader *readers[READERS];
	u64 allowance; /* ns that may be waited for now */
	u64 since;     /* ns, when it was that */
	bool told;     /* that there are no more threads */
};

static ssize_t read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, buf, size);
	if (n < 0)
		n = -errno;
	close(fd);
	return n;
}

static void *run(void *arg)
{
	struct reader *r = arg;

	pthread_mutex_lock(&r->lock);
	while (r->state != ENDED) {
		if (r->state == ASKED) {
			pthread_mutex_unlock(&r->lock);
			r->n = read_file(r->path, r->text, sizeof(r->text));
			pthread_mutex_lock(&r->lock);
			if (r->state == ASKED)
				r->state = ANSWERED;
			pthread_cond_signal(&r->changed);
		} else {
			pthread_cond_wait(&r->changed, &r->lock);
		}
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

static int start(struct reader *r)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK > PTHREAD_STACK_MIN ? STACK : PTHREAD_STACK_MIN);
	/* Signals are for the main loop. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&r->thread, &attr, run, r);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return err;
}

static struct reader *reader__new(void)
{
	struct reader *r = calloc(1, sizeof(*r));
	pthread_condattr_t clock;

	if (!r)
		return NULL;
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&r->changed, &clock);
	pthread_condattr_destroy(&clock);
	if (!start(r))
		return r;
	free(r);
	return NULL;
}

static void tell_hanging(struct reader *r, u64 now)
{
	if (r->told || r->asked + HANGS_NS > now)
		return;
	r->told = true;
	log_warn("%s cannot be read, its process hangs: until it goes on it is counted in _other",
		 r->path);
}

/* The one that was asked for this already, with or without an answer; NULL if there is none. */
static struct reader *find_asked(struct slow_file *f, const char *path, u64 what)
{
	for (int i = 0; i < READERS; i++) {
		struct reader *r = f->readers[i];
		bool found;

		if (!r)
			continue;
		pthread_mutex_lock(&r->lock);
		found = r->state != FREE && r->what == what && !strcmp(r->path, path);
		pthread_mutex_unlock(&r->lock);
		if (found)
			return r;
	}
	return NULL;
}

/* One that has nothing to do, or a new one, or one with an answer that nobody came for. */
static struct reader *find_free(struct slow_file *f)
{
	struct reader *answered = NULL, **room = NULL;

	for (int i = 0; i < READERS; i++) {
		struct reader *r = f->readers[i];
		enum state state;

		if (!r) {
			room = &f->readers[i];
			continue;
		}
		pthread_mutex_lock(&r->lock);
		state = r->state;
		pthread_mutex_unlock(&r->lock);
		if (state == FREE)
			return r;
		if (state == ANSWERED)
			answered = r;
	}
	if (room && (*room = reader__new()))
		return *room;
	if (!answered && !f->told)
		log_warn(
			"no more threads to read arguments of processes: those that only a rule cmdline: can name are counted in _other");
	f->told |= !answered;
	return answered;
}

static void ask(struct reader *r, const char *path, u64 what, u64 now)
{
	pthread_mutex_lock(&r->lock);
	snprintf(r->path, sizeof(r->path), "%s", path);
	r->what = what;
	r->asked = now;
	r->told = false;
	r->state = ASKED;
	pthread_cond_signal(&r->changed);
	pthread_mutex_unlock(&r->lock);
}

/* Waits until @until, and takes what was read. */
static ssize_t take(struct reader *r, u64 until, char *buf, size_t size)
{
	struct timespec ts = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
	ssize_t n = -EAGAIN;
	int err = 0;

	pthread_mutex_lock(&r->lock);
	while (r->state == ASKED && !err)
		err = pthread_cond_timedwait(&r->changed, &r->lock, &ts);
	if (r->state == ANSWERED) {
		n = r->n < (ssize_t)size ? r->n : (ssize_t)size;
		if (n > 0)
			memcpy(buf, r->text, n);
		r->state = FREE;
	}
	pthread_mutex_unlock(&r->lock);
	return n;
}

static void allow(struct slow_file *f, u64 now)
{
	f->allowance += (now - f->since) / SHARE;
	if (f->allowance > ALLOWANCE_NS)
		f->allowance = ALLOWANCE_NS;
	f->since = now;
}

ssize_t slow_file__read(struct slow_file **state, const char *path, u64 what, char *buf,
			size_t size)
{
	u64 now = now_ns(), limit, waited;
	struct slow_file *f;
	struct reader *r;
	ssize_t n;

	if (!*state)
		*state = calloc(1, sizeof(**state));
	f = *state;
	if (!f)
		return -EAGAIN;
	allow(f, now);
	r = find_asked(f, path, what);
	if (r) {
		n = take(r, now, buf, size);
		if (n == -EAGAIN)
			tell_hanging(r, now);
		return n;
	}
	r = find_free(f);
	if (!r)
		return -EAGAIN;
	ask(r, path, what, now);
	limit = f->allowance < WAIT_NS ? f->allowance : WAIT_NS;
	n = take(r, now + (limit > SHORT_NS ? limit : SHORT_NS), buf, size);
	waited = now_ns() - now;
	if (waited > SHORT_NS)
		f->allowance -= waited < f->allowance ? waited : f->allowance;
	return n;
}

void slow_file__free(struct slow_file *f)
{
	for (int i = 0; f && i < READERS; i++) {
		struct reader *r = f->readers[i];
		bool asked;

		if (!r)
			continue;
		pthread_mutex_lock(&r->lock);
		asked = r->state == ASKED;
		r->state = ENDED;
		pthread_cond_signal(&r->changed);
		pthread_mutex_unlock(&r->lock);
		if (asked) {
			pthread_detach(r->thread);
			continue;
		}
		pthread_join(r->thread, NULL);
		pthread_cond_destroy(&r->changed);
		pthread_mutex_destroy(&r->lock);
		free(r);
	}
	free(f);
}
