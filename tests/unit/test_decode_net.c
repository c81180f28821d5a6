// SPDX-License-Identifier: GPL-2.0-only
/* Sockets, waiting, vectors, futexes, ioctl and IPC as text and JSON, from events that no kernel
 * has sent. */
#include <arpa/inet.h>
#include <linux/aio_abi.h>
#include <linux/futex.h>
#include <linux/netlink.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>

#include "decode_events.h"

static int passed, failed;

#define TEXT(want) check(__LINE__, event__text(), want)
#define JSON(want) check(__LINE__, event__json(&(size_t){0}), want)
/* Calls that not every architecture has are left out where they are not. */
#define CALL(name, ...) (!event__make(name, __VA_ARGS__))
#define A               0x1000
#define B               0x2000
#define C               0x3000
#define D               0x4000
#define E               0x5000

static void check(int line, char *got, const char *want)
{
	if (!strcmp(got, want)) {
		passed++;
	} else {
		failed++;
		printf("line %d:\n  got    %s\n  wanted %s\n", line, got, want);
	}
	free(got);
}

static const struct sockaddr_in web = {.sin_family = AF_INET, .sin_port = 0x5000};

static void copy_int(u64 addr, s32 n, bool at_exit)
{
	event__copy(addr, &n, sizeof(n), at_exit);
}

static void test_sockets(void)
{
	if (CALL("socket", 3, AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP, 0,
		 0, 0))
		TEXT("socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, IPPROTO_TCP) = 3");
	if (CALL("socket", 3, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, 0, 0, 0))
		TEXT("socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3");
	if (CALL("socket", 3, AF_PACKET, SOCK_RAW, htons(3), 0, 0, 0))
		TEXT("socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)) = 3");
	if (CALL("socket", 3, AF_PACKET, SOCK_RAW, 0xffffffff, 0, 0, 0))
		TEXT("socket(AF_PACKET, SOCK_RAW, htons(0xffffffff /* ETH_P_??? */)) = 3");
	if (CALL("socket", -22, 77, 13, 12, 0, 0, 0))
		TEXT("socket(0x4d /* AF_??? */, 0xd /* SOCK_??? */, 12) = -1 EINVAL (Invalid argument)");
	if (CALL("socketpair", 0, AF_UNIX, SOCK_DGRAM, 0, A, 0, 0)) {
		event__copy(A, (s32[]){5, 6}, 8, true);
		TEXT("socketpair(AF_UNIX, SOCK_DGRAM, 0, [5, 6]) = 0");
	}
	if (CALL("shutdown", -9, 88, 7, 0, 0, 0, 0))
		TEXT("shutdown(88, 0x7 /* SHUT_??? */) = -1 EBADF (Bad file descriptor)");
	if (CALL("sendto", 5, 3, A, 5, MSG_DONTWAIT | MSG_NOSIGNAL, B, 16)) {
		event__copy(A, "ab\n\0x", 5, false);
		event__copy(B, &web, sizeof(web), false);
		TEXT("sendto(3, \"ab\\n\\0x\", 5, MSG_DONTWAIT|MSG_NOSIGNAL, "
		     "{sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}, "
		     "16) = 5");
	}
}

static void connect_to(const void *addr, u32 len, u32 said)
{
	event__make("connect", 0, 3, A, said, 0, 0, 0);
	event__copy(A, addr, len, false);
}

