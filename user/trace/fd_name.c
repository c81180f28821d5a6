// SPDX-License-Identifier: GPL-2.0-only
#include "fd_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "apart.h"
#include "sockets.h"

static bool find_inet(const char *root, u32 pid, unsigned long inode, char *name, size_t size)
{
	static const struct {
		const char *table, *protocol;
	} tables[] = {{"tcp", "TCP"},
		      {"tcp6", "TCPv6"},
		      {"udp", "UDP"},
		      {"udp6", "UDPv6"},
		      {"raw", "RAW"}};
	struct socket_ends ends;

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (!sockets__inet(root, pid, tables[i].table, inode, &ends))
			continue;
		snprintf(name, size, "%s:[%s%s%s]", tables[i].protocol, ends.local,
			 ends.remote[0] ? "->" : "", ends.remote);
		return true;
	}
	return false;
}

static bool find_unix(const char *root, u32 pid, unsigned long inode, char *name, size_t size)
{
	static const char *const types[] = {"", "-STREAM", "-DGRAM", "", "", "-SEQPACKET"};
	char path[200];
	u32 type;

	if (!sockets__unix(root, pid, inode, &type, path, sizeof(path)))
		return false;
	snprintf(name, size, "UNIX%s:[%lu%s%s%s]", type < 6 ? types[type] : "", inode,
		 path[0] ? ",\"" : "", path, path[0] ? "\"" : "");
	return true;
}

static bool find_netlink(const char *root, u32 pid, unsigned long inode, char *name, size_t size)
{
	static const char *const families[] = {
		[0] = "ROUTE",      [2] = "USERSOCK",   [4] = "SOCK_DIAG",
		[6] = "XFRM",       [9] = "AUDIT",      [10] = "FIB_LOOKUP",
		[11] = "CONNECTOR", [12] = "NETFILTER", [15] = "KOBJECT_UEVENT",
		[16] = "GENERIC",   [20] = "RDMA",      [21] = "CRYPTO",
	};
	FILE *f = sockets__table(root, pid, "netlink");
	unsigned int family, port;
	unsigned long have;
	bool found = false;
	char line[512];

	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "%*x %u %u %*x %*d %*d %*s %*d %*d %lu", &family, &port,
			       &have) == 3 &&
			have == inode;
	if (f)
		fclose(f);
	if (!found)
		return false;
	if (family < sizeof(families) / sizeof(families[0]) && families[family])
		snprintf(name, size, "NETLINK:[%s:%u]", families[family], port);
	else
		snprintf(name, size, "NETLINK:[%u:%u]", family, port);
	return true;
}

/* Left as it is if it is in none of the tables. */
static void detail_socket(const char *root, u32 pid, unsigned long inode, char *name, size_t size)
{
	if (!find_inet(root, pid, inode, name, size) && !find_unix(root, pid, inode, name, size))
		find_netlink(root, pid, inode, name, size);
}

static int look_at(int to, u32 pid, const void *path)
{
	struct stat st;

	(void)pid;
	/* The file behind the link, without opening it. */
	if (stat(path, &st))
		return -errno;
	return write(to, &st, sizeof(st)) == sizeof(st) ? 0 : -EIO;
}

/* A device's number behind its path. Below /dev there may be other file systems, too. */
static void detail_device(u32 pid, const char *path, char *name, size_t size)
{
	int fd = apart__do(NULL, pid, look_at, path, strlen(path) + 1);
	size_t n = strlen(name);
	struct stat st;

	if (fd < 0 || pread(fd, &st, sizeof(st), 0) != sizeof(st) ||
	    (!S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode)))
		return;
	snprintf(name + n, size - n, "<%s %u:%u>", S_ISCHR(st.st_mode) ? "char" : "block",
		 major(st.st_rdev), minor(st.st_rdev));
}

void fd_name__device(const char *root, u32 pid, char *name, size_t size)
{
	char path[4800];

	snprintf(path, sizeof(path), "%s%s", root, name);
	if (!strncmp(name, "/dev/", 5))
		detail_device(pid, path, name, size);
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
		detail_device(pid, path, name, size);
	return 0;
}
