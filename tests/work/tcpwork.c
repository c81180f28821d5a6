/* SPDX-License-Identifier: GPL-2.0-only */
/* tcpwork server|client [OPTION]... */
/*
 * both:
 *   -a ADDRESS  IPv4 or IPv6, 127.0.0.1 by default
 *   -p PORT     a server without one takes a free one
 *   -n N        exactly so many connections; at the client, attempts
 *   -B BYTES    of each connection
 *   -s          sink: the client only sends, the server only receives
 *   -r          closes by reset (SO_LINGER 0); a server does so once it has had BYTES
 * server:
 *   -D MS       accepts so long after the connection is seen to wait
 *   -b BACKLOG
 * client:
 *   -t THREADS
 *   -c CHUNK    bytes per send, each echoed before the next
 *   -i N        ping-pong of one byte: -B N -c 1
 *   -N          non-blocking connect
 *   -T MS       non-blocking connect, given up after so long
 *   -S N        TCP_SYNCNT, so that the kernel gives up sooner (1: after about 3 s)
 *   -w          waits for a line before the first connect, and for another before the last close
 *
 * The server says its port first, and its totals when its connections are over.
 */
#include "work.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>

#define MAX_CHUNK (64 * 1024)
#define MAX_ERRNO 4096

static struct sockaddr_storage address;
static socklen_t address_len;
static uint64_t connections = 1, threads = 1, bytes, chunk = MAX_CHUNK, backlog = 4096;
static uint64_t port, iterations, delay_ms, timeout_ms, syncnt;
static bool sink, reset, nonblock, wait_lines;

static _Atomic uint64_t bytes_in, bytes_out, resets, resets_received, abandoned;
static _Atomic uint64_t taken, connected, errors[MAX_ERRNO];

/* The shortest, longest and total of what the program times by its own clock. */
struct span {
	uint64_t min, max, sum;
};

static struct span span = {.min = UINT64_MAX};
static pthread_mutex_t span_lock = PTHREAD_MUTEX_INITIALIZER;
static struct tcp_info last_info;
static uint64_t retransmits;
static int held = -1;

static void span_add(uint64_t ns)
{
	pthread_mutex_lock(&span_lock);
	span.sum += ns;
	if (ns < span.min)
		span.min = ns;
	if (ns > span.max)
		span.max = ns;
	pthread_mutex_unlock(&span_lock);
}

static void line_add_span(struct line *line, const char *what)
{
	if (span.min > span.max)
		return;
	line_add(line, " %s_min_us=%" PRIu64 " %s_max_us=%" PRIu64 " %s_sum_us=%" PRIu64, what,
		 span.min / NS_PER_US, what, span.max / NS_PER_US, what, span.sum / NS_PER_US);
}

static void set_address(const char *text)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		address.ss_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		address_len = sizeof(*v4);
	} else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		address.ss_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)port);
		address_len = sizeof(*v6);
	} else {
		errx(2, "not an address: %s", text);
	}
}

static void set_option(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof(value)))
		err(1, "setsockopt");
}

static void close_connection(int fd)
{
	struct linger abort = {.l_onoff = 1, .l_linger = 0};

	if (reset) {
		if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort, sizeof(abort)))
			err(1, "SO_LINGER");
		resets++;
	}
	close(fd);
}

/* What recv returns, but 0 also where the peer reset the connection, which is counted. */
static size_t receive(int fd, char *buf, size_t len)
{
	ssize_t n = recv(fd, buf, len, 0);

	if (n < 0 && errno != ECONNRESET)
		err(1, "recv");
	if (n < 0) {
		resets_received++;
		return 0;
	}
	bytes_in += (uint64_t)n;
	return (size_t)n;
}

static void send_all(int fd, const char *buf, size_t len)
{
	while (len) {
		ssize_t n = send(fd, buf, len, MSG_NOSIGNAL);

		if (n < 0)
			err(1, "send");
		bytes_out += (uint64_t)n;
		buf += n;
		len -= (size_t)n;
	}
}

