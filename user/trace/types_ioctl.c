// SPDX-License-Identifier: GPL-2.0-only
/* Requests of ioctl, and what they point to. */
#include "ioctl_types.h"

#include <asm/ioctl.h>

static const struct constant request_list[] = {
#if defined(__x86_64__)
#include "ioctl_names_x86_64.h"
#elif defined(__aarch64__)
#include "ioctl_names_aarch64.h"
#endif
};
static const struct constants requests = {
	.list = request_list,
	.n = sizeof(request_list) / sizeof(request_list[0]),
};

const struct ioctl_desc *const ioctl_tables[] = {ioctls_tty, ioctls_net, ioctls_other, NULL};

static const char *direction(u32 request)
{
	switch (_IOC_DIR(request)) {
	case _IOC_NONE:
		return "_IOC_NONE";
	case _IOC_READ:
		return "_IOC_READ";
	case _IOC_WRITE:
		return "_IOC_WRITE";
	default:
		return "_IOC_READ|_IOC_WRITE";
	}
}

static struct value *decode_request(struct decoder *d, u32 i)
{
	u32 request = (u32)d->ev->arg[i];
	const char *name = constant__name(&requests, request);

	if (!name)
		name = arena__print(d->arena, "_IOC(%s, %#x, %#x, %#x)", direction(request),
				    _IOC_TYPE(request), _IOC_NR(request), _IOC_SIZE(request));
	return value__named(d->arena, NULL, name, request);
}

/* What the kernel only reads is the same at its end, if it was not in memory at its begin. */
static const void *given(const struct decoder *d, u32 i, u32 size)
{
	const void *p = decode__memory(d, d->ev->arg[i], size, false);

	return p ? p : decode__memory(d, d->ev->arg[i], size, true);
}

static const void *written(const struct decoder *d, u32 i, u32 size)
{
	return decode__succeeded(d) ? decode__memory(d, d->ev->arg[i], size, true) : NULL;
}

static struct value *show_number_at(struct decoder *d, u32 i, const struct ioctl_desc *desc)
{
	bool out = desc->kind == IOCTL_INT_OUT || desc->kind == IOCTL_LONG_OUT ||
		   desc->kind == IOCTL_FLAGS_OUT;
	u32 size = desc->kind == IOCTL_LONG_OUT ? sizeof(u64) : sizeof(u32);
	const void *p = out ? written(d, i, size) : given(d, i, size);
	struct value *v;

	if (!p || !d->ev->arg[i])
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_ARRAY, NULL, 0);
	if (desc->with)
		add_flags(d, v, NULL, desc->with, get_u32(p));
	else
		add_signed(d, v, NULL, size == 8 ? (s64)get_u64(p) : (s32)get_u32(p));
	return v;
}

static struct value *show_structure(struct decoder *d, u32 i, const struct ioctl_desc *desc)
{
	bool out = desc->kind == IOCTL_OUT && decode__succeeded(d);
	show_fn show = desc->kind == IOCTL_OUT && !out ? desc->failed : desc->show;
	const void *p = out ? written(d, i, desc->size) : given(d, i, desc->size);
	struct value *v;

	if (!p || !show || !d->ev->arg[i])
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	show(d, v, p);
	return v;
}

static struct value *show_with(struct decoder *d, u32 i, const struct ioctl_desc *desc)
{
	u64 arg = d->ev->arg[i];
	struct value *v;

	switch (desc->kind) {
	case IOCTL_NONE:
		v = show_pointer(d, i);
		v->absent = true;
		return v;
	case IOCTL_INT:
		return value__new(d->arena, VALUE_SIGNED, NULL, (u64)(s32)arg);
	case IOCTL_FD:
		return decode__fd(d, NULL, (s32)arg);
	case IOCTL_NAME:
		return decode__name(d, NULL, desc->with, (u32)arg);
	case IOCTL_CHAR:
		return show_bytes_at(d, NULL, arg, 1, !decode__memory(d, arg, 1, false));
	case IOCTL_IN:
	case IOCTL_OUT:
		return show_structure(d, i, desc);
	default:
		return show_number_at(d, i, desc);
	}
}

static struct value *decode_ioctl_arg(struct decoder *d, u32 i)
{
	u32 request = (u32)d->ev->arg[1];

	for (const struct ioctl_desc *const *table = ioctl_tables; *table; table++)
		for (const struct ioctl_desc *desc = *table; desc->kind != IOCTL_END; desc++)
			if (desc->request == request)
				return show_with(d, i, desc);
	return value__new(d->arena, VALUE_HEX, NULL, d->ev->arg[i]);
}

static const struct arg_type t_request = {.decode = decode_request};
static const struct arg_type t_ioctl_arg = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = IOCTL_BYTES},
	.decode = decode_ioctl_arg,
};

/* clang-format off */
const struct call_desc calls_ioctl[] = {
	CALL(ioctl, CALL_IS_DESC, RETURNS_NUMBER, NULL, ARG("fd", fd), ARG("request", request), ARG("arg", ioctl_arg)),
	{}
};
