// SPDX-License-Identifier: GPL-2.0-only
/* What calls do to descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "fd_name.h"
#include "fds_impl.h"
#include "syscall_names.h"

/* --- which calls */

enum fd_call {
	FD_NOTHING,
	FD_OPEN,    /* (path, flags) */
	FD_OPENAT,  /* (dirfd, path, flags) */
	FD_OPENAT2, /* (dirfd, path, how) */
	FD_CREAT,
	FD_MAKE, /* returns one that has no path */
	FD_PAIR, /* writes two of them where an argument points to */
	FD_DUP,
	FD_DUP2,
	FD_DUP3,
	FD_FCNTL,
	FD_CLOSE,
	FD_CLOSE_RANGE,
	FD_RENAME, /* its first argument is on something else now */
	FD_CHDIR,
	FD_FCHDIR,
};

static const struct {
	const char *name;
	enum fd_call call;
	u8 flags; /* number of the argument with a flag that is O_CLOEXEC, 0: none; of pairs of the
		     one that points to them */
} calls[] = {
	{"open", FD_OPEN, 1},
	{"openat", FD_OPENAT, 2},
	{"openat2", FD_OPENAT2, 0},
	{"creat", FD_CREAT, 0},
	{"socket", FD_MAKE, 1},
	{"accept", FD_MAKE, 0},
	{"accept4", FD_MAKE, 3},
	{"eventfd", FD_MAKE, 0},
	{"eventfd2", FD_MAKE, 1},
	{"epoll_create", FD_MAKE, 0},
	{"epoll_create1", FD_MAKE, 0},
	{"memfd_create", FD_MAKE, 0},
	{"timerfd_create", FD_MAKE, 1},
	{"signalfd", FD_MAKE, 0},
	{"signalfd4", FD_MAKE, 3},
	{"inotify_init", FD_MAKE, 0},
	{"inotify_init1", FD_MAKE, 0},
	{"fanotify_init", FD_MAKE, 0},
	{"pidfd_open", FD_MAKE, 0},
	{"pidfd_getfd", FD_MAKE, 0},
	{"userfaultfd", FD_MAKE, 0},
	{"io_uring_setup", FD_MAKE, 0},
	{"perf_event_open", FD_MAKE, 0},
	{"open_by_handle_at", FD_MAKE, 2},
	{"pipe", FD_PAIR, 0},
	{"pipe2", FD_PAIR, 0},
	{"socketpair", FD_PAIR, 3},
	{"dup", FD_DUP, 0},
	{"dup2", FD_DUP2, 0},
	{"dup3", FD_DUP3, 2},
	{"fcntl", FD_FCNTL, 0},
	{"close", FD_CLOSE, 0},
	{"close_range", FD_CLOSE_RANGE, 0},
	{"connect", FD_RENAME, 0},
	{"bind", FD_RENAME, 0},
	{"chdir", FD_CHDIR, 0},
	{"fchdir", FD_FCHDIR, 0},
};

#define NCALLS (sizeof(calls) / sizeof(calls[0]))

/* 1 + its row, 0: it has none. */
static u32 row_of(s32 nr)
{
	static u8 row[TRACE_NRS];
	static bool known;

	for (u32 i = 0; !known && i < TRACE_NRS; i++)
		for (u32 k = 0; syscall_name(i) && k < NCALLS; k++)
			if (!strcmp(syscall_name(i), calls[k].name))
				row[i] = k + 1;
	known = true;
	return nr >= 0 && nr < TRACE_NRS ? row[nr] : 0;
}

bool fds__wants(s32 nr)
{
	return row_of(nr);
}

/* --- what events say */

static const char *string_at(const struct trace_event *ev, u64 addr)
{
	const char *text;
	u32 len = 0;

	text = decode__bytes(ev, addr, &len, false);
	if (!text)
		text = decode__bytes(ev, addr, &len, true);
	return text && len && memchr(text, 0, len) ? text : NULL;
}

