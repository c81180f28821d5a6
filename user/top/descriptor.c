// SPDX-License-Identifier: GPL-2.0-only
#include "descriptor.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* An address as /proc/net/tcp has it: 32-bit words of this machine's order, in hexadecimal. */
static void write_address(const char *hex, unsigned int port, char *buf, size_t size)
{
	bool six = strlen(hex) == 32;
	unsigned char bytes[16];
	char text[INET6_ADDRSTRLEN] = "?";

	for (size_t i = 0; i < strlen(hex) / 8 && i < 4; i++) {
		u32 word;

		if (sscanf(hex + 8 * i, "%8x", &word) == 1)
			memcpy(bytes + 4 * i, &word, sizeof(word));
	}
	inet_ntop(six ? AF_INET6 : AF_INET, bytes, text, sizeof(text));
	snprintf(buf, size, six ? "[%s]:%u" : "%s:%u", text, port);
}

/* Looks for the socket of that inode in one of /proc/PID/net's tables of connections. */
static bool find_connection(const char *root, u32 pid, const char *table, unsigned long inode,
			    char *buf, size_t size)
{
	char path[256], line[512], local[40], remote[40], from[64], to[64];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/%u/net/%s", root, pid, table);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		unsigned int local_port, remote_port;
		unsigned long have;

		if (sscanf(line,
			   " %*d: %39[0-9A-F]:%x %39[0-9A-F]:%x %*x %*x:%*x %*x:%*x %*x %*d %*d %lu",
			   local, &local_port, remote, &remote_port, &have) != 5 ||
		    have != inode)
			continue;
		write_address(local, local_port, from, sizeof(from));
		write_address(remote, remote_port, to, sizeof(to));
		if (remote_port)
			/* The peer is what is looked for. */
			snprintf(buf, size, "%s from %s", to, from);
		else
			snprintf(buf, size, "%s", from);
		found = true;
	}
	fclose(f);
	return found;
}

static bool find_unix(const char *root, u32 pid, unsigned long inode, char *buf, size_t size)
{
	char path[256], line[512];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/%u/net/unix", root, pid);
	f = fopen(path, "re");
	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		unsigned long have;
		int at = 0;

		if (sscanf(line, "%*[^:]: %*x %*x %*x %*x %*x %lu%n", &have, &at) != 1 ||
		    have != inode)
			continue;
		line[strcspn(line, "\n")] = 0;
		snprintf(buf, size, "unix%s%s", line[at] ? ":" : " socket",
			 line + at + (line[at] == ' '));
		found = true;
	}
	fclose(f);
	return found;
}

static void describe_socket(const char *root, u32 pid, unsigned long inode, char *buf, size_t size)
{
	static const char *const tables[] = {"tcp", "tcp6", "udp", "udp6"};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (find_connection(root, pid, tables[i], inode, buf, size))
			return;
	if (!find_unix(root, pid, inode, buf, size))
		snprintf(buf, size, "socket");
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
