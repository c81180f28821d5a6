/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unixcat [-n LINES] [-s] SOCKET: sends standard input there, and prints what comes back, LINES
 * lines at most. -s: reads nothing at all, with little room for what comes, until the other side
 * ends it.
 */
#include "work.h"

#include <getopt.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

static int connect_to(const char *path, bool small)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), bytes = 4096;

	if (strlen(path) >= sizeof(addr.sun_path))
		errx(2, "%s: too long", path);
	memcpy(addr.sun_path, path, strlen(path));
	if (fd < 0 || (small && setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes))) ||
	    connect(fd, (void *)&addr, sizeof(addr)))
		err(1, "%s", path);
	return fd;
}

static void send_input(int fd)
{
	char buf[65536];
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) > 0)
		/* Whoever is not wanted is not heard to the end. */
		if (send(fd, buf, (size_t)n, MSG_NOSIGNAL) < 0)
			return;
}

int main(int argc, char **argv)
{
	uint64_t lines = UINT64_MAX;
	bool stall = false;
	char c;
	int opt, fd;

	while ((opt = getopt(argc, argv, "n:s")) != -1) {
		if (opt == 'n')
			lines = number(optarg);
		else if (opt == 's')
			stall = true;
		else
			return 2;
	}
	if (optind != argc - 1)
		errx(2, "usage: unixcat [-n LINES] [-s] SOCKET");
	fd = connect_to(argv[optind], stall);
	send_input(fd);
	if (stall) {
		struct pollfd p = {.fd = fd, .events = POLLRDHUP};

		poll(&p, 1, -1);
		return 0;
	}
	while (lines && read(fd, &c, 1) == 1) {
		if (putchar(c) == EOF)
			err(1, "standard output");
		lines -= c == '\n';
	}
	return 0;
}