static void serve(int fd)
{
	static char buf[MAX_CHUNK];
	size_t n;

	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	/* With -r the server does not wait for the peer's end: it resets once the bytes that are
	 * due have been. */
	for (uint64_t left = bytes; !reset || left; left -= n < left ? n : left) {
		n = receive(fd, buf, sizeof(buf));
		if (!n)
			break;
		if (!sink)
			send_all(fd, buf, n);
	}
	close_connection(fd);
}

static int listen_socket(void)
{
	int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(1, "socket");
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(fd, (struct sockaddr *)&address, address_len) || listen(fd, (int)backlog))
		err(1, "bind, listen");
	if (getsockname(fd, (struct sockaddr *)&address, &address_len))
		err(1, "getsockname");
	return fd;
}

static void run_server(void)
{
	struct line line = {.len = 0};
	int listener = listen_socket();

	/* The port is at the same place for both families. */
	line_add(&line, "port=%d pid=%d", ntohs(((struct sockaddr_in *)&address)->sin_port),
		 getpid());
	say(&line);
	for (uint64_t i = 0; i < connections; i++) {
		struct pollfd waiting = {.fd = listener, .events = POLLIN};
		uint64_t seen;
		int fd;

		if (poll(&waiting, 1, -1) != 1)
			err(1, "poll");
		seen = now_ns();
		if (delay_ms)
			sleep_until(seen + delay_ms * NS_PER_MS);
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			err(1, "accept4");
		span_add(now_ns() - seen);
		serve(fd);
	}
	line_add(&line, "pid=%d accepted=%" PRIu64 " bytes_in=%" PRIu64 " bytes_out=%" PRIu64,
		 getpid(), connections, bytes_in, bytes_out);
	line_add(&line, " resets=%" PRIu64 " resets_received=%" PRIu64, resets, resets_received);
	line_add_span(&line, "accept_wait");
	say(&line);
}

/* The end of a connect that goes on: 0, an errno, or -1 when the time to wait for it is over. */
static int finish_connect(int fd)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLOUT};
	int error, n = poll(&pollfd, 1, timeout_ms ? (int)timeout_ms : -1);
	socklen_t len = sizeof(error);

	if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len))
		err(1, "connect");
	return n ? error : -1;
}

/* A connected socket, or -1 with the failure counted. */
static int connect_one(void)
{
	int fd = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), error = 0;
	uint64_t begin;

	if (fd < 0)
		err(1, "socket");
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	if (syncnt)
		set_option(fd, IPPROTO_TCP, TCP_SYNCNT, (int)syncnt);
	if (nonblock && fcntl(fd, F_SETFL, O_NONBLOCK))
		err(1, "O_NONBLOCK");
	begin = now_ns();
	if (connect(fd, (struct sockaddr *)&address, address_len))
		error = errno == EINPROGRESS ? finish_connect(fd) : errno;
	span_add(now_ns() - begin);
	if (!error) {
		connected++;
		if (nonblock && fcntl(fd, F_SETFL, 0))
			err(1, "O_NONBLOCK");
		return fd;
	}
	if (error < 0)
		abandoned++;
	else
		errors[error]++;
	close(fd);
	return -1;
}

static void talk(int fd)
{
	static __thread char out[MAX_CHUNK], in[MAX_CHUNK];

	for (uint64_t left = bytes; left;) {
		size_t len = left < chunk ? left : chunk;

		send_all(fd, out, len);
		left -= len;
		for (size_t n; !sink && len; len -= n) {
			n = receive(fd, in, len);
			if (!n)
				return;
		}
	}
	/* The server's end says that it has all bytes. After it nothing would be left to reset. */
	if (sink && !reset) {
		shutdown(fd, SHUT_WR);
		while (receive(fd, in, sizeof(in)))
			;
	}
}

