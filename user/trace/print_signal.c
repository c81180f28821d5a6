// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <sys/wait.h>

#include "print_line.h"
#include "syscall_names.h"

struct code {
	u32 number; /* of the signal, 0: any */
	s32 code;
	const char *name;
};

static const struct code codes[] = {
	{0, SI_USER, "SI_USER"},
	{0, SI_KERNEL, "SI_KERNEL"},
	{0, SI_QUEUE, "SI_QUEUE"},
	{0, SI_TIMER, "SI_TIMER"},
	{0, SI_MESGQ, "SI_MESGQ"},
	{0, SI_ASYNCIO, "SI_ASYNCIO"},
	{0, SI_SIGIO, "SI_SIGIO"},
	{0, SI_TKILL, "SI_TKILL"},
	{SIGCHLD, CLD_EXITED, "CLD_EXITED"},
	{SIGCHLD, CLD_KILLED, "CLD_KILLED"},
	{SIGCHLD, CLD_DUMPED, "CLD_DUMPED"},
	{SIGCHLD, CLD_TRAPPED, "CLD_TRAPPED"},
	{SIGCHLD, CLD_STOPPED, "CLD_STOPPED"},
	{SIGCHLD, CLD_CONTINUED, "CLD_CONTINUED"},
	{SIGSEGV, SEGV_MAPERR, "SEGV_MAPERR"},
	{SIGSEGV, SEGV_ACCERR, "SEGV_ACCERR"},
	{SIGSEGV, SEGV_BNDERR, "SEGV_BNDERR"},
	{SIGSEGV, SEGV_PKUERR, "SEGV_PKUERR"},
	{SIGBUS, BUS_ADRALN, "BUS_ADRALN"},
	{SIGBUS, BUS_ADRERR, "BUS_ADRERR"},
	{SIGBUS, BUS_OBJERR, "BUS_OBJERR"},
	{SIGBUS, BUS_MCEERR_AR, "BUS_MCEERR_AR"},
	{SIGBUS, BUS_MCEERR_AO, "BUS_MCEERR_AO"},
	{SIGILL, ILL_ILLOPC, "ILL_ILLOPC"},
	{SIGILL, ILL_ILLOPN, "ILL_ILLOPN"},
	{SIGILL, ILL_ILLADR, "ILL_ILLADR"},
	{SIGILL, ILL_ILLTRP, "ILL_ILLTRP"},
	{SIGILL, ILL_PRVOPC, "ILL_PRVOPC"},
	{SIGILL, ILL_PRVREG, "ILL_PRVREG"},
	{SIGFPE, FPE_INTDIV, "FPE_INTDIV"},
	{SIGFPE, FPE_INTOVF, "FPE_INTOVF"},
	{SIGFPE, FPE_FLTDIV, "FPE_FLTDIV"},
	{SIGFPE, FPE_FLTOVF, "FPE_FLTOVF"},
	{SIGFPE, FPE_FLTUND, "FPE_FLTUND"},
	{SIGFPE, FPE_FLTRES, "FPE_FLTRES"},
	{SIGFPE, FPE_FLTINV, "FPE_FLTINV"},
	{SIGFPE, FPE_FLTSUB, "FPE_FLTSUB"},
	{SIGTRAP, TRAP_BRKPT, "TRAP_BRKPT"},
	{SIGTRAP, TRAP_TRACE, "TRAP_TRACE"},
	{SIGPOLL, POLL_IN, "POLL_IN"},
	{SIGPOLL, POLL_OUT, "POLL_OUT"},
	{SIGPOLL, POLL_MSG, "POLL_MSG"},
	{SIGPOLL, POLL_ERR, "POLL_ERR"},
	{SIGPOLL, POLL_PRI, "POLL_PRI"},
	{SIGPOLL, POLL_HUP, "POLL_HUP"},
	{SIGSYS, 1, "SYS_SECCOMP"},
	{SIGSYS, 2, "SYS_USER_DISPATCH"},
};