/* Without "." and "..", which stand for nothing where no link is followed. */
static void join(const char *base, const char *path, char *to, size_t size)
{
	size_t n = 0;
	char both[2 * NAME_SIZE], *at = both, *part;

	snprintf(both, sizeof(both), "%s/%s", path[0] == '/' ? "" : base, path);
	to[0] = 0;
	while ((part = strsep(&at, "/"))) {
		if (!*part || !strcmp(part, "."))
			continue;
		if (!strcmp(part, "..")) {
			char *slash = strrchr(to, '/');

			n = slash ? slash - to : 0;
			to[n] = 0;
			continue;
		}
		n += snprintf(to + n, size - n, "/%s", part);
		if (n >= size)
			return;
	}
	if (!n)
		snprintf(to, size, "/");
}

/* One that has just been made, if it is not on something else by now. */
static void made(struct fds *f, struct fd_process *p, s32 fd, bool cloexec)
{
	char name[NAME_SIZE];

	if (!fd_name__look(f->opts.root, p->pid, fd, f->opts.detail, name, sizeof(name)) &&
	    (name[0] != '/' || !strncmp(name, "/memfd:", 7)))
		fds__set(p, fd, name, cloexec);
	else
		fds__forget(p, fd);
}

static void made_pair(struct fds *f, struct fd_process *p, const struct trace_event *ev, u32 arg)
{
	u32 len = 0;
	const void *pair = decode__bytes(ev, ev->arg[arg], &len, true);
	s32 fd[2];

	if (!pair || len < sizeof(fd))
		return;
	memcpy(fd, pair, sizeof(fd));
	made(f, p, fd[0], false);
	made(f, p, fd[1], false);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Whether @name, which is of now, is what @path was when it was opened; what has been deleted since
 * was not so then. */
static bool is_same_file(char *name, const char *path)
{
	static const char deleted[] = " (deleted)";
	const char *last = last_part(path);
	size_t n = strlen(name), at = last_part(name) - name, len = strlen(last);

	if (strncmp(name + at, last, len))
		return false;
	if (n == at + len + sizeof(deleted) - 1 && !strcmp(name + at + len, deleted))
		name[at + len] = 0;
	return true;
}

/* Where /proc still has the descriptor on a file of that name it knows links and mounts; else the
 * path that was asked for has to do. */
static void opened(struct fds *f, struct fd_process *p, s32 fd, s32 dirfd, const char *path,
		   bool cloexec)
{
	const char *base = "";
	char name[NAME_SIZE];
	struct fd *dir;

	if (!fd_name__look(f->opts.root, p->pid, fd, f->opts.detail, name, sizeof(name)) &&
	    (!path || is_same_file(name, path))) {
		fds__set(p, fd, name, cloexec);
		return;
	}
	if (path && path[0] != '/') {
		if (dirfd == AT_FDCWD && !p->cwd)
			fds__look_cwd(f, p);
		dir = fds__find(p, dirfd);
		base = dirfd == AT_FDCWD ? p->cwd : dir ? dir->name : NULL;
	}
	if (!path || !base) {
		fds__forget(p, fd);
		return;
	}
	join(base, path, name, sizeof(name));
	if (f->opts.detail)
		fd_name__device(f->opts.root, p->pid, name, sizeof(name));
	fds__set(p, fd, name, cloexec);
}

static void changed_directory(struct fds *f, struct fd_process *p, const char *path)
{
	char cwd[NAME_SIZE];

	if (!path || (path[0] != '/' && !p->cwd)) {
		fds__look_cwd(f, p);
		return;
	}
	join(p->cwd, path, cwd, sizeof(cwd));
	free(p->cwd);
	p->cwd = strdup(cwd);
}

static void forked(struct fds *f, u32 from, u32 to)
{
	struct fd_process *parent = fds__process(f, from, false), *child;
	struct fd *fd, *tmp;

	if (from == to || !parent)
		return;
	child = fds__process(f, to, false);
	if (child)
		fds__drop_process(f, child);
	child = fds__process(f, to, true);
	if (!child)
		return;
	child->cwd = parent->cwd ? strdup(parent->cwd) : NULL;
	HASH_ITER(hh, parent->fds, fd, tmp)
		fds__set(child, fd->fd, fd->name, fd->cloexec);
}

static void executed(struct fd_process *p)
{
	struct fd *fd, *tmp;

	HASH_ITER(hh, p->fds, fd, tmp)
		if (fd->cloexec)
			fds__drop(p, fd);
}

static void control(struct fds *f, struct fd_process *p, const struct trace_event *ev)
{
	struct fd *fd;

	switch ((int)ev->arg[1]) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		fds__copy(f, p, ev->arg[0], ev->ret, ev->arg[1] == F_DUPFD_CLOEXEC);
		break;
	case F_SETFD:
		fd = fds__find(p, ev->arg[0]);
		if (fd)
			fd->cloexec = ev->arg[2] & FD_CLOEXEC;
		break;
	}
}