static void test_addresses(void)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(53)};
	struct sockaddr_nl nl = {.nl_family = AF_NETLINK, .nl_pid = 5, .nl_groups = 1};
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/x\n"};

	connect_to(&web, sizeof(web), sizeof(web));
	JSON("{\"args\":[3,{\"sa_family\":{\"name\":\"AF_INET\",\"value\":2},\"sin_port\":80,"
	     "\"sin_addr\":\"0.0.0.0\"},16],\"ret\":0}");
	connect_to(&web, 7, 7);
	TEXT("connect(3, {sa_family=AF_INET, sa_data=\"\\0P\\0\\0\\0\"}, 7) = 0");
	connect_to(&web, 1, 1);
	TEXT("connect(3, 0x1000, 1) = 0");
	connect_to(&web, 8, 16);
	TEXT("connect(3, 0x1000, 16) = 0");
	connect_to(&web, 16, (u32)-1);
	TEXT("connect(3, 0x1000, -1) = 0");
	connect_to(&web, 0, 0x80000000);
	TEXT("connect(3, 0x1000, -2147483648) = 0");
	in6.sin6_addr.s6_addr[0] = 0xfe;
	in6.sin6_addr.s6_addr[1] = 0x80;
	in6.sin6_scope_id = 1;
	connect_to(&in6, sizeof(in6), sizeof(in6));
	TEXT("connect(3, {sa_family=AF_INET6, sin6_port=htons(53), sin6_flowinfo=htonl(0), "
	     "inet_pton(AF_INET6, \"fe80::\", &sin6_addr), "
	     "sin6_scope_id=if_nametoindex(\"lo\")}, 28) = 0");
	JSON("{\"args\":[3,{\"sa_family\":{\"name\":\"AF_INET6\",\"value\":10},\"sin6_port\":53,"
	     "\"sin6_flowinfo\":0,\"sin6_addr\":\"fe80::\",\"sin6_scope_id\":1},28],\"ret\":0}");
	connect_to(&nl, sizeof(nl), sizeof(nl));
	TEXT("connect(3, {sa_family=AF_NETLINK, nl_pid=5, nl_groups=0x000001}, 12) = 0");
	connect_to(&un, sizeof(un), sizeof(un));
	TEXT("connect(3, {sa_family=AF_UNIX, sun_path=\"/run/x\\n\"}, 110) = 0");
	connect_to(&un, 2, 2);
	TEXT("connect(3, {sa_family=AF_UNIX}, 2) = 0");
	memcpy(un.sun_path, "\0ab\0\"", 5);
	connect_to(&un, 7, 7);
	TEXT("connect(3, {sa_family=AF_UNIX, sun_path=@\"ab\\0\\\"\"}, 7) = 0");
}

static void test_address_out(void)
{
	if (CALL("accept4", 4, 3, A, B, SOCK_CLOEXEC, 0, 0)) {
		copy_int(B, 110, false);
		event__copy(A, &web, sizeof(web), true);
		copy_int(B, 16, true);
		TEXT("accept4(3, {sa_family=AF_INET, sin_port=htons(80), "
		     "sin_addr=inet_addr(\"0.0.0.0\")}, [110 => 16], SOCK_CLOEXEC) = 4");
		made.ev.ret = -11;
		TEXT("accept4(3, 0x1000, [110], SOCK_CLOEXEC) = "
		     "-1 EAGAIN (Resource temporarily unavailable)");
	}
	if (CALL("getpeername", 0, 3, A, B, 0, 0, 0)) {
		/* There was room for three bytes only: what is behind them is not the address. */
		copy_int(B, 3, false);
		event__copy(A, &web, sizeof(web), true);
		copy_int(B, 16, true);
		TEXT("getpeername(3, {sa_family=AF_INET, sa_data=\"\\0\"}, [3 => 16]) = 0");
	}
	if (CALL("accept", 4, 3, 0, 0, 0, 0, 0))
		TEXT("accept(3, NULL, NULL) = 4");
	if (CALL("getsockname", 0, 3, A, B, 0, 0, 0))
		TEXT("getsockname(3, 0x1000, 0x2000) = 0");
}

static void set_option(int level, int name, const void *value, u32 have, u32 len)
{
	event__make("setsockopt", 0, 3, (u32)level, (u32)name, A, len, 0);
	event__copy(A, value, have, false);
}

