// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of `sonde trace`: processes and threads that come, change and go. Needs root. */
#include <pthread.h>

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "trace/tracer_impl.h"
#include "tracer_run.h"

#define THREADS 4
#define CALLS   500
/* Fewer in an emulated machine. */
#define MANY (getenv("SLOW") ? 500u : 5000u)

static void *call(void *arg)
{
	for (int i = 0; i < CALLS; i++)
		syscall(SYS_getppid);
	return arg;
}

static void child_threads(void)
{
	pthread_t t[THREADS];

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&t[i], NULL, call, NULL))
			_exit(1);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
}

static void test_threads(void)
{
	struct run r;

	run__new(&r);
	if (run__begin(&r, child_threads)) {
		run__go(&r);
		run__finish(&r);
		EQUAL(r.sums[SYS_getppid].count, THREADS * CALLS);
		EQUAL(run__count(&r, TRACE_CALL, SYS_getppid), THREADS * CALLS);
		EQUAL(run__count(&r, TRACE_EXIT, -1), THREADS + 1);
		EQUAL(run__count(&r, TRACE_FORK, -1), 0);
		EQUAL(run__gaps(&r), 0);
	}
	run__free(&r);
}

static void end(int status)
{
	syscall(SYS_getppid);
	_exit(status);
}

static void child_forks(void)
{
	for (int i = 0; i < 2; i++) {
		if (!fork())
			end(i);
		wait(NULL);
	}
	if (!vfork())
		end(2);
	wait(NULL);
}

static void test_forks(bool follow)
{
	struct run r;

	run__new(&r);
	r.opts.config.follow = follow;
	if (run__begin(&r, child_forks)) {
		run__go(&r);
		run__finish(&r);
		EQUAL(r.sums[SYS_getppid].count, follow ? 3 : 0);
		EQUAL(run__count(&r, TRACE_FORK, -1), follow ? 3 : 0);
		EQUAL(run__count(&r, TRACE_EXIT, -1), follow ? 4 : 1);
		EQUAL(run__gaps(&r), 0);
		/* A child is not seen to leave what it never entered. */
		for (u32 i = 0; i < r.nev; i++)
			CHECK(r.ev[i]->tid == (u32)r.pid ||
				      !(r.ev[i]->flags & (TRACE_UNSTARTED | TRACE_REFUSED)),
			      "call %d of a child", r.ev[i]->nr);
		for (u32 i = 0; follow && i < 3; i++) {
			const struct trace_event *ev = run__event(&r, TRACE_FORK, -1, i);

			EQUAL(ev->pid, r.pid);
			CHECK(ev->arg[0] > 1 && ev->arg[0] == ev->arg[1], "the child's number");
			EQUAL(run__event(&r, TRACE_EXIT, -1, i)->tid, ev->arg[0]);
			EQUAL(run__event(&r, TRACE_EXIT, -1, i)->ret, i << 8);
		}
	}
	run__free(&r);
}

/* Each on pages of its own, which are taken away. */
static const char self[4096] __attribute__((aligned(4096))) = "/proc/self/exe";
static const char called[4096] __attribute__((aligned(4096))) = "called";
static char *args[] = {(char *)self, (char *)called, NULL};
static char *env[] = {"A=1", "B=2", NULL};
/* Where a thread leaves its number. */
static u32 *shared;

static void *exec_self(void *arg)
{
	*shared = syscall(SYS_gettid);
	/* The strings are not in memory, the lists of them are: a child has no page of a file that
	 * it never touched, and only the kernel would touch these. */
	*(char *volatile *)args = args[0];
	*(char *volatile *)env = env[0];
	madvise((void *)self, sizeof(self), MADV_DONTNEED);
	madvise((void *)called, sizeof(called), MADV_DONTNEED);
	syscall(SYS_execve, self, args, env);
	return arg;
}

static void child_exec(void)
{
	syscall(SYS_execve, "/does/not/exist", args, env);
	exec_self(NULL);
}

static void child_exec_thread(void)
{
	pthread_t t;

	if (!pthread_create(&t, NULL, exec_self, NULL))
		pause();
}

