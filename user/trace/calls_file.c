// SPDX-License-Identifier: GPL-2.0-only
/* Calls on files and descriptors. */
#include "arg_types.h"

#include <asm/fcntl.h>

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

/* clang-format off */
#define DESC      CALL_IS_DESC
#define FILE_     CALL_IS_FILE
#define FILE_DESC (CALL_IS_FILE | CALL_IS_DESC)

const struct call_desc calls_file[] = {
	CALL(close, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd)),
	CALL(dup, DESC, RETURNS_FD, NULL, ARG("oldfd", fd)),
	CALL(dup2, DESC, RETURNS_FD, NULL, ARG("oldfd", fd), ARG("newfd", fd)),
	CALL(dup3, DESC, RETURNS_FD, NULL, ARG("oldfd", fd), ARG("newfd", fd), ARG_FLAGS("flags", open_flags)),
	CALL(lseek, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG("offset", long), ARG_NAME("whence", seek)),
	CALL(open, FILE_DESC, RETURNS_FD, adjust_open,
	     ARG("pathname", path), ARG_FLAGS("flags", open_flags), ARG("mode", mode)),
	CALL(openat, FILE_DESC, RETURNS_FD, adjust_open,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG_FLAGS("flags", open_flags), ARG("mode", mode)),
	CALL(pread64, DESC, RETURNS_NUMBER, NULL,
	     ARG("fd", fd), ARG_LEN("buf", buf_out, 2), ARG("count", ulong), ARG("offset", long)),
	CALL(pwrite64, DESC, RETURNS_NUMBER, NULL,
	     ARG("fd", fd), ARG_LEN("buf", buf_in, 2), ARG("count", ulong), ARG("offset", long)),
	CALL(read, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("buf", buf_out, 2), ARG("count", ulong)),
	CALL(write, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("buf", buf_in, 2), ARG("count", ulong)),
	{}
};
