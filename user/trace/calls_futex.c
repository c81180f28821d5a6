// SPDX-License-Identifier: GPL-2.0-only
/* Calls on futexes: which arguments one has depends on its operation. */
#include "net_types.h"

#include <linux/futex.h>

enum { VAL = 1 << 2, TIMEOUT = 1 << 3, VAL2 = 1 << 3, UADDR2 = 1 << 4, VAL3 = 1 << 5 };

static const struct futex_args {
	u8 shown;   /* of arguments 2 to 5 */
	bool times; /* the fourth is a time, not a number */
	u8 last;    /* what the sixth is */
} futex_args[] = {
	[FUTEX_WAIT] = {VAL | TIMEOUT, true, 0},
	[FUTEX_WAKE] = {VAL, false, 0},
	[FUTEX_FD] = {VAL, false, 0},
	[FUTEX_REQUEUE] = {VAL | VAL2 | UADDR2, false, 0},
	[FUTEX_CMP_REQUEUE] = {VAL | VAL2 | UADDR2 | VAL3, false, 'n'},
	[FUTEX_WAKE_OP] = {VAL | VAL2 | UADDR2 | VAL3, false, 'o'},
	[FUTEX_LOCK_PI] = {TIMEOUT, true, 0},
	[FUTEX_UNLOCK_PI] = {0, false, 0},
	[FUTEX_TRYLOCK_PI] = {0, false, 0},
	[FUTEX_WAIT_BITSET] = {VAL | TIMEOUT | VAL3, true, 'b'},
	[FUTEX_WAKE_BITSET] = {VAL | VAL3, false, 'b'},
	[FUTEX_WAIT_REQUEUE_PI] = {VAL | TIMEOUT | UADDR2, true, 0},
	[FUTEX_CMP_REQUEUE_PI] = {VAL | VAL2 | UADDR2 | VAL3, false, 'n'},
	[FUTEX_LOCK_PI2] = {TIMEOUT, true, 0},
};

static const struct futex_args *args_of(const struct decoder *d)
{
	static const struct futex_args unknown = {VAL | TIMEOUT | UADDR2 | VAL3, true, 'n'};
	u32 op = (u32)d->ev->arg[1] & FUTEX_CMD_MASK;

	return op < sizeof(futex_args) / sizeof(futex_args[0]) ? &futex_args[op] : &unknown;
}

static struct value *shown(const struct decoder *d, u32 i, struct value *v)
{
	v->absent = !(args_of(d)->shown & 1 << i);
	return v;
}

static struct value *decode_futex_op(struct decoder *d, u32 i)
{
	u32 op = (u32)d->ev->arg[i];
	const char *name = constant__name(&c_futex_op, op & FUTEX_CMD_MASK);
	struct value *v;

	if (!name)
		return decode__name(d, NULL, &c_futex_op, op);
	if (op & FUTEX_PRIVATE_FLAG)
		name = arena__print(d->arena, "%s_PRIVATE", name);
	if (!(op & FUTEX_CLOCK_REALTIME))
		return value__named(d->arena, NULL, name, op);
	v = value__new(d->arena, VALUE_FLAGS, NULL, op);
	value__add(v, value__named(d->arena, NULL, name, op & ~FUTEX_CLOCK_REALTIME));
	value__add(v, value__named(d->arena, NULL, "FUTEX_CLOCK_REALTIME", FUTEX_CLOCK_REALTIME));
	return v;
}

static struct value *decode_futex_val(struct decoder *d, u32 i)
{
	return shown(d, i, value__new(d->arena, VALUE_UNSIGNED, NULL, (u32)d->ev->arg[i]));
}

static struct value *decode_futex_timeout(struct decoder *d, u32 i)
{
	if (!args_of(d)->times)
		return decode_futex_val(d, i);
	return shown(d, i,
		     show_struct_at(d, NULL, d->ev->arg[i], d->call->arg[i].type->fetch.size, false,
				    show_timespec));
}

static struct value *decode_futex_uaddr2(struct decoder *d, u32 i)
{
	return shown(d, i, show_pointer(d, i));
}

/* A number of @op's field, by name, shifted to where it is. */
static const char *field_text(struct decoder *d, const struct constants *c, u32 n, u32 shift)
{
	const char *name = constant__name(c, n);

	return name ? arena__print(d->arena, "%s<<%u", name, shift)
		    : arena__print(d->arena, "%#x<<%u", n, shift);
}

static struct value *show_wake_op(struct decoder *d, u32 op)
{
	const char *shift = op >> 31 ? "FUTEX_OP_OPARG_SHIFT<<28|" : "";
	struct value *v = value__said(
		d->arena, NULL,
		arena__print(d->arena, "%s%s|%#x<<12|%s|%#x", shift,
			     field_text(d, &c_futex_wakeop, op >> 28 & 7, 28), op >> 12 & 0xfff,
			     field_text(d, &c_futex_wakecmp, op >> 24 & 0xf, 24), op & 0xfff));

