// SPDX-License-Identifier: GPL-2.0-only
#include "descriptor.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sockets.h"

/* Calls whose first argument is a descriptor that they may wait for. */
static const char on_descriptor[] =
	" accept accept4 close connect epoll_pwait epoll_pwait2 epoll_wait fallocate fcntl fdatasync flock fstat fsync ftruncate getdents "
	"getdents64 io_uring_enter ioctl pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readv recvfrom recvmmsg recvmsg sendfile "
	"sendmmsg sendmsg sendto splice sync_file_range syncfs write writev ";

static bool has_descriptor(const char *call)
{
	char word[40];

	snprintf(word, sizeof(word), " %.36s ", call);
	return strstr(on_descriptor, word);
}

static void describe_socket(const char *root, u32 pid, unsigned long inode, char *buf, size_t size)
{
	static const char *const tables[] = {"tcp", "tcp6", "udp", "udp6"};
	struct socket_ends ends;
	char path[200];
	u32 type;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (!sockets__inet(root, pid, tables[i], inode, &ends))
			continue;
		/* The peer is what is looked for. */
		snprintf(buf, size, "%s%s%s", ends.remote, ends.remote[0] ? " from " : "",
			 ends.local);
		return;
	}
	if (!sockets__unix(root, pid, inode, &type, path, sizeof(path)))
		snprintf(buf, size, "socket");
	else if (path[0])
		snprintf(buf, size, "unix:%s", path);
	else
		snprintf(buf, size, "unix socket");
}

void descriptor__of_call(const char *root, u32 pid, const char *call, u64 arg, char *buf,
			 size_t size)
{
	char path[256], target[256];
	unsigned long inode;
	ssize_t n;

	buf[0] = 0;
	if (!strcmp(call, "futex")) {
		snprintf(buf, size, "at %#llx", (unsigned long long)arg);
		return;
	}
	if (!has_descriptor(call))
		return;
	snprintf(path, sizeof(path), "%s/proc/%u/fd/%d", root, pid, (int)arg);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0) {
		snprintf(buf, size, "descriptor %d", (int)arg);
		return;
	}
	target[n] = 0;
	if (sscanf(target, "socket:[%lu]", &inode) == 1)
		describe_socket(root, pid, inode, buf, size);
	else
		snprintf(buf, size, "%s", target);
}
