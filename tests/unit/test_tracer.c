// SPDX-License-Identifier: GPL-2.0-only
/* The kernel side of `sonde trace`: calls, their memory and their sums. Needs root. */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "tracer_run.h"

#define CALLS 1000
#define AT_EXIT_RETURNED                                                                           \
	{                                                                                          \
		.kind = FETCH_BYTES, .flags = FETCH_AT_EXIT | FETCH_RETURNED, .len = 2             \
	}

/* The parent knows where they are, too. */
static char path[] = "/does/not/exist", zeros[64] = "not yet zero", text[] = "0123456789";

static void child_calls(void)
{
	int fd;

	for (int i = 0; i < CALLS; i++)
		syscall(SYS_getppid);
	for (int i = 0; i < 10; i++)
		syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0);
	fd = syscall(SYS_openat, AT_FDCWD, "/dev/zero", O_RDWR, 0);
	for (int i = 0; i < 10; i++)
		syscall(SYS_read, fd, zeros, 8);
	syscall(SYS_write, fd, text, 10);
	syscall(SYS_close, fd);
}

static void plan_calls(struct run *r)
{
	r->plan[SYS_openat].arg[1].kind = FETCH_STRING;
	r->plan[SYS_read].arg[1] = (struct trace_fetch)AT_EXIT_RETURNED;
	r->plan[SYS_write].arg[1] = (struct trace_fetch){.kind = FETCH_BYTES, .len = 2};
}

static void check_sum(const struct trace_sum *s, u64 count, u64 errors)
{
	u64 n = 0;

	EQUAL(s->count, count);
	EQUAL(s->errors, errors);
	for (u32 i = 0; i < HIST_BUCKETS; i++)
		n += s->bucket[i];
	EQUAL(n, count);
	CHECK(s->max <= s->sum && s->sum <= s->max * count, "sum and maximum");
}

static void check_calls(struct run *r)
{
	const struct trace_event *ev;

	check_sum(&r->sums[SYS_getppid], CALLS, 0);
	check_sum(&r->sums[SYS_openat], 11, 10);
	check_sum(&r->sums[SYS_write], 1, 0);
	EQUAL(r->lost[TRACE_LOST_RING] + r->lost[TRACE_LOST_THREAD] + r->lost[TRACE_LOST_TARGET],
	      0);
	EQUAL(run__gaps(r), 0);
	EQUAL(run__count(r, TRACE_CALL, SYS_getppid), CALLS);
	ev = run__event(r, TRACE_CALL, SYS_getppid, CALLS / 2);
	EQUAL(ev->ret, getpid());
	EQUAL(ev->pid, r->pid);
	EQUAL(ev->tid, r->pid);
	EQUAL(ev->bytes, sizeof(*ev));
	CHECK(ev->start && ev->start < ev->end, "times");
	ev = run__event(r, TRACE_CALL, SYS_openat, 9);
	EQUAL(ev->ret, -ENOENT);
	EQUAL(ev->arg[1], (u64)path);
	CHECK(event__has(ev, (u64)path, 0, path, sizeof(path)), "the path");
	ev = run__event(r, TRACE_CALL, SYS_read, 10);
	EQUAL(ev->ret, 8);
	CHECK(event__has(ev, (u64)zeros, PIECE_AT_EXIT, "\0\0\0\0\0\0\0", 8), "what was read");
	ev = run__event(r, TRACE_CALL, SYS_write, 0);
	CHECK(event__has(ev, (u64)text, 0, text, 10), "what was written");
	EQUAL(run__event(r, TRACE_EXIT, -1, 0)->ret, 0);
	EQUAL(run__event(r, TRACE_ENTERED, SYS_exit_group, 0)->arg[0], 0);
}

static void test_calls(bool early)
{
	struct run r;

	run__new(&r);
	plan_calls(&r);
	r.opts.config.early = early;
	if (run__begin(&r, child_calls)) {
		run__go(&r);
		run__finish(&r);
		check_calls(&r);
		/* It was in that before it was traced. */
		EQUAL(run__event(&r, TRACE_CALL, SYS_read, 0)->flags, TRACE_UNSTARTED);
		EQUAL(run__event(&r, TRACE_CALL, SYS_read, 0)->ret, 1);
		EQUAL(r.sums[SYS_read].count, 10);
	}
	run__free(&r);
}

