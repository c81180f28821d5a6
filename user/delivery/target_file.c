// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net.h"
#include "outage.h"
#include "target.h"

struct file {
	struct target t;
	char *path, *header, *kept;
	uint64_t max_bytes;
	unsigned int keep;
	struct outage outage;
	int fd; /* not t.fd, which would be polled: a file is always ready */
};

static void close_file(struct file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

static int failed(struct file *f, const char *what, int err)
{
	close_file(f);
	if (err != -ECANCELED)
		outage__fail(&f->outage, what, strerror(-err));
	f->t.due_ns = f->outage.retry_ns;
	return err;
}

/* Whether the path leads to another file than ours, or to none. */
static bool was_renamed(const struct file *f)
{
	struct stat ours, there;

	return fstat(f->fd, &ours) || stat(f->path, &there) || ours.st_ino != there.st_ino ||
	       ours.st_dev != there.st_dev;
}

static void rotate(struct file *f)
{
	char from[PATH_MAX], to[PATH_MAX];

	close_file(f);
	if (!f->keep)
		unlink(f->path);
	for (unsigned int i = f->keep; i > 0; i--) {
		if (i > 1)
			snprintf(from, sizeof(from), "%s.%u", f->path, i - 1);
		else
			snprintf(from, sizeof(from), "%s", f->path);
		snprintf(to, sizeof(to), "%s.%u", f->path, i);
		rename(from, to);
	}
}

static int open_file(struct file *f)
{
	if (f->fd >= 0 && was_renamed(f))
		close_file(f);
	if (f->fd >= 0)
		return 0;
	f->fd = open(f->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640);
	if (f->fd < 0)
		return -errno;
	f->t.connects++;
	return 0;
}

static int append(struct file *f, const void *data, size_t size, int cancel_fd)
{
	struct stat st;
	int err;

	if (fstat(f->fd, &st))
		return -errno;
	err = !st.st_size && f->header
		      ? net__write(f->fd, f->header, strlen(f->header), cancel_fd, NET_FOREVER)
		      : 0;
	if (!err)
		err = net__write(f->fd, data, size, cancel_fd, NET_FOREVER);
	/* No half of a slot, which would be there twice in the end. */
	if (err && S_ISREG(st.st_mode) && ftruncate(f->fd, st.st_size))
		err = -errno;
	return err;
}

static int deliver(struct target *t, const void *data, size_t size, int cancel_fd)
{
	struct file *f = (struct file *)t;
	int err = open_file(f);
	struct stat st;

	/* Before the slot that would make it too large, so that no file is. */
	if (!err && f->max_bytes && !fstat(f->fd, &st) && S_ISREG(st.st_mode) && st.st_size &&
	    (uint64_t)st.st_size + size > f->max_bytes) {
		rotate(f);
		err = open_file(f);
	}
	if (err)
		return failed(f, "cannot be opened: ", err);
	err = append(f, data, size, cancel_fd);
	if (err)
		return failed(f, "", err);
	outage__end(&f->outage);
	t->due_ns = 0;
	return 0;
}

static void file_free(struct target *t)
{
	struct file *f = (struct file *)t;

	close_file(f);
	free(f->path);
	free(f->header);
	free(f->kept);
	free(f);
}

static const struct target_ops ops = {.deliver = deliver, .free = file_free, .retry = true};

int target__file(struct target **ret, const char *path, const char *header, uint64_t max_bytes,
		 unsigned int keep, const char *kept)
{
	struct file *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->t = (struct target){.ops = &ops, .fd = -1};
	f->fd = -1;
	f->max_bytes = max_bytes;
	f->keep = keep;
	f->path = strdup(path);
	f->header = header ? strdup(header) : NULL;
	f->kept = strdup(kept);
	if (!f->path || !f->kept || (header && !f->header)) {
		file_free(&f->t);
		return -ENOMEM;
	}
	f->outage.name = f->path;
	f->outage.kept = f->kept;
	f->outage.back = "written to again";
	*ret = &f->t;
	return 0;
}
