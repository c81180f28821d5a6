// SPDX-License-Identifier: GPL-2.0-only
#include "serve.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "collect.h"
#include "frame_json.h"
#include "merge.h"
#include "request.h"
#include "sink.h"

#define VIEWERS     MAX_WANTED
#define FRAME_EVERY 1 /* s */

struct viewer {
	int fd;     /* -1: none */
	char *rest; /* of the frame that it has not taken yet */
	size_t at, size;
	struct request request;
};

struct server {
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int epoll, listener, timer;
	struct viewer viewer[VIEWERS];
	struct wanted wanted;        /* by viewer */
	struct collector *collector; /* while somebody watches */
	struct merge *merge;         /* what came since the last frame */
	struct text text;
	u64 taken; /* ns, monotonic: when the last frame was; 0: there is none to begin with */
	u32 viewers;
	u64 dropped;
	bool paused; /* nobody is let in, for want of memory or descriptors */
};

/* @index: of a viewer, or one of these. */
enum { AT_LISTENER = VIEWERS, AT_TIMER };

static int watch(struct server *s, int fd, u32 index, u32 events)
{
	struct epoll_event ev = {.events = events, .data.u32 = index};

	if (!epoll_ctl(s->epoll, EPOLL_CTL_MOD, fd, &ev) ||
	    !epoll_ctl(s->epoll, EPOLL_CTL_ADD, fd, &ev))
		return 0;
	return -errno;
}

/* What is left there by one that was killed is nobody's. */
static bool is_stale(const struct sockaddr_un *addr)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool stale;

	stale = fd >= 0 && connect(fd, (const void *)addr, sizeof(*addr)) && errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return stale;
}

static int listen_at(struct server *s, const struct sockaddr_un *addr)
{
	mode_t mask;
	int err;

	s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->listener < 0)
		return -errno;
	/* Nobody may connect before its owner and mode are right. */
	mask = umask(0177);
	err = bind(s->listener, (const void *)addr, sizeof(*addr)) ? -errno : 0;
	umask(mask);
	if (!err && listen(s->listener, VIEWERS))
		err = -errno;
	return err;
}

static int set_owner(const struct server *s, unsigned int mode, const char *group, char *why,
		     size_t size)
{
	const struct group *g = getgrnam(group ? group : "sonde");

	if (group && !g) {
		snprintf(why, size, "there is no group %s", group);
		return -ENOENT;
	}
	if ((g && chown(s->path, -1, g->gr_gid)) || chmod(s->path, mode)) {
		snprintf(why, size, "its owner and mode cannot be set: %s", strerror(errno));
		return -errno;
	}
	return 0;
}

/* Only where it is our own default. */
static void make_directory(const char *path)
{
	if (!strcmp(path, SERVE_DEFAULT_PATH))
		mkdir("/run/sonde", 0755);
}

static int open_socket(struct server *s, const char *path, char *why, size_t size)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	struct stat st;
	int err;

	if (strlen(path) >= sizeof(addr.sun_path)) {
		snprintf(why, size, "longer than the %zu bytes that a socket's path can have",
			 sizeof(addr.sun_path) - 1);
		return -ENAMETOOLONG;
	}
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	make_directory(path);
	err = listen_at(s, &addr);
	if (err == -EADDRINUSE && !lstat(path, &st) && S_ISSOCK(st.st_mode) && is_stale(&addr)) {
		unlink(path);
		close(s->listener);
		err = listen_at(s, &addr);
	}
	if (!err)
		snprintf(s->path, sizeof(s->path), "%s", path);
	else
		snprintf(why, size, "%s",
			 err == -EADDRINUSE ? "another program listens there, or it is no socket"
					    : strerror(-err));
	return err;
}

