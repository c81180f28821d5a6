// SPDX-License-Identifier: GPL-2.0-only
/* What calls on files take: open_how, pipes, locks, random bytes, handles. */
#include "arg_types.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/mount.h>
#include <string.h>

static void show_open_how(struct decoder *d, struct value *v, const void *memory)
{
	const struct open_how *how = memory;

	add_flags(d, v, "flags", &c_open_flags, how->flags);
	if (how->mode || how->flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)))
		add_octal(d, v, "mode", how->mode);
	add_flags(d, v, "resolve", &c_resolve, how->resolve);
}

/* A shorter one is refused by the kernel. */
static struct value *decode_open_how(struct decoder *d, u32 i)
{
	if (d->ev->arg[d->call->arg[i].len] < sizeof(struct open_how))
		return show_pointer(d, i);
	return show_struct(d, i, show_open_how);
}

const struct arg_type t_open_how = {
	.fetch = {.kind = FETCH_STRUCT, .size = sizeof(struct open_how)},
	.decode = decode_open_how,
};

static struct value *fd_element(struct decoder *d, const void *element)
{
	return decode__fd(d, NULL, *(const s32 *)element);
}

static struct value *decode_fd_pair(struct decoder *d, u32 i)
{
	if (!arg__readable(d, i))
		return show_pointer(d, i);
	return show_array_at(d, NULL, d->ev->arg[i], 2, sizeof(s32), true, fd_element);
}

const struct arg_type t_fd_pair = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = 2 * sizeof(s32)},
	.decode = decode_fd_pair,
};

/* Bytes that mean nothing as text. */
static struct value *decode_random(struct decoder *d, u32 i)
{
	struct value *v = t_buf_out.decode(d, i);

	if (v->kind == VALUE_BYTES)
		v->num = HEX_ALWAYS;
	return v;
}

const struct arg_type t_random = {
	.fetch = {.kind = FETCH_BYTES, .flags = FETCH_AT_EXIT | FETCH_RETURNED, .size = 1},
	.decode = decode_random,
};

/* A path that the kernel writes; the call returns how many bytes it is, with the NUL. */
static struct value *decode_path_out(struct decoder *d, u32 i)
{
	if (!arg__readable(d, i))
		return show_pointer(d, i);
	return show_string_at(d, NULL, d->ev->arg[i], TRACE_PIECE - 1, true);
}

const struct arg_type t_path_out = {
	.fetch = {.kind = FETCH_STRING, .flags = FETCH_AT_EXIT},
	.decode = decode_path_out,
};

/* Flags and, in the highest bits, the size of pages: 21<<MAP_HUGE_SHIFT. */
#define HUGE_SHIFT 26
#define HUGE_MASK  0x3fu

struct value *show_huge_flags(struct decoder *d, const struct constants *c, u32 flags, u32 huge,
			      const char *shift)
{
	u32 size = flags >> HUGE_SHIFT & HUGE_MASK;
	struct value *v;

	if (!(flags & huge) || !size)
		return decode__flags(d, NULL, c, flags);
	v = decode__flags(d, NULL, c, flags & ~(HUGE_MASK << HUGE_SHIFT));
	v->num = flags;
	value__add(v, value__said(d->arena, NULL, arena__print(d->arena, "%u<<%s", size, shift)));
	return v;
}

#define MFD_HUGE 4u

static struct value *decode_memfd_flags(struct decoder *d, u32 i)
{
	return show_huge_flags(d, &c_memfd, (u32)d->ev->arg[i], MFD_HUGE, "MFD_HUGE_SHIFT");
}

const struct arg_type t_memfd_flags = {.decode = decode_memfd_flags};

/* The bits that said once that the other bits are flags. */
#define MOUNT_MAGIC      0xc0ed0000u
#define MOUNT_MAGIC_MASK 0xffff0000u

static struct value *decode_mount_flags(struct decoder *d, u32 i)
{
	u64 flags = d->ev->arg[i];
	struct value *v, *magic;

	if ((flags & MOUNT_MAGIC_MASK) != MOUNT_MAGIC)
		return decode__flags(d, NULL, &c_mount_flags, flags);
	v = decode__flags(d, NULL, &c_mount_flags, flags & ~(u64)MOUNT_MAGIC_MASK);
	if (!(flags & ~(u64)MOUNT_MAGIC_MASK))
		v->first = v->last = NULL;
	magic = value__named(d->arena, NULL, "MS_MGC_VAL", MOUNT_MAGIC);
	magic->next = v->first;
	v->first = magic;
	if (!v->last)
		v->last = magic;
	v->num = flags;
	return v;
}

const struct arg_type t_mount_flags = {.decode = decode_mount_flags};

static void show_mount_attr(struct decoder *d, struct value *v, const void *memory)
{
	const struct mount_attr *a = memory;

	add_flags(d, v, "attr_set", &c_mount_attr, a->attr_set);
	add_flags(d, v, "attr_clr", &c_mount_attr, a->attr_clr);
	add_flags(d, v, "propagation", &c_mount_flags, a->propagation);
	value__add(v, decode__fd(d, "userns_fd", (s32)a->userns_fd));
}

DEFINE_IN(t_mount_attr, struct mount_attr, show_mount_attr);
