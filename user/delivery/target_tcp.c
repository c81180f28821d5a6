// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"
#include "outage.h"
#include "target.h"

/* Without any progress; a path that is dead is noticed before by TCP_USER_TIMEOUT. */
#define WRITE_TIMEOUT_MS 10000
/* A receiver that makes many new series takes its time to close. */
#define ACK_TIMEOUT_MS 30000
/* Bytes on a connection. Receivers of lines say nothing, or a word; one that goes on would keep a
 * CPU busy. */
#define SAID_MAX 65536

struct tcp {
	struct target t;
	char *host, *port, *name, *kept;
	struct net_address good;
	struct outage outage;
	size_t said;  /* by the receiver, on this connection */
	bool retried; /* an idle connection ended since the last batch that was taken */
};

static void hang_up(struct tcp *s)
{
	if (s->t.fd >= 0)
		close(s->t.fd);
	s->t.fd = -1;
}

static int failed(struct tcp *s, const char *what, const char *why, int err)
{
	hang_up(s);
	if (err != -ECANCELED)
		outage__fail(&s->outage, what, why);
	s->t.due_ns = s->outage.retry_ns;
	return err;
}

static int failed_with(struct tcp *s, int err)
{
	return failed(s, "", strerror(-err), err);
}

static int connect_to(struct tcp *s, int cancel_fd)
{
	char what[256];
	int gai_err, fd;

	fd = net__connect(s->host, s->port, SOCK_STREAM, &s->good, &gai_err, cancel_fd);
	if (gai_err) {
		snprintf(what, sizeof(what), "cannot resolve %s: ", s->host);
		return failed(s, what,
			      gai_err == EAI_SYSTEM ? strerror(errno) : gai_strerror(gai_err), fd);
	}
	if (fd < 0)
		return failed_with(s, fd);
	s->t.fd = fd;
	s->said = 0;
	s->t.connects++;
	return 0;
}

/* Discards some of what the receiver says: > 0; 0: it has closed; or -errno, -EAGAIN if it says
 * nothing. */
static ssize_t ignore(struct tcp *s)
{
	char ignored[4096];
	ssize_t n;

	do
		n = recv(s->t.fd, ignored, sizeof(ignored), MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	s->said += n;
	return s->said > SAID_MAX ? -EMSGSIZE : n;
}

static int failed_reading(struct tcp *s, int err)
{
	return failed(s, "",
		      err == -EMSGSIZE ? "says more than a receiver of lines has to say"
				       : strerror(-err),
		      err);
}

/*
 * Whether the receiver is still there. Relays hang up on whoever is idle, and receivers are
 * restarted: once, that is no reason to complain.
 */
static int check(struct tcp *s)
{
	ssize_t n;

	do
		n = ignore(s);
	while (n > 0);
	if (n == -EAGAIN)
		return 0;
	if (n == -EMSGSIZE)
		return failed_reading(s, n);
	n = n ? n : -EPIPE;
	if (s->retried)
		return failed(s, "", "connection closed by the receiver", n);
	s->retried = true;
	hang_up(s);
	return n;
}

/*
 * A peer that closed before it had read our end has not read everything: the connection is not at
 * its end then, or ended with an error.
 */
static bool was_read(int fd)
{
	struct tcp_info info = {};
	socklen_t info_len = sizeof(info), err_len = sizeof(int);
	int err = 0;

	return !getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &info_len) &&
	       !getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &err_len) && !err &&
	       info.tcpi_state == TCP_CLOSE;
}

/* Half-closes and waits until the peer, having read everything, closes as well. */
static int finish(struct tcp *s, int cancel_fd)
{
	uint64_t end = net__now_ns() + ACK_TIMEOUT_MS * 1000000ULL;
	ssize_t n = 1;

	/* ENOTCONN: there was a reset already. */
	if (shutdown(s->t.fd, SHUT_WR))
		return failed(s, "", "connection closed by the receiver", -errno);
	while (n) {
		/* One limit for all of it: a word now and then does not keep us here. */
		uint64_t now = net__now_ns();
		int err = -ETIMEDOUT;

		if (now < end)
			err = net__wait(s->t.fd, POLLIN, cancel_fd, (end - now) / 1000000);
		if (err == -ETIMEDOUT)
			return failed(s, "", "does not answer to the end of a connection", err);
		if (err)
			return failed_with(s, err);
		n = ignore(s);
		if (n < 0 && n != -EAGAIN)
			return failed_reading(s, n);
	}
	if (!was_read(s->t.fd))
		return failed(s, "", "connection closed by the receiver", -EPIPE);
	return 0;
}

static int idle(struct target *t, int cancel_fd)
{
	struct tcp *s = (struct tcp *)t;

	return t->fd >= 0 ? check(s) : connect_to(s, cancel_fd);
}

static int deliver(struct target *t, const void *data, size_t size, int cancel_fd)
{
	struct tcp *s = (struct tcp *)t;
	int err = idle(t, cancel_fd);

	if (err)
		return err;
	err = net__write(t->fd, data, size, cancel_fd, WRITE_TIMEOUT_MS);
	if (err)
		return failed_with(s, err);
	err = finish(s, cancel_fd);
	if (err)
		return err;
	hang_up(s);
	outage__end(&s->outage);
	t->due_ns = 0;
	s->retried = false;
	return 0;
}

static void tcp_free(struct target *t)
{
	struct tcp *s = (struct tcp *)t;

	hang_up(s);
	free(s->host);
	free(s->port);
	free(s->name);
	free(s->kept);
	free(s);
}

static const struct target_ops ops = {
	.deliver = deliver, .idle = idle, .free = tcp_free, .retry = true, .resend = true};

int target__tcp(struct target **ret, const char *host, const char *port, const char *kept)
{
	struct tcp *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->t = (struct target){.ops = &ops, .fd = -1};
	s->host = strdup(host);
	s->port = strdup(port);
	s->kept = strdup(kept);
	if (!s->host || !s->port || !s->kept ||
	    asprintf(&s->name, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port) < 0) {
		s->name = NULL;
		tcp_free(&s->t);
		return -ENOMEM;
	}
	s->outage.name = s->name;
	s->outage.kept = s->kept;
	s->outage.back = "connected again";
	*ret = &s->t;
	return 0;
}
