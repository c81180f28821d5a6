// SPDX-License-Identifier: GPL-2.0-only
/* ptrace(): which arguments count, and what the last one is, depends on the request. */
#include "arg_types.h"

#include <linux/ptrace.h>

/* Of some architectures only. */
#define GETREGS   12
#define SETREGS   13
#define GETFPREGS 14
#define SETFPREGS 15

static struct value *decode_ptrace_data(struct decoder *d, u32 i)
{
	switch (d->ev->arg[0]) {
	case PTRACE_CONT:
	case PTRACE_SINGLESTEP:
	case PTRACE_DETACH:
	case PTRACE_SYSCALL:
		return show_signal(d, NULL, (u32)d->ev->arg[i]);
	case PTRACE_SETOPTIONS:
	case PTRACE_SEIZE:
		return decode__flags(d, NULL, &c_ptrace_options, d->ev->arg[i]);
	}
	return show_pointer(d, i);
}

const struct arg_type t_ptrace_data = {.decode = decode_ptrace_data};

void adjust_ptrace(struct decoder *d, struct value *args, struct value *ret)
{
	struct value *pid = args->first->next, *addr = pid->next;

	(void)ret;
	switch (d->ev->arg[0]) {
	case PTRACE_TRACEME:
		pid->absent = true;
		/* fall through */
	case PTRACE_ATTACH:
	case PTRACE_KILL:
	case PTRACE_INTERRUPT:
	case PTRACE_LISTEN:
		args->last->absent = true;
		/* fall through */
	case GETREGS:
	case SETREGS:
	case GETFPREGS:
	case SETFPREGS:
		addr->absent = true;
	}
}