static void test_options(void)
{
	struct linger linger = {1, 5};
	u64 time[2] = {1, 500000};
	s32 one = 1;

	set_option(SOL_SOCKET, SO_REUSEADDR, &one, 4, 4);
	TEXT("setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0");
	set_option(6, TCP_NODELAY, &one, 4, 4);
	TEXT("setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4) = 0");
	set_option(SOL_SOCKET, SO_LINGER, &linger, 8, 8);
	TEXT("setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=5}, 8) = 0");
	set_option(SOL_SOCKET, SO_LINGER, &linger, 6, 6);
	TEXT("setsockopt(3, SOL_SOCKET, SO_LINGER, {l_onoff=1}, 6) = 0");
	set_option(SOL_SOCKET, SO_RCVTIMEO, time, 16, 16);
	TEXT("setsockopt(3, SOL_SOCKET, SO_RCVTIMEO_OLD, {tv_sec=1, tv_usec=500000}, 16) = 0");
	set_option(6, TCP_CONGESTION, "reno", 4, 4);
	TEXT("setsockopt(3, SOL_TCP, TCP_CONGESTION, \"reno\", 4) = 0");
	set_option(999, 7, &one, 4, 4);
	TEXT("setsockopt(3, 0x3e7 /* SOL_?? */, 7, [1], 4) = 0");
	set_option(SOL_SOCKET, SO_REUSEADDR, &one, 0, 0x80000000);
	TEXT("setsockopt(3, SOL_SOCKET, SO_REUSEADDR, 0x1000, -2147483648) = 0");
	set_option(SOL_SOCKET, SO_REUSEADDR, &one, 4, 0x7fffffff);
	TEXT("setsockopt(3, SOL_SOCKET, SO_REUSEADDR, \"\\1\\0\\0\\0\"..., 2147483647) = 0");
	if (CALL("getsockopt", 0, 3, SOL_SOCKET, SO_PEERCRED, A, B, 0)) {
		copy_int(B, 100, false);
		event__copy(A, (u32[]){7, 1, 2}, 12, true);
		copy_int(B, 12, true);
		TEXT("getsockopt(3, SOL_SOCKET, SO_PEERCRED, {pid=7, uid=1, gid=2}, [100 => 12]) = "
		     "0");
	}
	if (CALL("getsockopt", -9, 3, SOL_SOCKET, SO_ERROR, A, B, 0)) {
		copy_int(B, 4, false);
		TEXT("getsockopt(3, SOL_SOCKET, SO_ERROR, 0x1000, [4]) = "
		     "-1 EBADF (Bad file descriptor)");
	}
}

static struct iovec buffers[2] = {{(void *)C, 6}, {(void *)D, 40}};

static void test_vectors(void)
{
	static const char digits[] = "0123456789012345678901234567890123456789";
	struct iovec many[33];

	if (CALL("writev", 46, 3, A, 2, 0, 0, 0)) {
		event__copy(A, buffers, sizeof(buffers), false);
		event__copy(C, "hello\n", 6, false);
		event__copy(D, digits, 32, false);
		TEXT("writev(3, [{iov_base=\"hello\\n\", iov_len=6}, "
		     "{iov_base=\"01234567890123456789012345678901\"..., iov_len=40}], 2) = 46");
		made.ev.arg[2] = 1ull << 31;
		TEXT("writev(3, [{iov_base=\"hello\\n\", iov_len=6}, "
		     "{iov_base=\"01234567890123456789012345678901\"..., iov_len=40}, ...], "
		     "2147483648) = 46");
		made.ev.arg[1] = B;
		TEXT("writev(3, 0x2000, 2147483648) = 46");
		made.ev.arg[2] = 0;
		TEXT("writev(3, [], 0) = 46");
	}
	if (CALL("readv", 8, 3, A, 2, 0, 0, 0)) {
		event__copy(A, buffers, sizeof(buffers), true);
		event__copy(C, "hello\n", 6, true);
		event__copy(D, "xyz", 3, true);
		TEXT("readv(3, [{iov_base=\"hello\\n\", iov_len=6}, {iov_base=\"xy\", iov_len=40}], "
		     "2) = 8");
		made.ev.ret = -14;
		TEXT("readv(3, [{iov_base=0x3000, iov_len=6}, {iov_base=0x4000, iov_len=40}], 2) = "
		     "-1 EFAULT (Bad address)");
	}
	if (CALL("writev", 0, 3, A, 33, 0, 0, 0)) {
		char *text;

		memset(many, 0, sizeof(many));
		event__copy(A, many, sizeof(many), false);
		text = event__text();
		/* No more than are promised, and that there are more. */
		check(__LINE__, strdup(strstr(text, "iov_len=0}, ...], 33)") ? "cut" : text),
		      "cut");
		free(text);
	}
	if (CALL("pwritev2", 6, 3, A, 1, (u64)-1, 0x77, 16)) {
		event__copy(A, buffers, 16, false);
		TEXT("pwritev2(3, [{iov_base=0x3000, iov_len=6}], 1, -1, RWF_APPEND) = 6");
	}
}

