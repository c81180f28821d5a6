// SPDX-License-Identifier: GPL-2.0-only
#include "exporter.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "prometheus.h"
#include "totals.h"

/* A scraper needs one connection for a moment. So long it may take to ask, and rest while it is
 * answered. */
#define CONNECTIONS 32
#define STALLED_S   5

/* Of a connection, which MHD closes only after the place was given back. */
struct place {
	bool taken, asked;
	int fd;
	u64 peer;
	u64 since_ns; /* when it came, or asked */
};

/*
 * Three copies: one that the thread formats from, the latest, and one to be filled. They change
 * places under the lock, so that neither side waits for the other's work.
 */
struct exporter {
	char *prefix;
	u32 schema; /* of text */
	struct MHD_Daemon *daemon;
	int fd; /* that it listens on */
	struct delta_copy copy[3];
	pthread_mutex_t lock;
	struct delta_copy *fill, *latest;
	bool fresh; /* latest was not seen by the thread */
	/* Under the lock too. */
	struct place place[CONNECTIONS];
	u32 taken;
	/* The thread's. */
	struct delta_copy *current;
	struct MHD_Response *response[EXPOSITIONS];
	u64 scrapes;
};

static void forget_responses(struct exporter *x)
{
	for (u32 i = 0; i < EXPOSITIONS; i++) {
		/* It lives on while it is being sent. */
		if (x->response[i])
			MHD_destroy_response(x->response[i]);
		x->response[i] = NULL;
	}
}

static void take_latest(struct exporter *x)
{
	bool fresh;

	pthread_mutex_lock(&x->lock);
	fresh = x->fresh;
	if (fresh) {
		struct delta_copy *old = x->current;

		x->current = x->latest;
		x->latest = old;
		x->fresh = false;
	}
	pthread_mutex_unlock(&x->lock);
	if (fresh)
		forget_responses(x);
}

static struct MHD_Response *response_of(struct exporter *x, enum exposition e)
{
	struct MHD_Response *r;
	struct text out = {};

	if (x->response[e])
		return x->response[e];
	exposition__format(&out, &x->current->delta, x->prefix, e, x->schema);
	r = out.err ? NULL
		    : MHD_create_response_from_buffer(out.size, out.data, MHD_RESPMEM_MUST_FREE);
	if (!r) {
		text__free(&out);
		return NULL;
	}
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, exposition_type[e]);
	MHD_add_response_header(r, MHD_HTTP_HEADER_VARY, "Accept");
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
	x->response[e] = r;
	return r;
}

/* Who may use one address of 127.0.0.0/8 may use all of them, and in IPv6 mostly all of a /64. */
static u64 peer_of(const struct sockaddr *from)
{
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)from)->sin6_addr;
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
	u64 network;
	u32 address;

	if (from->sa_family == AF_INET6 && !IN6_IS_ADDR_V4MAPPED(v6)) {
		memcpy(&network, v6, sizeof(network));
		return network;
	}
	address = ntohl(from->sa_family == AF_INET ? v4->sin_addr.s_addr : v6->s6_addr32[3]);
	return address >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET ? INADDR_LOOPBACK : address;
}

static struct place *take_place(struct exporter *x, struct MHD_Connection *c)
{
	struct place *p = x->place;

	/* There is one: MHD keeps to the limit. */
	while (p->taken)
		p++;
	*p = (struct place){
		.taken = true,
		.fd = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
		.peer = peer_of(MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
					->client_addr),
		.since_ns = now_ns()};
	x->taken++;
	return p;
}

static bool alike(const struct place *a, const struct place *b)
{
	return a->taken && b->taken && a->peer == b->peer && a->asked == b->asked;
}

/*
 * Whoever has the most connections that have not asked yet, or that are being answered, loses the
 * oldest of them. So one that holds many loses them before others lose theirs, and neither those
 * that only come nor those that do not read take all places from the other kind.
 */
static void make_room(struct exporter *x)
{
	struct place *oldest = x->place;
	u32 most = 0;

	for (u32 i = 0; i < CONNECTIONS; i++) {
		struct place *p = &x->place[i];
		u32 n = 0;

		for (u32 j = 0; j < CONNECTIONS; j++)
			n += alike(p, &x->place[j]);
		if (n > most || (n == most && p->since_ns < oldest->since_ns)) {
			most = n;
			oldest = p;
		}
	}
	/* Which MHD takes for its end. */
	shutdown(oldest->fd, SHUT_RDWR);
}

/* MHD's own limit of time begins again with each byte. Once a slot will do: nobody waits for it. */
static void end_overdue(struct exporter *x)
{
	u64 now = now_ns();

	for (u32 i = 0; i < CONNECTIONS; i++) {
		const struct place *p = &x->place[i];

		if (p->taken && !p->asked && now - p->since_ns > STALLED_S * 1000000000ULL)
			shutdown(p->fd, SHUT_RDWR);
	}
}