	value__add(v, value__new(d->arena, VALUE_HEX, NULL, op));
	return v;
}

static struct value *show_bitset(struct decoder *d, u32 set)
{
	return set == FUTEX_BITSET_MATCH_ANY
		       ? value__named(d->arena, NULL, "FUTEX_BITSET_MATCH_ANY", set)
		       : value__new(d->arena, VALUE_HEX, NULL, set);
}

static struct value *decode_futex_val3(struct decoder *d, u32 i)
{
	u32 val3 = (u32)d->ev->arg[i];

	switch (args_of(d)->last) {
	case 'o':
		return shown(d, i, show_wake_op(d, val3));
	case 'b':
		return shown(d, i, show_bitset(d, val3));
	default:
		return decode_futex_val(d, i);
	}
}

static const struct arg_type t_futex_op = {.decode = decode_futex_op};
static const struct arg_type t_futex_val = {.decode = decode_futex_val};
static const struct arg_type t_futex_timeout = {
	.fetch = {.kind = FETCH_STRUCT, .size = 16},
	.decode = decode_futex_timeout,
};
static const struct arg_type t_futex_uaddr2 = {.decode = decode_futex_uaddr2};
static const struct arg_type t_futex_val3 = {.decode = decode_futex_val3};

static struct value *decode_bitset(struct decoder *d, u32 i)
{
	return show_bitset(d, (u32)d->ev->arg[i]);
}

static const struct arg_type t_bitset = {.decode = decode_bitset};

/* struct futex_waitv, which older headers lack. */
struct waited {
	u64 val, uaddr;
	u32 flags, reserved;
};

static struct value *show_waited(struct decoder *d, const void *element)
{
	static const struct member members[] = {
		MEMBER(struct waited, val, HEX),
		MEMBER(struct waited, uaddr, POINTER),
		MEMBER_IN(struct waited, flags, FLAGS, futex2_flags),
	};
	struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0);

	SHOW_MEMBERS(d, v, element, sizeof(struct waited), members);
	return v;
}

static struct value *decode_waited(struct decoder *d, u32 i)
{
	return show_array_at(d, NULL, d->ev->arg[i], (u32)d->ev->arg[d->call->arg[i].len],
			     sizeof(struct waited), false, show_waited);
}

static const struct arg_type t_waited = {
	.fetch = {.kind = FETCH_ARRAY, .most = SHOWN_ELEMENTS, .size = sizeof(struct waited)},
	.decode = decode_waited,
};

/* Whom to wake and where those that are left go to. */
static void show_pair(struct decoder *d, struct value *v, const void *memory)
{
	value__add(v, show_waited(d, memory));
	value__add(v, show_waited(d, (const char *)memory + sizeof(struct waited)));
}

static struct value *decode_futex_pair(struct decoder *d, u32 i)
{
	struct value *v = show_struct(d, i, show_pair);

	if (v->kind == VALUE_STRUCT)
		v->kind = VALUE_ARRAY;
	return v;
}

static const struct arg_type t_futex_pair = {
	.fetch = {.kind = FETCH_STRUCT, .size = 2 * sizeof(struct waited)},
	.decode = decode_futex_pair,
};

/* clang-format off */
const struct call_desc calls_futex[] = {
	CALL(futex, 0, RETURNS_NUMBER, NULL,
	     ARG("uaddr", pointer), ARG("op", futex_op), ARG("val", futex_val), ARG("timeout", futex_timeout),
	     ARG("uaddr2", futex_uaddr2), ARG("val3", futex_val3)),
	CALL(futex_waitv, 0, RETURNS_NUMBER, NULL,
	     ARG_LEN("waiters", waited, 1), ARG("nr_futexes", uint), ARG("flags", hex), ARG("timeout", timespec_in),
	     ARG_NAME("clockid", clock)),
	CALL(futex_wake, 0, RETURNS_NUMBER, NULL,
	     ARG("uaddr", pointer), ARG("mask", bitset), ARG("nr", int), ARG_FLAGS("flags", futex2_flags)),
	CALL(futex_wait, 0, RETURNS_NUMBER, NULL,
	     ARG("uaddr", pointer), ARG("val", ulong), ARG("mask", bitset), ARG_FLAGS("flags", futex2_flags),
	     ARG("timeout", timespec_in), ARG_NAME("clockid", clock)),
	CALL(futex_requeue, 0, RETURNS_NUMBER, NULL,
	     ARG("waiters", futex_pair), ARG("flags", hex), ARG("nr_wake", int), ARG("nr_requeue", int)),
	{}
};
