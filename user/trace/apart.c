// SPDX-License-Identifier: GPL-2.0-only
#include "apart.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

#define HELPERS    16
#define START_MS   1000
#define MEMORY_MAX 8192

/* For one job; and what may be waited for at once when nothing was for long. */
#define WAIT_NS      100000000ULL
#define ALLOWANCE_NS 200000000ULL
/* One part of so many of all time. */
#define SHARE 10
/* Any job gets so long: most take some us, and nobody calls that waiting. */
#define SHORT_NS 1000000ULL
/* So often it is looked at what it does. */
#define STEP_NS 10000000ULL

struct request {
	apart_fn fn; /* all have the same program in memory */
	u32 pid;
	char in[APART_IN_MAX] __attribute__((aligned(8)));
};

struct helper {
	s32 pid; /* 0: there is none */
	int sock;
	int to; /* what comes of its work */
	u64 id; /* of what it does; 0: nothing */
	u32 asked_for;
	bool wanted; /* what comes of it, when it has ended */
};

/* Of the whole program: what sleeps is nobody's. */
static struct {
	s32 starter; /* process that starts helpers; 0: not begun, -1: there is none */
	int sock;
	struct helper helper[HELPERS];
	u64 ids;
	u64 allowance; /* ns that may be waited for now */
	u64 since;     /* ns, when it was that */
} pool;

/* --- the other processes */

static void serve(int sock, int to)
{
	static struct request r;
	s32 answer = getpid();

	do {
		if (send(sock, &answer, sizeof(answer), MSG_NOSIGNAL) < 0 ||
		    recv(sock, &r, sizeof(r), 0) < (ssize_t)offsetof(struct request, in))
			break;
		if (ftruncate(to, 0) || lseek(to, 0, SEEK_SET))
			break;
		answer = r.fn(to, r.pid, r.in);
		/* That means something else. */
		if (answer == -EAGAIN || answer == -EBUSY)
			answer = -EIO;
	} while (true);
	_exit(0);
}

/* Returns 0, or -1 at the end. */
static int take_files(int sock, int fd[2])
{
	char byte, room[CMSG_SPACE(2 * sizeof(int))] __attribute__((aligned(8)));
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = room,
			   .msg_controllen = sizeof(room)};
	struct cmsghdr *c;

	if (recvmsg(sock, &m, MSG_CMSG_CLOEXEC) != 1 || !(c = CMSG_FIRSTHDR(&m)) ||
	    c->cmsg_len != CMSG_LEN(2 * sizeof(int)))
		return -1;
	memcpy(fd, CMSG_DATA(c), 2 * sizeof(int));
	return 0;
}

static void start_helpers(int sock)
{
	int fd[2];

	while (!take_files(sock, fd)) {
		if (!fork()) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(sock);
			serve(fd[0], fd[1]);
		}
		close(fd[0]);
		close(fd[1]);
	}
	_exit(0);
}

/* It shall keep nothing busy that others wait for, should it sleep for ever. */
static void leave(int *sock)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	/* Nobody waits for helpers. */
	signal(SIGCHLD, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (chdir("/") || (*sock && dup2(*sock, 0) < 0))
		_exit(1);
	*sock = 0;
	if (close_range(1, ~0U, 0))
		for (int fd = 1; fd < 1024; fd++)
			close(fd);
}

void apart__prepare(void)
{
	int sock[2];

	if (pool.starter)
		return;
	pool.starter = -1;
	pool.allowance = ALLOWANCE_NS;
	pool.since = now_ns();
	if (!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sock)) {
		pool.starter = fork();
		if (!pool.starter) {
			leave(&sock[1]);
			start_helpers(sock[1]);
		}
		close(sock[1]);
		pool.sock = sock[0];
	}
	if (pool.starter < 0)
		log_warn(
			"no process could be started that reads memory and files of others: names in them are not shown");
}

/* --- what is had of them */

static void drop(struct helper *h)
{
	close(h->sock);
	close(h->to);
	*h = (struct helper){};
}

static bool give_files(int sock, int to)
{
	char byte = 0, room[CMSG_SPACE(2 * sizeof(int))] __attribute__((aligned(8))) = {};
	const int fd[2] = {sock, to};
	struct iovec iov = {&byte, 1};
	struct msghdr m = {.msg_iov = &iov,
			   .msg_iovlen = 1,
			   .msg_control = room,
			   .msg_controllen = sizeof(room)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(c), fd, sizeof(fd));
	return sendmsg(pool.sock, &m, MSG_NOSIGNAL) == 1;
}

static struct helper *start(struct helper *h)
{
	struct pollfd p = {.events = POLLIN};
	int sock[2];
	bool given;

	if (pool.starter < 0 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sock))
		return NULL;
	h->sock = p.fd = sock[0];
	h->to = memfd_create("sonde", MFD_CLOEXEC);
	given = h->to >= 0 && give_files(sock[1], h->to);
	close(sock[1]);
	if (given && poll(&p, 1, START_MS) == 1 &&
	    recv(h->sock, &h->pid, sizeof(h->pid), MSG_DONTWAIT) == sizeof(h->pid))
		return h;
	drop(h);
	return NULL;
}

