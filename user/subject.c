// SPDX-License-Identifier: GPL-2.0-only
#include "subject.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void subject__path(const char *names, u32 len, char *path, size_t size)
{
	size_t at = size - 1;

	path[at] = 0;
	for (u32 i = 0; i < len;) {
		size_t n = strnlen(names + i, len - i);

		if (n + 1 > at)
			break;
		at -= n;
		memcpy(path + at, names + i, n);
		path[--at] = '/';
		i += n + 1;
	}
	memmove(path, path + at, size - at);
	if (!path[0])
		snprintf(path, size, "/");
}

/* NULs become spaces: the arguments in one line. Returns 0 or -EAGAIN. */
static int read_cmdline(struct names *names, const struct ident *id, u32 pid, char *line,
			size_t size)
{
	char path[256];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/proc/%u/cmdline", names->root, pid);
	n = slow_file__read(&names->slow, path, id->process, line, size - 1);
	line[n > 0 ? n : 0] = 0;
	for (ssize_t i = 0; i < n - 1; i++)
		if (!line[i])
			line[i] = ' ';
	return n == -EAGAIN ? -EAGAIN : 0;
}

int subject__name(struct names *names, const struct ident *id, const char *path, const char *comm,
		  u32 pid, char *raw, size_t size)
{
	char exe[512] = "", cmdline[SLOW_FILE_MAX] = "", command[COMM_LEN + 1];
	struct subject subject = {
		.cgroup = path,
		.comm = command,
		.exe = exe,
	};
	int err;

	snprintf(command, sizeof(command), "%.*s", COMM_LEN, comm);
	if (id->process) {
		char link[256];
		ssize_t n;

		snprintf(link, sizeof(link), "%s/proc/%u/exe", names->root, pid);
		n = readlink(link, exe, sizeof(exe) - 1);
		exe[n > 0 ? n : 0] = 0;
	}
	err = naming__derive(names->naming, &subject, raw, size);
	if (err != -EAGAIN)
		return err;
	err = read_cmdline(names, id, pid, cmdline, sizeof(cmdline));
	subject.cmdline = cmdline;
	return err ? err : naming__derive(names->naming, &subject, raw, size);
}

bool subject__is_running(const char *root, const struct ident *id)
{
	u64 tick = 1000000000ULL / sysconf(_SC_CLK_TCK);
	char path[256], text[1024], *at;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/proc/%u/stat", root, id->tgid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[n > 0 ? n : 0] = 0;
	/* The second field is a name with anything in it, the 22nd is wanted. */
	at = strrchr(text, ')');
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at && strtoull(at, NULL, 10) == id->process / tick;
}
