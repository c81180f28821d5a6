// SPDX-License-Identifier: GPL-2.0-only
#include "hash.h"
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER   (1 << 18)
#define EACH     (1 << 12)
#define MAX_OPEN 256

struct file {
	u32 tid;
	int fd; /* -1: closed meanwhile */
	char *data;
	size_t size, capacity;
	bool made;
	UT_hash_handle hh;
};

struct out {
	struct out_opts opts;
	char *path;
	struct file one;
	struct file *each; /* the one that was used last is last */
	u32 open;
	bool terminal;
	int err;
};

static int open_file(const struct out *o, const char *path, bool made)
{
	int fd = open(path,
		      O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY |
			      (o->opts.append || made ? O_APPEND : O_TRUNC),
		      0666);

	return fd < 0 ? -errno : fd;
}

int out__open(struct out **ret, const struct out_opts *opts, char *why, size_t size)
{
	struct out *o = calloc(1, sizeof(*o));
	int err = 0;

	if (!o)
		return -ENOMEM;
	o->opts = *opts;
	o->one.fd = opts->fd;
	if (opts->path && !(o->path = strdup(opts->path)))
		err = -ENOMEM;
	if (!err && opts->path && !opts->each) {
		o->one.fd = open_file(o, opts->path, false);
		if (o->one.fd < 0) {
			err = o->one.fd;
			snprintf(why, size, "-o %s: %s", opts->path, strerror(-err));
		}
	}
	if (err) {
		free(o->path);
		free(o);
		return err;
	}
	o->terminal = !opts->path && isatty(opts->fd);
	*ret = o;
	return 0;
}

/* --- one file */

/* @fd may be one that others made non-blocking. */
static int write_all(int fd, const char *data, size_t size)
{
	struct pollfd writable = {.fd = fd, .events = POLLOUT};

	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EAGAIN)
			poll(&writable, 1, -1);
		else if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			data += n;
			size -= n;
		}
	}
	return 0;
}

static int reopen(struct out *o, struct file *f)
{
	char path[4096];

	if (f->fd >= 0)
		return 0;
	snprintf(path, sizeof(path), "%s.%u", o->path, f->tid);
	f->fd = open_file(o, path, f->made);
	if (f->fd < 0)
		return f->fd;
	f->made = true;
	o->open++;
	return 0;
}

void out__fail(struct out *o, int err)
{
	o->err = o->err ? o->err : err;
}

static void write_out(struct out *o, struct file *f)
{
	int err = f->size ? reopen(o, f) : 0;

	if (!err && f->size)
		err = write_all(f->fd, f->data, f->size);
	f->size = 0;
	if (err)
		out__fail(o, err);
}

static void close_file(struct out *o, struct file *f)
{
	write_out(o, f);
	if (f->fd >= 0) {
		close(f->fd);
		o->open--;
	}
	f->fd = -1;
}

static void add(struct out *o, struct file *f, const char *text, size_t size, size_t most)
{
	if (f->size + size > f->capacity) {
		size_t capacity = f->size + size < most ? most : 2 * (f->size + size);
		char *more = realloc(f->data, capacity);

		if (!more) {
			out__fail(o, -ENOMEM);
			return;
		}
		f->data = more;
		f->capacity = capacity;
	}
	memcpy(f->data + f->size, text, size);
	f->size += size;
	if (f->size >= most)
		write_out(o, f);
}

/* --- files of threads */

/* As the one that was used last; NULL: it is gone. */
static struct file *append(struct out *o, struct file *f)
{
	HASH_ADD(hh, o->each, tid, sizeof(f->tid), f);
	if (hash_added(f))
		return f;
	out__fail(o, -ENOMEM);
	close_file(o, f);
	free(f->data);
	free(f);
	return NULL;
}

static struct file *file_of(struct out *o, u32 tid)
{
	struct file *f, *other, *tmp;

	HASH_FIND(hh, o->each, &tid, sizeof(tid), f);
	if (f) {
		HASH_DEL(o->each, f);
		return append(o, f);
	}
	f = calloc(1, sizeof(*f));
	if (!f) {
		out__fail(o, -ENOMEM);
		return NULL;
	}
	f->tid = tid;
	f->fd = -1;
	f = append(o, f);
	/* Descriptors are few; those that were used longest ago can do without. */
	if (o->open >= MAX_OPEN)
		HASH_ITER(hh, o->each, other, tmp)
			if (other->fd >= 0 && o->open >= MAX_OPEN)
				close_file(o, other);
	return f;
}

void out__put(struct out *o, u32 tid, const char *text, size_t size)
{
	struct file *f = &o->one;

	if (o->err)
		return;
	if (o->opts.each)
		f = file_of(o, tid);
	if (f)
		add(o, f, text, size, o->opts.each ? EACH : BUFFER);
}

int out__flush(struct out *o)
{
	struct file *f, *tmp;

	if (!o->opts.each)
		write_out(o, &o->one);
	HASH_ITER(hh, o->each, f, tmp)
		write_out(o, f);
	return o->err;
}

void out__end(struct out *o, u32 tid)
{
	struct file *f;

	HASH_FIND(hh, o->each, &tid, sizeof(tid), f);
	if (!f)
		return;
	close_file(o, f);
	HASH_DEL(o->each, f);
	free(f->data);
	free(f);
}

bool out__is_terminal(const struct out *o)
{
	return o->terminal;
}

const char *out__name(const struct out *o)
{
	if (o->path)
		return o->path;
	return o->opts.fd == STDERR_FILENO ? "standard error" : "standard output";
}

int out__close(struct out *o)
{
	struct file *f, *tmp;
	int err;

	if (!o)
		return 0;
	out__flush(o);
	HASH_ITER(hh, o->each, f, tmp)
		out__end(o, f->tid);
	if (o->opts.path && !o->opts.each && close(o->one.fd) && !o->err)
		o->err = -errno;
	err = o->err;
	free(o->one.data);
	free(o->path);
	free(o);
	return err;
}
