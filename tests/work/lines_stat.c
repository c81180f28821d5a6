/* SPDX-License-Identifier: GPL-2.0-only */
/* What files are, and what is kept beside them. */
#include "lines.h"

#include <dirent.h>
#include <linux/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <utime.h>

static struct stat st;

static void stats(int fd)
{
	sys(newfstatat, AT_FDCWD, "file", &st, 0);
	line("newfstatat(AT_FDCWD, \"file\", {st_mode=S_IFREG|0640, st_size=3, ...}, 0)");
	sys(newfstatat, fd, "", &st, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);
	line("newfstatat(%d, \"\", {st_mode=S_IFREG|0640, st_size=3, ...}, "
	     "AT_SYMLINK_NOFOLLOW|AT_EMPTY_PATH)",
	     fd);
	sys(newfstatat, AT_FDCWD, "absent", &st, AT_SYMLINK_NOFOLLOW);
	line("newfstatat(AT_FDCWD, \"absent\", %p, AT_SYMLINK_NOFOLLOW)", (void *)&st);
	sys(newfstatat, AT_FDCWD, "file", NULL, 0);
	line("newfstatat(AT_FDCWD, \"file\", NULL, 0)");
	sys(fstat, fd, &st);
	line("fstat(%d, {st_mode=S_IFREG|0640, st_size=3, ...})", fd);
	sys(fstat, -1, &st);
	line("fstat(-1, %p)", (void *)&st);
	sys(newfstatat, AT_FDCWD, "/dev/null", &st, 0);
	line("newfstatat(AT_FDCWD, \"/dev/null\", {st_mode=S_IFCHR|%#o, st_rdev=makedev(0x1, 0x3), "
	     "...}, 0)",
	     st.st_mode & 07777);
#ifdef __NR_stat
	sys(stat, "sticky", &st);
	line("stat(\"sticky\", {st_mode=S_IFDIR|S_ISVTX|0755, st_size=%ld, ...})",
	     (long)st.st_size);
	sys(lstat, "link", &st);
	line("lstat(\"link\", {st_mode=S_IFLNK|0777, st_size=4, ...})");
	sys(stat, "absent", &st);
	line("stat(\"absent\", %p)", (void *)&st);
	sys(lstat, "file/below", &st);
	line("lstat(\"file/below\", %p)", (void *)&st);
#endif
}

/* Which of these bits the kernel knows depends on it. */
static const char *mask_text(uint32_t mask)
{
	static const struct {
		uint32_t bits;
		const char *name;
	} names[] = {
		{0x7ff, "STATX_BASIC_STATS"}, {0x1, "STATX_TYPE"},      {0x2, "STATX_MODE"},
		{0x4, "STATX_NLINK"},         {0x8, "STATX_UID"},       {0x10, "STATX_GID"},
		{0x20, "STATX_ATIME"},        {0x40, "STATX_MTIME"},    {0x80, "STATX_CTIME"},
		{0x100, "STATX_INO"},         {0x200, "STATX_SIZE"},    {0x400, "STATX_BLOCKS"},
		{0x800, "STATX_BTIME"},       {0x1000, "STATX_MNT_ID"},
	};
	static char text[256];

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if ((mask & names[i].bits) != names[i].bits)
			continue;
		mask &= ~names[i].bits;
		sprintf(text + strlen(text), "%s%s", text[0] ? "|" : "", names[i].name);
	}
	if (mask)
		sprintf(text + strlen(text), "|%#x", mask);
	return text;
}

static void statxs(int fd)
{
	struct statx stx;

	sys(statx, AT_FDCWD, "file", 0, 0x7ff, &stx);
	line("statx(AT_FDCWD, \"file\", AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS, {stx_mask=%s, "
	     "stx_attributes=0, stx_mode=S_IFREG|0640, stx_size=3, ...})",
	     mask_text(stx.stx_mask));
	sys(statx, fd, "", AT_EMPTY_PATH | 0x2000, 1 | 2 | 0x200, &stx);
	line("statx(%d, \"\", AT_STATX_FORCE_SYNC|AT_EMPTY_PATH, STATX_TYPE|STATX_MODE|STATX_SIZE, "
	     "{stx_mask=%s, stx_attributes=0, stx_mode=S_IFREG|0640, stx_size=3, ...})",
	     fd, mask_text(stx.stx_mask));
	sys(statx, AT_FDCWD, "absent", AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, 0xfff, &stx);
	line("statx(AT_FDCWD, \"absent\", AT_STATX_SYNC_AS_STAT|AT_SYMLINK_NOFOLLOW|"
	     "AT_NO_AUTOMOUNT, STATX_ALL, %p)",
	     (void *)&stx);
}

