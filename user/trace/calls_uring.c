// SPDX-License-Identifier: GPL-2.0-only
/* Asynchronous input and output: io_uring, and the older calls. */
#include "net_types.h"

#include <linux/aio_abi.h>
#include <linux/io_uring.h>

#define PARAMS struct io_uring_params

/* The memory's offsets in both rings, as far as every kernel has them. */
static void add_offsets(struct decoder *d, struct value *v, const char *member, const char *p,
			const char *const *names, u32 n)
{
	struct value *offsets = value__new(d->arena, VALUE_STRUCT, member, 0);

	for (u32 i = 0; i < n; i++)
		add_unsigned(d, offsets, names[i], get_u32(p + i * sizeof(u32)));
	value__add(v, offsets);
}

static void show_results(struct decoder *d, struct value *v, const char *p)
{
	static const char *const sq[] = {"head",  "tail",    "ring_mask", "ring_entries",
					 "flags", "dropped", "array"};
	static const char *const cq[] = {"head",     "tail", "ring_mask", "ring_entries",
					 "overflow", "cqes", "flags"};

	add_unsigned(d, v, "sq_entries", get_u32(p + offsetof(PARAMS, sq_entries)));
	add_unsigned(d, v, "cq_entries", get_u32(p + offsetof(PARAMS, cq_entries)));
	add_flags(d, v, "features", &c_uring_feature, get_u32(p + offsetof(PARAMS, features)));
	add_offsets(d, v, "sq_off", p + offsetof(PARAMS, sq_off), sq, sizeof(sq) / sizeof(sq[0]));
	add_offsets(d, v, "cq_off", p + offsetof(PARAMS, cq_off), cq, sizeof(cq) / sizeof(cq[0]));
}

static struct value *decode_uring_params(struct decoder *d, u32 i)
{
	static const struct member members[] = {
		MEMBER_IN(PARAMS, flags, FLAGS, uring_setup),
		MEMBER(PARAMS, sq_thread_cpu, UNSIGNED),
		MEMBER(PARAMS, sq_thread_idle, UNSIGNED),
	};
	u64 addr = d->ev->arg[i];
	const char *p = addr ? decode__memory(d, addr, sizeof(PARAMS), false) : NULL;
	const char *after =
		p && decode__succeeded(d) ? decode__memory(d, addr, sizeof(PARAMS), true) : NULL;
	struct value *v;

	if (!p)
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	SHOW_MEMBERS(d, v, p, sizeof(PARAMS), members);
	if (after)
		show_results(d, v, after);
	return v;
}

static const struct arg_type t_uring_params = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = sizeof(PARAMS)},
	.decode = decode_uring_params,
};

/* A signal mask, or a structure if a flag says so. */
static struct value *decode_uring_mask(struct decoder *d, u32 i)
{
	u64 addr = d->ev->arg[i];
	const void *p = addr && !(d->ev->arg[3] & IORING_ENTER_EXT_ARG)
				? decode__memory(d, addr, sizeof(u64), false)
				: NULL;

	return p ? show_sigset(d, NULL, get_u64(p)) : show_pointer(d, i);
}

static const struct arg_type t_uring_mask = {
	.fetch = {.kind = FETCH_STRUCT, .size = sizeof(u64)},
	.decode = decode_uring_mask,
};

static struct value *show_fd_element(struct decoder *d, const void *element)
{
	return decode__fd(d, NULL, (s32)get_u32(element));
}

static struct value *decode_uring_arg(struct decoder *d, u32 i)
{
	u64 addr = d->ev->arg[i], n = (u32)d->ev->arg[d->call->arg[i].len];

	switch ((u32)d->ev->arg[1]) {
	case IORING_REGISTER_BUFFERS:
		return show_iovec(d, NULL, addr, n, IOVEC_ADDRESSES, 0);
	case IORING_REGISTER_FILES:
	case IORING_REGISTER_EVENTFD:
	case IORING_REGISTER_EVENTFD_ASYNC:
		return show_array_at(d, NULL, addr, n, sizeof(s32), false, show_fd_element);
	default:
		return show_pointer(d, i);
	}
}

/* Its elements have a size that depends on the request: this is the largest. */
static const struct arg_type t_uring_arg = {
	.fetch = {.kind = FETCH_ARRAY, .most = SHOWN_ELEMENTS, .size = sizeof(u64[2])},
	.decode = decode_uring_arg,
};

static struct value *decode_aio_context(struct decoder *d, u32 i)
{
	u64 addr = d->ev->arg[i];
	const void *p = arg__readable(d, i) ? decode__memory(d, addr, sizeof(u64), true) : NULL;
	struct value *v;

	if (!p)
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_ARRAY, NULL, 0);
	add_pointer(d, v, NULL, get_u64(p));
	return v;
}

static const struct arg_type t_aio_context = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = sizeof(u64)},
	.decode = decode_aio_context,
};

static bool moves_bytes(u32 opcode)
{
	return opcode == IOCB_CMD_PREAD || opcode == IOCB_CMD_PWRITE || opcode == IOCB_CMD_PREADV ||
	       opcode == IOCB_CMD_PWRITEV;
}

