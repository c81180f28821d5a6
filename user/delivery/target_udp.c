// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net.h"
#include "outage.h"
#include "target.h"

/* An Ethernet frame without IP's and UDP's headers, and some for tunnels. */
#define DATAGRAM_MAX 1432
/* A receiver's buffer holds some 90 of them (net.core.rmem_default), and nobody says when more are
 * dropped: short bursts, and time to read in between; 25,000 lines a second. */
#define BURST            8
#define BURST_MS         10
#define WRITE_TIMEOUT_MS 1000

struct udp {
	struct target t;
	char *host, *port, *name;
	struct net_address good;
	struct outage outage;
};

static int failed(struct udp *s, const char *what, const char *why, int err)
{
	if (s->t.fd >= 0)
		close(s->t.fd);
	s->t.fd = -1;
	if (err != -ECANCELED)
		outage__fail(&s->outage, what, why);
	return err;
}

static int connect_to(struct udp *s, int cancel_fd)
{
	char what[256];
	int gai_err, fd;

	fd = net__connect(s->host, s->port, SOCK_DGRAM, &s->good, &gai_err, cancel_fd);
	if (gai_err) {
		snprintf(what, sizeof(what), "cannot resolve %s: ", s->host);
		return failed(s, what,
			      gai_err == EAI_SYSTEM ? strerror(errno) : gai_strerror(gai_err), fd);
	}
	if (fd < 0)
		return failed(s, "", strerror(-fd), fd);
	s->t.fd = fd;
	s->t.connects++;
	return 0;
}

/* Of the whole lines from @data on that fit into one datagram; a line that does not is sent alone.
 */
static size_t datagram_size(const char *data, size_t size)
{
	const char *end;

	if (size <= DATAGRAM_MAX)
		return size;
	end = memrchr(data, '\n', DATAGRAM_MAX);
	if (!end)
		end = memchr(data, '\n', size);
	return end ? (size_t)(end - data) + 1 : size;
}

static int deliver(struct target *t, const void *data, size_t size, int cancel_fd)
{
	struct udp *s = (struct udp *)t;
	const char *p = data;
	int err = t->fd >= 0 ? 0 : connect_to(s, cancel_fd);

	if (err)
		return err;
	for (unsigned int n = 1; size; n++) {
		size_t part = datagram_size(p, size);

		/* A port that nobody has says so after the datagram before. */
		err = net__write(t->fd, p, part, cancel_fd, WRITE_TIMEOUT_MS);
		if (!err && n % BURST == 0 && net__wait(-1, 0, cancel_fd, BURST_MS) == -ECANCELED)
			err = -ECANCELED;
		if (err)
			return failed(s, "", strerror(-err), err);
		p += part;
		size -= part;
	}
	outage__end(&s->outage);
	return 0;
}

static void udp_free(struct target *t)
{
	struct udp *s = (struct udp *)t;

	if (t->fd >= 0)
		close(t->fd);
	free(s->host);
	free(s->port);
	free(s->name);
	free(s);
}

static const struct target_ops ops = {.deliver = deliver, .free = udp_free};

int target__udp(struct target **ret, const char *host, const char *port)
{
	struct udp *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->t = (struct target){.ops = &ops, .fd = -1};
	s->host = strdup(host);
	s->port = strdup(port);
	if (!s->host || !s->port ||
	    asprintf(&s->name, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port) < 0) {
		s->name = NULL;
		udp_free(&s->t);
		return -ENOMEM;
	}
	s->outage.name = s->name;
	s->outage.kept = "are lost";
	s->outage.back = "connected again";
	*ret = &s->t;
	return 0;
}