int server__open(struct server **ret, const char *path, unsigned int mode, const char *group,
		 char *why, size_t why_size)
{
	struct server *s = calloc(1, sizeof(*s));
	int err;

	if (!s) {
		snprintf(why, why_size, "out of memory");
		return -ENOMEM;
	}
	s->listener = s->timer = -1;
	for (u32 i = 0; i < VIEWERS; i++)
		s->viewer[i].fd = -1;
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	s->timer = s->epoll < 0 ? -1 : timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	err = s->timer < 0 || watch(s, s->timer, AT_TIMER, EPOLLIN) ? -errno : 0;
	if (err)
		snprintf(why, why_size, "%s", strerror(-err));
	if (!err)
		err = open_socket(s, path, why, why_size);
	if (!err)
		err = set_owner(s, mode, group, why, why_size);
	if (!err && watch(s, s->listener, AT_LISTENER, EPOLLIN)) {
		err = -errno;
		snprintf(why, why_size, "%s", strerror(-err));
	}
	if (err) {
		server__close(s);
		return err;
	}
	*ret = s;
	return 0;
}

static void let_go(struct server *s, u32 i)
{
	struct viewer *v = &s->viewer[i];

	close(v->fd);
	free(v->rest);
	s->viewers -= !v->request.asks;
	*v = (struct viewer){.fd = -1};
	s->wanted.pid[i] = 0;
}

void server__close(struct server *s)
{
	if (!s)
		return;
	for (u32 i = 0; i < VIEWERS; i++)
		if (s->viewer[i].fd >= 0)
			let_go(s, i);
	collector__free(s->collector);
	merge__free(s->merge);
	if (s->listener >= 0)
		close(s->listener);
	if (s->path[0])
		unlink(s->path);
	if (s->timer >= 0)
		close(s->timer);
	if (s->epoll >= 0)
		close(s->epoll);
	text__free(&s->text);
	free(s);
}

int server__fd(const struct server *s)
{
	return s->epoll;
}

static void arm(struct server *s, bool on)
{
	struct timespec every = {.tv_sec = on ? FRAME_EVERY : 0};

	timerfd_settime(s->timer, 0, &(struct itimerspec){every, every}, NULL);
}

static void welcome(struct server *s)
{
	int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	/* Who waits there would be told of again and again. */
	if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS))
		s->paused = !epoll_ctl(s->epoll, EPOLL_CTL_DEL, s->listener, NULL);
	if (fd < 0)
		return;
	for (u32 i = 0; i < VIEWERS; i++) {
		if (s->viewer[i].fd >= 0)
			continue;
		if (watch(s, fd, i, EPOLLIN))
			break;
		s->viewer[i].fd = fd;
		s->viewers++;
		return;
	}
	s->dropped++;
	close(fd);
}

void server__resume(struct server *s)
{
	if (s->paused)
		s->paused = watch(s, s->listener, AT_LISTENER, EPOLLIN);
}

/* Whether the viewer may stay. */
static bool hear(struct server *s, u32 i)
{
	struct viewer *v = &s->viewer[i];
	size_t room;
	char *to = request__room(&v->request, &room);
	ssize_t n = read(v->fd, to, room);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (!request__take(&v->request, n, &s->wanted.pid[i]) || !n)
		return false;
	s->viewers -= v->request.asks;
	return true;
}