static void put_control(char *to, u64 len, u32 level, u32 type, const void *data, size_t bytes)
{
	memcpy(to, &len, 8);
	memcpy(to + 8, &level, 4);
	memcpy(to + 12, &type, 4);
	memcpy(to + 16, data, bytes);
}

static void test_messages(void)
{
	struct msghdr m = {.msg_name = (void *)B,
			   .msg_namelen = 16,
			   .msg_iov = (void *)E,
			   .msg_iovlen = 1,
			   .msg_control = (void *)0x6000,
			   .msg_controllen = 24};
	char control[24];

	put_control(control, 24, SOL_SOCKET, SCM_RIGHTS, (s32[]){7, 8}, 8);
	if (CALL("sendmsg", 6, 3, A, MSG_NOSIGNAL, 0, 0, 0)) {
		event__copy(A, &m, sizeof(m), false);
		event__copy(B, &web, sizeof(web), false);
		event__copy(E, buffers, 16, false);
		event__copy(C, "hello\n", 6, false);
		event__copy(0x6000, control, 24, false);
		TEXT("sendmsg(3, {msg_name={sa_family=AF_INET, sin_port=htons(80), "
		     "sin_addr=inet_addr(\"0.0.0.0\")}, msg_namelen=16, "
		     "msg_iov=[{iov_base=\"hello\\n\", iov_len=6}], msg_iovlen=1, "
		     "msg_control=[{cmsg_len=24, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, "
		     "cmsg_data=[7, 8]}], msg_controllen=24, msg_flags=0}, MSG_NOSIGNAL) = 6");
		made.ev.arg[1] = 8;
		TEXT("sendmsg(3, 0x8, MSG_NOSIGNAL) = 6");
	}
	if (CALL("recvmsg", 3, 3, A, 0, 0, 0, 0)) {
		/* Control data whose length lies, and a length before the call. */
		event__copy(A, &m, sizeof(m), false);
		m.msg_namelen = 0;
		put_control(control, 1ull << 40, 41, 99, "abcdefgh", 8);
		event__copy(A, &m, sizeof(m), true);
		event__copy(E, buffers, 16, true);
		event__copy(C, "hello\n", 6, true);
		event__copy(0x6000, control, 24, true);
		TEXT("recvmsg(3, {msg_name=0x2000, msg_namelen=16 => 0, "
		     "msg_iov=[{iov_base=\"hel\", iov_len=6}], msg_iovlen=1, "
		     "msg_control=[{cmsg_len=1099511627776, cmsg_level=SOL_IPV6, "
		     "cmsg_type=0x63 /* IPV6_??? */, cmsg_data=\"abcdefgh\"}], "
		     "msg_controllen=24, msg_flags=0}, 0) = 3");
		made.ev.ret = -11;
		TEXT("recvmsg(3, {msg_namelen=0}, 0) = "
		     "-1 EAGAIN (Resource temporarily unavailable)");
	}
	if (CALL("sendmmsg", 1, 3, A, 2, 0, 0, 0)) {
		struct mmsghdr mm[2] = {{.msg_len = 6}, {.msg_len = 9}};

		event__copy(A, mm, sizeof(mm), true);
		TEXT("sendmmsg(3, [{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=NULL, "
		     "msg_iovlen=0, msg_controllen=0, msg_flags=0}, msg_len=6}, "
		     "{msg_hdr={msg_name=NULL, msg_namelen=0, msg_iov=NULL, msg_iovlen=0, "
		     "msg_controllen=0, msg_flags=0}}], 2, 0) = 1");
	}
	if (CALL("recvmmsg", 0, 3, A, 0, 0, B, 0))
		TEXT("recvmmsg(3, [], 0, 0, 0x2000) = 0 (Timeout)");
}

