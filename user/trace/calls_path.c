// SPDX-License-Identifier: GPL-2.0-only
/* Calls on files by path. */
#include "arg_types.h"

#include <fcntl.h>
#include <sys/stat.h>

/* Only a call that can make a file has a mode. */
static void adjust_open(struct decoder *d, struct value *args, struct value *ret)
{
	const struct value *flags = args->first;

	(void)d;
	(void)ret;
	while (flags && flags->kind != VALUE_FLAGS)
		flags = flags->next;
	if (flags && !(flags->num & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))))
		args->last->absent = true;
}

/* Only a device has a number. */
static void adjust_mknod(struct decoder *d, struct value *args, struct value *ret)
{
	const struct value *mode = args->first;

	(void)d;
	(void)ret;
	while (mode && mode->kind != VALUE_FLAGS)
		mode = mode->next;
	if (mode && !S_ISCHR(mode->num) && !S_ISBLK(mode->num))
		args->last->absent = true;
}

static void adjust_umask(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (decode__succeeded(d))
		ret->kind = VALUE_OCTAL;
}

/* The lowest bits are a priority. */
#define SWAP_PRIORITY 0x7fffu

static struct value *decode_swap_flags(struct decoder *d, u32 i)
{
	u32 flags = (u32)d->ev->arg[i];
	struct value *v = decode__flags(d, NULL, &c_swap_flags, flags & ~SWAP_PRIORITY);

	v->num = flags;
	if (flags & SWAP_PRIORITY)
		add_unsigned(d, v, NULL, flags & SWAP_PRIORITY);
	return v;
}

static const struct arg_type t_swap_flags = {.decode = decode_swap_flags};

#define FILE_  CALL_IS_FILE
#define BOTH   (CALL_IS_FILE | CALL_IS_DESC)
#define NUMBER RETURNS_NUMBER

