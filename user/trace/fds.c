// SPDX-License-Identifier: GPL-2.0-only
#include "fds.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uthash.h>

#include "decode.h"
#include "fd_name.h"
#include "syscall_names.h"

#define NAME_SIZE 4400
#define MAX_GIVEN 2048

struct fd {
	s32 fd;
	bool cloexec;
	char *name;
	UT_hash_handle hh;
};

struct process {
	u32 pid;
	char *cwd; /* NULL: not known */
	struct fd *fds;
	UT_hash_handle hh;
};

/* A descriptor becomes another one between its arguments and its result. */
struct dup {
	u32 pid; /* 0: none is under way */
	s32 from, to;
	bool cloexec;
	u32 asked;
};

struct fds {
	struct fds_opts opts;
	struct dup dup;
	struct process *processes;
	char name[NAME_SIZE];   /* that was looked up last */
	char *given[MAX_GIVEN]; /* names that are being printed; the oldest goes next */
	u32 ngiven;
};

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

/* --- the table */

int fds__new(struct fds **ret, const struct fds_opts *opts)
{
	struct fds *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->opts = *opts;
	*ret = f;
	return 0;
}

static void drop(struct process *p, struct fd *fd)
{
	HASH_DEL(p->fds, fd);
	free(fd->name);
	free(fd);
}

static void drop_process(struct fds *f, struct process *p)
{
	struct fd *fd, *tmp;

	HASH_ITER(hh, p->fds, fd, tmp)
		drop(p, fd);
	HASH_DEL(f->processes, p);
	free(p->cwd);
	free(p);
}

void fds__free(struct fds *f)
{
	struct process *p, *tmp;

	if (!f)
		return;
	HASH_ITER(hh, f->processes, p, tmp)
		drop_process(f, p);
	for (u32 i = 0; i < MAX_GIVEN; i++)
		free(f->given[i]);
	free(f);
}

static struct process *process_of(struct fds *f, u32 pid, bool make)
{
	struct process *p;

	HASH_FIND(hh, f->processes, &pid, sizeof(pid), p);
	if (p || !make)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->pid = pid;
	HASH_ADD(hh, f->processes, pid, sizeof(p->pid), p);
	return p;
}

static struct fd *find(struct process *p, s32 number)
{
	struct fd *fd = NULL;

	if (p)
		HASH_FIND(hh, p->fds, &number, sizeof(number), fd);
	return fd;
}

static void forget(struct process *p, s32 number)
{
	struct fd *fd = find(p, number);

	if (fd)
		drop(p, fd);
}

/* Without memory it is looked up again. */
static void set(struct process *p, s32 number, const char *name, bool cloexec)
{
	struct fd *fd = p ? find(p, number) : NULL;
	char *copy = p ? strdup(name) : NULL;

	if (copy && !fd) {
		fd = calloc(1, sizeof(*fd));
		if (fd) {
			fd->fd = number;
			HASH_ADD(hh, p->fds, fd, sizeof(fd->fd), fd);
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

static void look_cwd(const struct fds *f, struct process *p)
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
	struct process *p = f->opts.follow ? process_of(f, pid, true) : NULL;
	char path[600], name[NAME_SIZE];
	struct dirent *e;
	DIR *dir;

	if (!p)
		return;
	look_cwd(f, p);
	snprintf(path, sizeof(path), "%s/proc/%u/fd", f->opts.root, pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir))) {
		s32 fd = atoi(e->d_name);

		if (e->d_name[0] != '.' &&
		    !fd_name__look(f->opts.root, pid, fd, f->opts.detail, name, sizeof(name)))
			set(p, fd, name, is_cloexec(f, pid, fd));
	}
	if (dir)
		closedir(dir);
}

static const char *name_of(struct fds *f, u32 pid, s32 number)
{
	struct process *p = f->opts.follow ? process_of(f, pid, true) : NULL;
	struct fd *fd = find(p, number);

	if (p && number == AT_FDCWD) {
		if (!p->cwd)
			look_cwd(f, p);
		return p->cwd;
	}
	if (number < 0)
		return NULL;
	if (fd)
		return fd->name;
	if (fd_name__look(f->opts.root, pid, number, f->opts.detail, f->name, sizeof(f->name)))
		return NULL;
	if (p)
		set(p, number, f->name, false);
	return f->name;
}

static void copy_fd(struct fds *f, struct process *p, s32 from, s32 to, bool cloexec)
{
	const char *name = name_of(f, p->pid, from);

	if (from == to)
		return;
	if (name)
		set(p, to, name, cloexec);
	else
		forget(p, to);
}

static void end_dup(struct fds *f)
{
	struct process *p = f->dup.pid ? process_of(f, f->dup.pid, false) : NULL;

	if (p)
		copy_fd(f, p, f->dup.from, f->dup.to, f->dup.cloexec);
	f->dup.pid = 0;
}

const char *fds__name(void *fds, u32 pid, s32 number)
{
	struct fds *f = fds;
	const char *name;
	char **given;

	/* The third one is the result. */
	if (f->dup.pid && ++f->dup.asked == 3)
		end_dup(f);
	name = name_of(f, pid, number);
	if (!name)
		return NULL;
	given = &f->given[f->ngiven++ % MAX_GIVEN];
	free(*given);
	*given = strdup(name);
	return *given;
}

/* --- what events say */