static void test_poll(void)
{
	struct pollfd f[3] = {{3, POLLIN, 0}, {4, POLLIN | POLLOUT, 0}, {-1, POLLIN, 0}};
	struct timespec second = {1, 0}, left = {0, 5};
	u64 mask = 1 << 1;

	if (CALL("poll", 1, A, 3, 1000, 0, 0, 0)) {
		event__copy(A, f, sizeof(f), false);
		f[1].revents = POLLOUT;
		event__copy(A, f, sizeof(f), true);
		TEXT("poll([{fd=3, events=POLLIN}, {fd=4, events=POLLIN|POLLOUT}, {fd=-1}], 3, "
		     "1000) = 1 ([{fd=4, revents=POLLOUT}])");
		made.ev.ret = 0;
		made.ev.arg[1] = 0xffffffff;
		TEXT("poll([{fd=3, events=POLLIN}, {fd=4, events=POLLIN|POLLOUT}, {fd=-1}, ...], "
		     "4294967295, 1000) = 0 (Timeout)");
	}
	if (CALL("ppoll", 1, A, 2, B, C, 8, 0)) {
		f[1].revents = 0;
		event__copy(A, f, sizeof(f), false);
		f[1].revents = POLLOUT;
		event__copy(A, f, sizeof(f), true);
		event__copy(B, &second, 16, false);
		event__copy(B, &left, 16, true);
		event__copy(C, &mask, 8, false);
		TEXT("ppoll([{fd=3, events=POLLIN}, {fd=4, events=POLLIN|POLLOUT}], 2, "
		     "{tv_sec=1, tv_nsec=0}, [INT], 8) = 1 ([{fd=4, revents=POLLOUT}], "
		     "left {tv_sec=0, tv_nsec=5})");
	}
	if (CALL("pselect6", 1, 5, A, 0, 0, B, C)) {
		char in[128] = {1 << 3}, out[128] = {1 << 3 | 1 << 7};

		event__copy(A, in, 128, false);
		event__copy(A, out, 128, true);
		event__copy(B, &second, 16, false);
		event__copy(B, &left, 16, true);
		event__copy(C, (u64[]){D, 8}, 16, false);
		TEXT("pselect6(5, [3], NULL, NULL, {tv_sec=1, tv_nsec=0}, {sigmask=0x4000, "
		     "sigsetsize=8}) = 1 (in [3], left {tv_sec=0, tv_nsec=5})");
		event__copy(D, &mask, 8, false);
		made.ev.ret = 0;
		TEXT("pselect6(5, [3], NULL, NULL, {tv_sec=1, tv_nsec=0}, {sigmask=[INT], "
		     "sigsetsize=8}) = 0 (Timeout)");
		made.ev.ret = -22;
		made.ev.arg[0] = 0x80000000;
		TEXT("pselect6(-2147483648, 0x1000, NULL, NULL, {tv_sec=1, tv_nsec=0}, "
		     "{sigmask=[INT], sigsetsize=8}) = -1 EINVAL (Invalid argument)");
		made.ev.arg[0] = 0x7fffffff;
		TEXT("pselect6(2147483647, 0x1000, NULL, NULL, {tv_sec=1, tv_nsec=0}, "
		     "{sigmask=[INT], sigsetsize=8}) = -1 EINVAL (Invalid argument)");
	}
}

static void test_epoll(void)
{
	struct epoll_event event = {EPOLLIN | EPOLLET, {.u64 = 0x123456789}};

	if (CALL("epoll_ctl", 0, 5, EPOLL_CTL_ADD, 3, A, 0, 0)) {
		event__copy(A, &event, sizeof(event), false);
		TEXT("epoll_ctl(5, EPOLL_CTL_ADD, 3, {events=EPOLLIN|EPOLLET, "
		     "data={u32=591751049, u64=4886718345}}) = 0");
		made.ev.arg[1] = EPOLL_CTL_DEL;
		TEXT("epoll_ctl(5, EPOLL_CTL_DEL, 3, 0x1000) = 0");
	}
	if (CALL("epoll_pwait", 1, 5, A, 10, (u64)-1, 0, 8)) {
		event__copy(A, &event, sizeof(event), true);
		TEXT("epoll_pwait(5, [{events=EPOLLIN|EPOLLET, data={u32=591751049, "
		     "u64=4886718345}}], 10, -1, NULL, 8) = 1");
		made.ev.ret = 0;
		TEXT("epoll_pwait(5, [], 10, -1, NULL, 8) = 0");
		made.ev.ret = 1 << 30;
		TEXT("epoll_pwait(5, [{events=EPOLLIN|EPOLLET, data={u32=591751049, "
		     "u64=4886718345}}, ...], 10, -1, NULL, 8) = 1073741824");
	}
}

