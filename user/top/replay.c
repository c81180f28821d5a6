// SPDX-License-Identifier: GPL-2.0-only
/* Frames that are read, one on each line: a recording, or what a daemon says. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "commands.h"
#include "frame_json.h"
#include "log.h"
#include "options.h"
#include "sink.h"
#include "source.h"

/* A line that is longer is no frame. */
#define LINE_LIMIT (64U << 20)

struct replay {
	struct source source;
	const char *name;
	int fd, timer; /* timer: -1 while frames are given as fast as they are read */
	struct text text;
	size_t at; /* of what was not given out yet */
	u64 line, frames;
	bool ended;
	u32 pid; /* of a daemon: the process whose threads are wanted */
};

static int replay_fd(struct source *s)
{
	struct replay *r = (struct replay *)s;

	return r->timer >= 0 ? r->timer : r->fd;
}

static int refuse(const struct replay *r, const char *why)
{
	log_error("%s:%llu: %s", r->name, (unsigned long long)r->line, why);
	return -EBADMSG;
}

/* One read, if there is something: 1; 0: not now. */
static int fill(struct replay *r)
{
	struct pollfd p = {.fd = r->fd, .events = POLLIN};
	ssize_t n;
	char *room;

	text__drop(&r->text, r->at);
	r->at = 0;
	if (r->text.size > LINE_LIMIT)
		return refuse(r, "longer than 64 MiB: that is no frame of sonde top");
	room = text__room(&r->text, 1 << 18);
	if (!room) {
		log_error("out of memory");
		return -ENOMEM;
	}
	if (poll(&p, 1, 0) <= 0)
		return 0;
	n = read(r->fd, room, 1 << 18);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n < 0) {
		log_error("%s: %s", r->name, strerror(errno));
		return -EIO;
	}
	r->text.size += n;
	r->ended = !n;
	return 1;
}

static int parse(struct replay *r, const char *line, size_t size, struct frame **ret)
{
	struct frame *f = malloc(sizeof(*f));
	char why[256] = "out of memory";
	int err = f ? frame__read(f, line, size, why, sizeof(why)) : -ENOMEM;

	if (err) {
		free(f);
		return refuse(r, why);
	}
	r->frames++;
	*ret = f;
	return 1;
}

static int next_line(struct replay *r, struct frame **ret)
{
	size_t searched = 0;

	for (;;) {
		char *line = r->text.data ? r->text.data + r->at : NULL, *end = NULL;
		size_t size = r->text.size - r->at;
		int err;

		if (line && size > searched)
			end = memchr(line + searched, '\n', size - searched);
		if (end || (r->ended && size)) {
			size = end ? (size_t)(end - line) : size;
			r->at += size + (end != NULL);
			r->line++;
			searched = 0;
			if (size)
				return parse(r, line, size, ret);
			continue;
		}
		if (r->ended)
			break;
		searched = size;
		err = fill(r);
		if (err <= 0)
			return err;
	}
	if (r->frames)
		return -EPIPE;
	log_error("%s: there is no frame in it; `sonde top --json` records some", r->name);
	return -EBADMSG;
}

static int replay_next(struct source *s, struct frame **ret)
{
	struct replay *r = (struct replay *)s;
	u64 ticks;

	if (r->timer >= 0 && read(r->timer, &ticks, sizeof(ticks)) < 0)
		return 0;
	return next_line(r, ret);
}

static int replay_open_process(struct source *s, u32 pid)
{
	(void)s;
	(void)pid;
	return 0;
}

static int replay_set_interval(struct source *s, u64 ns)
{
	struct replay *r = (struct replay *)s;
	struct itimerspec spec = {
		.it_interval = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000},
		/* The first one at once. */
		.it_value = {.tv_nsec = 1},
	};

	if (r->timer < 0)
		r->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	else
		spec.it_value = spec.it_interval;
	if (r->timer < 0 || timerfd_settime(r->timer, 0, &spec, NULL))
		return -errno;
	return 0;
}

