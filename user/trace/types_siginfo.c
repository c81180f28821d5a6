// SPDX-License-Identifier: GPL-2.0-only
/* What a signal tells: its structure, and an event that says the same. */
#include "arg_types.h"

#include <signal.h>
#include <string.h>

static const struct constants *codes_of(u32 signal)
{
	switch (signal) {
	case SIGCHLD:
		return &c_cld_code;
	case SIGSEGV:
		return &c_segv_code;
	case SIGBUS:
		return &c_bus_code;
	case SIGFPE:
		return &c_fpe_code;
	case SIGILL:
		return &c_ill_code;
	case SIGTRAP:
		return &c_trap_code;
	case SIGPOLL:
		return &c_poll_code;
	case SIGSYS:
		return &c_sys_code;
	default:
		return &c_si_code;
	}
}

/* The kernel's own codes of a signal are above 0; those that any signal can have, and SI_KERNEL,
 * are not. */
static bool is_own_code(s32 code)
{
	return code > SI_USER && code != SI_KERNEL;
}

static void add_sender(struct decoder *d, struct value *v, const siginfo_t *si)
{
	add_signed(d, v, "si_pid", si->si_pid);
	add_unsigned(d, v, "si_uid", si->si_uid);
}

static void add_sigval(struct decoder *d, struct value *v, const siginfo_t *si)
{
	add_signed(d, v, "si_int", si->si_int);
	add_pointer(d, v, "si_ptr", (u64)(uintptr_t)si->si_ptr);
}

static void show_own_code(struct decoder *d, struct value *v, const siginfo_t *si)
{
	switch (si->si_signo) {
	case SIGCHLD:
		add_sender(d, v, si);
		if (si->si_code == CLD_EXITED)
			add_signed(d, v, "si_status", si->si_status);
		else
			value__add(v, show_signal(d, "si_status", (u32)si->si_status));
		add_signed(d, v, "si_utime", si->si_utime);
		add_signed(d, v, "si_stime", si->si_stime);
		break;
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
		add_pointer(d, v, "si_addr", (u64)(uintptr_t)si->si_addr);
		break;
	case SIGPOLL:
		add_signed(d, v, "si_band", si->si_band);
		add_signed(d, v, "si_fd", si->si_fd);
		break;
	case SIGSYS:
		add_pointer(d, v, "si_call_addr", (u64)(uintptr_t)si->si_call_addr);
		add_signed(d, v, "si_syscall", si->si_syscall);
		add_hex(d, v, "si_arch", si->si_arch);
		break;
	default:
		add_sender(d, v, si);
	}
}

static void show_any_code(struct decoder *d, struct value *v, const siginfo_t *si)
{
	switch (si->si_code) {
	case SI_USER:
	case SI_TKILL:
		add_sender(d, v, si);
		break;
	case SI_TIMER:
		add_hex(d, v, "si_timerid", (u32)si->si_timerid);
		add_signed(d, v, "si_overrun", si->si_overrun);
		add_sigval(d, v, si);
		break;
	case SI_KERNEL:
		if (si->si_signo == SIGSEGV)
			add_pointer(d, v, "si_addr", (u64)(uintptr_t)si->si_addr);
		break;
	default:
		add_sender(d, v, si);
		add_sigval(d, v, si);
	}
}

void show_siginfo(struct decoder *d, struct value *v, const void *memory)
{
	const siginfo_t *si = memory;
	u32 signal = (u32)si->si_signo;

	value__add(v, show_signal(d, "si_signo", signal));
	add_name(d, v, "si_code", is_own_code(si->si_code) ? codes_of(signal) : &c_si_code,
		 (u32)si->si_code);
	if (si->si_errno)
		add_name(d, v, "si_errno", &c_errno, (u32)si->si_errno);
	/* Of a signal that takes nobody's place: waitid() that found none. */
	if (!signal)
		return;
	if (is_own_code(si->si_code))
		show_own_code(d, v, si);
	else
		show_any_code(d, v, si);
}

DEFINE_IN(t_siginfo_in, siginfo_t, show_siginfo);
DEFINE_OUT(t_siginfo_out, siginfo_t, show_siginfo);