static void futex(u32 op, u32 val, u64 arg3, u64 uaddr2, u32 val3)
{
	event__make("futex", 0, A, op, val, arg3, uaddr2, val3);
	event__copy(B, (u64[]){1, 2}, 16, false);
}

static void test_futex(void)
{
	futex(FUTEX_WAIT, 5, B, C, 9);
	TEXT("futex(0x1000, FUTEX_WAIT, 5, {tv_sec=1, tv_nsec=2}) = 0");
	futex(FUTEX_WAIT_PRIVATE, 0xffffffff, 0, C, 9);
	TEXT("futex(0x1000, FUTEX_WAIT_PRIVATE, 4294967295, NULL) = 0");
	futex(FUTEX_WAKE_PRIVATE, 0x7fffffff, B, C, 9);
	TEXT("futex(0x1000, FUTEX_WAKE_PRIVATE, 2147483647) = 0");
	futex(FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 0, B, C, 0xffffffff);
	TEXT("futex(0x1000, FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME, 0, {tv_sec=1, "
	     "tv_nsec=2}, FUTEX_BITSET_MATCH_ANY) = 0");
	futex(FUTEX_CMP_REQUEUE, 1, 0x7fffffff, C, 3);
	TEXT("futex(0x1000, FUTEX_CMP_REQUEUE, 1, 2147483647, 0x3000, 3) = 0");
	futex(FUTEX_WAKE_OP, 1, 2, C, 0x84000001);
	TEXT("futex(0x1000, FUTEX_WAKE_OP, 1, 2, 0x3000, FUTEX_OP_OPARG_SHIFT<<28|"
	     "FUTEX_OP_SET<<28|0<<12|FUTEX_OP_CMP_GT<<24|0x1) = 0");
	futex(FUTEX_LOCK_PI, 1, B, C, 0);
	TEXT("futex(0x1000, FUTEX_LOCK_PI, {tv_sec=1, tv_nsec=2}) = 0");
	futex(FUTEX_UNLOCK_PI, 1, B, C, 0);
	TEXT("futex(0x1000, FUTEX_UNLOCK_PI) = 0");
	futex(77, 1, 0, 0, 5);
	TEXT("futex(0x1000, 0x4d /* FUTEX_??? */, 1, NULL, NULL, 5) = 0");
	if (CALL("futex_waitv", 0, A, 1, 0, 0, CLOCK_MONOTONIC, 0)) {
		event__copy(A, (u64[]){1, B, 0x82}, 24, false);
		TEXT("futex_waitv([{val=0x1, uaddr=0x2000, flags=FUTEX_32|FUTEX_PRIVATE_FLAG}], 1, "
		     "0, NULL, CLOCK_MONOTONIC) = 0");
	}
}

