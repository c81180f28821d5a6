// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fd_name.h"
#include "fds_impl.h"

int fds__new(struct fds **ret, const struct fds_opts *opts)
{
	struct fds *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->opts = *opts;
	*ret = f;
	return 0;
}

void fds__drop(struct fd_process *p, struct fd *fd)
{
	HASH_DEL(p->fds, fd);
	free(fd->name);
	free(fd);
}

void fds__drop_process(struct fds *f, struct fd_process *p)
{
	struct fd *fd, *tmp;

	HASH_ITER(hh, p->fds, fd, tmp)
		fds__drop(p, fd);
	HASH_DEL(f->processes, p); // NOLINT(clang-analyzer-core.*): uthash
	free(p->cwd);
	free(p);
}

void fds__free(struct fds *f)
{
	struct fd_process *p, *tmp;

	if (!f)
		return;
	HASH_ITER(hh, f->processes, p, tmp)
		fds__drop_process(f, p);
	for (u32 i = 0; i < MAX_GIVEN; i++)
		free(f->given[i]);
	free(f);
}

struct fd_process *fds__process(struct fds *f, u32 pid, bool make)
{
	struct fd_process *p;

	HASH_FIND(hh, f->processes, &pid, sizeof(pid), p);
	if (p || !make)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->pid = pid;
	HASH_ADD(hh, f->processes, pid, sizeof(p->pid), p);
	if (hash_added(p))
		return p;
	free(p);
	return NULL;
}

struct fd *fds__find(struct fd_process *p, s32 number)
{
	struct fd *fd = NULL;

	if (p)
		HASH_FIND(hh, p->fds, &number, sizeof(number), fd);
	return fd;
}

void fds__forget(struct fd_process *p, s32 number)
{
	struct fd *fd = fds__find(p, number);

	if (fd)
		fds__drop(p, fd);
}

void fds__set(struct fd_process *p, s32 number, const char *name, bool cloexec)
{
	struct fd *fd = p ? fds__find(p, number) : NULL;
	char *copy = p ? strdup(name) : NULL;

	if (copy && !fd) {
		fd = calloc(1, sizeof(*fd));
		if (fd) {
			fd->fd = number;
			HASH_ADD(hh, p->fds, fd, sizeof(fd->fd), fd);
		}
		if (fd && !hash_added(fd)) {
			free(fd);
			fd = NULL;
		}
	}
	if (!copy || !fd) {
		free(copy);
		return;
	}
	free(fd->name);
	fd->name = copy;
	fd->cloexec = cloexec;
}

/* --- the state of now */

static bool is_cloexec(const struct fds *f, u32 pid, s32 fd)
{
	unsigned int flags = 0;
	char path[600];
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/%u/fdinfo/%d", f->opts.root, pid, fd);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (fscanf(file, "pos: %*d flags: %o", &flags) != 1)
		flags = 0;
	fclose(file);
	return flags & O_CLOEXEC;
}

void fds__look_cwd(const struct fds *f, struct fd_process *p)
{
	char path[600], cwd[NAME_SIZE];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/proc/%u/cwd", f->opts.root, p->pid);
	n = readlink(path, cwd, sizeof(cwd) - 1);
	free(p->cwd);
	p->cwd = n > 0 ? strndup(cwd, n) : NULL;
}

void fds__prime(struct fds *f, u32 pid)
{
	struct fd_process *p = f->opts.follow ? fds__process(f, pid, true) : NULL;
	char path[600], name[NAME_SIZE];
	struct dirent *e;
	DIR *dir;

	if (!p)
		return;
	fds__look_cwd(f, p);
	snprintf(path, sizeof(path), "%s/proc/%u/fd", f->opts.root, pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		s32 fd = atoi(e->d_name);

		if (e->d_name[0] != '.' &&
		    !fd_name__look(f->opts.root, pid, fd, f->opts.detail, name, sizeof(name)))
			fds__set(p, fd, name, is_cloexec(f, pid, fd));
	}
	if (dir)
		closedir(dir);
}

const char *fds__look(struct fds *f, u32 pid, s32 number)
{
	struct fd_process *p = f->opts.follow ? fds__process(f, pid, true) : NULL;
	struct fd *fd = fds__find(p, number);

	if (p && number == AT_FDCWD) {
		if (!p->cwd)
			fds__look_cwd(f, p);
		return p->cwd;
	}
	if (number < 0)
		return NULL;
	if (fd)
		return fd->name;
	if (fd_name__look(f->opts.root, pid, number, f->opts.detail, f->name, sizeof(f->name)))
		return NULL;
	if (p)
		fds__set(p, number, f->name, false);
	return f->name;
}

void fds__copy(struct fds *f, struct fd_process *p, s32 from, s32 to, bool cloexec)
{
	const char *name = fds__look(f, p->pid, from);

	if (from == to)
		return;
	if (name)
		fds__set(p, to, name, cloexec);
	else
		fds__forget(p, to);
}

void fds__end_dup(struct fds *f)
{
	struct fd_process *p = f->dup.pid ? fds__process(f, f->dup.pid, false) : NULL;

	if (p)
		fds__copy(f, p, f->dup.from, f->dup.to, f->dup.cloexec);
	f->dup.pid = 0;
}

static bool is_known(struct fds *f, u32 pid, s32 number)
{
	struct fd_process *p = f->opts.follow ? fds__process(f, pid, false) : NULL;

	return p && fds__find(p, number);
}

const char *fds__name(void *fds, u32 pid, s32 number)
{
	struct fds *f = fds;
	const char *name;
	char **given;

	/* The third one is the result. */
	if (f->dup.pid && ++f->dup.asked == 3)
		fds__end_dup(f);
	/* What is open under that number by now is another one. */
	if (f->bad && number >= 0 && !is_known(f, pid, number))
		return NULL;
	name = fds__look(f, pid, number);
	if (!name)
		return NULL;
	given = &f->given[f->ngiven++ % MAX_GIVEN];
	free(*given);
	*given = strdup(name);
	return *given;
}
