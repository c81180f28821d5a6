// SPDX-License-Identifier: GPL-2.0-only
/* Constants, flags and descriptors by name. */
#include "decode.h"

#include "constants.h"

#define AT_FDCWD (-100)

const char *constant__name(const struct constants *c, u64 v)
{
	u32 from = 0, to = c->n;

	while (from < to) {
		u32 middle = (from + to) / 2;

		if (c->list[middle].value == v)
			return c->list[middle].name;
		if (c->list[middle].value < v)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

/* @v, and that it has no name there. */
static struct value *unknown(struct decoder *d, const char *member, const struct constants *c,
			     u64 v)
{
	struct value *ret = value__new(d->arena, VALUE_HEX, member, v);

	ret->note = c->prefix;
	return ret;
}

struct value *decode__name(struct decoder *d, const char *member, const struct constants *c, u64 v)
{
	const char *name = constant__name(c, v);

	return name ? value__named(d->arena, member, name, v) : unknown(d, member, c, v);
}

/* The number that the field's bits are; nothing is added where 0 has no name but other bits have.
 */
static void add_field(struct decoder *d, struct value *flags, const struct constants *c, u64 v)
{
	u64 field = v & c->field;

	for (u32 i = 0; i < c->nfields; i++) {
		if (c->list[i].value == field) {
			value__add(flags, value__named(d->arena, NULL, c->list[i].name, field));
			return;
		}
	}
	if (field)
		value__add(flags, unknown(d, NULL, c, field));
}

struct value *decode__flags(struct decoder *d, const char *member, const struct constants *c, u64 v)
{
	struct value *flags = value__new(d->arena, VALUE_FLAGS, member, v);
	u64 rest = v & ~c->field;

	if (c->field)
		add_field(d, flags, c, v);
	for (u32 i = c->nfields; i < c->n && (rest || !v); i++) {
		u64 bits = c->list[i].value;

		if ((rest & bits) != bits || !bits != !v)
			continue;
		value__add(flags, value__named(d->arena, NULL, c->list[i].name, bits));
		rest &= ~bits;
		if (!v)
			break;
	}
	if (rest)
		value__add(flags, flags->first ? value__new(d->arena, VALUE_HEX, NULL, rest)
					       : unknown(d, NULL, c, rest));
	return flags;
}

static const char *on(const struct decoder *d, s32 fd)
{
	return d->opts->fd_name ? d->opts->fd_name(d->opts->fd_ctx, d->ev->pid, fd) : NULL;
}

struct value *decode__fd(struct decoder *d, const char *member, s32 fd)
{
	struct value *v = value__new(d->arena, VALUE_FD, member, (u64)fd);

	if (fd >= 0)
		v->text = on(d, fd);
	return v;
}

struct value *decode__dirfd(struct decoder *d, const char *member, s32 fd)
{
	struct value *v = decode__fd(d, member, fd);

	if (fd == AT_FDCWD) {
		v->kind = VALUE_CWD;
		v->text = on(d, fd);
	}
	return v;
}

const char *errno__name(u32 error)
{
	return constant__name(&c_errno, error);
}

#define SIGRT(n) "SIGRT_" #n
static const char *const realtime[] = {
	"SIGRTMIN", SIGRT(1),  SIGRT(2),  SIGRT(3),  SIGRT(4),  SIGRT(5),  SIGRT(6),
	SIGRT(7),   SIGRT(8),  SIGRT(9),  SIGRT(10), SIGRT(11), SIGRT(12), SIGRT(13),
	SIGRT(14),  SIGRT(15), SIGRT(16), SIGRT(17), SIGRT(18), SIGRT(19), SIGRT(20),
	SIGRT(21),  SIGRT(22), SIGRT(23), SIGRT(24), SIGRT(25), SIGRT(26), SIGRT(27),
	SIGRT(28),  SIGRT(29), SIGRT(30), SIGRT(31), SIGRT(32),
};

#define FIRST_REALTIME 32

const char *signal__name(u32 number)
{
	if (number - FIRST_REALTIME < sizeof(realtime) / sizeof(realtime[0]))
		return realtime[number - FIRST_REALTIME];
	return constant__name(&c_signal, number);
}
