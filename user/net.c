// SPDX-License-Identifier: GPL-2.0-only
#include "net.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "log.h"

#define SEC_NS         UINT64_C(1000000000)
#define BACKOFF_MIN_NS (SEC_NS / 2)
#define BACKOFF_MAX_NS (30 * SEC_NS)
/* A proxy without a backend accepts and hangs up: a connection is on trial for this long. */
#define SETTLE_NS          SEC_NS
#define CONNECT_TIMEOUT_MS 5000
#define USER_TIMEOUT_MS    10000
#define SEND_BUFFER        65536
#define FOREVER            (-1)

struct net_link {
	char *host, *port, *name;
	size_t kept_bytes;
	/* The last address that worked, for when the resolver is gone. */
	struct sockaddr_storage good;
	socklen_t good_len;
	int fd; /* -1: not connected */
	uint64_t connected_ns, retry_ns, backoff_ns;
	uint64_t down_ns; /* start of the outage, 0: none */
};

uint64_t net__now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SEC_NS + ts.tv_nsec;
}

int net_link__new(struct net_link **ret, const char *host, const char *port, size_t kept_bytes)
{
	size_t name_size = strlen(host) + strlen(port) + sizeof("[]:");
	struct net_link *l = calloc(1, sizeof(*l));

	if (!l)
		return -ENOMEM;
	l->fd = -1;
	l->backoff_ns = BACKOFF_MIN_NS;
	l->kept_bytes = kept_bytes;
	l->host = strdup(host);
	l->port = strdup(port);
	l->name = malloc(name_size);
	if (!l->host || !l->port || !l->name) {
		net_link__free(l);
		return -ENOMEM;
	}
	snprintf(l->name, name_size, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
	*ret = l;
	return 0;
}

void net_link__free(struct net_link *l)
{
	if (!l)
		return;
	if (l->fd >= 0)
		close(l->fd);
	free(l->host);
	free(l->port);
	free(l->name);
	free(l);
}

bool net_link__connected(const struct net_link *l)
{
	return l->fd >= 0;
}

uint64_t net_link__due_ns(const struct net_link *l)
{
	if (l->fd < 0)
		return l->retry_ns;
	return l->down_ns ? l->connected_ns + SETTLE_NS : NET_NEVER;
}

void net_link__hurry(struct net_link *l)
{
	l->retry_ns = 0;
	l->backoff_ns = BACKOFF_MIN_NS;
}

static void broken(struct net_link *l, const char *what, const char *why)
{
	uint64_t now = net__now_ns();
	uint32_t random = 0;

	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	if (!l->down_ns) {
		l->down_ns = now;
		log_warn("%s: %s%c%s; metrics wait in memory (up to %zu bytes kept), retrying",
			 l->name, what, tolower((unsigned char)why[0]), why + 1, l->kept_bytes);
	}
	/* 75 to 125 %, so that hosts that lost the same receiver do not come back together. */
	getrandom(&random, sizeof(random), GRND_NONBLOCK);
	l->retry_ns = now + l->backoff_ns / 100 * (75 + random % 51);
	l->backoff_ns = l->backoff_ns * 2 < BACKOFF_MAX_NS ? l->backoff_ns * 2 : BACKOFF_MAX_NS;
}

/* Passes @err on. */
static int result(struct net_link *l, int err)
{
	if (err && err != -ECANCELED)
		broken(l, "", strerror(-err));
	return err;
}

static void recovered(struct net_link *l)
{
	if (l->down_ns)
		log_info("%s: connected again after %.0f s", l->name,
			 (double)(l->connected_ns - l->down_ns) / SEC_NS);
	l->down_ns = 0;
	l->backoff_ns = BACKOFF_MIN_NS;
}

/* 0 when @fd has one of @events or an error, -ETIMEDOUT, -ECANCELED. */
static int wait_for(int fd, short events, int cancel_fd, int timeout_ms)
{
	struct pollfd p[] = {{.fd = cancel_fd, .events = POLLIN}, {.fd = fd, .events = events}};
	int n;

	do
		n = poll(p, 2, timeout_ms);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	if (p[0].revents)
		return -ECANCELED;
	return n ? 0 : -ETIMEDOUT;
}

static void set_options(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		/* What the kernel holds is lost when the receiver dies: hold little. */
		{SOL_SOCKET, SO_SNDBUF, SEND_BUFFER},
		{SOL_SOCKET, SO_KEEPALIVE, 1},
		{IPPROTO_TCP, TCP_KEEPIDLE, 30},
		{IPPROTO_TCP, TCP_KEEPINTVL, 10},
		/* Keepalive does not notice a dead path while data is unacknowledged; this does. */
		{IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS},
		{IPPROTO_TCP, TCP_NODELAY, 1},
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof(int));
}

