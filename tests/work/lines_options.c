/* SPDX-License-Identifier: GPL-2.0-only */
/* lines_options DIRECTORY MODE: what options change. MODE: v, s5, x, xx, y, yy. */
#include "lines.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/utsname.h>

static void whole_structures(void)
{
	char *argv[] = {"a", NULL}, *envp[] = {"A=1", "B=\"2\"", NULL};
	struct timespec ts[2] = {{1700000000, 5}, {1, 0}};
	struct rusage u;
	struct utsname name;
	struct stat st;

	ends();
	close(open("file", O_RDWR | O_CREAT, 0640));
	utimensat(AT_FDCWD, "file", ts, 0);
	stat("file", &st);
	utimensat(AT_FDCWD, "file", ts, 0);
	begins();
	sys(newfstatat, AT_FDCWD, "file", &st, 0);
	ends();
	char ctime[64];
	strftime(ctime, sizeof(ctime), "%FT%T", gmtime(&st.st_ctime));
	begins();
	line("newfstatat(AT_FDCWD, \"file\", {st_dev=makedev(%#x, %s%x), st_ino=%lu, "
	     "st_mode=S_IFREG|0640, st_nlink=1, st_uid=0, st_gid=0, st_blksize=%ld, "
	     "st_blocks=%ld, st_size=0, st_atime=1700000000 /* "
	     "2023-11-14T22:13:20.000000005+0000 */, st_atime_nsec=5, st_mtime=1 /* "
	     "1970-01-01T00:00:01+0000 */, st_mtime_nsec=0, st_ctime=%ld /* %s.%09ld+0000 */, "
	     "st_ctime_nsec=%ld}, 0)",
	     major(st.st_dev), minor(st.st_dev) ? "0x" : "", minor(st.st_dev),
	     (unsigned long)st.st_ino, (long)st.st_blksize, (long)st.st_blocks, (long)st.st_ctime,
	     ctime, st.st_ctim.tv_nsec, st.st_ctim.tv_nsec);
	sys(execve, "absent", argv, envp);
	line("execve(\"absent\", [\"a\"], [\"A=1\", \"B=\\\"2\\\"\"])");
	sys(uname, &name);
	line("uname({sysname=\"Linux\", nodename=\"%s\", release=\"%s\", version=\"%s\", "
	     "machine=\"%s\", domainname=\"%s\"})",
	     name.nodename, name.release, name.version, name.machine, name.domainname);
	sys(getrusage, RUSAGE_SELF, &u);
	line("getrusage(RUSAGE_SELF, {ru_utime={tv_sec=%ld, tv_usec=%ld}, ru_stime={tv_sec=%ld, "
	     "tv_usec=%ld}, ru_maxrss=%ld, ru_ixrss=0, ru_idrss=0, ru_isrss=0, ru_minflt=%ld, "
	     "ru_majflt=%ld, ru_nswap=0, ru_inblock=%ld, ru_oublock=%ld, ru_msgsnd=0, "
	     "ru_msgrcv=0, ru_nsignals=0, ru_nvcsw=%ld, ru_nivcsw=%ld})",
	     (long)u.ru_utime.tv_sec, u.ru_utime.tv_usec, (long)u.ru_stime.tv_sec,
	     u.ru_stime.tv_usec, u.ru_maxrss, u.ru_minflt, u.ru_majflt, u.ru_inblock, u.ru_oublock,
	     u.ru_nvcsw, u.ru_nivcsw);
}

static void short_strings(int fd)
{
	struct iovec iov[2] = {{"abcdefgh", 8}, {"x", 1}};

	sys(write, fd, "12345", 5);
	line("write(%d, \"12345\", 5)", fd);
	sys(write, fd, "123456", 6);
	line("write(%d, \"12345\"..., 6)", fd);
	sys(writev, fd, iov, 2);
	line("writev(%d, [{iov_base=\"abcde\"..., iov_len=8}, {iov_base=\"x\", iov_len=1}], 2)",
	     fd);
	sys(openat, AT_FDCWD, "a path is never cut", O_RDONLY);
	line("openat(AT_FDCWD, \"a path is never cut\", O_RDONLY)");
}

static void hexadecimal(int fd, bool all)
{
	sys(write, fd, "plain", 5);
	if (all)
		line("write(%d, \"\\x70\\x6c\\x61\\x69\\x6e\", 5)", fd);
	else
		line("write(%d, \"plain\", 5)", fd);
	sys(write, fd, "\0\303\274\n\"", 5);
	line("write(%d, \"\\x00\\xc3\\xbc\\x0a\\x22\", 5)", fd);
	sys(write, fd, "tab\t", 4);
	if (all)
		line("write(%d, \"\\x74\\x61\\x62\\x09\", 4)", fd);
	else
		line("write(%d, \"tab\\t\", 4)", fd);
	sys(openat, AT_FDCWD, "\033", O_RDONLY);
	line("openat(AT_FDCWD, \"\\x1b\", O_RDONLY)");
}

/* Where a descriptor of this process leads to. */
static const char *leads_to(int fd)
{
	static char text[4][256];
	static int next;
	char path[64], *ret = text[next++ % 4];
	ssize_t n;

	ends();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, ret, sizeof(text[0]) - 1);
	ret[n < 0 ? 0 : n] = '\0';
	begins();
	return ret;
}

