// SPDX-License-Identifier: GPL-2.0-only
/* Frames from a recording: a file, a pipe or standard input, one on each line. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
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

	if (r->at)
		memmove(r->text.data, r->text.data + r->at, r->text.size - r->at);
	r->text.size -= r->at;
	r->at = 0;
	if (r->text.size > LINE_LIMIT)
		return refuse(r, "longer than 64 MiB: that is no frame of sonde top");
	room = text__room(&r->text, 1 << 18);
	if (!room)
		return -ENOMEM;
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
		char *line = r->text.data + r->at, *end;
		size_t size = r->text.size - r->at;
		int err;

		end = size > searched ? memchr(line + searched, '\n', size - searched) : NULL;
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
