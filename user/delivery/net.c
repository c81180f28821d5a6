// SPDX-License-Identifier: GPL-2.0-only
#include "net.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SEC_NS             UINT64_C(1000000000)
#define CONNECT_TIMEOUT_MS 5000
#define USER_TIMEOUT_MS    10000
#define SEND_BUFFER        65536

uint64_t net__now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * SEC_NS + ts.tv_nsec;
}

int net__wait(int fd, short events, int cancel_fd, int timeout_ms)
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

int net__write(int fd, const void *data, size_t size, int cancel_fd, int timeout_ms)
{
	const char *p = data;

	while (size) {
		int err = net__wait(fd, POLLOUT, cancel_fd, timeout_ms);
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
	int err = net__wait(fd, POLLOUT, cancel_fd, CONNECT_TIMEOUT_MS);
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
static int connect_to(const struct sockaddr *addr, socklen_t len, int type, int cancel_fd)
{
	int err = 0, fd = socket(addr->sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (type == SOCK_STREAM)
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

static int connect_any(const struct addrinfo *list, int type, struct net_address *good,
		       int cancel_fd)
{
	int fd = -EADDRNOTAVAIL;

	for (; list && fd < 0 && fd != -ECANCELED; list = list->ai_next) {
		fd = connect_to(list->ai_addr, list->ai_addrlen, type, cancel_fd);
		if (fd < 0)
			continue;
		memcpy(&good->addr, list->ai_addr, list->ai_addrlen);
		good->len = list->ai_addrlen;
	}
	return fd;
}

int net__connect(const char *host, const char *port, int type, struct net_address *good,
		 int *gai_err, int cancel_fd)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = type};
	struct addrinfo *list = NULL;
	int err = getaddrinfo(host, port, &hints, &list), fd;

	*gai_err = 0;
	/* Whoever gave up on us meanwhile wants no message either. */
	if (net__wait(-1, 0, cancel_fd, 0) == -ECANCELED) {
		fd = -ECANCELED;
	} else if (!err) {
		fd = connect_any(list, type, good, cancel_fd);
	} else if (good->len) {
		fd = connect_to((struct sockaddr *)&good->addr, good->len, type, cancel_fd);
	} else {
		*gai_err = err;
		fd = -EADDRNOTAVAIL;
	}
	if (!err)
		freeaddrinfo(list);
	return fd;
}