static const char *mount_flags(long flags)
{
	static const struct {
		long bit;
		const char *name;
	} names[] = {
		{0x20, "ST_VALID"},      {0x1, "ST_RDONLY"},    {0x2, "ST_NOSUID"},
		{0x4, "ST_NODEV"},       {0x8, "ST_NOEXEC"},    {0x10, "ST_SYNCHRONOUS"},
		{0x40, "ST_MANDLOCK"},   {0x400, "ST_NOATIME"}, {0x800, "ST_NODIRATIME"},
		{0x1000, "ST_RELATIME"},
	};
	static char text[256];

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (flags & names[i].bit)
			sprintf(text + strlen(text), "%s%s", text[0] ? "|" : "", names[i].name);
	return text;
}

static void filesystems(int fd)
{
	struct statfs fs;

	sys(statfs, "/proc", &fs);
	line("statfs(\"/proc\", {f_type=PROC_SUPER_MAGIC, f_bsize=%ld, f_blocks=0, f_bfree=0, "
	     "f_bavail=0, f_files=0, f_ffree=0, f_fsid={val=[%#x, %#x]}, f_namelen=255, "
	     "f_frsize=%ld, f_flags=%s})",
	     (long)fs.f_bsize, fs.f_fsid.__val[0], fs.f_fsid.__val[1], (long)fs.f_frsize,
	     mount_flags(fs.f_flags));
	sys(statfs, "absent", &fs);
	line("statfs(\"absent\", %p)", (void *)&fs);
	sys(fstatfs, -1, &fs);
	line("fstatfs(-1, %p)", (void *)&fs);
	sys(fstatfs, fd, NULL);
	line("fstatfs(%d, NULL)", fd);
}

static void attributes(int fd)
{
	char value[64];

	sys(setxattr, "file", "user.sonde", "some\0value", 10, 1);
	line("setxattr(\"file\", \"user.sonde\", \"some\\0value\", 10, XATTR_CREATE)");
	sys(fsetxattr, fd, "user.sonde", "", 0, 2);
	line("fsetxattr(%d, \"user.sonde\", \"\", 0, XATTR_REPLACE)", fd);
	sys(lsetxattr, "absent", "user.sonde", "v", 1, 0);
	line("lsetxattr(\"absent\", \"user.sonde\", \"v\", 1, 0)");
	sys(setxattr, "file", "user.sonde", "v1", 2, 0);
	line("setxattr(\"file\", \"user.sonde\", \"v1\", 2, 0)");
	sys(getxattr, "file", "user.sonde", value, sizeof(value));
	line("getxattr(\"file\", \"user.sonde\", %s, 64)", out(value, "\"v1\""));
	sys(fgetxattr, fd, "user.other", value, sizeof(value));
	line("fgetxattr(%d, \"user.other\", %p, 64)", fd, (void *)value);
	sys(lgetxattr, "file", "user.sonde", NULL, 0);
	line("lgetxattr(\"file\", \"user.sonde\", NULL, 0)");
	sys(listxattr, "file", value, sizeof(value));
	line("listxattr(\"file\", %s, 64)",
	     out(value, "%s", result ? "\"user.sonde\\0\"" : "\"\""));
	sys(flistxattr, fd, NULL, 0);
	line("flistxattr(%d, NULL, 0)", fd);
	sys(llistxattr, "absent", value, sizeof(value));
	line("llistxattr(\"absent\", %p, 64)", (void *)value);
	sys(fremovexattr, fd, "user.sonde");
	line("fremovexattr(%d, \"user.sonde\")", fd);
	sys(removexattr, "file", "nonsense");
	line("removexattr(\"file\", \"nonsense\")");
	sys(lremovexattr, "absent", "user.sonde");
	line("lremovexattr(\"absent\", \"user.sonde\")");
}