static void look_at(int fd)
{
	socklen_t len = sizeof(last_info);

	pthread_mutex_lock(&span_lock);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &last_info, &len))
		err(1, "TCP_INFO");
	retransmits += last_info.tcpi_total_retrans;
	pthread_mutex_unlock(&span_lock);
}

static void *client_main(void *arg)
{
	uint64_t i;

	while ((i = taken++) < connections) {
		int fd = connect_one();

		if (fd < 0)
			continue;
		talk(fd);
		look_at(fd);
		if (wait_lines && i == connections - 1)
			held = fd;
		else
			close_connection(fd);
	}
	return arg;
}

static void report_client(void)
{
	struct line line = {.len = 0};
	uint64_t failures = abandoned;

	line_add(&line, "pid=%d connects=%" PRIu64 " abandoned=%" PRIu64, getpid(), connected,
		 abandoned);
	for (int i = 1; i < MAX_ERRNO; i++) {
		if (errors[i])
			line_add(&line, " %s=%" PRIu64, strerrorname_np(i), errors[i]);
		failures += errors[i];
	}
	line_add(&line, " failures=%" PRIu64 " bytes_in=%" PRIu64 " bytes_out=%" PRIu64, failures,
		 bytes_in, bytes_out);
	/* One that is held is closed the same way later. */
	line_add(&line, " resets=%" PRIu64 " resets_received=%" PRIu64,
		 resets + (reset && held >= 0), resets_received);
	if (connected)
		line_add(&line, " rtt_us=%u rttvar_us=%u min_rtt_us=%u retransmits=%" PRIu64,
			 last_info.tcpi_rtt, last_info.tcpi_rttvar, last_info.tcpi_min_rtt,
			 retransmits);
	line_add_span(&line, "connect");
	say(&line);
}

static void run_client(void)
{
	pthread_t ids[threads];

	if (wait_lines)
		ready_gate();
	for (uint64_t i = 0; i < threads; i++) {
		errno = pthread_create(&ids[i], NULL, client_main, NULL);
		if (errno)
			err(1, "pthread_create");
	}
	for (uint64_t i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
	report_client();
	if (wait_lines)
		gate();
	if (held >= 0)
		close_connection(held);
}

static const struct option {
	int letter;
	uint64_t *number;
	bool *flag;
} options[] = {
	{'p', &port, NULL},     {'n', &connections, NULL}, {'B', &bytes, NULL},
	{'D', &delay_ms, NULL}, {'b', &backlog, NULL},     {'t', &threads, NULL},
	{'c', &chunk, NULL},    {'i', &iterations, NULL},  {'T', &timeout_ms, NULL},
	{'S', &syncnt, NULL},   {'s', NULL, &sink},        {'r', NULL, &reset},
	{'N', NULL, &nonblock}, {'w', NULL, &wait_lines},
};

static void parse(int argc, char **argv)
{
	const char *host = "127.0.0.1";
	int c;

	while ((c = getopt(argc, argv, "a:p:n:B:D:b:t:c:i:T:S:srNw")) != -1) {
		if (c == '?')
			exit(2);
		if (c == 'a')
			host = optarg;
		for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++) {
			if (options[i].letter != c)
				continue;
			if (options[i].flag)
				*options[i].flag = true;
			else
				*options[i].number = number(optarg);
		}
	}
	if (iterations) {
		bytes = iterations;
		chunk = 1;
	}
	nonblock = nonblock || timeout_ms;
	if (port > UINT16_MAX || !threads || threads > 256 || !chunk || chunk > MAX_CHUNK)
		errx(2, "a number out of range");
	set_address(host);
}

int main(int argc, char **argv)
{
	bool server = argc > 1 && !strcmp(argv[1], "server");

	if (!server && (argc < 2 || strcmp(argv[1], "client")))
		errx(2, "usage: tcpwork server|client [OPTION]...");
	parse(argc - 1, argv + 1);
	if (server)
		run_server();
	else
		run_client();
	return 0;
}
