// SPDX-License-Identifier: GPL-2.0-only
#include "fd_name.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* An address as /proc/net/tcp has it: 32-bit words of this machine's order, in hexadecimal. */
static void write_address(const char *hex, unsigned int port, char *buf, size_t size)
{
	bool six = strlen(hex) == 32;
	char text[INET6_ADDRSTRLEN] = "?";
	unsigned char bytes[16];

	for (size_t i = 0; i < strlen(hex) / 8 && i < 4; i++) {
		u32 word = 0;

		sscanf(hex + 8 * i, "%8x", &word);
		memcpy(bytes + 4 * i, &word, sizeof(word));
	}
	inet_ntop(six ? AF_INET6 : AF_INET, bytes, text, sizeof(text));
	snprintf(buf, size, six ? "[%s]:%u" : "%s:%u", text, port);
}

static FILE *open_table(const char *root, u32 pid, const char *table)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/proc/%u/net/%s", root, pid, table);
	return fopen(path, "re");
}

static bool find_inet(FILE *f, const char *protocol, unsigned long inode, char *name, size_t size)
{
	char line[512], local[40], remote[40], from[64], to[64];
	unsigned int local_port, remote_port;
	unsigned long have;

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line,
			   " %*d: %39[0-9A-F]:%x %39[0-9A-F]:%x %*x %*x:%*x %*x:%*x %*x %*d %*d %lu",
			   local, &local_port, remote, &remote_port, &have) != 5 ||
		    have != inode)
			continue;
		write_address(local, local_port, from, sizeof(from));
		write_address(remote, remote_port, to, sizeof(to));
		snprintf(name, size, "%s:[%s%s%s]", protocol, from, remote_port ? "->" : "",
			 remote_port ? to : "");
		return true;
	}
	return false;
}

static bool find_unix(FILE *f, const char *protocol, unsigned long inode, char *name, size_t size)
{
	static const char *const types[] = {"", "STREAM", "DGRAM", "", "", "SEQPACKET"};
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		unsigned long have;
		unsigned int type;
		int at = 0;

		if (sscanf(line, "%*[^:]: %*x %*x %*x %x %*x %lu%n", &type, &have, &at) != 2 ||
		    have != inode)
			continue;
		line[strcspn(line, "\n")] = 0;
		snprintf(name, size, "%s%s%s:[%lu%s%s%s]", protocol,
			 type < 6 && types[type][0] ? "-" : "", type < 6 ? types[type] : "", inode,
			 line[at] ? ",\"" : "", line + at + (line[at] == ' '),
			 line[at] ? "\"" : "");
		return true;
	}
	return false;
}

static bool find_netlink(FILE *f, const char *protocol, unsigned long inode, char *name,
			 size_t size)
{
	static const char *const families[] = {
		[0] = "ROUTE",      [2] = "USERSOCK",   [4] = "SOCK_DIAG",
		[6] = "XFRM",       [9] = "AUDIT",      [10] = "FIB_LOOKUP",
		[11] = "CONNECTOR", [12] = "NETFILTER", [15] = "KOBJECT_UEVENT",
		[16] = "GENERIC",   [20] = "RDMA",      [21] = "CRYPTO",
	};
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		unsigned int family, port;
		unsigned long have;

		if (sscanf(line, "%*x %u %u %*x %*d %*d %*s %*d %*d %lu", &family, &port, &have) !=
			    3 ||
		    have != inode)
			continue;
		if (family < sizeof(families) / sizeof(families[0]) && families[family])
			snprintf(name, size, "%s:[%s:%u]", protocol, families[family], port);
		else
			snprintf(name, size, "%s:[%u:%u]", protocol, family, port);
		return true;
	}
	return false;
}

static const struct {
	const char *table, *protocol;
	bool (*find)(FILE *f, const char *protocol, unsigned long inode, char *name, size_t size);
} tables[] = {
	{"tcp", "TCP", find_inet},
	{"tcp6", "TCPv6", find_inet},
	{"unix", "UNIX", find_unix},
	{"udp", "UDP", find_inet},
	{"udp6", "UDPv6", find_inet},
	{"raw", "RAW", find_inet},
	{"netlink", "NETLINK", find_netlink},
};

static void detail_socket(const char *root, u32 pid, unsigned long inode, char *name, size_t size)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		FILE *f = open_table(root, pid, tables[i].table);
		bool found = f && tables[i].find(f, tables[i].protocol, inode, name, size);

		if (f)
			fclose(f);
		if (found)
			return;
	}
}

/* A device's number behind its path. */
static void detail_device(const char *path, char *name, size_t size)
{
	size_t n = strlen(name);
	struct stat st;

	/* The file behind the link, without opening it. */
	if (stat(path, &st) || (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode)))
		return;
	snprintf(name + n, size - n, "<%s %u:%u>", S_ISCHR(st.st_mode) ? "char" : "block",
		 major(st.st_rdev), minor(st.st_rdev));
}

void fd_name__device(const char *root, char *name, size_t size)
{
	char path[4800];

	snprintf(path, sizeof(path), "%s%s", root, name);
	if (!strncmp(name, "/dev/", 5))
		detail_device(path, name, size);
}

int fd_name__look(const char *root, u32 pid, s32 fd, bool detail, char *name, size_t size)
{
	unsigned long inode;
	char path[600];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/proc/%u/fd/%d", root, pid, fd);
	n = readlink(path, name, size - 1);
	if (n < 0)
		return -errno;
	name[n] = 0;
	if (!detail)
		return 0;
	if (sscanf(name, "socket:[%lu]", &inode) == 1)
		detail_socket(root, pid, inode, name, size);
	else if (!strncmp(name, "/dev/", 5))
		detail_device(path, name, size);
	return 0;
}