static void test_ioctl(void)
{
	if (CALL("ioctl", 0, 3, FIONREAD, A, 0, 0, 0)) {
		copy_int(A, 9, false);
		copy_int(A, 5, true);
		TEXT("ioctl(3, FIONREAD, [5]) = 0");
		made.ev.ret = -25;
		TEXT("ioctl(3, FIONREAD, 0x1000) = -1 ENOTTY (Inappropriate ioctl for device)");
		made.ev.arg[1] = FIONBIO;
		TEXT("ioctl(3, FIONBIO, [9]) = -1 ENOTTY (Inappropriate ioctl for device)");
		made.ev.arg[1] = FIOCLEX;
		TEXT("ioctl(3, FIOCLEX) = -1 ENOTTY (Inappropriate ioctl for device)");
	}
	if (CALL("ioctl", 0, 3, TIOCGWINSZ, A, 0, 0, 0)) {
		event__copy(A, (u16[]){24, 80, 0, 0}, 8, true);
		TEXT("ioctl(3, TIOCGWINSZ, {ws_row=24, ws_col=80, ws_xpixel=0, ws_ypixel=0}) = 0");
	}
	if (CALL("ioctl", 0, 3, FIONBIO, A, 0, 0, 0)) {
		/* It was not in memory before the kernel read it. */
		copy_int(A, 1, true);
		TEXT("ioctl(3, FIONBIO, [1]) = 0");
	}
	if (CALL("ioctl", 0, 3, 0x80045401, A, 0, 0, 0))
		TEXT("ioctl(3, _IOC(_IOC_READ, 0x54, 0x1, 0x4), 0x1000) = 0");
	if (CALL("ioctl", 0, 3, 0xffffffffffffffff, A, 0, 0, 0))
		TEXT("ioctl(3, _IOC(_IOC_READ|_IOC_WRITE, 0xff, 0xff, 0x3fff), 0x1000) = 0");
	if (CALL("ioctl", 0, 3, 0x8913, A, 0, 0, 0)) {
		char ifreq[40] = "lo";

		ifreq[16] = 0x49;
		event__copy(A, ifreq, 40, true);
		TEXT("ioctl(3, SIOCGIFFLAGS, {ifr_name=\"lo\", "
		     "ifr_flags=IFF_UP|IFF_LOOPBACK|IFF_RUNNING}) = 0");
	}
}

static void test_ipc(void)
{
	struct sembuf ops[2] = {{0, -5, 0}, {1, 2, SEM_UNDO | IPC_NOWAIT}};

	if (CALL("shmget", 5, 0, 4096, IPC_CREAT | 0600, 0, 0, 0))
		TEXT("shmget(IPC_PRIVATE, 4096, IPC_CREAT|0600) = 5");
	if (CALL("shmget", -2, 0x1234, 4096, 0, 0, 0, 0))
		TEXT("shmget(0x1234, 4096, 000) = -1 ENOENT (No such file or directory)");
	if (CALL("semtimedop", 0, 5, A, 2, 0, 0, 0)) {
		event__copy(A, ops, sizeof(ops), false);
		TEXT("semtimedop(5, [{sem_num=0, sem_op=-5, sem_flg=0}, {sem_num=1, sem_op=2, "
		     "sem_flg=SEM_UNDO|IPC_NOWAIT}], 2, NULL) = 0");
	}
	if (CALL("semctl", 0, 5, 1, 16, 7, 0, 0))
		TEXT("semctl(5, 1, SETVAL, 0x7) = 0");
	if (CALL("msgsnd", 0, 5, A, 6, IPC_NOWAIT, 0, 0)) {
		event__copy(A, "\5\0\0\0\0\0\0\0hello\0and more", 20, false);
		TEXT("msgsnd(5, {mtype=5, mtext=\"hello\\0\"}, 6, IPC_NOWAIT) = 0");
	}
	if (CALL("mq_open", 3, A, 0, 0777, B, 0, 0)) {
		event__copy(A, "q", 2, false);
		TEXT("mq_open(\"q\", O_RDONLY) = 3");
	}
	if (CALL("io_submit", 1, 0x7000, 1, A, 0, 0, 0)) {
		struct iocb cb = {.aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = 5, .aio_buf = C};

		event__copy(A, (u64[]){B}, 8, false);
		TEXT("io_submit(0x7000, 1, [0x2000]) = 1");
		event__copy(B, &cb, sizeof(cb), false);
		TEXT("io_submit(0x7000, 1, [{aio_data=0, aio_lio_opcode=IOCB_CMD_PWRITE, "
		     "aio_fildes=5, aio_buf=\"\", aio_nbytes=0, aio_offset=0}]) = 1");
	}
}

