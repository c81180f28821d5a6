// SPDX-License-Identifier: GPL-2.0-only
/* Signals. */
#include "arg_types.h"

/* The signal that was taken. */
static void adjust_sigwait(struct decoder *d, struct value *args, struct value *ret)
{
	(void)args;
	if (decode__succeeded(d))
		ret->note = signal__name((u32)d->ev->ret);
}

#define SIG     CALL_IS_SIGNAL
#define DESC    CALL_IS_DESC
#define PROCESS CALL_IS_PROCESS
#define NUMBER  RETURNS_NUMBER

/* clang-format off */
const struct call_desc calls_signal[] = {
	CALL(kill, SIG | PROCESS, NUMBER, NULL, ARG("pid", int), ARG("sig", signal)),
	CALL(pause, SIG, NUMBER, NULL),
	CALL(pidfd_send_signal, SIG | DESC | PROCESS, NUMBER, NULL,
	     ARG("pidfd", fd), ARG("sig", signal), ARG("info", siginfo_in), ARG_FLAGS("flags", pidfd_signal)),
	CALL(restart_syscall, 0, NUMBER, NULL),
	CALL(rt_sigaction, SIG, NUMBER, NULL,
	     ARG("signum", signal), ARG("act", sigaction_in), ARG("oldact", sigaction_out), ARG("sigsetsize", ulong)),
	CALL(rt_sigpending, SIG, NUMBER, NULL, ARG_LEN("set", sigset_out, 1), ARG("sigsetsize", ulong)),
	CALL(rt_sigprocmask, SIG, NUMBER, NULL,
	     ARG_NAME("how", sigmask_how), ARG_LEN("set", sigset_in, 3), ARG_LEN("oldset", sigset_out, 3), ARG("sigsetsize", ulong)),
	CALL(rt_sigqueueinfo, SIG | PROCESS, NUMBER, NULL, ARG("tgid", int), ARG("sig", signal), ARG("info", siginfo_in)),
	CALL(rt_sigreturn, SIG, NUMBER, NULL),
	CALL(rt_sigsuspend, SIG, NUMBER, NULL, ARG_LEN("mask", sigset_in, 1), ARG("sigsetsize", ulong)),
	CALL(rt_sigtimedwait, SIG, NUMBER, adjust_sigwait,
	     ARG_LEN("set", sigset_in, 3), ARG("info", siginfo_out), ARG("timeout", timespec_in), ARG("sigsetsize", ulong)),
	CALL(rt_tgsigqueueinfo, SIG | PROCESS, NUMBER, NULL,
	     ARG("tgid", int), ARG("tid", int), ARG("sig", signal), ARG("info", siginfo_in)),
	CALL(sigaltstack, SIG, NUMBER, NULL, ARG("ss", stack_in), ARG("old_ss", stack_out)),
	CALL(signalfd, SIG | DESC, RETURNS_FD, NULL, ARG("fd", fd), ARG_LEN("mask", sigset_in, 2), ARG("sizemask", ulong)),
	CALL(signalfd4, SIG | DESC, RETURNS_FD, NULL,
	     ARG("fd", fd), ARG_LEN("mask", sigset_in, 2), ARG("sizemask", ulong), ARG_FLAGS("flags", signalfd_flags)),
	CALL(tgkill, SIG | PROCESS, NUMBER, NULL, ARG("tgid", int), ARG("tid", int), ARG("sig", signal)),
	CALL(tkill, SIG | PROCESS, NUMBER, NULL, ARG("tid", int), ARG("sig", signal)),
	{}
};