/* What it did has ended with 0 or -errno; -EAGAIN if it still goes on. */
static int take(struct helper *h)
{
	s32 answer;
	ssize_t n = recv(h->sock, &answer, sizeof(answer), MSG_DONTWAIT);

	if (n < 0 && errno == EAGAIN)
		return -EAGAIN;
	if (n != sizeof(answer)) {
		drop(h);
		return -EIO;
	}
	h->id = 0;
	return answer;
}

/* One that has nothing to do; NULL if @pid has something done, or all have to do. */
static struct helper *find(u32 pid)
{
	struct helper *idle = NULL, *room = NULL;

	for (u32 i = 0; i < HELPERS; i++) {
		struct helper *h = &pool.helper[i];

		/* Nor shall it stay in memory. */
		if (h->id && !h->wanted && take(h) != -EAGAIN && h->pid && ftruncate(h->to, 0))
			drop(h);
		if (h->id && h->asked_for == pid)
			return NULL;
		if (!h->pid)
			room = h;
		else if (!h->id)
			idle = h;
	}
	return idle || !room ? idle : start(room);
}

bool apart__is_own(u32 pid)
{
	for (u32 i = 0; i < HELPERS; i++)
		if (pool.helper[i].pid == (s32)pid)
			return true;
	return pool.starter == (s32)pid;
}

/* --- waiting */

/* By what /proc says of it, which of one of ours is not to be feared. Where it says nothing it
 * does. */
static bool sleeps(const struct helper *h)
{
	char path[32], text[256];
	const char *at;
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", h->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = 0;
	at = strrchr(text, ')');
	return !at || strncmp(at, ") R", 3) != 0;
}

static u64 allow(u64 now)
{
	u64 limit;

	pool.allowance += (now - pool.since) / SHARE;
	if (pool.allowance > ALLOWANCE_NS)
		pool.allowance = ALLOWANCE_NS;
	pool.since = now;
	limit = pool.allowance < WAIT_NS ? pool.allowance : WAIT_NS;
	return limit > SHORT_NS ? limit : SHORT_NS;
}

/* What works, or would if there were a CPU, ends by itself, and large files take long: only sleep
 * is counted. */
static void wait_for(const struct helper *h)
{
	u64 begun = now_ns(), limit = allow(begun), slept = 0, ns;
	struct pollfd p = {.fd = h->sock, .events = POLLIN};
	int n = 0;

	while (n <= 0 && slept < limit) {
		ns = limit - slept < STEP_NS ? limit - slept : STEP_NS;
		n = ppoll(&p, 1, &(struct timespec){.tv_nsec = ns}, NULL);
		ns = now_ns() - begun;
		begun += ns;
		if (n > 0 ? ns > SHORT_NS : sleeps(h))
			slept += ns;
	}
	pool.allowance -= slept < pool.allowance ? slept : pool.allowance;
}

/* --- jobs */

int apart__do(u64 *id, u32 pid, apart_fn fn, const void *in, size_t size)
{
	static struct request r;
	struct helper *h;
	int to, err;

	apart__prepare();
	h = size <= sizeof(r.in) ? find(pid) : NULL;
	if (!h)
		return -EBUSY;
	r.fn = fn;
	r.pid = pid;
	memcpy(r.in, in, size);
	size += offsetof(struct request, in);
	if (send(h->sock, &r, size, MSG_NOSIGNAL) != (ssize_t)size) {
		drop(h);
		return -EBUSY;
	}
	h->id = ++pool.ids;
	h->asked_for = pid;
	to = h->to;
	wait_for(h);
	err = take(h);
	h->wanted = err == -EAGAIN && id;
	if (h->wanted)
		*id = h->id;
	return err ? err : to;
}

int apart__later(u64 id)
{
	for (u32 i = 0; i < HELPERS; i++) {
		struct helper *h = &pool.helper[i];
		int to = h->to, err;

		if (!id || h->id != id)
			continue;
		err = take(h);
		return err ? err : to;
	}
	return -ENOENT;
}

void apart__forget(u64 id)
{
	for (u32 i = 0; i < HELPERS; i++)
		if (id && pool.helper[i].id == id)
			pool.helper[i].wanted = false;
}

/* --- memory */

struct piece {
	u64 addr, size;
};

static int read_memory(int to, u32 pid, const void *in)
{
	const struct piece *p = in;
	char data[MEMORY_MAX];
	struct iovec local = {data, p->size}, remote = {(void *)p->addr, p->size};
	ssize_t n = process_vm_readv(pid, &local, 1, &remote, 1, 0);

	if (n < 0)
		return -errno;
	return write(to, data, n) == n ? 0 : -EIO;
}

ssize_t apart__memory(u32 pid, u64 addr, void *to, size_t size)
{
	const struct piece p = {addr, size < MEMORY_MAX ? size : MEMORY_MAX};
	int fd = apart__do(NULL, pid, read_memory, &p, sizeof(p));

	return fd < 0 ? fd : pread(fd, to, p.size, 0);
}