/*
 * A connect to a local port in the ephemeral range with no listener may get that very port as its
 * source, and TCP then connects the socket to itself.
 */
static bool is_self_connected(int fd)
{
	struct sockaddr_storage a = {0}, b = {0};
	socklen_t a_len = sizeof(a), b_len = sizeof(b);

	return !getsockname(fd, (struct sockaddr *)&a, &a_len) &&
	       !getpeername(fd, (struct sockaddr *)&b, &b_len) && a_len == b_len &&
	       !memcmp(&a, &b, a_len);
}

static int finish_connect(int fd, int cancel_fd)
{
	int err = wait_for(fd, POLLOUT, cancel_fd, CONNECT_TIMEOUT_MS);
	socklen_t len = sizeof(err);

	if (err)
		return err;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len))
		return -errno;
	if (err)
		return -err;
	return is_self_connected(fd) ? -ECONNREFUSED : 0;
}

/* Returns a socket or -errno. */
static int connect_to(const struct sockaddr *addr, socklen_t len, int cancel_fd)
{
	int err = 0, fd = socket(addr->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	set_options(fd);
	if (connect(fd, addr, len) && errno != EINPROGRESS && errno != EINTR)
		err = -errno;
	else
		err = finish_connect(fd, cancel_fd);
	if (!err)
		return fd;
	close(fd);
	return err;
}

static int connect_any(struct net_link *l, const struct addrinfo *list, int cancel_fd)
{
	int fd = -EADDRNOTAVAIL;

	for (; list && fd < 0 && fd != -ECANCELED; list = list->ai_next) {
		fd = connect_to(list->ai_addr, list->ai_addrlen, cancel_fd);
		if (fd < 0)
			continue;
		memcpy(&l->good, list->ai_addr, list->ai_addrlen);
		l->good_len = list->ai_addrlen;
	}
	return fd;
}

static int unresolved(struct net_link *l, int gai_err)
{
	char what[256];

	snprintf(what, sizeof(what), "cannot resolve %s: ", l->host);
	broken(l, what, gai_err == EAI_SYSTEM ? strerror(errno) : gai_strerror(gai_err));
	return -EADDRNOTAVAIL;
}

int net_link__connect(struct net_link *l, int cancel_fd)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	int gai_err = getaddrinfo(l->host, l->port, &hints, &list), fd;

	/* Whoever gave up on us meanwhile wants no message either. */
	if (wait_for(-1, 0, cancel_fd, 0) == -ECANCELED)
		fd = -ECANCELED;
	else if (!gai_err)
		fd = connect_any(l, list, cancel_fd);
	else if (l->good_len)
		fd = connect_to((struct sockaddr *)&l->good, l->good_len, cancel_fd);
	else
		return unresolved(l, gai_err);
	if (!gai_err)
		freeaddrinfo(list);
	if (fd < 0)
		return result(l, fd);
	l->fd = fd;
	l->connected_ns = net__now_ns();
	return 0;
}

int net_link__check(struct net_link *l)
{
	char ignored[4096];
	ssize_t n;

	/* Bounded, so that a receiver that talks without end cannot keep us here. */
	for (int i = 0; i < 64; i++) {
		n = recv(l->fd, ignored, sizeof(ignored), MSG_DONTWAIT);
		if (n == 0) {
			broken(l, "", "connection closed by the receiver");
			return -EPIPE;
		}
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0 && errno != EINTR)
			return result(l, -errno);
	}
	if (net__now_ns() >= net_link__due_ns(l))
		recovered(l);
	return 0;
}

int net__write(int fd, const void *data, size_t size, int cancel_fd)
{
	const char *p = data;

	while (size) {
		int err = wait_for(fd, POLLOUT, cancel_fd, FOREVER);
		ssize_t n;

		if (err)
			return err;
		n = send(fd, p, size, MSG_NOSIGNAL | MSG_DONTWAIT);
		/* A blocking pipe that polls as writable takes this much without blocking. */
		if (n < 0 && errno == ENOTSOCK)
			n = write(fd, p, size < PIPE_BUF ? size : PIPE_BUF);
		if (n == 0)
			return -EIO;
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		if (n > 0) {
			p += n;
			size -= n;
		}
	}
	return 0;
}

int net_link__write(struct net_link *l, const void *data, size_t size, int cancel_fd)
{
	return result(l, net__write(l->fd, data, size, cancel_fd));
}

int net_link__finish(struct net_link *l, int cancel_fd)
{
	char ignored[4096];
	ssize_t n = 1;

	if (shutdown(l->fd, SHUT_WR))
		return result(l, -errno);
	while (n) {
		int err = wait_for(l->fd, POLLIN, cancel_fd, FOREVER);

		if (err)
			return result(l, err);
		n = recv(l->fd, ignored, sizeof(ignored), MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return result(l, -errno);
	}
	recovered(l);
	return 0;
}
