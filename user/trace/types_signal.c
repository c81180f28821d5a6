// SPDX-License-Identifier: GPL-2.0-only
#include "arg_types.h"

#include <signal.h>
#include <string.h>

#define SIGNALS     64
#define SA_RESTORER 0x04000000
#define SET_BYTES   (SIGNALS / 8)
/* A set that has more is shown by what it does not have. */
#define MOST_SHOWN (SIGNALS * 2 / 3)

/* As the kernel has it, on all architectures that this is built for. */
struct kernel_sigaction {
	u64 handler, flags, restorer, mask;
};

struct value *show_signal(struct decoder *d, const char *member, u32 number)
{
	const char *name = signal__name(number);

	return name ? value__named(d->arena, member, name, number)
		    : value__new(d->arena, VALUE_SIGNED, member, (u64)(s32)number);
}

static struct value *decode_signal(struct decoder *d, u32 i)
{
	return show_signal(d, NULL, (u32)d->ev->arg[i]);
}

const struct arg_type t_signal = {.decode = decode_signal};

struct value *show_sigset(struct decoder *d, const char *member, u64 set)
{
	bool all_but = __builtin_popcountll(set) >= MOST_SHOWN;
	struct value *v = value__new(d->arena, VALUE_SET, member, all_but);

	if (all_but)
		set = ~set;
	for (u32 n = 1; n <= SIGNALS; n++)
		if (set >> (n - 1) & 1)
			value__add(v, value__named(d->arena, NULL, signal__name(n) + 3, n));
	return v;
}

/* The length of a set is an argument of its own; the kernel knows one. */
static struct value *decode_sigset(struct decoder *d, u32 i)
{
	u32 len = d->call->arg[i].len;
	const u64 *set;

	if (!arg__readable(d, i) || (len && d->ev->arg[len] != SET_BYTES))
		return show_pointer(d, i);
	set = decode__memory(d, d->ev->arg[i], SET_BYTES, arg__at_exit(d, i));
	return set ? show_sigset(d, NULL, *set) : show_pointer(d, i);
}

const struct arg_type t_sigset_in = {.fetch = {.kind = FETCH_STRUCT, .size = SET_BYTES},
				     .decode = decode_sigset};
const struct arg_type t_sigset_out = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_AT_EXIT, .size = SET_BYTES},
	.decode = decode_sigset,
};

static void show_sigaction(struct decoder *d, struct value *v, const void *memory)
{
	static const char *const handlers[] = {"SIG_DFL", "SIG_IGN"};
	const struct kernel_sigaction *sa = memory;

	if (sa->handler < 2)
		value__add(v, value__named(d->arena, "sa_handler", handlers[sa->handler],
					   sa->handler));
	else
		add_pointer(d, v, "sa_handler", sa->handler);
	value__add(v, show_sigset(d, "sa_mask", sa->mask));
	add_flags(d, v, "sa_flags", &c_sa_flags, sa->flags);
	if (sa->flags & SA_RESTORER)
		add_pointer(d, v, "sa_restorer", sa->restorer);
}

DEFINE_IN(t_sigaction_in, struct kernel_sigaction, show_sigaction);
DEFINE_OUT(t_sigaction_out, struct kernel_sigaction, show_sigaction);

static void show_stack(struct decoder *d, struct value *v, const void *memory)
{
	const stack_t *s = memory;

	add_pointer(d, v, "ss_sp", (u64)(uintptr_t)s->ss_sp);
	add_flags(d, v, "ss_flags", &c_stack_flags, (u32)s->ss_flags);
	add_unsigned(d, v, "ss_size", s->ss_size);
}

DEFINE_IN(t_stack_in, stack_t, show_stack);
DEFINE_OUT(t_stack_out, stack_t, show_stack);

static void show_sigevent(struct decoder *d, struct value *v, const void *memory)
{
	const struct sigevent *e = memory;
	struct value *value;

	/* Nobody is told: what it would be means nothing. */
	if (e->sigev_notify == SIGEV_NONE) {
		add_signed(d, v, "sigev_signo", e->sigev_signo);
	} else {
		value = value__add(v, value__new(d->arena, VALUE_STRUCT, "sigev_value", 0));
		add_signed(d, value, "sival_int", e->sigev_value.sival_int);
		add_pointer(d, value, "sival_ptr", (u64)(uintptr_t)e->sigev_value.sival_ptr);
		value__add(v, show_signal(d, "sigev_signo", (u32)e->sigev_signo));
	}
	add_name(d, v, "sigev_notify", &c_sigev_notify, (u32)e->sigev_notify);
	if (e->sigev_notify == SIGEV_THREAD_ID)
		add_signed(d, v, "sigev_notify_thread_id", e->_sigev_un._tid);
}

DEFINE_IN(t_sigevent, struct sigevent, show_sigevent);
