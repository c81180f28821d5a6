/* SPDX-License-Identifier: GPL-2.0-only */
/* reuse N: N sockets that are accepted by a call of the 32-bit table, disconnected, and listen, all
 * at the same time. */
#include "work.h"

#include <netinet/in.h>
#include <sys/socket.h>

/* accept4(@fd, NULL, NULL, 0): number 364 there. */
static int accept_32(int fd)
{
	long ret = -ENOSYS;

#ifdef __x86_64__
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(364L), "b"((long)fd), "c"(0L), "d"(0L), "S"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
#else
	(void)fd;
#endif
	if (ret < 0)
		errx(3, "no 32-bit calls here");
	return ret;
}

static int tcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		err(3, "socket");
	return fd;
}

int main(int argc, char **argv)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
	const struct linger reset = {.l_onoff = 1};
	uint64_t n = argc == 2 ? number(argv[1]) : 1;
	socklen_t len = sizeof(at);
	int listener = tcp_socket();

	if (bind(listener, (struct sockaddr *)&at, len) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&at, &len))
		err(3, "listen");
	for (uint64_t i = 0; i < n; i++) {
		int client = tcp_socket(), server;

		if (connect(client, (struct sockaddr *)&at, len))
			err(3, "connect");
		server = accept_32(listener);
		/* The port that it has is the listener's. */
		if (connect(server, &nobody, sizeof(nobody)) ||
		    bind(server, (struct sockaddr *)&(struct sockaddr_in){.sin_family = AF_INET},
			 len) ||
		    listen(server, 1))
			err(3, "connect, listen");
		setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(client);
	}
	return 0;
}
