// SPDX-License-Identifier: GPL-2.0-only
#include "slow_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

#define READERS 16 /* threads that may wait at the same time */
#define WAIT_NS 50000000ULL
#define STACK   (64 * 1024)

enum state { FREE, ASKED, ANSWERED, ENDED };

struct reader {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
	enum state state;
	char path[256];
	char text[SLOW_FILE_MAX];
	ssize_t n;
	bool told;
};

struct slow_file {
	struct reader *readers[READERS];
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

static struct reader *reader__new(void)
{
	struct reader *r = calloc(1, sizeof(*r));
	pthread_condattr_t clock;
	pthread_attr_t attr;
	int err;

	if (!r)
		return NULL;
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&r->changed, &clock);
	pthread_condattr_destroy(&clock);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	err = pthread_create(&r->thread, &attr, run, r);
	pthread_attr_destroy(&attr);
	if (!err)
		return r;
	free(r);
	return NULL;
}

static void tell(struct reader *r)
{
	if (!r->told)
		log_warn(
			"%s cannot be read, its process hangs; a rule cmdline: does not know it, and what it does is in _other",
			r->path);
	r->told = true;
}

/* One that has nothing to read; NULL if there can be none, or one reads @path already. What was
 * answered too late is nobody's. */
static struct reader *find_reader(struct slow_file *f, const char *path)
{
	struct reader *free_one = NULL, **room = NULL;

	for (int i = 0; i < READERS; i++) {
		struct reader *r = f->readers[i];
		bool asked;

		if (!r) {
			room = &f->readers[i];
			continue;
		}
		pthread_mutex_lock(&r->lock);
		asked = r->state == ASKED;
		pthread_mutex_unlock(&r->lock);
		if (!asked) {
			free_one = r;
		} else if (!strcmp(r->path, path)) {
			tell(r);
			return NULL;
		}
	}
	if (!free_one && room)
		free_one = *room = reader__new();
	return free_one;
}

ssize_t slow_file__read(struct slow_file **state, const char *path, char *buf, size_t size)
{
	u64 until = now_ns() + WAIT_NS;
	struct timespec ts = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
	struct reader *r;
	ssize_t n = -EAGAIN;
	int err = 0;

	if (!*state)
		*state = calloc(1, sizeof(**state));
	r = *state ? find_reader(*state, path) : NULL;
	if (!r)
		return -EAGAIN;
	pthread_mutex_lock(&r->lock);
	snprintf(r->path, sizeof(r->path), "%s", path);
	r->told = false;
	r->state = ASKED;
	pthread_cond_signal(&r->changed);
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