static void names(bool protocols)
{
	char cwd[256], byte, ret[512];
	const char *pipe_name, *event;
	int fd, fds[2];

	ends();
	if (!getcwd(cwd, sizeof(cwd)))
		err(1, "getcwd");
	begins();
	fd = (int)sys(openat, AT_FDCWD, "file", O_RDWR | O_CREAT, 0600);
	snprintf(ret, sizeof(ret), "%d<%s/file>", fd, cwd);
	line_is(ret, "openat(AT_FDCWD<%s>, \"file\", O_RDWR|O_CREAT, 0600)", cwd);
	sys(write, fd, "x", 1);
	line("write(%s, \"x\", 1)", ret);
	sys(unlinkat, AT_FDCWD, "file", 0);
	line("unlinkat(AT_FDCWD<%s>, \"file\", 0)", cwd);
	sys(read, fd, &byte, 1);
	line("read(%s(deleted), \"\", 1)", ret);
	sys(close, fd);
	line("close(%s(deleted))", ret);
	sys(close, fd);
	line("close(%d)", fd);
	fd = (int)sys(openat, AT_FDCWD, "<a\n>", O_RDWR | O_CREAT, 0600);
	snprintf(ret, sizeof(ret), "%d<%s/\\74a\\n\\76>", fd, cwd);
	line_is(ret, "openat(AT_FDCWD<%s>, \"<a\\n>\", O_RDWR|O_CREAT, 0600)", cwd);
	sys(close, fd);
	line("close(%s)", ret);
	fd = (int)sys(openat, AT_FDCWD, "/dev/null", O_RDONLY);
	snprintf(ret, sizeof(ret), "%d</dev/null%s>", fd, protocols ? "<char 1:3>" : "");
	line_is(ret, "openat(AT_FDCWD<%s>, \"/dev/null\", O_RDONLY)", cwd);
	sys(dup, fd);
	snprintf(ret, sizeof(ret), "%d</dev/null%s>", (int)result, protocols ? "<char 1:3>" : "");
	line_is(ret, "dup(%d</dev/null%s>)", fd, protocols ? "<char 1:3>" : "");
	sys(pipe2, fds, 0);
	pipe_name = leads_to(fds[0]);
	line("pipe2([%d<%s>, %d<%s>], 0)", fds[0], pipe_name, fds[1], pipe_name);
	sys(write, fds[1], "y", 1);
	line("write(%d<%s>, \"y\", 1)", fds[1], pipe_name);
	fd = (int)sys(eventfd2, 0, 0);
	event = leads_to(fd);
	snprintf(ret, sizeof(ret), "%d<%s>", fd, event);
	line_is(ret, "eventfd2(0, 0)");
	sys(close, fd);
	line("close(%s)", ret);
}

/* A connection to itself. */
static void connection(bool protocols)
{
	struct sockaddr_in name = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(name);
	char from[128], to[128], ret[128];
	int fd, listener, mine;

	ends();
	listener = socket(AF_INET, SOCK_STREAM, 0);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (void *)&name, sizeof(name)) || listen(listener, 1) ||
	    getsockname(listener, (void *)&name, &len) || connect(fd, (void *)&name, len))
		err(1, "connect");
	begins();
	snprintf(to, sizeof(to), "%s", leads_to(fd));
	if (protocols) {
		ends();
		getsockname(fd, (void *)&name, &len);
		mine = ntohs(name.sin_port);
		getpeername(fd, (void *)&name, &len);
		begins();
		snprintf(to, sizeof(to), "TCP:[127.0.0.1:%d->127.0.0.1:%d]", mine,
			 ntohs(name.sin_port));
		snprintf(from, sizeof(from), "TCP:[127.0.0.1:%d]", ntohs(name.sin_port));
	} else {
		snprintf(from, sizeof(from), "%s", leads_to(listener));
	}
	sys(sendto, fd, "z", 1, 0, NULL, 0);
	line("sendto(%d<%s>, \"z\", 1, 0, NULL, 0)", fd, to);
	mine = (int)sys(accept4, listener, NULL, NULL, 0);
	snprintf(ret, sizeof(ret), "%d<%s>", mine, leads_to(mine));
	if (protocols) {
		int a, b;

		sscanf(to, "TCP:[127.0.0.1:%d->127.0.0.1:%d]", &a, &b);
		snprintf(ret, sizeof(ret), "%d<TCP:[127.0.0.1:%d->127.0.0.1:%d]>", mine, b, a);
	}
	line_is(ret, "accept4(%d<%s>, NULL, NULL, 0)", listener, from);
	sys(shutdown, mine, SHUT_RDWR);
	line("shutdown(%s, SHUT_RDWR)", ret);
}

int main(int argc, char **argv)
{
	int fd;

	lines_begin(argc, argv);
	ends();
	fd = open("out", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	begins();
	if (!strcmp(mode, "v"))
		whole_structures();
	if (!strcmp(mode, "s5"))
		short_strings(fd);
	if (mode[0] == 'x')
		hexadecimal(fd, mode[1]);
	if (mode[0] == 'y') {
		names(mode[1]);
		connection(mode[1]);
	}
	return lines_end();
}