/* Whether the viewer may stay. */
static bool give(struct server *s, u32 i)
{
	struct viewer *v = &s->viewer[i];
	ssize_t n = send(v->fd, v->rest + v->at, v->size - v->at, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return false;
	v->at += n > 0 ? n : 0;
	if (v->at == v->size) {
		free(v->rest);
		v->rest = NULL;
	}
	watch(s, v->fd, i, v->rest ? EPOLLIN | EPOLLOUT : EPOLLIN);
	return true;
}

static void attend(struct server *s, u32 i, u32 events)
{
	struct viewer *v = &s->viewer[i];
	bool stays = true;

	if (v->fd < 0 || v->request.asks)
		return;
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		stays = hear(s, i);
	if (stays && v->rest && events & EPOLLOUT)
		stays = give(s, i);
	if (!stays)
		let_go(s, i);
}

/* They connect again. */
static void drop_all(struct server *s)
{
	s->dropped += s->viewers;
	for (u32 i = 0; i < VIEWERS; i++)
		if (s->viewer[i].fd >= 0)
			let_go(s, i);
}

/* Looks while somebody watches, and at no other time. */
static void look(struct server *s, struct session *session, const char *root)
{
	if (s->viewers && !s->collector) {
		if (collector__new(&s->collector, session, root)) {
			drop_all(s);
			return;
		}
		s->taken = 0;
		arm(s, true);
	} else if (!s->viewers && s->collector) {
		collector__free(s->collector);
		s->collector = NULL;
		arm(s, false);
	}
}

bool server__work(struct server *s, struct session *session, const char *root)
{
	struct epoll_event ev[VIEWERS];
	int n = epoll_wait(s->epoll, ev, VIEWERS, 0);
	bool due = false;
	u64 ticks;

	for (int i = 0; i < n; i++) {
		if (ev[i].data.u32 == AT_LISTENER)
			welcome(s);
		else if (ev[i].data.u32 == AT_TIMER)
			due = read(s->timer, &ticks, sizeof(ticks)) > 0;
		else
			attend(s, ev[i].data.u32, ev[i].events);
	}
	look(s, session, root);
	return s->collector && (due || !s->taken);
}

/* NULL: there is nothing to show of it. */
static struct delta *add(struct server *s, const struct delta *d)
{
	struct delta *sum;

	if (!s->collector || !s->taken)
		return NULL;
	if (!merge__add(&s->merge, d, &sum))
		return sum;
	merge__clear(s->merge);
	drop_all(s);
	return NULL;
}

void server__add(struct server *s, const struct delta *d)
{
	add(s, d);
}

void server__show(struct server *s, const struct delta *d)
{
	u64 now = d->settled ? d->settled : now_ns();
	struct delta *sum = add(s, d);
	struct frame *f;
	int err;

	err = sum ? collector__frame(s->collector, sum, now - s->taken, &s->wanted, &f) : 0;
	merge__clear(s->merge);
	/* What had come before somebody looked is in no frame. */
	s->taken = now;
	if (!sum || err)
		return;
	text__clear(&s->text);
	err = frame__write(&s->text, f);
	frame__free(f);
	free(f);
	for (u32 i = 0; i < VIEWERS && !err; i++) {
		struct viewer *v = &s->viewer[i];
		char *copy = NULL;

		if (v->fd < 0 || v->request.asks)
			continue;
		if (!v->rest)
			copy = malloc(s->text.size);
		if (!copy) {
			s->dropped++;
			let_go(s, i);
			continue;
		}
		memcpy(copy, s->text.data, s->text.size);
		v->rest = copy;
		v->at = 0;
		v->size = s->text.size;
		if (!give(s, i))
			let_go(s, i);
	}
}

bool server__request(const struct server *s, struct server_request *ret)
{
	struct ucred who;
	socklen_t size = sizeof(who);

	for (u32 i = 0; i < VIEWERS; i++) {
		if (!s->viewer[i].request.asks)
			continue;
		*ret = (struct server_request){.viewer = i, .uid = -1};
		if (!getsockopt(s->viewer[i].fd, SOL_SOCKET, SO_PEERCRED, &who, &size)) {
			ret->uid = who.uid;
			ret->pid = who.pid;
		}
		snprintf(ret->text, sizeof(ret->text), "%s", s->viewer[i].request.text + 4);
		return true;
	}
	return false;
}

void server__answer(struct server *s, const struct server_request *r, const char *text, size_t size)
{
	/* Short enough for any socket's room. */
	(void)!send(s->viewer[r->viewer].fd, text, size, MSG_NOSIGNAL);
	let_go(s, r->viewer);
}

void server__count(const struct server *s, u32 *viewers, u64 *dropped)
{
	*viewers = s->viewers;
	*dropped = s->dropped;
}
