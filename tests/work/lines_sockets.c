/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets: addresses, messages, options. */
#include "lines.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_in in4 = {.sin_family = AF_INET};

static void made(void)
{
	int fds[2], fd;

	fd = (int)sys(socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
	line("socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP)");
	sys(close, fd);
	line("close(%d)", fd);
	fd = (int)sys(socket, AF_INET6, SOCK_DGRAM, 0);
	line("socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP)");
	sys(close, fd);
	line("close(%d)", fd);
	fd = (int)sys(socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	line("socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)");
	sys(close, fd);
	line("close(%d)", fd);
	sys(socket, 99, SOCK_STREAM, 0);
	line("socket(0x63 /* AF_??? */, SOCK_STREAM, 0)");
	sys(socket, AF_UNIX, 13, 0);
	line("socket(AF_UNIX, 0xd /* SOCK_??? */, 0)");
	sys(socketpair, AF_UNIX, SOCK_STREAM, 0, fds);
	line("socketpair(AF_UNIX, SOCK_STREAM, 0, [%d, %d])", fds[0], fds[1]);
	sys(close, fds[0]);
	line("close(%d)", fds[0]);
	sys(close, fds[1]);
	line("close(%d)", fds[1]);
	sys(socketpair, AF_INET, SOCK_STREAM, 0, fds);
	line("socketpair(AF_INET, SOCK_STREAM, 0, %p)", (void *)fds);
}

static void options(int fd)
{
	struct linger linger = {1, 5};
	struct timeval tv = {3, 7};
	int value = 1, got = 0;
	socklen_t len = sizeof(got);

	sys(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value));
	line("setsockopt(%d, SOL_SOCKET, SO_REUSEADDR, [1], 4)", fd);
	sys(setsockopt, fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value));
	line("setsockopt(%d, SOL_TCP, TCP_NODELAY, [1], 4)", fd);
	sys(setsockopt, fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	line("setsockopt(%d, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8)", fd);
	sys(setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	line("setsockopt(%d, SOL_SOCKET, SO_RCVTIMEO_OLD, \"\\3\\0\\0\\0\\0\\0\\0\\0\\7\\0\\0\\0\\0\\0"
	     "\\0\\0\", 16)",
	     fd);
	sys(setsockopt, fd, SOL_SOCKET, SO_KEEPALIVE, NULL, 4);
	line("setsockopt(%d, SOL_SOCKET, SO_KEEPALIVE, NULL, 4)", fd);
	sys(setsockopt, -1, SOL_SOCKET, SO_BROADCAST, &value, sizeof(value));
	line("setsockopt(-1, SOL_SOCKET, SO_BROADCAST, [1], 4)");
	sys(setsockopt, fd, SOL_IP, IP_TTL, &value, sizeof(value));
	line("setsockopt(%d, SOL_IP, IP_TTL, [1], 4)", fd);
	sys(getsockopt, fd, SOL_SOCKET, SO_TYPE, &got, &len);
	line("getsockopt(%d, SOL_SOCKET, SO_TYPE, [1], [4])", fd);
	sys(getsockopt, fd, SOL_SOCKET, SO_ERROR, &got, &len);
	line("getsockopt(%d, SOL_SOCKET, SO_ERROR, [0], [4])", fd);
	len = 8;
	sys(getsockopt, fd, SOL_SOCKET, SO_ACCEPTCONN, &got, &len);
	line("getsockopt(%d, SOL_SOCKET, SO_ACCEPTCONN, [0], [8 => 4])", fd);
	sys(getsockopt, -1, SOL_SOCKET, SO_ERROR, &got, &len);
	line("getsockopt(-1, SOL_SOCKET, SO_ERROR, %p, [4])", (void *)&got);
}

/* Listens, connects, accepts: all on loopback, in one thread. */
static int connected(int fds[2])
{
	int listener = (int)sys(socket, AF_INET, SOCK_STREAM, IPPROTO_IP), port;
	struct sockaddr_in name;
	socklen_t len = sizeof(name);

	line("socket(AF_INET, SOCK_STREAM, IPPROTO_IP)");
	options(listener);
	in4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	sys(bind, listener, &in4, sizeof(in4));
	line("bind(%d, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr(\"127.0.0.1\")}, "
	     "16)",
	     listener);
	sys(bind, listener, &in4, 3);
	line("bind(%d, {sa_family=AF_INET, sa_data=\"\\0\"}, 3)", listener);
	sys(listen, listener, 5);
	line("listen(%d, 5)", listener);
	sys(listen, -1, 5);
	line("listen(-1, 5)");
	sys(getsockname, listener, &name, &len);
	port = ntohs(name.sin_port);
	line("getsockname(%d, {sa_family=AF_INET, sin_port=htons(%d), "
	     "sin_addr=inet_addr(\"127.0.0.1\")}, [16])",
	     listener, port);
	fds[0] = (int)sys(socket, AF_INET, SOCK_STREAM, IPPROTO_IP);
	line("socket(AF_INET, SOCK_STREAM, IPPROTO_IP)");
	sys(connect, fds[0], &name, sizeof(name));
	line("connect(%d, {sa_family=AF_INET, sin_port=htons(%d), "
	     "sin_addr=inet_addr(\"127.0.0.1\")}, 16)",
	     fds[0], port);
	len = 100;
	fds[1] = (int)sys(accept4, listener, &name, &len, SOCK_CLOEXEC);
	line("accept4(%d, {sa_family=AF_INET, sin_port=htons(%d), "
	     "sin_addr=inet_addr(\"127.0.0.1\")}, [100 => 16], SOCK_CLOEXEC)",
	     listener, ntohs(name.sin_port));
	sys(accept, -1, NULL, NULL);
	line("accept(-1, NULL, NULL)");
	sys(getpeername, fds[0], &name, &len);
	line("getpeername(%d, {sa_family=AF_INET, sin_port=htons(%d), "
	     "sin_addr=inet_addr(\"127.0.0.1\")}, [16])",
	     fds[0], port);
	sys(getpeername, listener, &name, &len);
	line("getpeername(%d, %p, [16])", listener, (void *)&name);
	sys(connect, fds[0], NOWHERE, 16);
	line("connect(%d, %p, 16)", fds[0], NOWHERE);
	return listener;
}

static void bytes(const int fds[2])
{
	char buf[64];
	struct sockaddr_in name;
	socklen_t len = sizeof(name);

	sys(sendto, fds[0], "GET / HTTP/1.0\r\n\r\n", 18, MSG_NOSIGNAL, NULL, 0);
	line("sendto(%d, \"GET / HTTP/1.0\\r\\n\\r\\n\", 18, MSG_NOSIGNAL, NULL, 0)", fds[0]);
	sys(recvfrom, fds[1], buf, 4, MSG_PEEK, NULL, NULL);
	line("recvfrom(%d, \"GET \", 4, MSG_PEEK, NULL, NULL)", fds[1]);
	sys(recvfrom, fds[1], buf, sizeof(buf), 0, NULL, NULL);
	line("recvfrom(%d, \"GET / HTTP/1.0\\r\\n\\r\\n\", 64, 0, NULL, NULL)", fds[1]);
	sys(recvfrom, fds[1], buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC, &name, &len);
	line("recvfrom(%d, %p, 64, MSG_TRUNC|MSG_DONTWAIT, %p, [16])", fds[1], (void *)buf,
	     (void *)&name);
	sys(sendto, -1, "x", 1, MSG_OOB | MSG_MORE, &in4, sizeof(in4));
	line("sendto(-1, \"x\", 1, MSG_OOB|MSG_MORE, {sa_family=AF_INET, sin_port=htons(0), "
	     "sin_addr=inet_addr(\"127.0.0.1\")}, 16)");
	sys(shutdown, fds[0], SHUT_WR);
	line("shutdown(%d, SHUT_WR)", fds[0]);
	sys(shutdown, fds[0], 9);
	line("shutdown(%d, 0x9 /* SHUT_??? */)", fds[0]);
	sys(recvfrom, fds[1], buf, sizeof(buf), MSG_WAITALL, &name, &len);
	line("recvfrom(%d, \"\", 64, MSG_WAITALL, %p, [16 => 0])", fds[1], (void *)&name);
	sys(sendto, fds[0], "late", 4, MSG_NOSIGNAL, NULL, 0);
	line("sendto(%d, \"late\", 4, MSG_NOSIGNAL, NULL, 0)", fds[0]);
}

static void other_families(void)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(1)};
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "a socket"};
	struct sockaddr_nl nl = {.nl_family = AF_NETLINK, .nl_pid = 5, .nl_groups = 3};
	int fd = (int)sys(socket, AF_UNIX, SOCK_DGRAM, 0);

	line("socket(AF_UNIX, SOCK_DGRAM, 0)");
	sys(connect, fd, &un, sizeof(un));
	line("connect(%d, {sa_family=AF_UNIX, sun_path=\"a socket\"}, 110)", fd);
	sys(bind, fd, &un, 2 + 9);
	line("bind(%d, {sa_family=AF_UNIX, sun_path=\"a socket\"}, 11)", fd);
	un.sun_path[0] = '\0';
	sys(connect, fd, &un, 2 + 5);
	line("connect(%d, {sa_family=AF_UNIX, sun_path=@\" soc\"}, 7)", fd);
	sys(connect, fd, &un, 2);
	line("connect(%d, {sa_family=AF_UNIX}, 2)", fd);
	inet_pton(AF_INET6, "2001:db8::1", &in6.sin6_addr);
	in6.sin6_flowinfo = htonl(7);
	sys(connect, fd, &in6, sizeof(in6));
	line("connect(%d, {sa_family=AF_INET6, sin6_port=htons(1), sin6_flowinfo=htonl(7), "
	     "inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr), sin6_scope_id=0}, 28)",
	     fd);
	sys(connect, fd, &nl, sizeof(nl));
	line("connect(%d, {sa_family=AF_NETLINK, nl_pid=5, nl_groups=0x000003}, 12)", fd);
	un.sun_family = 99;
	sys(connect, fd, &un, 6);
	line("connect(%d, {sa_family=0x63 /* AF_??? */, sa_data=\"\\0 so\"}, 6)", fd);
	sys(close, fd);
	line("close(%d)", fd);
}

int main(int argc, char **argv)
{
	int fds[2], listener;

	lines_begin(argc, argv);
	made();
	listener = connected(fds);
	bytes(fds);
	sys(close, listener);
	line("close(%d)", listener);
	other_families();
	return lines_end();
}
