// SPDX-License-Identifier: GPL-2.0-only
#include "sockets.h"

#include <arpa/inet.h>
#include <string.h>

FILE *sockets__table(const char *root, u32 pid, const char *table)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/proc/%u/net/%s", root, pid, table);
	return fopen(path, "re");
}

/* @hex: 32-bit words of this machine's order. */
static void write_address(const char *hex, unsigned int port, char *buf, size_t size)
{
	bool six = strlen(hex) == 32;
	char text[INET6_ADDRSTRLEN] = "?";
	unsigned char bytes[16] = {};

	for (size_t i = 0; i < strlen(hex) / 8 && i < 4; i++) {
		u32 word;

		if (sscanf(hex + 8 * i, "%8x", &word) == 1)
			memcpy(bytes + 4 * i, &word, sizeof(word));
	}
	inet_ntop(six ? AF_INET6 : AF_INET, bytes, text, sizeof(text));
	snprintf(buf, size, six ? "[%s]:%u" : "%s:%u", text, port);
}

bool sockets__inet(const char *root, u32 pid, const char *table, unsigned long inode,
		   struct socket_ends *ret)
{
	FILE *f = sockets__table(root, pid, table);
	unsigned int local_port, remote_port;
	char line[512], local[40], remote[40];
	bool found = false;
	unsigned long have;

	while (f && !found && fgets(line, sizeof(line), f)) {
		found = sscanf(line,
			       " %*d: %39[0-9A-F]:%x %39[0-9A-F]:%x %*x %*x:%*x %*x:%*x %*x %*d "
			       "%*d %lu",
			       local, &local_port, remote, &remote_port, &have) == 5 &&
			have == inode;
	}
	if (f)
		fclose(f);
	if (!found)
		return false;
	ret->remote[0] = 0;
	write_address(local, local_port, ret->local, sizeof(ret->local));
	if (remote_port)
		write_address(remote, remote_port, ret->remote, sizeof(ret->remote));
	return true;
}

bool sockets__unix(const char *root, u32 pid, unsigned long inode, u32 *type, char *path,
		   size_t size)
{
	FILE *f = sockets__table(root, pid, "unix");
	unsigned long have;
	char line[512];
	int found = 0;

	/* To the end: a name may have line breaks, and after them what looks like another socket's
	 * line. Of two lines nobody knows which is true. */
	while (f && fgets(line, sizeof(line), f)) {
		int at = 0;

		if (sscanf(line, "%*[^:]: %*x %*x %*x %x %*x %lu%n", type, &have, &at) != 2 ||
		    have != inode)
			continue;
		found++;
		line[strcspn(line, "\n")] = 0;
		snprintf(path, size, "%s", line + at + (line[at] == ' '));
	}
	if (f)
		fclose(f);
	return found == 1;
}
