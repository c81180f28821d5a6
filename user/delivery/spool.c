// SPDX-License-Identifier: GPL-2.0-only
#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define MAGIC        0x3150534544544e53ULL
#define PART         "part"
#define NAME_MAX_LEN 64

struct header {
	uint64_t magic;
	uint64_t slot;
	uint32_t number, lines, size;
	uint32_t data_crc;
	uint32_t reserved;
	uint32_t header_crc; /* of all before */
};

struct spool {
	char path[PATH_MAX];
	int dir_fd, lock_fd;
};

static uint32_t crc_of(const void *data, size_t size)
{
	return crc32(crc32(0, NULL, 0), data, size);
}

/* Sorts by slot, then number. */
static void name_of(const struct spool_entry *e, char *name, size_t size)
{
	snprintf(name, size, "%012llu-%06u.slot", (unsigned long long)e->slot, e->number);
}

static int lock(struct spool *s, const char *dir, char *why, size_t size)
{
	int err;

	s->lock_fd = openat(s->dir_fd, "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (s->lock_fd >= 0 && !flock(s->lock_fd, LOCK_EX | LOCK_NB))
		return 0;
	err = errno == EWOULDBLOCK ? -EBUSY : -errno;
	if (err == -EBUSY)
		snprintf(
			why, size,
			"the spool %s is another sonde's; each needs a --spool directory of its own",
			dir);
	else
		snprintf(why, size, "cannot lock the spool %s: %s", s->path, strerror(-err));
	return err;
}

int spool__open(struct spool **ret, const char *dir, const char *name, char *why, size_t size)
{
	struct spool *s = calloc(1, sizeof(*s));
	int err;

	if (!s) {
		snprintf(why, size, "out of memory");
		return -ENOMEM;
	}
	s->dir_fd = s->lock_fd = -1;
	if (snprintf(s->path, sizeof(s->path), "%s/%s", dir, name) >= (int)sizeof(s->path)) {
		snprintf(why, size, "the name of the spool directory is too long");
		err = -ENAMETOOLONG;
		goto out;
	}
	if ((mkdir(dir, 0700) && errno != EEXIST) || (mkdir(s->path, 0700) && errno != EEXIST) ||
	    (s->dir_fd = open(s->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0) {
		err = -errno;
		snprintf(why, size, "cannot make the spool %s: %s", s->path, strerror(errno));
		goto out;
	}
	err = lock(s, dir, why, size);
out:
	if (err)
		spool__close(s);
	else
		*ret = s;
	return err;
}

void spool__close(struct spool *s)
{
	if (!s)
		return;
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	if (s->dir_fd >= 0)
		close(s->dir_fd);
	free(s);
}

const char *spool__path(const struct spool *s)
{
	return s->path;
}

static int read_all(int fd, void *to, size_t size)
{
	char *p = to;

	while (size) {
		ssize_t n = read(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return -EBADMSG;
		p += n;
		size -= n;
	}
	return 0;
}

static int write_all(int fd, const void *from, size_t size)
{
	const char *p = from;

	while (size) {
		ssize_t n = write(fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		p += n;
		size -= n;
	}
	return 0;
}

static bool is_good(const struct header *h)
{
	return h->magic == MAGIC && h->header_crc == crc_of(h, offsetof(struct header, header_crc));
}

/* -EBADMSG: what the file holds is no batch of that name. */
static int look_at(struct spool *s, const char *name, struct spool_entry *e)
{
	char expected[NAME_MAX_LEN];
	struct header h = {};
	struct stat st;
	int fd = openat(s->dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), err;

	if (fd < 0)
		return -errno;
	err = fstat(fd, &st) ? -errno : read_all(fd, &h, sizeof(h));
	close(fd);
	if (err)
		return err;
	*e = (struct spool_entry){
		.slot = h.slot, .number = h.number, .lines = h.lines, .size = h.size};
	name_of(e, expected, sizeof(expected));
	if (!is_good(&h) || strcmp(name, expected) ||
	    (uint64_t)st.st_size != sizeof(h) + (uint64_t)h.size)
		return -EBADMSG;
	return 0;
}

static int is_batch(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && !strcmp(dot, ".slot");
}

int spool__scan(struct spool *s, int (*fn)(void *ctx, const struct spool_entry *e), void *ctx,
		unsigned int *damaged)
{
	struct dirent **list;
	int n, err = 0;

	*damaged = 0;
	unlinkat(s->dir_fd, PART, 0);
	n = scandirat(s->dir_fd, ".", &list, is_batch, alphasort);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		struct spool_entry e;

		if (!err) {
			err = look_at(s, list[i]->d_name, &e);
			if (err == -EBADMSG) {
				unlinkat(s->dir_fd, list[i]->d_name, 0);
				(*damaged)++;
				err = 0;
			} else if (!err) {
				err = fn(ctx, &e);
			}
		}
		free(list[i]);
	}
	free(list);
	return err;
}

/* A new file, whatever has its name: whoever owns the directory could have made a link there. */
static int open_part(const struct spool *s)
{
	int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	int fd = openat(s->dir_fd, PART, flags, 0600);

	if (fd >= 0 || errno != EEXIST || unlinkat(s->dir_fd, PART, 0))
		return fd;
	return openat(s->dir_fd, PART, flags, 0600);
}

int spool__write(struct spool *s, const struct spool_entry *e, const void *data)
{
	struct header h = {.magic = MAGIC,
			   .slot = e->slot,
			   .number = e->number,
			   .lines = e->lines,
			   .size = e->size,
			   .data_crc = crc_of(data, e->size)};
	char name[NAME_MAX_LEN];
	int err, fd;

	h.header_crc = crc_of(&h, offsetof(struct header, header_crc));
	fd = open_part(s);
	if (fd < 0)
		return -errno;
	err = write_all(fd, &h, sizeof(h));
	if (!err)
		err = write_all(fd, data, e->size);
	/* Some file systems say only here that the disk is full. */
	if (close(fd) && !err)
		err = -errno;
	name_of(e, name, sizeof(name));
	if (!err && renameat(s->dir_fd, PART, s->dir_fd, name))
		err = -errno;
	if (err)
		unlinkat(s->dir_fd, PART, 0);
	return err;
}

int spool__read(struct spool *s, const struct spool_entry *e, char **data)
{
	char name[NAME_MAX_LEN];
	struct header h;
	int err, fd;

	name_of(e, name, sizeof(name));
	fd = openat(s->dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return -errno;
	*data = malloc(e->size + 1);
	err = *data ? read_all(fd, &h, sizeof(h)) : -ENOMEM;
	if (!err && (!is_good(&h) || h.size != e->size))
		err = -EBADMSG;
	if (!err)
		err = read_all(fd, *data, e->size);
	if (!err && crc_of(*data, e->size) != h.data_crc)
		err = -EBADMSG;
	close(fd);
	if (err) {
		free(*data);
		*data = NULL;
	}
	return err;
}

void spool__remove(struct spool *s, const struct spool_entry *e)
{
	char name[NAME_MAX_LEN];

	name_of(e, name, sizeof(name));
	unlinkat(s->dir_fd, name, 0);
}
