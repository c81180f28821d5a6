// SPDX-License-Identifier: GPL-2.0-only
/* Scheduling, capabilities, and what a process runs as. */
#include "arg_types.h"

#include <linux/capability.h>
#include <linux/ioprio.h>

/* The C library has none. */
struct kernel_sched_attr {
	u32 size, policy;
	u64 flags;
	s32 nice;
	u32 priority;
	u64 runtime, deadline, period;
	u32 util_min, util_max; /* if @size says so */
};

static void show_sched_attr(struct decoder *d, struct value *v, const void *memory)
{
	const struct kernel_sched_attr *a = memory;

	add_unsigned(d, v, "size", a->size);
	add_flags(d, v, "sched_policy", &c_sched_policy, a->policy);
	add_flags(d, v, "sched_flags", &c_sched_flags, a->flags);
	add_signed(d, v, "sched_nice", a->nice);
	add_unsigned(d, v, "sched_priority", a->priority);
	add_unsigned(d, v, "sched_runtime", a->runtime);
	add_unsigned(d, v, "sched_deadline", a->deadline);
	add_unsigned(d, v, "sched_period", a->period);
	if (a->size < sizeof(*a))
		return;
	add_unsigned(d, v, "sched_util_min", a->util_min);
	add_unsigned(d, v, "sched_util_max", a->util_max);
}

DEFINE_IN(t_sched_attr_in, struct kernel_sched_attr, show_sched_attr);
DEFINE_OUT(t_sched_attr_out, struct kernel_sched_attr, show_sched_attr);

/* CPUs by number: a bit each, in as many bytes as the call was given or returned. */
static struct value *decode_cpus(struct decoder *d, u32 i)
{
	bool out = arg__at_exit(d, i);
	u64 want = out ? (u64)d->ev->ret : d->ev->arg[d->call->arg[i].len];
	u32 have;
	const u8 *bytes;
	struct value *v;

	if (!arg__readable(d, i))
		return show_pointer(d, i);
	bytes = decode__some(d, d->ev->arg[i], &have, out);
	if (!bytes)
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_SET, NULL, 0);
	for (u32 cpu = 0; cpu / 8 < have && cpu / 8 < want; cpu++)
		if (bytes[cpu / 8] >> cpu % 8 & 1)
			add_unsigned(d, v, NULL, cpu);
	v->cut = want > have;
	return v;
}

const struct arg_type t_cpus_in = {
	.fetch = {.kind = FETCH_ARRAY, .size = 1, .most = 255},
	.decode = decode_cpus,
};
const struct arg_type t_cpus_out = {
	.fetch = {.kind = FETCH_ARRAY,
		  .flags = FETCH_AT_EXIT | FETCH_RETURNED,
		  .size = 1,
		  .most = 255},
	.decode = decode_cpus,
};

static void show_cap_header(struct decoder *d, struct value *v, const void *memory)
{
	const struct __user_cap_header_struct *h = memory;

	add_name(d, v, "version", &c_cap_version, h->version);
	add_signed(d, v, "pid", h->pid);
}

DEFINE_IN(t_cap_header, struct __user_cap_header_struct, show_cap_header);

static void add_caps(struct decoder *d, struct value *v, const char *member, u32 low, u32 high)
{
	u64 set = (u64)high << 32 | low, rest = 0;
	struct value *flags = value__add(v, value__new(d->arena, VALUE_FLAGS, member, set));

	for (u32 n = 0; n < 64; n++) {
		const char *name = constant__name(&c_capability, n);

		if (!(set >> n & 1))
			continue;
		if (name)
			value__add(flags,
				   value__named(d->arena, NULL,
						arena__print(d->arena, "1<<%s", name), 1ULL << n));
		else
			rest |= 1ULL << n;
	}
	if (rest)
		add_hex(d, flags, NULL, rest);
}

static void show_cap_data(struct decoder *d, struct value *v, const void *memory)
{
	const struct __user_cap_data_struct *c = memory;

	add_caps(d, v, "effective", c[0].effective, c[1].effective);
	add_caps(d, v, "permitted", c[0].permitted, c[1].permitted);
	add_caps(d, v, "inheritable", c[0].inheritable, c[1].inheritable);
}

/* The first version has half of it and is not used since 2.6.25. */
DEFINE_IN(t_cap_data_in, struct __user_cap_data_struct[2], show_cap_data);
DEFINE_OUT(t_cap_data_out, struct __user_cap_data_struct[2], show_cap_data);

const char *ioprio_text(struct decoder *d, u32 n)
{
	const char *class = constant__name(&c_ioprio_class, n >> IOPRIO_CLASS_SHIFT);
	u32 data = n & ((1u << IOPRIO_CLASS_SHIFT) - 1);

	if (!class)
		return arena__print(d->arena, "IOPRIO_PRIO_VALUE(%#x /* IOPRIO_CLASS_??? */, %u)",
				    n >> IOPRIO_CLASS_SHIFT, data);
	return arena__print(d->arena, "IOPRIO_PRIO_VALUE(%s, %u)", class, data);
}

static struct value *decode_ioprio(struct decoder *d, u32 i)
{
	struct value *v = value__new(d->arena, VALUE_UNSIGNED, NULL, (u32)d->ev->arg[i]);

	v->text = ioprio_text(d, (u32)v->num);
	return v;
}

const struct arg_type t_ioprio = {.decode = decode_ioprio};

#define PERSONALITY_QUERY 0xffffffffu

static struct value *decode_personality(struct decoder *d, u32 i)
{
	u32 n = (u32)d->ev->arg[i];

	if (n == PERSONALITY_QUERY)
		return value__new(d->arena, VALUE_HEX, NULL, n);
	return decode__flags(d, NULL, &c_personality, n);
}

const struct arg_type t_personality = {.decode = decode_personality};
