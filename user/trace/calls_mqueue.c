// SPDX-License-Identifier: GPL-2.0-only
/* POSIX message queues. */
#include "net_types.h"

#include <asm/fcntl.h>
#include <linux/mqueue.h>

static void show_mq_attr(struct decoder *d, struct value *v, const void *memory)
{
	static const struct member members[] = {
		MEMBER(struct mq_attr, mq_maxmsg, SIGNED),
		MEMBER(struct mq_attr, mq_msgsize, SIGNED),
		MEMBER(struct mq_attr, mq_curmsgs, SIGNED),
	};
	u64 flags = get_u64((const char *)memory + offsetof(struct mq_attr, mq_flags));

	if (flags)
		add_flags(d, v, "mq_flags", &c_mq_flags, flags);
	else
		add_unsigned(d, v, "mq_flags", 0);
	SHOW_MEMBERS(d, v, memory, sizeof(struct mq_attr), members);
}

DEFINE_IN(t_mq_attr, struct mq_attr, show_mq_attr);
DEFINE_OUT(t_mq_attr_out, struct mq_attr, show_mq_attr);

/* Only a queue that can be made has a mode and attributes. */
static void adjust_mq_open(struct decoder *d, struct value *args, struct value *ret)
{
	(void)ret;
	if (d->ev->arg[1] & O_CREAT)
		return;
	nth(args, 2)->absent = true;
	nth(args, 3)->absent = true;
}

/* clang-format off */
#define DESC CALL_IS_DESC

const struct call_desc calls_mqueue[] = {
	CALL(mq_open, DESC, RETURNS_FD, adjust_mq_open,
	     ARG("name", path), ARG_FLAGS("oflag", open_flags), ARG("mode", mode), ARG("attr", mq_attr)),
	CALL(mq_unlink, 0, RETURNS_NUMBER, NULL, ARG("name", path)),
	CALL(mq_timedsend, DESC, RETURNS_NUMBER, NULL,
	     ARG("mqdes", fd), ARG_LEN("msg_ptr", buf_in, 2), ARG("msg_len", ulong), ARG("msg_prio", uint),
	     ARG("abs_timeout", timespec_in)),
	CALL(mq_timedreceive, DESC, RETURNS_NUMBER, NULL,
	     ARG("mqdes", fd), ARG_LEN("msg_ptr", buf_out, 2), ARG("msg_len", ulong), ARG("msg_prio", uint_out),
	     ARG("abs_timeout", timespec_in)),
	CALL(mq_notify, DESC, RETURNS_NUMBER, NULL, ARG("mqdes", fd), ARG("sevp", sigevent)),
	CALL(mq_getsetattr, DESC, RETURNS_NUMBER, NULL,
	     ARG("mqdes", fd), ARG("newattr", mq_attr), ARG("oldattr", mq_attr_out)),
	{}
};