/* Only sums, and of events only some. */
static void test_filters(void)
{
	const u32 shown[] = {0, 10, 0, 1};
	struct run r;

	for (int what = 0; what < 4; what++) {
		run__new(&r);
		r.opts.config.events = what != 0;
		r.opts.config.succeeded = what != 1;
		if (what == 2)
			r.opts.min_ns = 10000000000ULL;
		for (u32 nr = 0; nr < TRACE_NRS && what == 3; nr++)
			r.plan[nr].show = nr == SYS_close;
		if (run__begin(&r, child_calls)) {
			run__go(&r);
			run__finish(&r);
			check_sum(&r.sums[SYS_getppid], CALLS, 0);
			check_sum(&r.sums[SYS_openat], 11, 10);
			EQUAL(run__count(&r, TRACE_CALL, -1), shown[what]);
			EQUAL(run__count(&r, TRACE_EXIT, -1), what != 0);
			EQUAL(run__gaps(&r), 0);
		}
		run__free(&r);
	}
}

/* What is shown and what is lost is all that there was. */
static void test_losses(void)
{
	struct run r;

	run__new(&r);
	r.opts.ring_bytes = 64 * 1024;
	r.no_reader = true;
	if (run__begin(&r, child_calls)) {
		u64 calls = 0;

		run__go(&r);
		run__finish(&r);
		for (u32 nr = 0; nr < TRACE_NRS; nr++)
			calls += r.sums[nr].count;
		check_sum(&r.sums[SYS_getppid], CALLS, 0);
		CHECK(r.lost[TRACE_LOST_RING] > 100, "nothing was lost");
		/* One call was not seen to begin, one does not return, and the thread ended. */
		EQUAL(r.nev + r.lost[TRACE_LOST_RING], calls + 3);
	}
	run__free(&r);
}

static struct iovec vectors[] = {{text, 4}, {text + 4, 6}};
static struct sockaddr_in address = {.sin_family = AF_INET};
static struct msghdr message = {
	.msg_name = &address, .msg_namelen = sizeof(address), .msg_iov = vectors, .msg_iovlen = 2};
static struct sockaddr_in from;
static socklen_t from_len = 128;
static char received[16];

static void child_sockets(void)
{
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0);
	socklen_t len = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	syscall(SYS_bind, b, &address, sizeof(address));
	getsockname(b, (void *)&address, &len);
	syscall(SYS_sendmsg, a, &message, 0);
	syscall(SYS_recvfrom, b, received, sizeof(received), 0, &from, &from_len);
	syscall(SYS_writev, 1000, vectors, 2);
}

static void check_sockets(struct run *r)
{
	const struct trace_event *ev = run__event(r, TRACE_CALL, SYS_sendmsg, 0);
	const struct trace_piece *p;
	u32 in = 128, out = sizeof(from);

	CHECK(event__has(ev, (u64)&message, 0, &message, 56), "struct msghdr");
	CHECK(event__has(ev, (u64)vectors, 0, vectors, sizeof(vectors)), "its vectors");
	CHECK(event__has(ev, (u64)text, 0, text, 4), "its first vector's bytes");
	CHECK(event__has(ev, (u64)text + 4, 0, text + 4, 6), "its second vector's bytes");
	p = event__piece(ev, (u64)&address, 0);
	CHECK(p && p->bytes == sizeof(address) && p->data[0] == AF_INET, "its address");
	ev = run__event(r, TRACE_CALL, SYS_recvfrom, 0);
	CHECK(event__has(ev, (u64)received, PIECE_AT_EXIT, text, 10), "what was received");
	CHECK(event__has(ev, (u64)&from_len, 0, &in, 4), "the length before");
	CHECK(event__has(ev, (u64)&from_len, PIECE_AT_EXIT, &out, 4), "the length after");
	p = event__piece(ev, (u64)&from, PIECE_AT_EXIT);
	CHECK(p && p->bytes == sizeof(from) && p->data[0] == AF_INET, "who sent it");
	ev = run__event(r, TRACE_CALL, SYS_writev, 0);
	EQUAL(ev->ret, -EBADF);
	CHECK(event__has(ev, (u64)text + 4, 0, text + 4, 6), "what was to be written");
}

