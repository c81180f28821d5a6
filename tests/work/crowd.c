/* SPDX-License-Identifier: GPL-2.0-only */
/* crowd server N | client PORT N */
/*
 * N connections over 127.0.0.1 that are all open at once. The server says its port, accepts them,
 * sends each a byte and waits for the end of each; the client makes the next one when the byte of
 * the last has come, says ready, and closes them at a line on standard input.
 */
#include "work.h"

#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>

/* Descriptors that are no connections. */
#define SPARE 16

static struct sockaddr_in address = {.sin_family = AF_INET};

/* All that may be had; the hard limit is not ours. */
static uint64_t raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		err(1, "getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "setrlimit");
	return limit.rlim_cur;
}

static void set_up(uint64_t port, uint64_t n)
{
	uint64_t limit = raise_limit();

	if (port > UINT16_MAX)
		errx(2, "not a port: %" PRIu64, port);
	if (n + SPARE > limit)
		errx(1, "%" PRIu64 " descriptors are the limit", limit);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t)port);
}

static int *new_table(uint64_t n)
{
	int *fds = calloc(n, sizeof(*fds));

	if (!fds)
		err(1, "calloc");
	return fds;
}

static int tcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

static void serve(uint64_t n)
{
	int listener = tcp_socket(), *fds = new_table(n);
	socklen_t len = sizeof(address);
	struct line line = {.len = 0};
	char byte;

	if (bind(listener, (struct sockaddr *)&address, len) || listen(listener, SOMAXCONN) ||
	    getsockname(listener, (struct sockaddr *)&address, &len))
		err(1, "listen");
	line_add(&line, "port=%d pid=%d", ntohs(address.sin_port), getpid());
	say(&line);
	for (uint64_t i = 0; i < n; i++) {
		fds[i] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		if (fds[i] < 0)
			err(1, "accept4");
		put_byte(fds[i]);
	}
	for (uint64_t i = 0; i < n; i++) {
		if (get_byte(fds[i], &byte))
			errx(1, "a client spoke");
		close(fds[i]);
	}
	line_add(&line, "pid=%d accepted=%" PRIu64, getpid(), n);
	say(&line);
}

static void connect_all(uint64_t n)
{
	struct line line = {.len = 0};
	int *fds = new_table(n);

	for (uint64_t i = 0; i < n; i++) {
		fds[i] = tcp_socket();
		if (connect(fds[i], (struct sockaddr *)&address, sizeof(address)))
			err(1, "connect");
		get_bytes(fds[i], 1);
	}
	line_add(&line, "ready pid=%d open=%" PRIu64, getpid(), n);
	say(&line);
	gate();
	for (uint64_t i = 0; i < n; i++)
		close(fds[i]);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "server")) {
		set_up(0, number(argv[2]));
		serve(number(argv[2]));
	} else if (argc == 4 && !strcmp(argv[1], "client")) {
		set_up(number(argv[2]), number(argv[3]));
		connect_all(number(argv[3]));
	} else {
		errx(2, "usage: crowd server N | client PORT N");
	}
	return 0;
}