static void times(int fd)
{
	struct timespec ts[2] = {{1, 2}, {0, UTIME_NOW}};
	struct timeval tv[2] = {{86400, 5}, {86400 * 365, 999999}};
	struct utimbuf buf = {1, 1700000000};

	sys(utimensat, AT_FDCWD, "file", ts, 0);
	line("utimensat(AT_FDCWD, \"file\", [{tv_sec=1, tv_nsec=2} /* "
	     "1970-01-01T00:00:01.000000002+0000 */, UTIME_NOW], 0)");
	ts[0].tv_nsec = UTIME_OMIT;
	sys(utimensat, fd, NULL, ts, 0);
	line("utimensat(%d, NULL, [UTIME_OMIT, UTIME_NOW], 0)", fd);
	sys(utimensat, AT_FDCWD, "absent", NULL, AT_SYMLINK_NOFOLLOW);
	line("utimensat(AT_FDCWD, \"absent\", NULL, AT_SYMLINK_NOFOLLOW)");
#ifdef __NR_utime
	sys(utimes, "file", tv);
	line("utimes(\"file\", [{tv_sec=86400, tv_usec=5} /* 1970-01-02T00:00:00.000005+0000 */, "
	     "{tv_sec=31536000, tv_usec=999999} /* 1971-01-01T00:00:00.999999+0000 */])");
	sys(futimesat, AT_FDCWD, "absent", NULL);
	line("futimesat(AT_FDCWD, \"absent\", NULL)");
	sys(utime, "file", &buf);
	line("utime(\"file\", {actime=1 /* 1970-01-01T00:00:01+0000 */, modtime=1700000000 /* "
	     "2023-11-14T22:13:20+0000 */})");
	sys(utime, "absent", NULL);
	line("utime(\"absent\", NULL)");
#else
	(void)tv;
	(void)buf;
#endif
}

static void entries(void)
{
	char buf[1024];
	int fd = (int)sys(openat, AT_FDCWD, "sticky", O_RDONLY | O_DIRECTORY);

	line("openat(AT_FDCWD, \"sticky\", O_RDONLY|O_DIRECTORY)");
	sys(getdents64, fd, buf, sizeof(buf));
	line("getdents64(%d, %p /* 2 entries */, 1024)", fd, (void *)buf);
	sys(getdents64, fd, buf, sizeof(buf));
	line("getdents64(%d, %p /* 0 entries */, 1024)", fd, (void *)buf);
	sys(getdents64, -1, buf, sizeof(buf));
	line("getdents64(-1, %p, 1024)", (void *)buf);
#ifdef __NR_getdents
	sys(lseek, fd, 0, SEEK_SET);
	line("lseek(%d, 0, SEEK_SET)", fd);
	sys(getdents, fd, buf, sizeof(buf));
	line("getdents(%d, %p /* 2 entries */, 1024)", fd, (void *)buf);
#endif
	sys(fchmod, fd, 0700);
	line("fchmod(%d, 0700)", fd);
	sys(fchmod, -1, 06000);
	line("fchmod(-1, 06000)");
	sys(fchown, fd, 0, 0);
	line("fchown(%d, 0, 0)", fd);
	sys(fchown, -1, -1, 5);
	line("fchown(-1, -1, 5)");
}

int main(int argc, char **argv)
{
	int fd;

	lines_begin(argc, argv);
	ends();
	if (mkdir("sticky", 0755) || chmod("sticky", 01755) || symlink("file", "link"))
		err(1, "sticky, link");
	fd = open("file", O_RDWR | O_CREAT, 0640);
	if (fd < 0 || write(fd, "abc", 3) != 3)
		err(1, "file");
	begins();
	stats(fd);
	statxs(fd);
	filesystems(fd);
	attributes(fd);
	times(fd);
	entries();
	return lines_end();
}