static void replay_close(struct source *s)
{
	struct replay *r = (struct replay *)s;

	if (r->fd > STDIN_FILENO)
		close(r->fd);
	if (r->timer >= 0)
		close(r->timer);
	text__free(&r->text);
	free(r);
}

static const struct source_ops replay_ops = {
	.fd = replay_fd,
	.next = replay_next,
	.open_process = replay_open_process,
	.set_interval = replay_set_interval,
	.close = replay_close,
};

int source__replay(struct source **ret, const struct options *o)
{
	bool standard = !strcmp(o->replay, "-");
	struct replay *r = calloc(1, sizeof(*r));

	if (!r) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	r->source.ops = &replay_ops;
	r->name = standard ? "standard input" : o->replay;
	r->timer = -1;
	r->fd = standard ? STDIN_FILENO : open(o->replay, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0) {
		log_error("--replay %s: %s", o->replay, strerror(errno));
		free(r);
		return EXIT_FAILED;
	}
	*ret = &r->source;
	return 0;
}

/* --- a daemon's socket */

#define ASK_AGAIN 1 /* s, after the daemon went away */

static int connect_to(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd, err = 0;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const void *)&addr, sizeof(addr)))
		err = -errno;
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

/* While it is away: when it is to be tried again. */
static int attached_fd(struct source *s)
{
	struct replay *r = (struct replay *)s;

	return r->fd >= 0 ? r->fd : r->timer;
}

/* If the daemon is gone, the next reading says so. */
static void ask_for_process(struct replay *r)
{
	char request[32];
	int n = snprintf(request, sizeof(request), "process %u\n", r->pid);

	if (r->fd >= 0 && send(r->fd, request, n, MSG_NOSIGNAL) < 0)
		shutdown(r->fd, SHUT_RDWR);
}

static void disconnect(struct replay *r)
{
	close(r->fd);
	r->fd = -1;
	r->ended = false;
	text__clear(&r->text);
	r->at = 0;
	timerfd_settime(r->timer, 0,
			&(struct itimerspec){{.tv_sec = ASK_AGAIN}, {.tv_sec = ASK_AGAIN}}, NULL);
}

static int attached_next(struct source *s, struct frame **ret)
{
	struct replay *r = (struct replay *)s;
	u64 ticks;
	int err;

	if (r->fd < 0) {
		if (read(r->timer, &ticks, sizeof(ticks)) < 0)
			return 0;
		r->fd = connect_to(r->name);
		if (r->fd < 0)
			return 0;
		ask_for_process(r);
	}
	/* Another daemon may have taken its place. */
	r->frames = 1;
	err = next_line(r, ret);
	if (err != -EPIPE)
		return err;
	disconnect(r);
	return 0;
}

static int attached_open_process(struct source *s, u32 pid)
{
	struct replay *r = (struct replay *)s;

	r->pid = pid;
	ask_for_process(r);
	return 0;
}

/* It has one for all viewers. */
static int attached_set_interval(struct source *s, u64 ns)
{
	(void)s;
	(void)ns;
	return 0;
}

static const struct source_ops attached_ops = {
	.fd = attached_fd,
	.next = attached_next,
	.open_process = attached_open_process,
	.set_interval = attached_set_interval,
	.close = replay_close,
};

int source__attach(struct source **ret, const char *path, bool quiet)
{
	int fd = connect_to(path);
	struct replay *r;

	if (fd == -EACCES) {
		log_error(
			"%s: only members of its group may see what sonde run measures; `ls -l` says which",
			path);
		return EXIT_UNABLE;
	}
	if (fd < 0) {
		if (!quiet)
			log_error("--socket %s: %s; does a sonde run serve it?", path,
				  strerror(-fd));
		return EXIT_FAILED;
	}
	r = calloc(1, sizeof(*r));
	if (!r) {
		close(fd);
		log_error("out of memory");
		return EXIT_FAILED;
	}
	r->source.ops = &attached_ops;
	r->name = path;
	r->fd = fd;
	r->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	*ret = &r->source;
	return 0;
}