static void called(struct fds *f, struct fd_process *p, const struct trace_event *ev, u32 row)
{
	const u64 *arg = ev->arg;
	bool cloexec = calls[row].flags && arg[calls[row].flags] & O_CLOEXEC;

	switch (calls[row].call) {
	case FD_OPEN:
	case FD_CREAT:
		opened(f, p, ev->ret, AT_FDCWD, string_at(ev, arg[0]), cloexec);
		break;
	case FD_OPENAT:
	case FD_OPENAT2:
		opened(f, p, ev->ret, arg[0], string_at(ev, arg[1]), cloexec);
		break;
	case FD_MAKE:
		made(f, p, ev->ret, cloexec);
		break;
	case FD_PAIR:
		made_pair(f, p, ev, calls[row].flags);
		break;
	case FD_DUP:
		fds__copy(f, p, arg[0], ev->ret, false);
		break;
	case FD_DUP2:
	case FD_DUP3:
		f->dup = (struct dup){p->pid, arg[0], arg[1], cloexec, 0};
		break;
	case FD_FCNTL:
		control(f, p, ev);
		break;
	case FD_RENAME:
		if (f->opts.detail)
			fds__forget(p, arg[0]);
		break;
	case FD_CHDIR:
		changed_directory(f, p, string_at(ev, arg[0]));
		break;
	case FD_FCHDIR:
		changed_directory(f, p, fds__look(f, p->pid, arg[0]));
		break;
	default:
		break;
	}
}

void fds__before(struct fds *f, const struct trace_event *ev)
{
	struct fd_process *p;
	u32 row;

	f->bad = ev->type == TRACE_CALL && ev->ret == -EBADF;
	if (!f->opts.follow)
		return;
	if (ev->type == TRACE_FORK)
		forked(f, ev->pid, ev->arg[0]);
	p = fds__process(f, ev->pid, true);
	if (!p)
		return;
	if (ev->type == TRACE_EXEC)
		executed(p);
	row = ev->type == TRACE_CALL && !(ev->flags & TRACE_COMPAT) ? row_of(ev->nr) : 0;
	if (row && ev->ret >= 0)
		called(f, p, ev, row - 1);
}

static void close_range_of(struct fd_process *p, u64 first, u64 last, u32 flags)
{
	struct fd *fd, *tmp;

	HASH_ITER(hh, p->fds, fd, tmp) {
		if ((u64)fd->fd < first || (u64)fd->fd > last)
			continue;
		/* CLOSE_RANGE_CLOEXEC */
		if (flags & 4)
			fd->cloexec = true;
		else
			fds__drop(p, fd);
	}
}

void fds__after(struct fds *f, const struct trace_event *ev)
{
	struct fd_process *p = f->opts.follow ? fds__process(f, ev->pid, false) : NULL;
	u32 row;

	fds__end_dup(f);
	if (!p)
		return;
	if (ev->type == TRACE_EXIT && ev->tid == ev->pid) {
		fds__drop_process(f, p);
		return;
	}
	row = ev->type == TRACE_CALL && !(ev->flags & TRACE_COMPAT) ? row_of(ev->nr) : 0;
	/* close() closes also when it fails, unless there was nothing to close. */
	if (row && calls[row - 1].call == FD_CLOSE && ev->ret != -EBADF)
		fds__forget(p, ev->arg[0]);
	if (row && calls[row - 1].call == FD_CLOSE_RANGE && !ev->ret)
		close_range_of(p, (u32)ev->arg[0], (u32)ev->arg[1], ev->arg[2]);
}
