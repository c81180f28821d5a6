// SPDX-License-Identifier: GPL-2.0-only
/* Calls on files by descriptor; those by path are in calls_path.c. */
#include "arg_types.h"

/* Flags of open(), without how it is open. */
static struct value *decode_fd_open_flags(struct decoder *d, u32 i)
{
	struct constants c = *(const struct constants *)d->call->arg[i].with;

	c.list += c.nfields;
	c.n -= c.nfields;
	c.field = c.nfields = 0;
	return decode__flags(d, NULL, &c, (u32)d->ev->arg[i]);
}

static const struct arg_type t_fd_open_flags = {.decode = decode_fd_open_flags};

#define DESC   CALL_IS_DESC
#define FILE_  CALL_IS_FILE
#define BOTH   (CALL_IS_FILE | CALL_IS_DESC)
#define NUMBER RETURNS_NUMBER

/* clang-format off */
const struct call_desc calls_file[] = {
	CALL(close, DESC, NUMBER, NULL, ARG("fd", fd)),
	CALL(close_range, 0, NUMBER, NULL, ARG("first", uint), ARG("last", uint), ARG_FLAGS("flags", close_range)),
	CALL(copy_file_range, DESC, NUMBER, NULL,
	     ARG("fd_in", fd), ARG("off_in", long_in), ARG("fd_out", fd), ARG("off_out", long_in), ARG("len", ulong), ARG("flags", uint)),
	CALL(dup, DESC, RETURNS_FD, NULL, ARG("oldfd", fd)),
	CALL(dup2, DESC, RETURNS_FD, NULL, ARG("oldfd", fd), ARG("newfd", fd)),
	CALL(dup3, DESC, RETURNS_FD, NULL, ARG("oldfd", fd), ARG("newfd", fd), ARG_WITH("flags", fd_open_flags, c_open_flags)),
	CALL(fadvise64, DESC, NUMBER, NULL,
	     ARG("fd", fd), ARG("offset", long), ARG("len", long), ARG_NAME("advice", fadvise)),
	CALL(fallocate, DESC, NUMBER, NULL,
	     ARG("fd", fd), ARG_FLAGS("mode", fallocate_mode), ARG("offset", long), ARG("len", long)),
	CALL(fchdir, DESC, NUMBER, NULL, ARG("fd", fd)),
	CALL(fchmod, DESC, NUMBER, NULL, ARG("fd", fd), ARG("mode", mode)),
	CALL(fchown, DESC, NUMBER, NULL, ARG("fd", fd), ARG("owner", int), ARG("group", int)),
	CALL(fcntl, DESC, NUMBER, adjust_fcntl, ARG("fd", fd), ARG_NAME("cmd", fcntl_cmd), ARG("arg", fcntl_third)),
	CALL(fdatasync, DESC, NUMBER, NULL, ARG("fd", fd)),
	CALL(fgetxattr, DESC, NUMBER, NULL, ARG("fd", fd), ARG("name", string), ARG_LEN("value", buf_out, 3), ARG("size", ulong)),
	CALL(flistxattr, DESC, NUMBER, NULL, ARG("fd", fd), ARG_LEN("list", buf_out, 2), ARG("size", ulong)),
	CALL(flock, DESC, NUMBER, NULL, ARG("fd", fd), ARG_FLAGS("operation", flock_op)),
	CALL(fremovexattr, DESC, NUMBER, NULL, ARG("fd", fd), ARG("name", string)),
	CALL(fsconfig, DESC, NUMBER, NULL,
	     ARG("fd", fd), ARG_NAME("cmd", fsconfig_cmd), ARG("key", string), ARG("value", pointer), ARG("aux", int)),
	CALL(fsetxattr, DESC, NUMBER, NULL,
	     ARG("fd", fd), ARG("name", string), ARG_LEN("value", buf_in, 3), ARG("size", ulong), ARG_FLAGS("flags", xattr_flags)),
	CALL(fsmount, DESC, RETURNS_FD, NULL, ARG("fs_fd", fd), ARG_FLAGS("flags", fsmount_flags), ARG_FLAGS("attr_flags", mount_attr)),
	CALL(fsopen, DESC, RETURNS_FD, NULL, ARG("fsname", string), ARG_FLAGS("flags", fsopen_flags)),
	CALL(fstat, DESC, NUMBER, NULL, ARG("fd", fd), ARG("statbuf", stat)),
	CALL(fstatfs, DESC, NUMBER, NULL, ARG("fd", fd), ARG("buf", statfs)),
	CALL(fsync, DESC, NUMBER, NULL, ARG("fd", fd)),
	CALL(ftruncate, DESC, NUMBER, NULL, ARG("fd", fd), ARG("length", ulong)),
	CALL(getdents, DESC, NUMBER, NULL, ARG("fd", fd), ARG_LEN("dirp", dirents_old, 2), ARG("count", uint)),
	CALL(getdents64, DESC, NUMBER, NULL, ARG("fd", fd), ARG_LEN("dirp", dirents, 2), ARG("count", ulong)),
	CALL(inotify_add_watch, BOTH, NUMBER, NULL,
	     ARG("fd", fd), ARG("pathname", path), ARG_FLAGS("mask", inotify_mask)),
	CALL(inotify_init, DESC, RETURNS_FD, NULL),
	CALL(inotify_init1, DESC, RETURNS_FD, NULL, ARG_FLAGS("flags", inotify_init)),
	CALL(inotify_rm_watch, DESC, NUMBER, NULL, ARG("fd", fd), ARG("wd", int)),
	CALL(lseek, DESC, NUMBER, NULL, ARG("fd", fd), ARG("offset", long), ARG_NAME("whence", seek)),
	CALL(memfd_create, DESC, RETURNS_FD, NULL, ARG("name", string), ARG("flags", memfd_flags)),
	CALL(pipe, DESC, NUMBER, NULL, ARG("pipefd", fd_pair)),
	CALL(pipe2, DESC, NUMBER, NULL, ARG("pipefd", fd_pair), ARG_WITH("flags", fd_open_flags, c_open_flags)),
	CALL(pread64, DESC, NUMBER, NULL,
	     ARG("fd", fd), ARG_LEN("buf", buf_out, 2), ARG("count", ulong), ARG("offset", long)),
	CALL(pwrite64, DESC, NUMBER, NULL,
	     ARG("fd", fd), ARG_LEN("buf", buf_in, 2), ARG("count", ulong), ARG("offset", long)),
	CALL(read, DESC, NUMBER, NULL, ARG("fd", fd), ARG_LEN("buf", buf_out, 2), ARG("count", ulong)),
	CALL(readahead, DESC, NUMBER, NULL, ARG("fd", fd), ARG("offset", long), ARG("count", ulong)),
	CALL(sendfile, DESC | CALL_IS_NETWORK, NUMBER, NULL,
	     ARG("out_fd", fd), ARG("in_fd", fd), ARG("offset", long_both), ARG("count", ulong)),
	CALL(splice, DESC, NUMBER, NULL,
	     ARG("fd_in", fd), ARG("off_in", long_in), ARG("fd_out", fd), ARG("off_out", long_in), ARG("len", ulong),
	     ARG_FLAGS("flags", splice_flags)),
	CALL(sync, 0, NUMBER, NULL),
	CALL(sync_file_range, DESC, NUMBER, NULL,
	     ARG("fd", fd), ARG("offset", long), ARG("nbytes", long), ARG_FLAGS("flags", sync_range)),
	CALL(syncfs, DESC, NUMBER, NULL, ARG("fd", fd)),
	CALL(tee, DESC, NUMBER, NULL, ARG("fd_in", fd), ARG("fd_out", fd), ARG("len", ulong), ARG_FLAGS("flags", splice_flags)),
	CALL(write, DESC, NUMBER, NULL, ARG("fd", fd), ARG_LEN("buf", buf_in, 2), ARG("count", ulong)),
	{}
};
