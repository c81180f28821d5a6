/* SPDX-License-Identifier: GPL-2.0-only */
/* sendmsg, recvmsg and what they carry. */
#include "lines.h"

#include <sys/socket.h>
#include <sys/un.h>

static int fds[2];

static void plain(void)
{
	struct iovec put[] = {{"one", 3}, {"two", 3}};
	char a[4] = "", b[8] = "";
	struct iovec get[] = {{a, 4}, {b, 8}};
	struct msghdr msg = {.msg_iov = put, .msg_iovlen = 2};

	sys(sendmsg, fds[0], &msg, MSG_NOSIGNAL);
	line("sendmsg(%d, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"one\", iov_len=3}, "
	     "{iov_base=\"two\", iov_len=3}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, "
	     "MSG_NOSIGNAL)",
	     fds[0]);
	msg = (struct msghdr){.msg_iov = get, .msg_iovlen = 2};
	sys(recvmsg, fds[1], &msg, 0);
	line("recvmsg(%d, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"onet\", iov_len=4}, "
	     "{iov_base=\"wo\", iov_len=8}], msg_iovlen=2, msg_controllen=0, msg_flags=0}, 0)",
	     fds[1]);
	sys(recvmsg, fds[1], &msg, MSG_DONTWAIT);
	line("recvmsg(%d, {msg_namelen=0}, MSG_DONTWAIT)", fds[1]);
	sys(sendmsg, -1, &msg, 0);
	line("sendmsg(-1, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"onet\", iov_len=4}, "
	     "{iov_base=\"wo\\0\\0\\0\\0\\0\\0\", iov_len=8}], msg_iovlen=2, msg_controllen=0, "
	     "msg_flags=0}, 0)");
	sys(sendmsg, fds[0], NULL, 0);
	line("sendmsg(%d, NULL, 0)", fds[0]);
	sys(recvmsg, fds[0], NOWHERE, 0);
	line("recvmsg(%d, %p, 0)", fds[0], NOWHERE);
}

static void descriptors(void)
{
	struct iovec iov = {"x", 1};
	char control[64] __attribute__((aligned(8))) = "", byte;
	struct msghdr msg = {.msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = CMSG_SPACE(4)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	int *passed = (int *)CMSG_DATA(c);

	c->cmsg_len = CMSG_LEN(4);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	*passed = fds[0];
	sys(sendmsg, fds[0], &msg, 0);
	line("sendmsg(%d, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"x\", iov_len=1}], "
	     "msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, "
	     "cmsg_type=SCM_RIGHTS, cmsg_data=[%d]}], msg_controllen=24, msg_flags=0}, 0)",
	     fds[0], fds[0]);
	iov = (struct iovec){&byte, 1};
	msg.msg_controllen = sizeof(control);
	sys(recvmsg, fds[1], &msg, MSG_CMSG_CLOEXEC);
	line("recvmsg(%d, {msg_name=NULL, msg_namelen=0, msg_iov=[{iov_base=\"x\", iov_len=1}], "
	     "msg_iovlen=1, msg_control=[{cmsg_len=20, cmsg_level=SOL_SOCKET, "
	     "cmsg_type=SCM_RIGHTS, cmsg_data=[%d]}], msg_controllen=24, "
	     "msg_flags=MSG_CMSG_CLOEXEC}, MSG_CMSG_CLOEXEC)",
	     fds[1], *passed);
	sys(close, *passed);
	line("close(%d)", *passed);
}

/* Datagrams with names, and several at once. */
static void named(void)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "name"}, from;
	char bufs[2][8];
	struct iovec put[] = {{"one", 3}, {"second", 6}}, get[] = {{bufs[0], 8}, {bufs[1], 4}};
	struct mmsghdr msgs[2] = {
		{.msg_hdr = {.msg_name = &un, .msg_namelen = 7, .msg_iov = put, .msg_iovlen = 1}},
		{.msg_hdr = {
			 .msg_name = &un, .msg_namelen = 7, .msg_iov = put + 1, .msg_iovlen = 1}}};
	struct timespec ts = {5, 0};
	socklen_t len = sizeof(from);
	char left[64];
	int fd = (int)sys(socket, AF_UNIX, SOCK_DGRAM, 0);

	line("socket(AF_UNIX, SOCK_DGRAM, 0)");
	sys(bind, fd, &un, 7);
	line("bind(%d, {sa_family=AF_UNIX, sun_path=\"name\"}, 7)", fd);
	sys(sendmmsg, fd, msgs, 2, 0);
	line("sendmmsg(%d, [{msg_hdr={msg_name={sa_family=AF_UNIX, sun_path=\"name\"}, "
	     "msg_namelen=7, msg_iov=[{iov_base=\"one\", iov_len=3}], msg_iovlen=1, "
	     "msg_controllen=0, msg_flags=0}, msg_len=3}, {msg_hdr={msg_name={sa_family=AF_UNIX, "
	     "sun_path=\"name\"}, msg_namelen=7, msg_iov=[{iov_base=\"second\", iov_len=6}], "
	     "msg_iovlen=1, msg_controllen=0, msg_flags=0}, msg_len=6}], 2, 0)",
	     fd);
	for (int i = 0; i < 2; i++)
		msgs[i] = (struct mmsghdr){.msg_hdr = {.msg_iov = get + i, .msg_iovlen = 1}};
	msgs[0].msg_hdr.msg_name = &from;
	msgs[0].msg_hdr.msg_namelen = sizeof(from);
	sys(recvmmsg, fd, msgs, 2, MSG_WAITFORONE, &ts);
	snprintf(left, sizeof(left), "2 (left {tv_sec=%ld, tv_nsec=%ld})", (long)ts.tv_sec,
		 ts.tv_nsec);
	line_is(left,
		"recvmmsg(%d, [{msg_hdr={msg_name={sa_family=AF_UNIX, sun_path=\"name\"}, "
		"msg_namelen=110 => 7, msg_iov=[{iov_base=\"one\", iov_len=8}], msg_iovlen=1, "
		"msg_controllen=0, msg_flags=0}, msg_len=3}, {msg_hdr={msg_name=NULL, msg_namelen=0, "
		"msg_iov=[{iov_base=\"seco\", iov_len=4}], msg_iovlen=1, msg_controllen=0, "
		"msg_flags=MSG_TRUNC}, msg_len=4}], 2, MSG_WAITFORONE, {tv_sec=5, tv_nsec=0})",
		fd);
	sys(recvmmsg, -1, msgs, 2, 0, NULL);
	line("recvmmsg(-1, %p, 2, 0, NULL)", (void *)msgs);
	sys(sendmmsg, -1, msgs, 0, MSG_CONFIRM);
	line("sendmmsg(-1, [], 0, MSG_CONFIRM)");
	sys(sendto, fd, "dgram", 5, 0, &un, 7);
	line("sendto(%d, \"dgram\", 5, 0, {sa_family=AF_UNIX, sun_path=\"name\"}, 7)", fd);
	sys(recvfrom, fd, bufs[0], 8, 0, &from, &len);
	line("recvfrom(%d, \"dgram\", 8, 0, {sa_family=AF_UNIX, sun_path=\"name\"}, [110 => 7])",
	     fd);
}

int main(int argc, char **argv)
{
	lines_begin(argc, argv);
	sys(socketpair, AF_UNIX, SOCK_STREAM, 0, fds);
	line("socketpair(AF_UNIX, SOCK_STREAM, 0, [%d, %d])", fds[0], fds[1]);
	plain();
	descriptors();
	named();
	return lines_end();
}