static void check_exec(struct run *r, u32 n)
{
	const struct trace_event *ev = run__event(r, TRACE_CALL, SYS_execve, n);

	EQUAL(run__count(r, TRACE_CALL, SYS_execve), n + 1);
	EQUAL(ev->ret, 0);
	EQUAL(ev->tid, r->pid);
	EQUAL(ev->unread, 0);
	CHECK(event__has(ev, (u64)self, 0, "/proc/self/exe", 15), "the program");
	CHECK(event__has(ev, (u64)args[1], 0, "called", 7), "its argument");
	CHECK(event__has(ev, (u64)args, 0, args, sizeof(args)), "its arguments");
	CHECK(event__has(ev, (u64)env, 0, env, sizeof(env)), "its environment");
	EQUAL(run__count(r, TRACE_EXEC, -1), 1);
	EQUAL(run__event(r, TRACE_EXEC, -1, 0)->tid, r->pid);
	EQUAL(run__event(r, TRACE_EXEC, -1, 0)->arg[0], *shared);
	/* The program that is executed: main. */
	EQUAL(WEXITSTATUS(r->status), 7);
	EQUAL(r->sums[SYS_getppid].count, CALLS);
}

static void test_exec(void (*child)(void), u32 n)
{
	struct run r;

	run__new(&r);
	r.plan[SYS_execve].arg[0].kind = FETCH_STRING;
	r.plan[SYS_execve].arg[1] = (struct trace_fetch){.kind = FETCH_STRINGS, .most = 8};
	r.plan[SYS_execve].arg[2] = (struct trace_fetch){.kind = FETCH_POINTERS};
	r.opts.config.early = false;
	if (run__begin(&r, child)) {
		run__go(&r);
		run__finish(&r);
		check_exec(&r, n);
	}
	run__free(&r);
}

static void child_waits(void)
{
	pause();
}

static void test_signal(int number)
{
	bool is_seen = number != SIGKILL;
	struct run r;

	run__new(&r);
	r.opts.config.blocked = true;
	if (run__begin(&r, child_waits)) {
		const struct trace_event *ev;

		run__go(&r);
		for (int i = 0; i < 500 && !run__count(&r, TRACE_ENTERED, -1); i++)
			run__read(&r, 10);
		wait_asleep(r.pid);
		run__read(&r, 0);
		/* It says so before it returns. */
		EQUAL(run__count(&r, TRACE_ENTERED, -1), 1);
		kill(r.pid, number);
		run__finish(&r);
		EQUAL(WTERMSIG(r.status), number);
		EQUAL(run__event(&r, TRACE_EXIT, -1, 0)->ret & 0x7f, number);
		EQUAL(run__count(&r, TRACE_SIGNAL, -1), is_seen);
		ev = run__event(&r, TRACE_SIGNAL, -1, 0);
		EQUAL(ev->arg[SIGNAL_NUMBER], is_seen ? number : 0);
		EQUAL(ev->arg[SIGNAL_FROM], is_seen ? getpid() : 0);
		EQUAL(run__gaps(&r), 0);
	}
	run__free(&r);
}

static void child_fault(void)
{
	/* Which a sanitizer catches. */
	signal(SIGSEGV, SIG_DFL);
	*(volatile char *)4096 = 0;
}

static void test_fault(void)
{
	const struct trace_event *ev;
	struct run r;

	run__new(&r);
	if (run__begin(&r, child_fault)) {
		run__go(&r);
		run__finish(&r);
		EQUAL(run__count(&r, TRACE_SIGNAL, -1), 1);
		ev = run__event(&r, TRACE_SIGNAL, -1, 0);
		EQUAL(ev->arg[SIGNAL_NUMBER], SIGSEGV);
		EQUAL(ev->arg[SIGNAL_CODE], SEGV_MAPERR);
		EQUAL(ev->arg[SIGNAL_FROM], 4096);
	}
	run__free(&r);
}

static void child_naps(void)
{
	struct timespec nap = {.tv_nsec = 20000000};

	syscall(SYS_nanosleep, &nap, NULL);
}

/* A call that has blocked is shown twice. */
static void test_blocked(void)
{
	const struct trace_event *entered, *done;
	const struct trace_piece *stack;
	struct timespec nap = {.tv_nsec = 20000000};
	struct run r;

	run__new(&r);
	r.opts.config.blocked = r.opts.config.stacks = true;
	r.plan[SYS_nanosleep].arg[0] = (struct trace_fetch){.kind = FETCH_STRUCT, .size = 16};
	if (run__begin(&r, child_naps)) {
		run__go(&r);
		run__finish(&r);
		entered = run__event(&r, TRACE_ENTERED, SYS_nanosleep, 0);
		done = run__event(&r, TRACE_CALL, SYS_nanosleep, 0);
		CHECK(event__has(entered, entered->arg[0], 0, &nap, 16), "what it was to do");
		EQUAL(done->flags, TRACE_WAS_SHOWN);
		stack = event__piece(done, 0, PIECE_STACK);
		CHECK(stack && stack->bytes >= 8 && stack->bytes % 8 == 0, "its stack");
		EQUAL(done->start, entered->start);
		EQUAL(done->seq, entered->seq + 1);
		CHECK(done->end - done->start >= 20000000, "it took too little");
		EQUAL(r.sums[SYS_nanosleep].count, 1);
	}
	run__free(&r);
}