static void test_sockets(void)
{
	struct run r;

	run__new(&r);
	r.plan[SYS_sendmsg].arg[1].kind = FETCH_MSGHDR;
	r.plan[SYS_recvfrom].arg[1] = (struct trace_fetch)AT_EXIT_RETURNED;
	r.plan[SYS_recvfrom].arg[4] = (struct trace_fetch){.kind = FETCH_SOCKADDR_OUT, .len = 5};
	r.plan[SYS_writev].arg[1] = (struct trace_fetch){.kind = FETCH_IOVEC, .len = 2, .most = 8};
	if (run__begin(&r, child_sockets)) {
		run__go(&r);
		run__finish(&r);
		check_sockets(&r);
	}
	run__free(&r);
}

static char *absent, *unmapped;

static void child_absent(void)
{
	syscall(SYS_openat, AT_FDCWD, absent, O_RDONLY, 0);
	syscall(SYS_openat, AT_FDCWD, unmapped, O_RDONLY, 0);
}

/* Memory that only the call brings in is read when it returns; what is nowhere is counted. */
static void test_absent(void)
{
	const struct trace_event *ev;
	char name[] = "/tmp/tracer.XXXXXX";
	int fd = mkstemp(name);
	struct run r;

	unlink(name);
	CHECK(pwrite(fd, path, sizeof(path), 4096) == sizeof(path), "%s", name);
	absent = (char *)mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, fd, 0) + 4096;
	unmapped = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	run__new(&r);
	r.plan[SYS_openat].arg[1].kind = FETCH_STRING;
	if (run__begin(&r, child_absent)) {
		run__go(&r);
		run__finish(&r);
		ev = run__event(&r, TRACE_CALL, SYS_openat, 0);
		CHECK(event__has(ev, (u64)absent, 0, path, sizeof(path)), "what came in late");
		EQUAL(ev->unread, 0);
		ev = run__event(&r, TRACE_CALL, SYS_openat, 1);
		EQUAL(ev->unread, 1);
		EQUAL(ev->bytes, sizeof(*ev));
	}
	run__free(&r);
	close(fd);
}

static void child_refused(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {.len = 4, .filter = code};

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		_exit(77);
	syscall(SYS_getppid, 1, 2, 3, 4, 5, 6);
}

/* Seccomp's answer comes without the call having begun. */
static void test_refused(void)
{
	const struct trace_event *ev;
	struct run r;

	run__new(&r);
	if (run__begin(&r, child_refused)) {
		run__go(&r);
		run__finish(&r);
	}
	if (WEXITSTATUS(r.status) != 77) {
		ev = run__event(&r, TRACE_CALL, SYS_getppid, 0);
		EQUAL(ev->flags, TRACE_REFUSED);
		EQUAL(ev->ret, -EPERM);
		EQUAL(ev->arg[0], 1);
		EQUAL(ev->arg[3], 4);
		EQUAL(ev->arg[5], 6);
		check_sum(&r.sums[SYS_getppid], 1, 1);
	}
	run__free(&r);
}

#ifdef __x86_64__
static void child_32bit(void)
{
	long ret;

	/* getppid of the other table, which is lsetxattr's number here. */
	asm volatile("int $0x80"
		     : "=a"(ret)
		     : "a"(64), "b"(11), "c"(22), "d"(33), "S"(44), "D"(55)
		     : "memory", "r8", "r9", "r10", "r11");
}

static void test_32bit(void)
{
	const struct trace_event *ev;
	struct run r;

	run__new(&r);
	r.plan[64].arg[0].kind = FETCH_STRING;
	if (run__begin(&r, child_32bit)) {
		run__go(&r);
		run__finish(&r);
	}
	/* Else this kernel has no such calls. */
	if (WIFEXITED(r.status)) {
		ev = run__event(&r, TRACE_CALL, 64, 0);
		EQUAL(ev->flags, TRACE_COMPAT);
		EQUAL(ev->ret, getpid());
		EQUAL(ev->arg[0], 11);
		EQUAL(ev->arg[4], 55);
		EQUAL(ev->bytes, sizeof(*ev));
		check_sum(&r.sums[TRACE_NR_COMPAT], 1, 0);
		EQUAL(r.sums[64].count, 0);
	}
	run__free(&r);
}
#endif

int main(void)
{
	test_calls(true);
	test_calls(false);
	test_filters();
	test_losses();
	test_sockets();
	test_absent();
	test_refused();
#ifdef __x86_64__
	test_32bit();
#endif
	return report();
}
