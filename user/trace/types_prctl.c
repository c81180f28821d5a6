// SPDX-License-Identifier: GPL-2.0-only
/* prctl(): what its second argument is, and how many there are, depends on the first. */
#include "arg_types.h"

#include <linux/prctl.h>
#include <string.h>

#define NAME_BYTES 16

enum second {
	SECOND_HEX,
	SECOND_NUMBER,
	SECOND_SIGNAL,
	SECOND_SIGNAL_OUT,
	SECOND_NAME,
	SECOND_NAME_OUT,
	SECOND_INT_OUT,
	SECOND_POINTER_OUT,
	SECOND_CAPABILITY,
	SECOND_CONSTANT,
};

static const struct option {
	u32 option;
	u8 second;
	u8 nargs;
	const struct constants *names;
} options[] = {
	{PR_SET_PDEATHSIG, SECOND_SIGNAL, 2, NULL},
	{PR_GET_PDEATHSIG, SECOND_SIGNAL_OUT, 2, NULL},
	{PR_GET_DUMPABLE, SECOND_HEX, 1, NULL},
	{PR_SET_DUMPABLE, SECOND_CONSTANT, 2, &c_prctl_dump},
	{PR_GET_KEEPCAPS, SECOND_HEX, 1, NULL},
	{PR_SET_KEEPCAPS, SECOND_NUMBER, 2, NULL},
	{PR_GET_TIMING, SECOND_HEX, 1, NULL},
	{PR_SET_NAME, SECOND_NAME, 2, NULL},
	{PR_GET_NAME, SECOND_NAME_OUT, 2, NULL},
	{PR_GET_SECCOMP, SECOND_HEX, 1, NULL},
	{PR_CAPBSET_READ, SECOND_CAPABILITY, 2, NULL},
	{PR_CAPBSET_DROP, SECOND_CAPABILITY, 2, NULL},
	{PR_GET_SECUREBITS, SECOND_HEX, 1, NULL},
	{PR_SET_SECUREBITS, SECOND_HEX, 2, NULL},
	{PR_SET_TIMERSLACK, SECOND_NUMBER, 2, NULL},
	{PR_GET_TIMERSLACK, SECOND_HEX, 1, NULL},
	{PR_TASK_PERF_EVENTS_DISABLE, SECOND_HEX, 1, NULL},
	{PR_TASK_PERF_EVENTS_ENABLE, SECOND_HEX, 1, NULL},
	{PR_SET_MM, SECOND_CONSTANT, 5, &c_prctl_mm},
	{PR_SET_CHILD_SUBREAPER, SECOND_NUMBER, 2, NULL},
	{PR_GET_CHILD_SUBREAPER, SECOND_INT_OUT, 2, NULL},
	{PR_SET_NO_NEW_PRIVS, SECOND_NUMBER, 5, NULL},
	{PR_GET_NO_NEW_PRIVS, SECOND_NUMBER, 5, NULL},
	{PR_GET_TID_ADDRESS, SECOND_POINTER_OUT, 2, NULL},
	{PR_SET_THP_DISABLE, SECOND_NUMBER, 5, NULL},
	{PR_GET_THP_DISABLE, SECOND_NUMBER, 5, NULL},
	{PR_CAP_AMBIENT, SECOND_CONSTANT, 5, &c_prctl_ambient},
	{PR_SET_VMA, SECOND_CONSTANT, 5, &c_prctl_vma},
	{PR_SET_PTRACER, SECOND_NUMBER, 2, NULL},
};

static const struct option *option_of(const struct decoder *d)
{
	static const struct option unknown = {.nargs = 5};

	for (u32 i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].option == (u32)d->ev->arg[0])
			return &options[i];
	return &unknown;
}

static struct value *name_at(struct decoder *d, u64 addr, bool out)
{
	const char *name = addr ? decode__memory(d, addr, NAME_BYTES, out) : NULL;

	if (!name)
		return value__new(d->arena, VALUE_POINTER, NULL, addr);
	return value__bytes(d->arena, NULL, name, (u32)strnlen(name, NAME_BYTES - 1), false);
}

/* [number] that the kernel wrote. */
static struct value *written(struct decoder *d, u64 addr, enum second kind)
{
	u32 size = kind == SECOND_POINTER_OUT ? sizeof(u64) : sizeof(u32);
	const void *memory = decode__succeeded(d) ? decode__memory(d, addr, size, true) : NULL;
	struct value *v;

	if (!memory)
		return value__new(d->arena, VALUE_POINTER, NULL, addr);
	v = value__new(d->arena, VALUE_ARRAY, NULL, addr);
	if (kind == SECOND_SIGNAL_OUT)
		value__add(v, show_signal(d, NULL, *(const u32 *)memory));
	else
		value__add(v,
			   show_number(d, NULL, memory, size,
				       kind == SECOND_POINTER_OUT ? VALUE_POINTER : VALUE_SIGNED));
	return v;
}

static struct value *decode_second(struct decoder *d, u32 i)
{
	const struct option *o = option_of(d);
	u64 arg = d->ev->arg[i];

	switch (o->second) {
	case SECOND_NUMBER:
		return value__new(d->arena, VALUE_SIGNED, NULL, arg);
	case SECOND_SIGNAL:
		return show_signal(d, NULL, (u32)arg);
	case SECOND_NAME:
		return name_at(d, arg, false);
	case SECOND_NAME_OUT:
		return decode__succeeded(d) ? name_at(d, arg, true) : show_pointer(d, i);
	case SECOND_SIGNAL_OUT:
	case SECOND_INT_OUT:
	case SECOND_POINTER_OUT:
		return written(d, arg, o->second);
	case SECOND_CAPABILITY:
		return decode__name(d, NULL, &c_capability, arg);
	case SECOND_CONSTANT:
		return decode__name(d, NULL, o->names, arg);
	}
	return value__new(d->arena, VALUE_HEX, NULL, arg);
}

const struct arg_type t_prctl_second = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = NAME_BYTES},
	.decode = decode_second,
};

static struct value *decode_third(struct decoder *d, u32 i)
{
	u64 arg = d->ev->arg[i];

	switch (d->ev->arg[0]) {
	case PR_CAP_AMBIENT:
		if (d->ev->arg[1] != PR_CAP_AMBIENT_CLEAR_ALL)
			return decode__name(d, NULL, &c_capability, arg);
		break;
	case PR_SET_VMA:
		return show_pointer(d, i);
	}
	return value__new(d->arena, VALUE_HEX, NULL, arg);
}

const struct arg_type t_prctl_third = {.decode = decode_third};

void adjust_prctl(struct decoder *d, struct value *args, struct value *ret)
{
	u32 n = option_of(d)->nargs, i = 0;

	for (struct value *v = args->first; v; v = v->next)
		v->absent = i++ >= n;
	if (d->ev->arg[0] == PR_GET_DUMPABLE && decode__succeeded(d))
		ret->note = constant__name(&c_prctl_dump, (u64)d->ev->ret);
}