static int never[2];

static void *block(void *arg)
{
	char c;

	return syscall(SYS_read, never[0], &c, 1) == 1 ? arg : NULL;
}

static void child_many(void)
{
	pthread_attr_t attr;
	pthread_t t;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 16384 * 2);
	for (u32 i = 0; i < MANY; i++)
		if (pthread_create(&t, &attr, block, NULL))
			_exit(1);
	*shared = 1;
	block(NULL);
}

static u64 cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static u32 blocked, listed, stamped;

static void on_thread(void *ctx, const struct trace_thread *row)
{
	listed++;
	blocked += row->nr == SYS_read && !row->running && row->arg[0] == (u64)never[0] &&
		   row->arg[2] == 1 && row->pid == *(u32 *)ctx;
	stamped += row->age > 0 && row->blocked <= row->age;
}

static void list(struct run *r)
{
	u32 pid = r->pid;

	listed = blocked = stamped = 0;
	EQUAL(tracer__threads(r->t, on_thread, &pid), 0);
}

/* @before: its threads blocked before they were traced. */
static void test_many(bool before)
{
	u64 best = ~0ULL, begun;
	struct run r;

	run__new(&r);
	r.opts.config.events = 0;
	*shared = blocked = 0;
	CHECK(!pipe(never), "no pipe");
	if (run__begin(&r, child_many)) {
		if (before)
			tracer__detach(r.t);
		run__go(&r);
		for (int i = 0; i < 6000 && !*shared && !waitpid(r.pid, NULL, WNOHANG); i++)
			usleep(10000);
		for (int i = 0; i < 500 && blocked != MANY + 1; i++) {
			usleep(10000);
			list(&r);
		}
		EQUAL(listed, MANY + 1);
		EQUAL(blocked, MANY + 1);
		EQUAL(stamped, before ? 0 : MANY + 1);
		for (int i = 0; i < 10; i++) {
			begun = cpu_ns();
			list(&r);
			best = cpu_ns() - begun < best ? cpu_ns() - begun : best;
		}
		printf("%u threads listed in %.1f ms of CPU time\n", listed, best / 1e6);
		kill(r.pid, SIGKILL);
		if (before)
			tracer__drop_dead(r.t);
		else
			run__finish(&r);
		waitpid(r.pid, NULL, 0);
	}
	run__free(&r);
	close(never[0]);
	close(never[1]);
}

/* A number that was given to somebody else: nothing of that is seen. */
static void test_reused(void)
{
	struct trace_target other = {.start = 1};
	struct run r;

	run__new(&r);
	if (run__begin(&r, child_threads)) {
		u32 pid = r.pid;

		EQUAL(bpf_map_update_elem(r.t->targets_fd, &pid, &other, BPF_EXIST), 0);
		run__go(&r);
		run__finish(&r);
		EQUAL(r.nev, 0);
		EQUAL(r.sums[SYS_getppid].count, 0);
	}
	EQUAL(tracer__add(r.t, r.pid), -ESRCH);
	EQUAL(tracer__add(r.t, 0x7fffffff), -ESRCH);
	EQUAL(tracer__targets(r.t), 0);
	run__free(&r);
}

/* As where the program could not run at the end of a process. */
static void test_missed(void)
{
	struct run r;

	run__new(&r);
	if (run__begin(&r, child_threads)) {
		tracer__detach(r.t);
		run__go(&r);
		waitpid(r.pid, &r.status, 0);
		EQUAL(tracer__targets(r.t), 1);
		r.t->state->stuck = 1;
		run__finish(&r);
	}
	run__free(&r);
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "called")) {
		call(NULL);
		/* Without a sanitizer's last calls. */
		_exit(7);
	}
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	test_threads();
	test_forks(true);
	test_forks(false);
	test_exec(child_exec, 1);
	test_exec(child_exec_thread, 0);
	test_signal(SIGKILL);
	test_signal(SIGTERM);
	test_fault();
	test_blocked();
	test_many(false);
	test_many(true);
	test_reused();
	test_missed();
	return report();
}