static void on_connection(void *ctx, struct MHD_Connection *c, void **place,
			  enum MHD_ConnectionNotificationCode code)
{
	struct exporter *x = ctx;

	pthread_mutex_lock(&x->lock);
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*place = take_place(x, c);
		/* One is free again before the next one comes. */
		if (x->taken == CONNECTIONS)
			make_room(x);
	} else {
		((struct place *)*place)->taken = false;
		x->taken--;
	}
	pthread_mutex_unlock(&x->lock);
}

static void note_question(struct exporter *x, struct MHD_Connection *c)
{
	struct place *p =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

	pthread_mutex_lock(&x->lock);
	p->asked = true;
	p->since_ns = now_ns();
	pthread_mutex_unlock(&x->lock);
}

static enum MHD_Result refuse(struct MHD_Connection *c, unsigned int status, const char *words)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(strlen(words), (void *)words,
								 MHD_RESPMEM_PERSISTENT);
	enum MHD_Result ret;

	if (!r)
		return MHD_NO;
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
	MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(r, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	ret = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return ret;
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *c, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *size, void **state)
{
	struct exporter *x = ctx;
	struct MHD_Response *r;

	(void)version;
	(void)data;
	(void)size;
	(void)state;
	note_question(x, c);
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return refuse(c, MHD_HTTP_METHOD_NOT_ALLOWED, "there is only GET\n");
	if (strcmp(url, "/metrics"))
		return refuse(c, MHD_HTTP_NOT_FOUND, "there is only /metrics\n");
	take_latest(x);
	r = response_of(x, exposition__choose(MHD_lookup_connection_value(c, MHD_HEADER_KIND,
									  MHD_HTTP_HEADER_ACCEPT)));
	if (!r)
		return refuse(c, MHD_HTTP_SERVICE_UNAVAILABLE, "out of memory\n");
	__atomic_fetch_add(&x->scrapes, 1, __ATOMIC_RELAXED);
	return MHD_queue_response(c, MHD_HTTP_OK, r);
}

static int bind_to(int fd, const char *address, u16 port)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};

	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
		return bind(fd, (struct sockaddr *)&v4, sizeof(v4));
	inet_pton(AF_INET6, address, &v6.sin6_addr);
	return bind(fd, (struct sockaddr *)&v6, sizeof(v6));
}

static int listen_on(const char *address, u16 port)
{
	int one = 1, err;
	int fd = socket(strchr(address, ':') ? AF_INET6 : AF_INET,
			SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	/* Those that find no room in its queue come again after a second at the earliest. */
	if (!bind_to(fd, address, port) && !listen(fd, SOMAXCONN))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

int exporter__new(struct exporter **ret, const struct exporter_opts *opts)
{
	int fd = listen_on(opts->address, opts->port);
	struct exporter *x;

	if (fd < 0)
		return fd;
	x = calloc(1, sizeof(*x));
	if (!x) {
		close(fd);
		return -ENOMEM;
	}
	x->prefix = strdup(opts->prefix);
	if (!x->prefix) {
		close(fd);
		free(x);
		return -ENOMEM;
	}
	x->schema = opts->schema;
	x->fd = fd;
	pthread_mutex_init(&x->lock, NULL);
	x->current = &x->copy[0];
	x->latest = &x->copy[1];
	x->fill = &x->copy[2];
	*ret = x;
	return 0;
}

int exporter__start(struct exporter *x)
{
	if (x->daemon)
		return 0;
	x->daemon = MHD_start_daemon(
		MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, on_request, x,
		MHD_OPTION_LISTEN_SOCKET, x->fd, MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, STALLED_S, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, x, MHD_OPTION_END);
	return x->daemon ? 0 : -ENOMEM;
}

void exporter__free(struct exporter *x)
{
	if (!x)
		return;
	/* Which closes what it listens on. */
	if (x->daemon)
		MHD_stop_daemon(x->daemon);
	else
		close(x->fd);
	forget_responses(x);
	for (u32 i = 0; i < 3; i++)
		delta__copy_free(&x->copy[i]);
	pthread_mutex_destroy(&x->lock);
	free(x->prefix);
	free(x);
}

int exporter__put(struct exporter *x, const struct delta *totals)
{
	struct delta_copy *filled = x->fill;
	int err = delta__copy(filled, totals);

	if (err)
		return err;
	pthread_mutex_lock(&x->lock);
	x->fill = x->latest;
	x->latest = filled;
	x->fresh = true;
	end_overdue(x);
	pthread_mutex_unlock(&x->lock);
	return 0;
}

u64 exporter__scrapes(const struct exporter *x)
{
	return __atomic_load_n(&x->scrapes, __ATOMIC_RELAXED);
}