/* clang-format off */
const struct call_desc calls_path[] = {
	CALL(access, FILE_, NUMBER, NULL, ARG("pathname", path), ARG_FLAGS("mode", access_mode)),
	CALL(acct, FILE_, NUMBER, NULL, ARG("filename", path)),
	CALL(chdir, FILE_, NUMBER, NULL, ARG("path", path)),
	CALL(chmod, FILE_, NUMBER, NULL, ARG("pathname", path), ARG("mode", mode)),
	CALL(chown, FILE_, NUMBER, NULL, ARG("pathname", path), ARG("owner", int), ARG("group", int)),
	CALL(chroot, FILE_, NUMBER, NULL, ARG("path", path)),
	CALL(creat, BOTH, RETURNS_FD, NULL, ARG("pathname", path), ARG("mode", mode)),
	CALL(faccessat, BOTH, NUMBER, NULL, ARG("dirfd", dirfd), ARG("pathname", path), ARG_FLAGS("mode", access_mode)),
	CALL(faccessat2, BOTH, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG_FLAGS("mode", access_mode), ARG_FLAGS("flags", at_access)),
	CALL(fchmodat, BOTH, NUMBER, NULL, ARG("dirfd", dirfd), ARG("pathname", path), ARG("mode", mode)),
	CALL(fchmodat2, BOTH, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG("mode", mode), ARG_FLAGS("flags", at_nofollow)),
	CALL(fchownat, BOTH, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG("owner", int), ARG("group", int), ARG_FLAGS("flags", at_nofollow)),
	CALL(fspick, BOTH, RETURNS_FD, NULL, ARG("dirfd", dirfd), ARG("path", path), ARG_FLAGS("flags", fspick_flags)),
	CALL(futimesat, BOTH, NUMBER, NULL, ARG("dirfd", dirfd), ARG("pathname", path), ARG("times", file_timevals)),
	CALL(getcwd, FILE_, NUMBER, NULL, ARG("buf", path_out), ARG("size", ulong)),
	CALL(getxattr, FILE_, NUMBER, NULL, ARG("path", path), ARG("name", string), ARG_LEN("value", buf_out, 3), ARG("size", ulong)),
	CALL(lchown, FILE_, NUMBER, NULL, ARG("pathname", path), ARG("owner", int), ARG("group", int)),
	CALL(lgetxattr, FILE_, NUMBER, NULL, ARG("path", path), ARG("name", string), ARG_LEN("value", buf_out, 3), ARG("size", ulong)),
	CALL(link, FILE_, NUMBER, NULL, ARG("oldpath", path), ARG("newpath", path)),
	CALL(linkat, BOTH, NUMBER, NULL,
	     ARG("olddirfd", dirfd), ARG("oldpath", path), ARG("newdirfd", dirfd), ARG("newpath", path), ARG_FLAGS("flags", at_link)),
	CALL(listxattr, FILE_, NUMBER, NULL, ARG("path", path), ARG_LEN("list", buf_out, 2), ARG("size", ulong)),
	CALL(llistxattr, FILE_, NUMBER, NULL, ARG("path", path), ARG_LEN("list", buf_out, 2), ARG("size", ulong)),
	CALL(lremovexattr, FILE_, NUMBER, NULL, ARG("path", path), ARG("name", string)),
	CALL(lsetxattr, FILE_, NUMBER, NULL,
	     ARG("path", path), ARG("name", string), ARG_LEN("value", buf_in, 3), ARG("size", ulong), ARG_FLAGS("flags", xattr_flags)),
	CALL(lstat, FILE_, NUMBER, NULL, ARG("pathname", path), ARG("statbuf", stat)),
	CALL(mkdir, FILE_, NUMBER, NULL, ARG("pathname", path), ARG("mode", mode)),
	CALL(mkdirat, BOTH, NUMBER, NULL, ARG("dirfd", dirfd), ARG("pathname", path), ARG("mode", mode)),
	CALL(mknod, FILE_, NUMBER, adjust_mknod, ARG("pathname", path), ARG("mode", file_mode), ARG("dev", device)),
	CALL(mknodat, BOTH, NUMBER, adjust_mknod,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG("mode", file_mode), ARG("dev", device)),
	CALL(mount, FILE_, NUMBER, NULL,
	     ARG("source", path), ARG("target", path), ARG("filesystemtype", string), ARG("mountflags", mount_flags), ARG("data", string)),
	CALL(mount_setattr, BOTH, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG_FLAGS("flags", mount_setattr), ARG("attr", mount_attr), ARG("size", ulong)),
	CALL(move_mount, BOTH, NUMBER, NULL,
	     ARG("from_dirfd", dirfd), ARG("from_pathname", path), ARG("to_dirfd", dirfd), ARG("to_pathname", path),
	     ARG_FLAGS("flags", move_mount)),
	CALL(newfstatat, BOTH, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG("statbuf", stat), ARG_FLAGS("flags", at_stat)),
	CALL(open, BOTH, RETURNS_FD, adjust_open,
	     ARG("pathname", path), ARG_FLAGS("flags", open_flags), ARG("mode", mode)),
	CALL(open_tree, BOTH, RETURNS_FD, NULL, ARG("dirfd", dirfd), ARG("pathname", path), ARG_FLAGS("flags", open_tree)),
	CALL(openat, BOTH, RETURNS_FD, adjust_open,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG_FLAGS("flags", open_flags), ARG("mode", mode)),
	CALL(openat2, BOTH, RETURNS_FD, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG_LEN("how", open_how, 3), ARG("size", ulong)),
	CALL(pivot_root, FILE_, NUMBER, NULL, ARG("new_root", path), ARG("put_old", path)),
	CALL(readlink, FILE_, NUMBER, NULL, ARG("pathname", path), ARG_LEN("buf", buf_out, 2), ARG("bufsiz", ulong)),
	CALL(readlinkat, BOTH, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG_LEN("buf", buf_out, 3), ARG("bufsiz", ulong)),
	CALL(removexattr, FILE_, NUMBER, NULL, ARG("path", path), ARG("name", string)),
	CALL(rename, FILE_, NUMBER, NULL, ARG("oldpath", path), ARG("newpath", path)),
	CALL(renameat, BOTH, NUMBER, NULL,
	     ARG("olddirfd", dirfd), ARG("oldpath", path), ARG("newdirfd", dirfd), ARG("newpath", path)),
	CALL(renameat2, BOTH, NUMBER, NULL,
	     ARG("olddirfd", dirfd), ARG("oldpath", path), ARG("newdirfd", dirfd), ARG("newpath", path), ARG_FLAGS("flags", rename_flags)),
	CALL(rmdir, FILE_, NUMBER, NULL, ARG("pathname", path)),
	CALL(setxattr, FILE_, NUMBER, NULL,
	     ARG("path", path), ARG("name", string), ARG_LEN("value", buf_in, 3), ARG("size", ulong), ARG_FLAGS("flags", xattr_flags)),
	CALL(stat, FILE_, NUMBER, NULL, ARG("pathname", path), ARG("statbuf", stat)),
	CALL(statfs, FILE_, NUMBER, NULL, ARG("path", path), ARG("buf", statfs)),
	CALL(statx, BOTH, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG_FLAGS("flags", at_statx), ARG_FLAGS("mask", statx_mask), ARG("statxbuf", statx)),
	CALL(swapoff, FILE_, NUMBER, NULL, ARG("path", path)),
	CALL(swapon, FILE_, NUMBER, NULL, ARG("path", path), ARG("swapflags", swap_flags)),
	CALL(symlink, FILE_, NUMBER, NULL, ARG("target", path), ARG("linkpath", path)),
	CALL(symlinkat, BOTH, NUMBER, NULL, ARG("target", path), ARG("newdirfd", dirfd), ARG("linkpath", path)),
	CALL(truncate, FILE_, NUMBER, NULL, ARG("path", path), ARG("length", ulong)),
	CALL(umask, 0, NUMBER, adjust_umask, ARG("mask", mode)),
	CALL(umount2, FILE_, NUMBER, NULL, ARG("target", path), ARG_FLAGS("flags", umount_flags)),
	CALL(unlink, FILE_, NUMBER, NULL, ARG("pathname", path)),
	CALL(unlinkat, BOTH, NUMBER, NULL, ARG("dirfd", dirfd), ARG("pathname", path), ARG_FLAGS("flags", at_unlink)),
	CALL(utime, FILE_, NUMBER, NULL, ARG("filename", path), ARG("times", utimbuf)),
	CALL(utimensat, BOTH, NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG("times", file_timespecs), ARG_FLAGS("flags", at_nofollow)),
	CALL(utimes, FILE_, NUMBER, NULL, ARG("filename", path), ARG("times", file_timevals)),
	{}
};
