// SPDX-License-Identifier: GPL-2.0-only
/* Sockets of this process by their inodes. */
#include "sockets.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "check.h"

#define FORGED 64

static char dir[] = "/tmp/test_sockets.XXXXXX";

/* Bound there, under a name that has @line after a line break if there is one. */
static int bound(const char *name, const char *line)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK(snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/%s%s%s", dir, name,
		       line ? "\n" : "", line ?: "") < (int)sizeof(addr.sun_path));
	CHECK(fd >= 0 && !bind(fd, (struct sockaddr *)&addr, sizeof(addr)));
	return fd;
}

static unsigned long inode_of(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : st.st_ino;
}

static void test_unix(void)
{
	char path[256], expected[256], line[64];
	int real = bound("real", NULL), forged[FORGED];
	u32 type = 0;

	snprintf(expected, sizeof(expected), "%s/real", dir);
	CHECK(sockets__unix("", getpid(), inode_of(real), &type, path, sizeof(path)));
	CHECK(type == SOCK_STREAM && !strcmp(path, expected));
	/* Some come before it in the table, some after it. */
	snprintf(line, sizeof(line), "0: 00000002 00000000 00010000 0001 01 %lu forged",
		 inode_of(real));
	for (int i = 0; i < FORGED; i++) {
		char name[8];

		snprintf(name, sizeof(name), "%d", i);
		forged[i] = bound(name, line);
	}
	CHECK(!sockets__unix("", getpid(), inode_of(real), &type, path, sizeof(path)));
	for (int i = 0; i < FORGED; i++) {
		struct sockaddr_un addr;
		socklen_t len = sizeof(addr);

		CHECK(!getsockname(forged[i], (struct sockaddr *)&addr, &len) &&
		      !unlink(addr.sun_path));
		close(forged[i]);
	}
	CHECK(sockets__unix("", getpid(), inode_of(real), &type, path, sizeof(path)));
	CHECK(!strcmp(path, expected) && !unlink(path));
	close(real);
}

int main(void)
{
	if (!mkdtemp(dir)) {
		perror("mkdtemp");
		return 1;
	}
	test_unix();
	CHECK(!rmdir(dir));
	return report();
}