static void show_iocb(struct decoder *d, struct value *v, const void *memory)
{
	struct iocb cb;

	memcpy(&cb, memory, sizeof(cb));
	add_hex(d, v, "aio_data", cb.aio_data);
	add_name(d, v, "aio_lio_opcode", &c_iocb_cmd, cb.aio_lio_opcode);
	if (cb.aio_reqprio)
		add_signed(d, v, "aio_reqprio", cb.aio_reqprio);
	add_fd(d, v, "aio_fildes", (s32)cb.aio_fildes);
	if (moves_bytes(cb.aio_lio_opcode)) {
		value__add(v,
			   cb.aio_lio_opcode == IOCB_CMD_PWRITE
				   ? show_bytes_at(d, "aio_buf", cb.aio_buf, cb.aio_nbytes, false)
				   : value__new(d->arena, VALUE_POINTER, "aio_buf", cb.aio_buf));
		add_unsigned(d, v, "aio_nbytes", cb.aio_nbytes);
		add_signed(d, v, "aio_offset", cb.aio_offset);
	}
	if (cb.aio_flags)
		add_flags(d, v, "aio_flags", &c_iocb_flags, cb.aio_flags);
	if (cb.aio_flags & IOCB_FLAG_RESFD)
		add_fd(d, v, "aio_resfd", (s32)cb.aio_resfd);
}

DEFINE_IN(t_iocb, struct iocb, show_iocb);

/* Pointers, and where they were copied, too, what they point to. */
static struct value *show_iocb_pointer(struct decoder *d, const void *element)
{
	return show_struct_at(d, NULL, get_u64(element), sizeof(struct iocb), false, show_iocb);
}

static struct value *decode_iocbs(struct decoder *d, u32 i)
{
	return show_array_at(d, NULL, d->ev->arg[i], d->ev->arg[d->call->arg[i].len], sizeof(u64),
			     false, show_iocb_pointer);
}

static const struct arg_type t_iocbs = {
	.fetch = {.kind = FETCH_ARRAY, .most = SHOWN_ELEMENTS, .size = sizeof(u64)},
	.decode = decode_iocbs,
};

static struct value *show_io_event(struct decoder *d, const void *element)
{
	static const struct member members[] = {
		MEMBER(struct io_event, data, HEX),
		MEMBER(struct io_event, obj, POINTER),
		MEMBER(struct io_event, res, SIGNED),
		MEMBER(struct io_event, res2, SIGNED),
	};
	struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0);

	SHOW_MEMBERS(d, v, element, sizeof(struct io_event), members);
	return v;
}

static struct value *decode_io_events(struct decoder *d, u32 i)
{
	if (!arg__readable(d, i))
		return show_pointer(d, i);
	return show_array_at(d, NULL, d->ev->arg[i], (u64)d->ev->ret, sizeof(struct io_event), true,
			     show_io_event);
}

static const struct arg_type t_io_events = {
	.fetch = {.kind = FETCH_ARRAY,
		  .flags = FETCH_AT_EXIT | FETCH_RETURNED,
		  .most = SHOWN_ELEMENTS,
		  .size = sizeof(struct io_event)},
	.decode = decode_io_events,
};

/* clang-format off */
#define DESC CALL_IS_DESC
#define MEM  CALL_IS_MEMORY

const struct call_desc calls_uring[] = {
	CALL(io_uring_setup, DESC, RETURNS_FD, NULL, ARG("entries", uint), ARG("p", uring_params)),
	CALL(io_uring_enter, DESC | CALL_IS_SIGNAL, RETURNS_NUMBER, NULL,
	     ARG("fd", fd), ARG("to_submit", uint), ARG("min_complete", uint), ARG_FLAGS("flags", uring_enter),
	     ARG("sig", uring_mask), ARG("sz", ulong)),
	CALL(io_uring_register, DESC | MEM, RETURNS_NUMBER, NULL,
	     ARG("fd", fd), ARG_NAME("opcode", uring_register), ARG_LEN("arg", uring_arg, 3), ARG("nr_args", uint)),
	CALL(io_setup, MEM, RETURNS_NUMBER, NULL, ARG("nr_events", uint), ARG("ctx_idp", aio_context)),
	CALL(io_destroy, MEM, RETURNS_NUMBER, NULL, ARG("ctx_id", pointer)),
	CALL(io_submit, 0, RETURNS_NUMBER, NULL, ARG("ctx_id", pointer), ARG("nr", long), ARG_LEN("iocbpp", iocbs, 1)),
	CALL(io_cancel, 0, RETURNS_NUMBER, NULL, ARG("ctx_id", pointer), ARG("iocb", iocb), ARG("result", pointer)),
	CALL(io_getevents, 0, RETURNS_NUMBER, NULL,
	     ARG("ctx_id", pointer), ARG("min_nr", long), ARG("nr", long), ARG_LEN("events", io_events, 2),
	     ARG("timeout", timespec_in)),
	CALL(io_pgetevents, CALL_IS_SIGNAL, RETURNS_NUMBER, NULL,
	     ARG("ctx_id", pointer), ARG("min_nr", long), ARG("nr", long), ARG_LEN("events", io_events, 2),
	     ARG("timeout", timespec_in), ARG("usig", boxed_mask)),
	{}
};
