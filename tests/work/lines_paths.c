/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls that take a path. */
#include "lines.h"

#include <linux/openat2.h>

static void open_close(void)
{
	struct open_how how = {.flags = O_RDWR | O_CREAT | O_CLOEXEC,
			       .mode = 0640,
			       .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
	int fd;

	fd = (int)sys(openat, AT_FDCWD, "file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	line("openat(AT_FDCWD, \"file\", O_RDWR|O_CREAT|O_TRUNC|O_CLOEXEC, 0644)");
	sys(close, fd);
	line("close(%d)", fd);
	sys(close, fd);
	line("close(%d)", fd);
	sys(openat, AT_FDCWD, "file", O_RDWR | O_CREAT | O_EXCL, 0600);
	line("openat(AT_FDCWD, \"file\", O_RDWR|O_CREAT|O_EXCL, 0600)");
	sys(openat, AT_FDCWD, "/nonexistent/file", O_RDONLY | O_DIRECTORY);
	line("openat(AT_FDCWD, \"/nonexistent/file\", O_RDONLY|O_DIRECTORY)");
	sys(openat, 77, "file", O_WRONLY | O_APPEND | O_NONBLOCK | O_NOFOLLOW);
	line("openat(77, \"file\", O_WRONLY|O_APPEND|O_NONBLOCK|O_NOFOLLOW)");
	sys(openat, AT_FDCWD, NULL, O_RDONLY);
	line("openat(AT_FDCWD, NULL, O_RDONLY)");
	sys(openat, AT_FDCWD, NOWHERE, O_RDONLY | O_PATH);
	line("openat(AT_FDCWD, %p, O_RDONLY|O_PATH)", NOWHERE);
	sys(openat, AT_FDCWD, "", O_RDONLY | O_DSYNC | O_NOATIME);
	line("openat(AT_FDCWD, \"\", O_RDONLY|O_DSYNC|O_NOATIME)");
	fd = (int)sys(openat, AT_FDCWD, ".", O_RDWR | O_TMPFILE, 0600);
	line("openat(AT_FDCWD, \".\", O_RDWR|O_TMPFILE, 0600)");
	sys(close, fd);
	line("close(%d)", fd);
	fd = (int)sys(openat2, AT_FDCWD, "file", &how, sizeof(how));
	line("openat2(AT_FDCWD, \"file\", {flags=O_RDWR|O_CREAT|O_CLOEXEC, mode=0640, "
	     "resolve=RESOLVE_NO_SYMLINKS|RESOLVE_BENEATH}, %zu)",
	     sizeof(how));
	sys(close, fd);
	line("close(%d)", fd);
	how = (struct open_how){.flags = O_RDONLY};
	sys(openat2, AT_FDCWD, "absent", &how, sizeof(how));
	line("openat2(AT_FDCWD, \"absent\", {flags=O_RDONLY, resolve=0}, %zu)", sizeof(how));
	sys(openat2, AT_FDCWD, "file", NULL, sizeof(how));
	line("openat2(AT_FDCWD, \"file\", NULL, %zu)", sizeof(how));
#ifdef __NR_open
	fd = (int)sys(open, "file", O_RDONLY | O_SYNC);
	line("open(\"file\", O_RDONLY|O_SYNC)");
	sys(close, fd);
	line("close(%d)", fd);
	fd = (int)sys(creat, "created", 0600);
	line("creat(\"created\", 0600)");
	sys(close, fd);
	line("close(%d)", fd);
	sys(open, "file/x", O_RDWR | O_CREAT, 0777);
	line("open(\"file/x\", O_RDWR|O_CREAT, 0777)");
#endif
}

/* Bytes that a terminal must not see, and names that are not to be cut. */
static void strings(void)
{
	char name[301], quoted[301];

	sys(openat, AT_FDCWD, "tab\there \"quoted\" back\\slash\nnew\r", O_RDONLY);
	line("openat(AT_FDCWD, \"tab\\there \\\"quoted\\\" back\\\\slash\\nnew\\r\", O_RDONLY)");
	sys(openat, AT_FDCWD, "\033[31mred\033[0m \a\b\f\v\177", O_RDONLY);
	line("openat(AT_FDCWD, \"\\33[31mred\\33[0m \\7\\10\\f\\v\\177\", O_RDONLY)");
	sys(openat, AT_FDCWD, "gr\303\274n \342\202\254 \377", O_RDONLY);
	line("openat(AT_FDCWD, \"gr\\303\\274n \\342\\202\\254 \\377\", O_RDONLY)");
	sys(openat, AT_FDCWD, "\0011\0028\0039\033x", O_RDONLY);
	line("openat(AT_FDCWD, \"\\0011\\28\\39\\33x\", O_RDONLY)");
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memcpy(quoted, name, sizeof(name));
	sys(openat, AT_FDCWD, name, O_RDONLY);
	line("openat(AT_FDCWD, \"%s\", O_RDONLY)", quoted);
}

static void directories(void)
{
	char cwd[4096], *path = cwd;
	int fd;

	sys(mkdirat, AT_FDCWD, "dir", 0755);
	line("mkdirat(AT_FDCWD, \"dir\", 0755)");
	sys(mkdirat, AT_FDCWD, "dir", 01777);
	line("mkdirat(AT_FDCWD, \"dir\", 01777)");
	fd = (int)sys(openat, AT_FDCWD, "dir", O_RDONLY | O_DIRECTORY);
	line("openat(AT_FDCWD, \"dir\", O_RDONLY|O_DIRECTORY)");
	sys(mkdirat, fd, "below", 0);
	line("mkdirat(%d, \"below\", 000)", fd);
	sys(getcwd, cwd, sizeof(cwd));
	line("getcwd(\"%s\", 4096)", path);
	sys(getcwd, cwd, 1);
	line("getcwd(%p, 1)", path);
	sys(chdir, "dir");
	line("chdir(\"dir\")");
	sys(chdir, "absent");
	line("chdir(\"absent\")");
	sys(chdir, "..");
	line("chdir(\"..\")");
	sys(fchdir, -1);
	line("fchdir(-1)");
	sys(fchdir, fd);
	line("fchdir(%d)", fd);
	sys(chdir, "..");
	line("chdir(\"..\")");
	sys(unlinkat, fd, "below", AT_REMOVEDIR);
	line("unlinkat(%d, \"below\", AT_REMOVEDIR)", fd);
	sys(close, fd);
	line("close(%d)", fd);
	sys(chroot, "/nonexistent");
	line("chroot(\"/nonexistent\")");
#ifdef __NR_mkdir
	sys(mkdir, "other", 0700);
	line("mkdir(\"other\", 0700)");
	sys(rmdir, "other");
	line("rmdir(\"other\")");
	sys(rmdir, "other");
	line("rmdir(\"other\")");
#endif
}

static void links(void)
{
	char target[64];

	sys(linkat, AT_FDCWD, "file", AT_FDCWD, "hard", 0);
	line("linkat(AT_FDCWD, \"file\", AT_FDCWD, \"hard\", 0)");
	sys(linkat, AT_FDCWD, "file", AT_FDCWD, "hard", AT_SYMLINK_FOLLOW);
	line("linkat(AT_FDCWD, \"file\", AT_FDCWD, \"hard\", AT_SYMLINK_FOLLOW)");
	sys(symlinkat, "file", AT_FDCWD, "soft");
	line("symlinkat(\"file\", AT_FDCWD, \"soft\")");
	sys(symlinkat, "file", 99, "soft");
	line("symlinkat(\"file\", 99, \"soft\")");
	sys(readlinkat, AT_FDCWD, "soft", target, sizeof(target));
	line("readlinkat(AT_FDCWD, \"soft\", \"file\", 64)");
	sys(readlinkat, AT_FDCWD, "soft", target, 2);
	line("readlinkat(AT_FDCWD, \"soft\", \"fi\", 2)");
	sys(readlinkat, AT_FDCWD, "file", target, sizeof(target));
	line("readlinkat(AT_FDCWD, \"file\", %p, 64)", (void *)target);
#ifdef __NR_readlink
	sys(link, "file", "hard2");
	line("link(\"file\", \"hard2\")");
	sys(symlink, "nowhere at all", "dangling");
	line("symlink(\"nowhere at all\", \"dangling\")");
	sys(readlink, "dangling", target, sizeof(target));
	line("readlink(\"dangling\", \"nowhere at all\", 64)");
	sys(readlink, "absent", target, sizeof(target));
	line("readlink(\"absent\", %p, 64)", (void *)target);
	sys(unlink, "hard2");
	line("unlink(\"hard2\")");
	sys(unlink, "hard2");
	line("unlink(\"hard2\")");
	sys(rename, "dangling", "dangling2");
	line("rename(\"dangling\", \"dangling2\")");
	sys(rename, "dangling", "dangling2");
	line("rename(\"dangling\", \"dangling2\")");
#endif
	sys(renameat, AT_FDCWD, "hard", AT_FDCWD, "harder");
	line("renameat(AT_FDCWD, \"hard\", AT_FDCWD, \"harder\")");
	sys(renameat2, AT_FDCWD, "harder", AT_FDCWD, "file", 1);
	line("renameat2(AT_FDCWD, \"harder\", AT_FDCWD, \"file\", RENAME_NOREPLACE)");
	sys(renameat2, AT_FDCWD, "harder", AT_FDCWD, "soft", 2);
	line("renameat2(AT_FDCWD, \"harder\", AT_FDCWD, \"soft\", RENAME_EXCHANGE)");
	sys(renameat2, AT_FDCWD, "harder", AT_FDCWD, "soft", 0x10 | 4);
	line("renameat2(AT_FDCWD, \"harder\", AT_FDCWD, \"soft\", RENAME_WHITEOUT|0x10)");
	sys(unlinkat, AT_FDCWD, "harder", 0);
	line("unlinkat(AT_FDCWD, \"harder\", 0)");
	sys(unlinkat, AT_FDCWD, "dir", 0);
	line("unlinkat(AT_FDCWD, \"dir\", 0)");
}

static void modes(void)
{
	sys(fchmodat, AT_FDCWD, "file", 0600);
	line("fchmodat(AT_FDCWD, \"file\", 0600)");
	sys(fchmodat, AT_FDCWD, "absent", 04755);
	line("fchmodat(AT_FDCWD, \"absent\", 04755)");
	sys(fchownat, AT_FDCWD, "file", 0, -1, 0);
	line("fchownat(AT_FDCWD, \"file\", 0, -1, 0)");
	sys(fchownat, AT_FDCWD, "absent", 1000, 100, AT_SYMLINK_NOFOLLOW);
	line("fchownat(AT_FDCWD, \"absent\", 1000, 100, AT_SYMLINK_NOFOLLOW)");
	sys(faccessat, AT_FDCWD, "file", R_OK | W_OK);
	line("faccessat(AT_FDCWD, \"file\", R_OK|W_OK)");
	sys(faccessat, AT_FDCWD, "absent", F_OK);
	line("faccessat(AT_FDCWD, \"absent\", F_OK)");
	sys(faccessat2, AT_FDCWD, "file", X_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW);
	line("faccessat2(AT_FDCWD, \"file\", X_OK, AT_SYMLINK_NOFOLLOW|AT_EACCESS)");
#ifdef __NR_access
	sys(access, "file", R_OK | W_OK | X_OK);
	line("access(\"file\", R_OK|W_OK|X_OK)");
	sys(access, "file", F_OK);
	line("access(\"file\", F_OK)");
	sys(chmod, "file", 0644);
	line("chmod(\"file\", 0644)");
	sys(chmod, "absent", 02000);
	line("chmod(\"absent\", 02000)");
	sys(chown, "file", -1, -1);
	line("chown(\"file\", -1, -1)");
	sys(lchown, "absent", 1, 2);
	line("lchown(\"absent\", 1, 2)");
#endif
	sys(umask, 077);
	line_is("022", "umask(077)");
	sys(umask, 022);
	line_is("077", "umask(022)");
	sys(truncate, "file", 1000);
	line("truncate(\"file\", 1000)");
	sys(truncate, "absent", 0);
	line("truncate(\"absent\", 0)");
}

static void nodes(void)
{
	sys(mknodat, AT_FDCWD, "pipe", S_IFIFO | 0600, 0);
	line("mknodat(AT_FDCWD, \"pipe\", S_IFIFO|0600)");
	sys(mknodat, AT_FDCWD, "pipe", S_IFREG | 0644, 0);
	line("mknodat(AT_FDCWD, \"pipe\", S_IFREG|0644)");
	sys(mknodat, AT_FDCWD, "absent/device", S_IFCHR | 0600, 0x103);
	line("mknodat(AT_FDCWD, \"absent/device\", S_IFCHR|0600, makedev(0x1, 0x3))");
#ifdef __NR_mknod
	sys(mknod, "absent/disk", S_IFBLK | 0660, 0x800);
	line("mknod(\"absent/disk\", S_IFBLK|0660, makedev(0x8, 0))");
#endif
	sys(mount, "none", "/nonexistent", "tmpfs", 1 | 2 | 8, "size=1m");
	line("mount(\"none\", \"/nonexistent\", \"tmpfs\", MS_RDONLY|MS_NOSUID|MS_NOEXEC, "
	     "\"size=1m\")");
	sys(mount, NULL, "/nonexistent", NULL, 32 | 4096, NULL);
	line("mount(NULL, \"/nonexistent\", NULL, MS_REMOUNT|MS_BIND, NULL)");
	sys(umount2, "/nonexistent", 2 | 8);
	line("umount2(\"/nonexistent\", MNT_DETACH|UMOUNT_NOFOLLOW)");
	sys(pivot_root, "/nonexistent", "/nonexistent/old");
	line("pivot_root(\"/nonexistent\", \"/nonexistent/old\")");
	sys(swapoff, "/nonexistent");
	line("swapoff(\"/nonexistent\")");
}

int main(int argc, char **argv)
{
	lines_begin(argc, argv);
	open_close();
	strings();
	directories();
	links();
	modes();
	nodes();
	return lines_end();
}
