/* SPDX-License-Identifier: GPL-2.0-only */
/* Signals: handlers, masks, what comes with them, calls that they interrupt. */
#include "lines.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>

/* As the kernel has it; the C library's is another. */
struct kernel_action {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

/* x86 wants to be told how a handler returns. */
#ifdef __x86_64__
#define RESTORER      0x04000000
#define RESTORER_NAME "SA_RESTORER|"
__asm__(".text\nlines_restorer: mov $15, %eax\nsyscall\n");
extern void lines_restorer(void) __asm__("lines_restorer");
#define RESTORER_IS  ", sa_restorer=%p"
#define RESTORER_ARG , (void *)lines_restorer
#else
#define RESTORER      0
#define RESTORER_NAME ""
#define RESTORER_IS   ""
#define RESTORER_ARG
#endif

#define NO_HANDLER "? ERESTARTNOHAND (To be restarted if no handler)"
#define EINTR_TEXT "-1 EINTR (Interrupted system call)"

#define MASK(sig) (UINT64_C(1) << ((sig)-1))

static volatile int handled;
/* After the handler of SIGSEGV. */
static void *volatile resume;

static void handler(int sig, siginfo_t *info, void *context)
{
	(void)info;
	handled++;
	if (sig == SIGSEGV || sig == SIGBUS) {
		ucontext_t *uc = context;

#ifdef __x86_64__
		uc->uc_mcontext.gregs[REG_RIP] = (greg_t)resume;
#else
		uc->uc_mcontext.pc = (unsigned long)resume;
#endif
	}
}

static const char *name_of(int sig)
{
	static char text[32];

	if (sig >= 32)
		snprintf(text, sizeof(text), "SIGRT_%d", sig - 32);
	else
		snprintf(text, sizeof(text), "SIG%s", sigabbrev_np(sig));
	return text;
}

static void catch (int sig, unsigned long flags, const char *flag_names)
{
	struct kernel_action act = {.handler = handler, .flags = flags | RESTORER};

#ifdef __x86_64__
	act.restorer = lines_restorer;
#endif
	sys(rt_sigaction, sig, &act, NULL, 8);
	line("rt_sigaction(%s, {sa_handler=%p, sa_mask=[], sa_flags=" RESTORER_NAME "%s" RESTORER_IS
	     "}, NULL, 8)",
	     name_of(sig), (void *)handler, flag_names RESTORER_ARG);
}

static void actions(void)
{
	struct kernel_action act = {.handler = SIG_IGN, .mask = MASK(SIGINT) | MASK(40)}, old;

	sys(rt_sigaction, SIGUSR2, &act, NULL, 8);
	line("rt_sigaction(SIGUSR2, {sa_handler=SIG_IGN, sa_mask=[INT RT_8], sa_flags=0}, NULL, 8)");
	act = (struct kernel_action){.handler = SIG_DFL, .mask = ~UINT64_C(0), .flags = SA_NODEFER};
	sys(rt_sigaction, SIGUSR2, &act, &old, 8);
	line("rt_sigaction(SIGUSR2, {sa_handler=SIG_DFL, sa_mask=~[], sa_flags=SA_NODEFER}, "
	     "{sa_handler=SIG_IGN, sa_mask=[INT RT_8], sa_flags=0}, 8)");
	sys(rt_sigaction, SIGUSR2, NULL, &old, 8);
	line("rt_sigaction(SIGUSR2, NULL, {sa_handler=SIG_DFL, sa_mask=~[KILL STOP], "
	     "sa_flags=SA_NODEFER}, 8)");
	sys(rt_sigaction, SIGKILL, &act, &old, 8);
	line("rt_sigaction(SIGKILL, {sa_handler=SIG_DFL, sa_mask=~[], sa_flags=SA_NODEFER}, %p, 8)",
	     (void *)&old);
	sys(rt_sigaction, SIGHUP, NULL, NULL, 4);
	line("rt_sigaction(SIGHUP, NULL, NULL, 4)");
	sys(rt_sigaction, 99, NULL, NULL, 8);
	line("rt_sigaction(99, NULL, NULL, 8)");
	catch (SIGUSR1, SA_SIGINFO, "SA_SIGINFO");
	catch (SIGCHLD, SA_SIGINFO | SA_RESTART | SA_NOCLDSTOP,
	       "SA_RESTART|SA_SIGINFO|SA_NOCLDSTOP");
}

static void masks(void)
{
	uint64_t set = MASK(SIGTERM) | MASK(SIGWINCH), old;

	sys(rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
	line("rt_sigprocmask(SIG_BLOCK, [TERM WINCH], NULL, 8)");
	sys(rt_sigprocmask, SIG_SETMASK, NULL, &old, 8);
	line("rt_sigprocmask(SIG_SETMASK, NULL, [TERM WINCH], 8)");
	set = ~(MASK(SIGTERM) | MASK(33));
	sys(rt_sigprocmask, SIG_UNBLOCK, &set, &old, 8);
	line("rt_sigprocmask(SIG_UNBLOCK, ~[TERM RT_1], [TERM WINCH], 8)");
	sys(rt_sigprocmask, 7, &set, &old, 8);
	line("rt_sigprocmask(0x7 /* SIG_??? */, ~[TERM RT_1], %p, 8)", (void *)&old);
	sys(rt_sigprocmask, SIG_BLOCK, NOWHERE, NULL, 8);
	line("rt_sigprocmask(SIG_BLOCK, %p, NULL, 8)", NOWHERE);
	set = 0;
	sys(rt_sigprocmask, SIG_SETMASK, &set, NULL, 8);
	line("rt_sigprocmask(SIG_SETMASK, [], NULL, 8)");
}

static void sent(int me)
{
	siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};

	sys(kill, me, SIGUSR1);
	line("kill(%d, SIGUSR1)", me);
	line_event("--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=%d, si_uid=0} ---", me);
	line_is("0", "rt_sigreturn({mask=[]})");
	sys(tgkill, me, me, SIGUSR1);
	line("tgkill(%d, %d, SIGUSR1)", me, me);
	line_event("--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_TKILL, si_pid=%d, si_uid=0} ---", me);
	line_is("0", "rt_sigreturn({mask=[]})");
	info.si_pid = 4711;
	info.si_uid = 99;
	info.si_value.sival_int = 77;
	sys(rt_sigqueueinfo, me, SIGUSR1, &info);
	line("rt_sigqueueinfo(%d, SIGUSR1, {si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=4711, "
	     "si_uid=99, si_int=77, si_ptr=0x4d})",
	     me);
	line_event("--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=4711, si_uid=99, "
		   "si_int=77, si_ptr=0x4d} ---");
	line_is("0", "rt_sigreturn({mask=[]})");
	sys(kill, 0x7fffff, 0);
	line("kill(%d, 0)", 0x7fffff);
	sys(kill, me, 99);
	line("kill(%d, 99)", me);
	sys(tkill, -1, SIGTERM);
	line("tkill(-1, SIGTERM)");
	sys(tgkill, me, 0x7fffff, SIGRTMIN);
	line("tgkill(%d, %d, SIGRT_2)", me, 0x7fffff);
	sys(rt_tgsigqueueinfo, me, me, 0, &info);
	line("rt_tgsigqueueinfo(%d, %d, 0, {si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=4711, "
	     "si_uid=99, si_int=77, si_ptr=0x4d})",
	     me, me);
}

static void waited_for(int me)
{
	uint64_t set = MASK(SIGUSR1), all = ~UINT64_C(0) & ~MASK(SIGCHLD);
	struct timespec ts = {0, 1000}, zero = {0, 0};
	siginfo_t info;
	int pid;

	sys(rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
	line("rt_sigprocmask(SIG_BLOCK, [USR1], NULL, 8)");
	sys(kill, me, SIGUSR1);
	line("kill(%d, SIGUSR1)", me);
	sys(rt_sigpending, &set, 8);
	line("rt_sigpending([USR1], 8)");
	sys(rt_sigtimedwait, &set, &info, &zero, 8);
	line_is("10 (SIGUSR1)",
		"rt_sigtimedwait([USR1], {si_signo=SIGUSR1, si_code=SI_USER, si_pid=%d, "
		"si_uid=0}, {tv_sec=0, tv_nsec=0}, 8)",
		me);
	sys(rt_sigtimedwait, &set, NULL, &ts, 8);
	line("rt_sigtimedwait([USR1], NULL, {tv_sec=0, tv_nsec=1000}, 8)");
	sys(rt_sigtimedwait, &set, &info, &ts, 5);
	line("rt_sigtimedwait(%p, %p, {tv_sec=0, tv_nsec=1000}, 5)", (void *)&set, (void *)&info);
	/* The child ends only when its parent waits for the signal. */
	set = MASK(SIGCHLD);
	sys(rt_sigprocmask, SIG_BLOCK, &set, NULL, 8);
	line("rt_sigprocmask(SIG_BLOCK, [CHLD], NULL, 8)");
	pid = (int)sys(clone, SIGCHLD, NULL, NULL, NULL, NULL);
	if (!pid)
		for (;;)
			raw(__NR_exit_group, 3, 0, 0, 0, 0, 0);
	line("clone(child_stack=NULL, flags=SIGCHLD)");
	sys(rt_sigsuspend, &all, 8);
	line_is(NO_HANDLER, "rt_sigsuspend(~[CHLD], 8)");
	line_event("--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=%d, si_uid=0, "
		   "si_status=3, si_utime=0, si_stime=0} ---",
		   pid);
	line_is(EINTR_TEXT, "rt_sigreturn({mask=[USR1 CHLD]})");
	sys(rt_sigsuspend, &all, 7);
	line("rt_sigsuspend(%p, 7)", (void *)&all);
}

static void alternate_stack(void)
{
	static char memory[16384];
	stack_t ss = {.ss_sp = memory, .ss_size = sizeof(memory)}, old;

	sys(sigaltstack, &ss, &old);
	line("sigaltstack({ss_sp=%p, ss_flags=0, ss_size=16384}, {ss_sp=NULL, ss_flags=SS_DISABLE, "
	     "ss_size=0})",
	     (void *)memory);
	ss.ss_flags = SS_DISABLE;
	sys(sigaltstack, &ss, NULL);
	line("sigaltstack({ss_sp=%p, ss_flags=SS_DISABLE, ss_size=16384}, NULL)", (void *)memory);
	ss = (stack_t){.ss_sp = memory, .ss_size = 1};
	sys(sigaltstack, &ss, &old);
	line("sigaltstack({ss_sp=%p, ss_flags=0, ss_size=1}, %p)", (void *)memory, (void *)&old);
}

/* Writes to @addr; the handler goes on behind it. */
static void touch(void *addr)
{
#if defined(__x86_64__)
	__asm__ volatile("lea 1f(%%rip), %%rcx\n\tmov %%rcx, %0\n\tmovl $0, (%%rax)\n1:"
			 : "=m"(resume)
			 : "a"(addr)
			 : "rcx", "memory");
#else
	register void *x0 __asm__("x0") = addr;

	__asm__ volatile("adr x9, 1f\n\tstr x9, %0\n\tstr wzr, [x0]\n1:"
			 : "=m"(resume)
			 : "r"(x0)
			 : "x9", "memory");
#endif
}

static void fault(const char *name, const char *code, void *addr)
{
	char ret[32];

	touch(addr);
	/* What the register of a call's result held. */
	snprintf(ret, sizeof(ret), "%ld", (long)addr);
	line_event("--- %s {si_signo=%s, si_code=%s, si_addr=%p} ---", name, name, code, addr);
	line_is(ret, "rt_sigreturn({mask=[]})");
}

static void faults(void)
{
	uint64_t none = 0;
	char *page;
	int fd;

	sys(rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
	line("rt_sigprocmask(SIG_SETMASK, [], NULL, 8)");
	ends();
	fd = memfd_create("empty", 0);
	page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	begins();
	catch (SIGSEGV, SA_SIGINFO, "SA_SIGINFO");
	catch (SIGBUS, SA_SIGINFO | SA_RESETHAND, "SA_RESETHAND|SA_SIGINFO");
	fault("SIGSEGV", "SEGV_MAPERR", NOWHERE);
	fault("SIGSEGV", "SEGV_ACCERR", page);
	ends();
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	begins();
	fault("SIGBUS", "BUS_ADRERR", page);
}

/*
 * A process that sends SIGUSR1 whenever its parent says that it is about to block, and does. Its
 * own calls do not count.
 */
static int start_sender(int to)
{
	int pid = fork(), fd;
	char path[64];

	if (pid)
		return pid;
	snprintf(path, sizeof(path), "/proc/%d/stat", to);
	fd = open(path, O_RDONLY);
	for (;;) {
		while (!lines->turn)
			if (getppid() != to)
				_exit(0);
		wait_asleep(fd);
		lines->turn = 0;
		kill(to, SIGUSR1);
	}
}

static void interruption(int sender, const char *ret)
{
	line_event("--- SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=%d, si_uid=0} ---",
		   sender);
	line_is(ret, "rt_sigreturn({mask=[]})");
}

static void interrupted(int sender, int empty)
{
	struct timespec ts = {1000, 500}, rem = {0, 0};
	char byte;

	lines->turn = 1;
	sys(read, empty, &byte, 1);
	line_is("? ERESTARTSYS (To be restarted if SA_RESTART is set)", "read(%d, %p, 1)", empty,
		(void *)&byte);
	interruption(sender, EINTR_TEXT);
	lines->turn = 1;
	sys(nanosleep, &ts, &rem);
	line_is("? ERESTART_RESTARTBLOCK (Interrupted by signal)",
		"nanosleep({tv_sec=1000, tv_nsec=500}, {tv_sec=%ld, tv_nsec=%ld})",
		(long)rem.tv_sec, rem.tv_nsec);
	interruption(sender, EINTR_TEXT);
	lines->turn = 1;
	sys(ppoll, NULL, 0, NULL, NULL, 8);
	line_is(NO_HANDLER, "ppoll(NULL, 0, NULL, NULL, 8)");
	interruption(sender, EINTR_TEXT);
#ifdef __NR_pause
	lines->turn = 1;
	sys(pause);
	line_is(NO_HANDLER, "pause()");
	interruption(sender, EINTR_TEXT);
#endif
}

int main(int argc, char **argv)
{
	int sender, empty[2];

	lines_begin(argc, argv);
	actions();
	masks();
	sent(tid);
	waited_for(tid);
	alternate_stack();
	faults();
	ends();
	sender = start_sender(tid);
	if (pipe(empty))
		err(1, "pipe");
	begins();
	interrupted(sender, empty[0]);
	ends();
	kill(sender, SIGKILL);
	waitpid(sender, NULL, 0);
	begins();
	return lines_end();
}
