// SPDX-License-Identifier: GPL-2.0-only
/* fcntl(): what its third argument is, and what it returns, depends on the command. */
#include "arg_types.h"

#include <fcntl.h>

enum third {
	THIRD_NUMBER, /* not known: hexadecimal */
	THIRD_NONE,
	THIRD_INT,
	THIRD_FD_FLAGS,
	THIRD_OPEN_FLAGS,
	THIRD_LOCK,
	THIRD_LOCK_BOTH, /* the kernel writes there, too */
	THIRD_SIGNAL,
	THIRD_LEASE,
	THIRD_NOTIFY,
	THIRD_SEALS,
	THIRD_OWNER,
	THIRD_OWNER_OUT,
	THIRD_HINT,
	THIRD_HINT_OUT,
};

static enum third third_of(u32 command)
{
	switch (command) {
	case F_GETFD:
	case F_GETFL:
	case F_GETOWN:
	case F_GETSIG:
	case F_GETLEASE:
	case F_GETPIPE_SZ:
	case F_GET_SEALS:
		return THIRD_NONE;
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case F_SETOWN:
	case F_SETPIPE_SZ:
		return THIRD_INT;
	case F_SETFD:
		return THIRD_FD_FLAGS;
	case F_SETFL:
		return THIRD_OPEN_FLAGS;
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return THIRD_LOCK;
	case F_GETLK:
	case F_OFD_GETLK:
		return THIRD_LOCK_BOTH;
	case F_SETSIG:
		return THIRD_SIGNAL;
	case F_SETLEASE:
		return THIRD_LEASE;
	case F_NOTIFY:
		return THIRD_NOTIFY;
	case F_ADD_SEALS:
		return THIRD_SEALS;
	case F_SETOWN_EX:
		return THIRD_OWNER;
	case F_GETOWN_EX:
		return THIRD_OWNER_OUT;
	case F_SET_RW_HINT:
	case F_SET_FILE_RW_HINT:
		return THIRD_HINT;
	case F_GET_RW_HINT:
	case F_GET_FILE_RW_HINT:
		return THIRD_HINT_OUT;
	default:
		return THIRD_NUMBER;
	}
}

static void show_lock(struct decoder *d, struct value *v, const void *memory)
{
	const struct flock *lock = memory;

	add_name(d, v, "l_type", &c_fcntl_lock, (u32)lock->l_type);
	add_name(d, v, "l_whence", &c_seek, (u32)lock->l_whence);
	add_signed(d, v, "l_start", lock->l_start);
	add_signed(d, v, "l_len", lock->l_len);
	if (third_of((u32)d->ev->arg[1]) == THIRD_LOCK_BOTH)
		add_signed(d, v, "l_pid", lock->l_pid);
}

static void show_owner(struct decoder *d, struct value *v, const void *memory)
{
	const struct f_owner_ex *owner = memory;

	add_name(d, v, "type", &c_owner_type, (u32)owner->type);
	add_signed(d, v, "pid", owner->pid);
}

static struct value *hint(struct decoder *d, u64 addr, bool out)
{
	const u64 *n = addr ? decode__memory(d, addr, sizeof(*n), out) : NULL;
	struct value *v;

	if (!n)
		return value__new(d->arena, VALUE_POINTER, NULL, addr);
	v = value__new(d->arena, VALUE_ARRAY, NULL, addr);
	value__add(v, decode__name(d, NULL, &c_rw_hint, *n));
	return v;
}

/* Written by the kernel; a call that failed wrote nothing. */
static struct value *written(struct decoder *d, u64 arg, u32 size, show_fn show)
{
	if (!decode__succeeded(d))
		return value__new(d->arena, VALUE_POINTER, NULL, arg);
	return show_struct_at(d, NULL, arg, size, true, show);
}

static struct value *decode_third(struct decoder *d, u32 i)
{
	u64 arg = d->ev->arg[i];

	switch (third_of((u32)d->ev->arg[1])) {
	case THIRD_NONE:
	case THIRD_INT:
		return value__new(d->arena, VALUE_SIGNED, NULL, (u64)(s32)arg);
	case THIRD_FD_FLAGS:
		return decode__flags(d, NULL, &c_fd_flags, (u32)arg);
	case THIRD_OPEN_FLAGS:
		return decode__flags(d, NULL, &c_open_flags, (u32)arg);
	case THIRD_LOCK:
		return show_struct_at(d, NULL, arg, sizeof(struct flock), false, show_lock);
	case THIRD_LOCK_BOTH:
		return written(d, arg, sizeof(struct flock), show_lock);
	case THIRD_SIGNAL:
		return show_signal(d, NULL, (u32)arg);
	case THIRD_LEASE:
		return decode__name(d, NULL, &c_fcntl_lock, (u32)arg);
	case THIRD_NOTIFY:
		return decode__flags(d, NULL, &c_notify_flags, (u32)arg);
	case THIRD_SEALS:
		return decode__flags(d, NULL, &c_seals, (u32)arg);
	case THIRD_OWNER:
		return show_struct_at(d, NULL, arg, sizeof(struct f_owner_ex), false, show_owner);
	case THIRD_OWNER_OUT:
		return written(d, arg, sizeof(struct f_owner_ex), show_owner);
	case THIRD_HINT:
		return hint(d, arg, false);
	case THIRD_HINT_OUT:
		return decode__succeeded(d) ? hint(d, arg, true) : show_pointer(d, i);
	case THIRD_NUMBER:
		break;
	}
	return value__new(d->arena, VALUE_HEX, NULL, arg);
}

/* Which command reads memory is not known to the kernel side: it tries, and what is no address is
 * no memory. */
const struct arg_type t_fcntl_third = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = sizeof(struct flock)},
	.decode = decode_third,
};

static const char *names_of(struct decoder *d, const char *what, const struct constants *c)
{
	struct value *flags = decode__flags(d, NULL, c, (u32)d->ev->ret);

	return arena__print(d->arena, "%s%s", what, value__words(d->arena, flags));
}

void adjust_fcntl(struct decoder *d, struct value *args, struct value *ret)
{
	u32 command = (u32)d->ev->arg[1];
	u32 result = (u32)d->ev->ret;

	if (third_of(command) == THIRD_NONE)
		args->last->absent = true;
	if (!decode__succeeded(d))
		return;
	switch (command) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		*ret = *decode__fd(d, ret->name, (s32)result);
		break;
	case F_GETFD:
		if (result)
			ret->kind = VALUE_HEX, ret->note = names_of(d, "flags ", &c_fd_flags);
		break;
	case F_GETFL:
		ret->kind = VALUE_HEX;
		ret->note = names_of(d, "flags ", &c_open_flags);
		break;
	case F_GET_SEALS:
		if (result)
			ret->kind = VALUE_HEX, ret->note = names_of(d, "seals ", &c_seals);
		break;
	case F_GETLEASE:
		ret->kind = VALUE_HEX;
		ret->note = constant__name(&c_fcntl_lock, result);
		break;
	case F_GETSIG:
		ret->note = signal__name(result);
		break;
	}
}