static const char *string_at(const struct trace_event *ev, u64 addr)
{
	struct decoder d = {.ev = ev};
	const char *text;
	u32 len = 0;

	text = decode__some(&d, addr, &len, false);
	if (!text)
		text = decode__some(&d, addr, &len, true);
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
static void made(struct fds *f, struct process *p, s32 fd, bool cloexec)
{
	char name[NAME_SIZE];

	if (!fd_name__look(f->opts.root, p->pid, fd, f->opts.detail, name, sizeof(name)) &&
	    (name[0] != '/' || !strncmp(name, "/memfd:", 7)))
		set(p, fd, name, cloexec);
	else
		forget(p, fd);
}

static void made_pair(struct fds *f, struct process *p, const struct trace_event *ev, u32 arg)
{
	struct decoder d = {.ev = ev};
	const s32 *fd = decode__memory(&d, ev->arg[arg], 2 * sizeof(*fd), true);

	for (u32 i = 0; fd && i < 2; i++)
		made(f, p, fd[i], false);
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Where /proc still has the descriptor on a file of that name it knows links and mounts; else the
 * path that was asked for has to do. */
static void opened(struct fds *f, struct process *p, s32 fd, s32 dirfd, const char *path,
		   bool cloexec)
{
	const char *base = "";
	char name[NAME_SIZE];
	struct fd *dir;

	if (!fd_name__look(f->opts.root, p->pid, fd, f->opts.detail, name, sizeof(name)) &&
	    (!path || !strncmp(last_part(name), last_part(path), strlen(last_part(path))))) {
		set(p, fd, name, cloexec);
		return;
	}
	if (path && path[0] != '/') {
		if (dirfd == AT_FDCWD && !p->cwd)
			look_cwd(f, p);
		dir = find(p, dirfd);
		base = dirfd == AT_FDCWD ? p->cwd : dir ? dir->name : NULL;
	}
	if (!path || !base) {
		forget(p, fd);
		return;
	}
	join(base, path, name, sizeof(name));
	if (f->opts.detail)
		fd_name__device(f->opts.root, name, sizeof(name));
	set(p, fd, name, cloexec);
}

static void changed_directory(struct fds *f, struct process *p, const char *path)
{
	char cwd[NAME_SIZE];

	if (!path || (path[0] != '/' && !p->cwd)) {
		look_cwd(f, p);
		return;
	}
	join(p->cwd, path, cwd, sizeof(cwd));
	free(p->cwd);
	p->cwd = strdup(cwd);
}

static void forked(struct fds *f, u32 from, u32 to)
{
	struct process *parent = process_of(f, from, false), *child;
	struct fd *fd, *tmp;

	if (from == to || !parent)
		return;
	child = process_of(f, to, false);
	if (child)
		drop_process(f, child);
	child = process_of(f, to, true);
	if (!child)
		return;
	child->cwd = parent->cwd ? strdup(parent->cwd) : NULL;
	HASH_ITER(hh, parent->fds, fd, tmp)
		set(child, fd->fd, fd->name, fd->cloexec);
}

static void executed(struct process *p)
{
	struct fd *fd, *tmp;

	HASH_ITER(hh, p->fds, fd, tmp)
		if (fd->cloexec)
			drop(p, fd);
}

static void control(struct fds *f, struct process *p, const struct trace_event *ev)
{
	struct fd *fd;

	switch ((int)ev->arg[1]) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		copy_fd(f, p, ev->arg[0], ev->ret, ev->arg[1] == F_DUPFD_CLOEXEC);
		break;
	case F_SETFD:
		fd = find(p, ev->arg[0]);
		if (fd)
			fd->cloexec = ev->arg[2] & FD_CLOEXEC;
		break;
	}
}

static void called(struct fds *f, struct process *p, const struct trace_event *ev, u32 row)
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
		copy_fd(f, p, arg[0], ev->ret, false);
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
			forget(p, arg[0]);
		break;
	case FD_CHDIR:
		changed_directory(f, p, string_at(ev, arg[0]));
		break;
	case FD_FCHDIR:
		changed_directory(f, p, name_of(f, p->pid, arg[0]));
		break;
	default:
		break;
	}
}

void fds__before(struct fds *f, const struct trace_event *ev)
{
	struct process *p;
	u32 row;

	if (!f->opts.follow)
		return;
	if (ev->type == TRACE_FORK)
		forked(f, ev->pid, ev->arg[0]);
	p = process_of(f, ev->pid, true);
	if (!p)
		return;
	if (ev->type == TRACE_EXEC)
		executed(p);
	row = ev->type == TRACE_CALL && !(ev->flags & TRACE_COMPAT) ? row_of(ev->nr) : 0;
	if (row && ev->ret >= 0)
		called(f, p, ev, row - 1);
}

static void close_range_of(struct process *p, u64 first, u64 last, u32 flags)
{
	struct fd *fd, *tmp;

	HASH_ITER(hh, p->fds, fd, tmp) {
		if ((u64)fd->fd < first || (u64)fd->fd > last)
			continue;
		/* CLOSE_RANGE_CLOEXEC */
		if (flags & 4)
			fd->cloexec = true;
		else
			drop(p, fd);
	}
}

void fds__after(struct fds *f, const struct trace_event *ev)
{
	struct process *p = f->opts.follow ? process_of(f, ev->pid, false) : NULL;
	u32 row;

	end_dup(f);
	if (!p)
		return;
	if (ev->type == TRACE_EXIT && ev->tid == ev->pid) {
		drop_process(f, p);
		return;
	}
	row = ev->type == TRACE_CALL && !(ev->flags & TRACE_COMPAT) ? row_of(ev->nr) : 0;
	/* close() closes also when it fails, unless there was nothing to close. */
	if (row && calls[row - 1].call == FD_CLOSE && ev->ret != -EBADF)
		forget(p, ev->arg[0]);
	if (row && calls[row - 1].call == FD_CLOSE_RANGE && !ev->ret)
		close_range_of(p, (u32)ev->arg[0], (u32)ev->arg[1], ev->arg[2]);
}
