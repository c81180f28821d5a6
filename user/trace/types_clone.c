// SPDX-License-Identifier: GPL-2.0-only
/* clone() and clone3(). */
#include "arg_types.h"

#include <linux/sched.h>

static struct value *decode_clone_flags(struct decoder *d, u32 i)
{
	u64 flags = d->ev->arg[i];
	u32 signal = flags & CSIGNAL;
	struct value *v = decode__flags(d, NULL, &c_clone_flags, flags & ~(u64)CSIGNAL);

	v->num = flags;
	if (signal)
		value__add(v, show_signal(d, NULL, signal));
	return v;
}

const struct arg_type t_clone_flags = {.decode = decode_clone_flags};

/* The stack comes first, and what the flags ask for is there. Each has its name, because the order
 * of the arguments differs by architecture. */
void adjust_clone(struct decoder *d, struct value *args, struct value *ret)
{
	static const struct {
		const char *name;
		u64 flags;
	} asked[] = {
		{"parent_tid", CLONE_PARENT_SETTID | CLONE_PIDFD},
		{"tls", CLONE_SETTLS},
		{"child_tidptr", CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID},
	};
	struct value *rest[3] = {}, *flags = args->first, *stack = flags->next;

	(void)ret;
	if (!stack)
		return;
	for (struct value *v = flags; v; v = v->next) {
		v->named = true;
		for (u32 i = 0; i < 3; i++)
			if (v->name == asked[i].name || !__builtin_strcmp(v->name, asked[i].name))
				rest[i] = v;
	}
	args->first = stack;
	stack->next = args->last = flags;
	flags->next = NULL;
	for (u32 i = 0; i < 3; i++) {
		rest[i]->next = NULL;
		rest[i]->absent = !(d->ev->arg[0] & asked[i].flags);
		value__add(args, rest[i]);
	}
}

static void show_clone_args(struct decoder *d, struct value *v, const void *memory)
{
	const struct clone_args *a = memory;

	add_flags(d, v, "flags", &c_clone3_flags, a->flags);
	if (a->flags & CLONE_PIDFD)
		add_pointer(d, v, "pidfd", a->pidfd);
	if (a->flags & (CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID))
		add_pointer(d, v, "child_tid", a->child_tid);
	if (a->flags & CLONE_PARENT_SETTID)
		add_pointer(d, v, "parent_tid", a->parent_tid);
	if (a->exit_signal)
		value__add(v, show_signal(d, "exit_signal", (u32)a->exit_signal));
	else
		add_signed(d, v, "exit_signal", 0);
	add_pointer(d, v, "stack", a->stack);
	add_hex(d, v, "stack_size", a->stack_size);
	if (a->flags & CLONE_SETTLS)
		add_pointer(d, v, "tls", a->tls);
	if (a->set_tid || a->set_tid_size) {
		add_pointer(d, v, "set_tid", a->set_tid);
		add_unsigned(d, v, "set_tid_size", a->set_tid_size);
	}
	if (a->flags & CLONE_INTO_CGROUP)
		add_unsigned(d, v, "cgroup", a->cgroup);
}

/* A shorter one, of an older kernel, is shown as a pointer unless it has all that is shown. */
static struct value *decode_clone_args(struct decoder *d, u32 i)
{
	struct value *v, *after, *tid;
	const struct clone_args *a;

	if (d->ev->arg[d->call->arg[i].len] < sizeof(*a))
		return show_pointer(d, i);
	v = show_struct(d, i, show_clone_args);
	a = v->kind == VALUE_STRUCT ? decode__memory(d, d->ev->arg[i], sizeof(*a), false) : NULL;
	if (!a || !decode__succeeded(d) || !d->ev->ret || !(a->flags & CLONE_PARENT_SETTID))
		return v;
	/* What the kernel wrote there is what it returned. */
	after = v->after = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	tid = value__add(after, value__new(d->arena, VALUE_ARRAY, "parent_tid", 0));
	add_signed(d, tid, NULL, d->ev->ret);
	return v;
}

const struct arg_type t_clone_args = {
	.fetch = {.kind = FETCH_STRUCT, .size = sizeof(struct clone_args)},
	.decode = decode_clone_args,
};
