// SPDX-License-Identifier: GPL-2.0-only
/* Probe set syscalls. */
#include "syscalls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "iterate.h"
#include "probe.h"
#include "section.h"
#include "syscall_names.h"

_Static_assert((int)SYSCALL_NUMBERS == (int)SYS_OP_COMPAT, "operations begin with the calls");

extern const unsigned char syscalls_object[], syscalls_object_end[];

/* Calls that wait by design: their latency says how long there was nothing to do. */
static const char *const waits[] = {
	"accept",          "accept4",       "clock_nanosleep", "epoll_pwait",
	"epoll_pwait2",    "epoll_wait",    "futex_wait",      "futex_waitv",
	"io_getevents",    "io_pgetevents", "io_uring_enter",  "msgrcv",
	"mq_timedreceive", "nanosleep",     "pause",           "poll",
	"ppoll",           "pselect6",      "restart_syscall", "rt_sigsuspend",
	"rt_sigtimedwait", "select",        "semop",           "semtimedop",
	"wait4",           "waitid",
};

static bool is_wait(const char *name)
{
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++)
		if (!strcmp(waits[i], name))
			return true;
	return false;
}

static bool syscalls_op(u32 op, struct op_info *ret)
{
	const char *name = syscall_name(op);

	/* Counted as SYS_OP_FUTEX_WAIT. */
	if (op >= OP_OTHER || (name && !strcmp(name, "futex_wait")))
		return false;
	memset(ret, 0, sizeof(*ret));
	switch (op) {
	case SYS_OP_COMPAT:
		name = "compat32";
		break;
	case SYS_OP_FUTEX_WAIT:
		name = "futex_wait";
		break;
	case SYS_OP_UNKNOWN:
		name = "unknown";
		break;
	}
	if (name)
		snprintf(ret->name, sizeof(ret->name), "%s", name);
	else
		snprintf(ret->name, sizeof(ret->name), "sys_%u", op);
	ret->kind = OP_LATENCY;
	ret->wait = name && is_wait(name);
	return true;
}

static int syscalls_prepare(struct probe_env *env)
{
	static const char *const births[MAX_BIRTHS] = {"clone", "clone3", "fork", "vfork"};
	struct syscall_numbers *n = section__initial(env->obj, ".rodata.numbers", sizeof(*n));

	if (!n)
		return -EINVAL;
	for (u32 nr = 0; nr < SYS_OP_COMPAT; nr++) {
		const char *name = syscall_name(nr);

		if (!name)
			continue;
		if (!strcmp(name, "futex"))
			n->futex = nr;
		if (!strcmp(name, "accept"))
			n->accept = nr;
		if (!strcmp(name, "accept4"))
			n->accept4 = nr;
		if (!strcmp(name, "futex_wait"))
			n->futex_wait = nr;
		for (u32 i = 0; i < MAX_BIRTHS; i++)
			if (!strcmp(name, births[i]))
				n->birth[n->births++] = nr;
	}
	return 0;
}

static void on_inflight(void *ctx, const void *data, size_t size)
{
	const struct gauges *out = ctx;
	const struct inflight *call = data;

	for (size_t i = 0; i < size / sizeof(*call); i++)
		out->inflight(out->ctx, call[i].svc, call[i].op & (MAX_OPS - 1), call[i].age_ns);
}

static int syscalls_gauges(struct probe_env *env, const struct gauges *out)
{
	return iterate(env->obj, "inflight", sizeof(struct inflight), on_inflight, (void *)out);
}

static int syscalls_forget(struct probe_env *env)
{
	return iterate(env->obj, "forget", 0, NULL, NULL);
}

static const struct op_doc docs[] = {
	{"NAME of the call", "sys_enter of a task", "sys_exit of the same task", "the calling task",
	 "the task's service at the end of the call",
	 "calls in flight at attach and calls that seccomp refuses (counted in self), calls that never return (exit, exit_group), io_uring requests",
	 "sys_enter sys_exit"},
	{"futex_wait", "sys_enter of futex with an operation that waits", "sys_exit",
	 "the calling task", "the task's service", "as above", "sys_enter sys_exit"},
	{"compat32", "sys_enter through the 32-bit entry", "sys_exit", "the calling task",
	 "the task's service", "which call it was", "sys_enter sys_exit"},
	{"_all", "sum of all calls that do not wait by design", "", "", "", "wait calls",
	 "sys_enter sys_exit"},
	{},
};

const struct probe syscalls_probe = {
	.name = "syscalls",
	.node = "syscalls",
	.help = "every system call by name: latency, errors, calls in flight",
	.object = syscalls_object,
	.object_end = syscalls_object_end,
	.hists = 1792,
	.percpu = true,
	.headline = true,
	.docs = docs,
	.op = syscalls_op,
	.prepare = syscalls_prepare,
	.forget = syscalls_forget,
	.gauges = syscalls_gauges,
};