const char *signal_code__name(u32 number, s32 code)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].code == code && (!codes[i].number || codes[i].number == number))
			return codes[i].name;
	return NULL;
}

static void put_signal(FILE *out, u32 number)
{
	const char *name = signal__name(number);

	if (name)
		fputs(name, out);
	else
		fprintf(out, "%u", number);
}

static void put_call(FILE *out, const u64 *arg)
{
	const char *name = syscall_name(arg[SIGNAL_BY]);

	fprintf(out, ", si_call_addr=%#llx, si_syscall=", (unsigned long long)arg[SIGNAL_FROM]);
	if (name)
		fprintf(out, "__NR_%s", name);
	else
		fprintf(out, "%d", (int)arg[SIGNAL_BY]);
	fprintf(out, ", si_arch=%#x", (u32)arg[SIGNAL_STATUS]);
}

static void put_sender(FILE *out, const u64 *arg)
{
	u32 number = arg[SIGNAL_NUMBER];
	s32 code = arg[SIGNAL_CODE];

	if (code == SI_TIMER) {
		fprintf(out, ", si_timerid=%d, si_overrun=%d", (int)arg[SIGNAL_FROM],
			(int)arg[SIGNAL_BY]);
	} else if (code == SI_KERNEL) {
		return;
	} else if (code > 0 && number == SIGSYS) {
		put_call(out, arg);
		return;
	} else if (code > 0 && number == SIGPOLL) {
		fprintf(out, ", si_band=%lld, si_fd=%d", (long long)arg[SIGNAL_FROM],
			(int)arg[SIGNAL_BY]);
		return;
	} else if (code > 0 && number != SIGCHLD) {
		if (arg[SIGNAL_FROM])
			fprintf(out, ", si_addr=%#llx", (unsigned long long)arg[SIGNAL_FROM]);
		else
			fputs(", si_addr=NULL", out);
		return;
	} else {
		fprintf(out, ", si_pid=%u, si_uid=%u", (u32)arg[SIGNAL_FROM], (u32)arg[SIGNAL_BY]);
	}
	if (code > 0 && number == SIGCHLD) {
		fputs(", si_status=", out);
		if (code == CLD_EXITED)
			fprintf(out, "%d", (int)arg[SIGNAL_STATUS]);
		else
			put_signal(out, arg[SIGNAL_STATUS]);
	} else if (code == SI_QUEUE || code == SI_TIMER || code == SI_MESGQ) {
		fprintf(out, ", si_int=%d, si_ptr=", (int)arg[SIGNAL_STATUS]);
		if (arg[SIGNAL_STATUS])
			fprintf(out, "%#llx", (unsigned long long)arg[SIGNAL_STATUS]);
		else
			fputs("NULL", out);
	}
}

void print_signal__text(FILE *out, const struct trace_event *ev)
{
	u32 number = ev->arg[SIGNAL_NUMBER];
	const char *code = signal_code__name(number, ev->arg[SIGNAL_CODE]);

	fputs("--- ", out);
	put_signal(out, number);
	fputs(" {si_signo=", out);
	put_signal(out, number);
	if (code)
		fprintf(out, ", si_code=%s", code);
	else
		fprintf(out, ", si_code=%d", (int)ev->arg[SIGNAL_CODE]);
	if (ev->arg[SIGNAL_ERRNO])
		fprintf(out, ", si_errno=%d", (int)ev->arg[SIGNAL_ERRNO]);
	put_sender(out, ev->arg);
	fputs("} ---", out);
}

void print_exit__text(FILE *out, const struct trace_event *ev)
{
	int status = ev->ret;

	if (ev->arg[0]) {
		fprintf(out, "+++ superseded by execve in pid %u +++", (u32)ev->arg[0]);
		return;
	}
	if (WIFEXITED(status)) {
		fprintf(out, "+++ exited with %d +++", WEXITSTATUS(status));
		return;
	}
	fputs("+++ killed by ", out);
	put_signal(out, WTERMSIG(status));
	fputs(WCOREDUMP(status) ? " (core dumped) +++" : " +++", out);
}