static void test_kernel(void)
{
	u32 map[16] = {2, 4, 8, 2};

	if (CALL("bpf", 3, 0, A, 16, 0, 0, 0)) {
		event__copy(A, map, sizeof(map), false);
		TEXT("bpf(BPF_MAP_CREATE, {map_type=BPF_MAP_TYPE_ARRAY, key_size=4, value_size=8, "
		     "max_entries=2}, 16) = 3");
		made.ev.arg[0] = 99;
		TEXT("bpf(0x63 /* BPF_??? */, 0x1000, 16) = 3");
	}
	if (CALL("keyctl", 5, 1, A, 3, 4, 5, 0))
		TEXT("keyctl(KEYCTL_JOIN_SESSION_KEYRING, 0x1000) = 5");
	if (CALL("keyctl", 5, 10, (u64)-3, A, B, 0, 0))
		TEXT("keyctl(KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, 0x1000, 0x2000, 0) = 5");
	if (CALL("seccomp", 0, 2, 0, A, 0, 0, 0)) {
		copy_int(A, 0x50000, false);
		TEXT("seccomp(SECCOMP_GET_ACTION_AVAIL, 0, [SECCOMP_RET_ERRNO]) = 0");
	}
	if (CALL("landlock_create_ruleset", 5, A, 8, 0, 0, 0, 0)) {
		event__copy(A, (u64[]){5}, 8, false);
		TEXT("landlock_create_ruleset({handled_access_fs=LANDLOCK_ACCESS_FS_EXECUTE|"
		     "LANDLOCK_ACCESS_FS_READ_FILE}, 8, 0) = 5");
	}
}

/* Numbers that steer towards limits. */
static u64 random_number(void)
{
	static const u64 edges[] = {0,          1,          2,          16,    33,         128,
				    0x7fffffff, 0x80000000, 0xffffffff, ~0ull, 1ull << 63, A,
				    B,          A + 16,     1ull << 31, 4096};

	return random() % 4 ? edges[(size_t)random() % (sizeof(edges) / sizeof(edges[0]))]
			    : (u64)random() << (random() % 33);
}

/* A piece of random bytes, among them addresses of other pieces. */
static void random_piece(void)
{
	u64 words[64];
	u32 len = (u32)random() % sizeof(words);

	for (u32 i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words[i] = random() % 2 ? random_number()
					: (u64)(random() % 64) | (u64)(random() % 300) << 32;
	event__copy(random() % 2 ? A : B + (u64)(random() % 4) * 8, words, len, random() % 2);
}

/* From the heap and of the exact size, for the sanitizer to see an overrun. */
static size_t decode_copy(FILE *out)
{
	struct trace_event *ev = malloc(made.ev.bytes);
	struct decoder d = {.arena = arena, .ev = ev, .opts = &opts};
	struct decoded r;

	memcpy(ev, &made, made.ev.bytes);
	arena__reset(arena);
	decode__event(&d, &r);
	decode__args_text(out, &r, 0, TRACE_ARGS);
	decode__result_text(out, &r);
	value__json(out, r.args);
	decode__result_json(out, &r);
	free(ev);
	return (size_t)ftell(out);
}

static void test_random(void)
{
	char *text = NULL;
	size_t size = 0, bytes = 0;
	FILE *out = open_memstream(&text, &size);

	srandom(1);
	for (u32 i = 0; i < 60000; i++) {
		event__make("read", 0, random_number(), random_number(), random_number(),
			    random_number(), random_number(), random_number());
		made.ev.nr = (s32)(random() % SYSCALL_NUMBERS);
		made.ev.ret = random() % 2 ? (s64)random_number() : random() % 64 - 20;
		made.ev.type = random() % 8 ? TRACE_CALL : TRACE_ENTERED;
		for (u32 k = (u32)random() % 6; k; k--)
			random_piece();
		/* The last piece may be said to be longer than the event. */
		if (!(random() % 8))
			made.ev.bytes -= (u32)random() % 64;
		if (made.ev.bytes < sizeof(made.ev))
			made.ev.bytes = sizeof(made.ev);
		opts.verbose = random() % 2;
		rewind(out);
		bytes += decode_copy(out);
	}
	opts.verbose = false;
	fclose(out);
	free(text);
	if (bytes)
		passed++;
}

int main(void)
{
	test_sockets();
	test_addresses();
	test_address_out();
	test_options();
	test_vectors();
	test_messages();
	test_poll();
	test_epoll();
	test_futex();
	test_ioctl();
	test_ipc();
	test_kernel();
	test_random();
	arena__free(arena);
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
