// SPDX-License-Identifier: GPL-2.0-only
/* Calls on vectors of buffers. */
#include "net_types.h"

/* A position has 64 bits in one argument; its other half, which comes next, is ignored.
 * clang-format off */
#define DESC CALL_IS_DESC

const struct call_desc calls_vector[] = {
	CALL(readv, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("iov", iovec_out, 2),
	     ARG("iovcnt", ulong)),
	CALL(writev, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("iov", iovec, 2),
	     ARG("iovcnt", ulong)),
	CALL(preadv, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("iov", iovec_out, 2),
	     ARG("iovcnt", ulong), ARG("offset", long)),
	CALL(pwritev, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("iov", iovec, 2),
	     ARG("iovcnt", ulong), ARG("offset", long)),
	CALL(preadv2, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("iov", iovec_out, 2),
	     ARG("iovcnt", ulong), ARG("offset", long), ARG("offset_high", ignored),
	     ARG_FLAGS("flags", rw_flags)),
	CALL(pwritev2, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("iov", iovec, 2),
	     ARG("iovcnt", ulong), ARG("offset", long), ARG("offset_high", ignored),
	     ARG_FLAGS("flags", rw_flags)),
	CALL(process_vm_readv, 0, RETURNS_NUMBER, NULL, ARG("pid", int),
	     ARG_LEN("local_iov", iovec_out, 2), ARG("liovcnt", ulong),
	     ARG_LEN("remote_iov", iovec_bare, 4), ARG("riovcnt", ulong), ARG("flags", uint)),
	CALL(process_vm_writev, 0, RETURNS_NUMBER, NULL, ARG("pid", int),
	     ARG_LEN("local_iov", iovec, 2), ARG("liovcnt", ulong),
	     ARG_LEN("remote_iov", iovec_bare, 4), ARG("riovcnt", ulong), ARG("flags", uint)),
	CALL(vmsplice, DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG_LEN("iov", iovec, 2),
	     ARG("nr_segs", ulong), ARG_FLAGS("flags", splice_flags)),
	{}};
