// SPDX-License-Identifier: GPL-2.0-only
/* Receivers are real: pipes, and a child process that is really stopped, killed and restarted. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "../../user/delivery/outbox.h"

#define MS       UINT64_C(1000000)
#define PATIENCE (20000 * MS)

/* Evaluates @cond until it holds or patience ends. */
#define WAIT_FOR(cond)                                                                             \
	do {                                                                                       \
		uint64_t until = now() + PATIENCE;                                                 \
		while (!(cond) && now() < until)                                                   \
			nap();                                                                     \
		CHECK(cond);                                                                       \
	} while (0)

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * UINT64_C(1000000000) + ts.tv_nsec;
}

static void nap(void)
{
	usleep(2000);
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct outbox_stats stats(struct outbox *o)
{
	struct outbox_stats s;

	outbox__stats(o, &s);
	return s;
}

static int fd_outbox(struct outbox **ret, int fd, size_t max_bytes)
{
	const struct outbox_opts opts = {.max_bytes = max_bytes};
	struct target *t;
	int err = target__fd(&t, fd, NULL);

	if (!err)
		err = outbox__new(ret, t, &opts);
	return err ? err : outbox__start(*ret);
}

static int tasks(void)
{
	DIR *d = opendir("/proc/self/task");
	int n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

/* At the beginning. */
static int alone;

static bool readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

/* A resolver that never answers for one name, until it is told to, and forgets another. The linker
 * puts it in the place of the C library's. */
static pthread_mutex_t resolver = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool forgotten;

int __real_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
		       struct addrinfo **ret);
int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
		       struct addrinfo **ret);

int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
		       struct addrinfo **ret)
{
	if (!strcmp(host, "stuck.invalid")) {
		pthread_mutex_lock(&resolver);
		pthread_mutex_unlock(&resolver);
		return EAI_AGAIN;
	}
	if (!strcmp(host, "forgotten.invalid")) {
		if (forgotten)
			return EAI_NONAME;
		host = "127.0.0.1";
	}
	if (!strcmp(host, "both.invalid"))
		host = NULL; /* ::1 and 127.0.0.1 */
	return __real_getaddrinfo(host, port, hints, ret);
}

/* Batch @i: lines that name it, of a size of its own; the last line ends with "end". */
static size_t make_batch(char *buf, int i)
{
	int lines = 1 + i * 37 % 200;
	char *p = buf;

	for (int l = 0; l < lines; l++)
		p += sprintf(p, "sonde.batch_%d.line_%d 1 1700000000%s\n", i, l,
			     l == lines - 1 ? " end" : "");
	return p - buf;
}

static void put_batches(struct outbox *o, int from, int to)
{
	static char buf[200 * 64];

	for (int i = from; i < to; i++)
		CHECK(outbox__put(o, i, buf, make_batch(buf, i), 0) == 0);
}

/* Standard error into a file, to count what was said. */
static char log_path[64];
static int saved_stderr;

static void log_begin(void)
{
	int fd;

	strcpy(log_path, "/tmp/test_outbox_log.XXXXXX");
	fd = mkstemp(log_path);
	saved_stderr = dup(2);
	dup2(fd, 2);
	close(fd);
}

static int log_count(const char *text)
{
	FILE *f = fopen(log_path, "r");
	char line[1024];
	int n = 0;

	while (fgets(line, sizeof(line), f))
		n += strstr(line, text) != NULL;
	fclose(f);
	return n;
}

static void log_end(void)
{
	dup2(saved_stderr, 2);
	close(saved_stderr);
	if (failed) {
		FILE *f = fopen(log_path, "r");
		char line[1024];

		while (fgets(line, sizeof(line), f))
			fputs(line, stderr);
		fclose(f);
	}
	unlink(log_path);
}

static void test_slow_pipe(bool nonblock)
{
	static char expected[200 * 64], got[777];
	struct outbox_stats last;
	struct outbox *o;
	size_t total = 0;
	bool same = true;
	int p[2];

	if (pipe2(p, nonblock ? O_NONBLOCK : 0))
		die("pipe");
	CHECK(fd_outbox(&o, p[1], 10 << 20) == 0);
	put_batches(o, 0, 300);
	CHECK(stats(o).queue.queued_bytes > 0);
	for (int i = 0; i < 300; i++) {
		size_t size = make_batch(expected, i), have = 0;

		while (have < size) {
			size_t want = size - have < sizeof(got) ? size - have : sizeof(got);
			struct pollfd ready = {.fd = p[0], .events = POLLIN};
			ssize_t n;

			if (poll(&ready, 1, 20000) != 1)
				die("nothing comes");
			n = read(p[0], got, want);
			if (n <= 0)
				die("read");
			same &= !memcmp(got, expected + have, n);
			have += n;
		}
		total += size;
	}
	CHECK(same);
	outbox__close(o, 5000 * MS, &last);
	CHECK(!readable(p[0]));
	CHECK(last.queue.batches == 300 && last.queue.bytes == total && last.queue.dropped == 0);
	CHECK(last.queue.queued_bytes == 0 && last.connects == 0 && !last.closed);
	CHECK(fcntl(p[1], F_GETFD) >= 0);
	close(p[0]);
	close(p[1]);
}

static void test_closed_reader(bool idle)
{
	struct outbox_stats last;
	struct outbox *o;
	int p[2];

	if (pipe(p))
		die("pipe");
	CHECK(fd_outbox(&o, p[1], 1 << 20) == 0);
	CHECK(!readable(outbox__closed_fd(o)));
	close(p[0]);
	if (!idle)
		CHECK(outbox__put(o, 1, "a 1 1\n", 6, 0) == 0);
	WAIT_FOR(readable(outbox__closed_fd(o)));
	CHECK(stats(o).closed == EPIPE);
	CHECK(outbox__put(o, 2, "b 1 1\n", 6, 0) == 0);
	CHECK(stats(o).queue.dropped == (idle ? 1 : 2));
	outbox__close(o, 5000 * MS, &last);
	CHECK(last.closed == EPIPE && last.queue.batches == 0 && last.failures == 1);
	close(p[1]);
}

static void test_hard_error(void)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct outbox *o;

	CHECK(fd_outbox(&o, -1, 100) == -EBADF);
	CHECK(fd_outbox(&o, fd, 100) == 0);
	CHECK(outbox__put(o, 1, "a 1 1\n", 6, 0) == 0);
	WAIT_FOR(stats(o).closed);
	outbox__close(o, 0, NULL);
	outbox__close(NULL, 0, NULL);
	close(fd);
}

static void put_filled(struct outbox *o, char c, size_t size)
{
	char *buf = malloc(size);

	memset(buf, c, size);
	CHECK(outbox__put(o, 1, buf, size, 0) == 0);
	CHECK(stats(o).queue.queued_bytes <= 200000);
	free(buf);
}

static void test_bound(void)
{
	size_t count[256] = {0};
	struct outbox_stats last;
	struct outbox *o;
	char buf[65536];
	int p[2], waiting = 0, before = tasks();
	ssize_t n;

	if (pipe(p))
		die("pipe");
	CHECK(fd_outbox(&o, p[1], 200000) == 0);
	put_filled(o, 'A', 80000); /* fills the pipe: in flight */
	WAIT_FOR(ioctl(p[0], FIONREAD, &waiting) == 0 && waiting == 65536);
	put_filled(o, 'B', 60000);
	put_filled(o, 'C', 60000);
	CHECK(stats(o).queue.dropped == 0);
	put_filled(o, 'D', 60000); /* drops B */
	CHECK(stats(o).queue.dropped == 1);
	put_filled(o, 'E', 200001); /* never fits */
	put_filled(o, 'F', 130000); /* not beside A */
	CHECK(stats(o).queue.dropped == 3 && stats(o).queue.queued_bytes == 200000);

	fcntl(p[0], F_SETFL, O_NONBLOCK);
	for (uint64_t until = now() + PATIENCE; now() < until && stats(o).queue.batches < 3; nap())
		while ((n = read(p[0], buf, sizeof(buf))) > 0)
			for (ssize_t i = 0; i < n; i++)
				count[(unsigned char)buf[i]]++;
	while ((n = read(p[0], buf, sizeof(buf))) > 0)
		for (ssize_t i = 0; i < n; i++)
			count[(unsigned char)buf[i]]++;
	CHECK(count['A'] == 80000 && count['B'] == 0 && count['C'] == 60000);
	CHECK(count['D'] == 60000 && count['E'] == 0 && count['F'] == 0);

	/* A reader that stopped reading: the end is prompt, what is left is counted. */
	put_filled(o, 'G', 100000);
	put_filled(o, 'H', 50000);
	uint64_t begin = now();
	outbox__close(o, 100 * MS, &last);
	CHECK(now() - begin >= 100 * MS && now() - begin < 1500 * MS);
	CHECK(last.queue.dropped == 5 && last.queue.batches == 3);
	CHECK(tasks() == before); /* not stuck in a write */
	close(p[0]);
	close(p[1]);
}

/* A TCP receiver that writes each connection into a file of its own. */
static char dir[64];
static int runs;

static int bound_socket(int family, int *port)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in in4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr *sa = family == AF_INET ? (void *)&in4 : (void *)&in6;
	socklen_t len = family == AF_INET ? sizeof(in4) : sizeof(in6);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	in4.sin_port = in6.sin6_port = htons(*port);
	if (fd < 0 || bind(fd, sa, len) || getsockname(fd, sa, &len)) {
		close(fd);
		return -1;
	}
	*port = ntohs(family == AF_INET ? in4.sin_port : in6.sin6_port);
	return fd;
}

static void receive(int listener)
{
	for (int i = 0;; i++) {
		int conn = accept(listener, NULL, NULL), out;
		char path[128], buf[4096];
		ssize_t n;

		snprintf(path, sizeof(path), "%s/%d.%d", dir, runs, i);
		out = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		while ((n = read(conn, buf, sizeof(buf))) > 0)
			if (write(out, buf, n) != n)
				_exit(1);
		close(out);
		close(conn);
	}
}

/* Takes @listener. */
static pid_t receiver_start(int listener)
{
	pid_t pid;

	runs++;
	if (listen(listener, 8))
		die("listen");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		receive(listener);
	}
	close(listener);
	return pid;
}

static void receiver_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Goes over all that was received. How many of batches [0, n) came whole; *torn: lines that do not
 * belong where they are. A connection may end within a batch. */
static int whole_batches(int n, int *torn)
{
	static char expected[200 * 64];
	bool *seen = calloc(n, 1);
	DIR *d = opendir(dir);
	struct dirent *e;
	int whole = 0;

	*torn = 0;
	while ((e = readdir(d))) {
		char path[400], *data, *p;
		FILE *f;
		size_t size;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		f = fopen(path, "r");
		data = calloc(1, 32 << 20);
		size = fread(data, 1, (32 << 20) - 1, f);
		fclose(f);
		for (p = data; p < data + size;) {
			size_t left = data + size - p, want;
			int i;

			if (sscanf(p, "sonde.batch_%d.line_0 ", &i) != 1 || i < 0 || i >= n) {
				*torn += left > strlen("sonde.batch_000.line_0 ");
				break;
			}
			want = make_batch(expected, i);
			if (memcmp(p, expected, left < want ? left : want))
				(*torn)++;
			else if (left >= want)
				seen[i] = true;
			p += want;
		}
		free(data);
	}
	closedir(d);
	for (int i = 0; i < n; i++)
		whole += seen[i];
	free(seen);
	return whole;
}

static size_t received_bytes(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	size_t sum = 0;

	while ((e = readdir(d))) {
		char path[400];
		FILE *f;

		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		f = fopen(path, "r");
		fseek(f, 0, SEEK_END);
		sum += ftell(f);
		fclose(f);
	}
	closedir(d);
	return sum;
}

static void dir_begin(void)
{
	strcpy(dir, "/tmp/test_outbox.XXXXXX");
	if (!mkdtemp(dir))
		die("mkdtemp");
}

static void dir_end(void)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while ((e = readdir(d)))
		unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	rmdir(dir);
}

static struct outbox *tcp_outbox(const char *host, int port)
{
	const struct outbox_opts opts = {.max_bytes = 32 << 20};
	struct target *t;
	struct outbox *o;
	char text[16];

	snprintf(text, sizeof(text), "%d", port);
	if (target__tcp(&t, host, text, "wait in memory") || outbox__new(&o, t, &opts) ||
	    outbox__start(o))
		die("outbox__new");
	return o;
}

static void test_tcp(int family, const char *host)
{
	struct outbox_stats last;
	int port = 0, torn, fd = bound_socket(family, &port);
	struct outbox *o;
	pid_t pid;

	if (fd < 0) {
		skipped++;
		return;
	}
	dir_begin();
	pid = receiver_start(fd);
	o = tcp_outbox(host, port);
	put_batches(o, 0, 500);
	outbox__close(o, 60000 * MS, &last);
	/* close() has waited for the receiver to read it all, so it is there now. */
	CHECK(received_bytes() == last.queue.bytes);
	CHECK(whole_batches(500, &torn) == 500 && torn == 0);
	CHECK(last.queue.batches == 500 && last.queue.dropped == 0 && last.connects >= 500 &&
	      !last.failures);
	receiver_stop(pid);
	dir_end();
}

static void test_late_listener(void)
{
	int port = 0, torn, fd = bound_socket(AF_INET, &port);
	struct outbox_stats last;
	struct outbox *o;
	char refused[128];
	pid_t pid;

	dir_begin();
	log_begin();
	o = tcp_outbox("127.0.0.1", port);
	put_batches(o, 0, 20);
	WAIT_FOR(stats(o).failures >= 2);
	snprintf(refused, sizeof(refused), "127.0.0.1:%d: connection refused; slots wait in memory",
		 port);
	CHECK(log_count(refused) == 1 && log_count("") == 1);
	pid = receiver_start(fd);
	WAIT_FOR(stats(o).queue.batches == 20);
	WAIT_FOR(log_count("connected again after ") == 1);
	put_batches(o, 20, 40);
	outbox__close(o, 60000 * MS, &last);
	CHECK(log_count("") == 2);
	log_end();
	CHECK(whole_batches(40, &torn) == 40 && torn == 0);
	CHECK(last.queue.batches == 40 && last.queue.dropped == 0);
	receiver_stop(pid);
	dir_end();
}

static void test_killed_in_the_middle(void)
{
	int port = 0, torn, fd = bound_socket(AF_INET, &port);
	struct outbox_stats last;
	struct outbox *o;
	pid_t pid;

	dir_begin();
	log_begin();
	pid = receiver_start(fd);
	o = tcp_outbox("127.0.0.1", port);
	put_batches(o, 0, 700);
	WAIT_FOR(received_bytes() > 100000);
	receiver_stop(pid);
	put_batches(o, 700, 800);
	WAIT_FOR(stats(o).failures >= 2);
	fd = bound_socket(AF_INET, &port);
	pid = receiver_start(fd);
	put_batches(o, 800, 900);
	outbox__close(o, 60000 * MS, &last);
	CHECK(log_count("connected again after ") == 1 && log_count("") == 2);
	log_end();
	CHECK(whole_batches(900, &torn) == 900 && torn == 0);
	CHECK(last.queue.batches == 900 && last.queue.dropped == 0);
	receiver_stop(pid);
	dir_end();
}

/* The kernel took the batches, the receiver died before it read them. */
static void test_taken_but_not_read(void)
{
	int port = 0, torn, fd = bound_socket(AF_INET, &port);
	struct outbox_stats last;
	struct outbox *o;
	pid_t pid;

	dir_begin();
	log_begin();
	pid = receiver_start(fd);
	kill(pid, SIGSTOP);
	o = tcp_outbox("127.0.0.1", port);
	WAIT_FOR(stats(o).connects == 1);
	put_batches(o, 0, 2);
	CHECK(stats(o).queue.batches == 0 && stats(o).queue.queued == 2);
	receiver_stop(pid);
	WAIT_FOR(stats(o).failures >= 1);
	fd = bound_socket(AF_INET, &port);
	pid = receiver_start(fd);
	put_batches(o, 2, 3);
	outbox__close(o, 60000 * MS, &last);
	log_end();
	CHECK(whole_batches(3, &torn) == 3 && torn == 0);
	CHECK(last.queue.batches == 3 && last.queue.dropped == 0);
	receiver_stop(pid);
	dir_end();
}

/* What was taken last may have died with the receiver, so it is there again. */
static void test_sent_again(void)
{
	int port = 0, torn, fd = bound_socket(AF_INET, &port);
	struct outbox_stats last;
	struct outbox *o;
	pid_t pid;

	dir_begin();
	log_begin();
	pid = receiver_start(fd);
	o = tcp_outbox("127.0.0.1", port);
	put_batches(o, 0, 4);
	WAIT_FOR(stats(o).queue.batches == 4);
	receiver_stop(pid);
	dir_end();
	dir_begin();
	WAIT_FOR(stats(o).failures >= 1);
	fd = bound_socket(AF_INET, &port);
	pid = receiver_start(fd);
	put_batches(o, 4, 5);
	outbox__close(o, 60000 * MS, &last);
	CHECK(whole_batches(5, &torn) == 5 && torn == 0);
	CHECK(last.queue.batches == 5 && last.queue.dropped == 0);
	log_end();
	receiver_stop(pid);
	dir_end();
}

/* A proxy without a backend: complains once, never "connected again". */
static void test_hangs_up(void)
{
	int port = 0, fd = bound_socket(AF_INET, &port);
	struct outbox_stats last;
	struct outbox *o;

	listen(fd, 8);
	log_begin();
	o = tcp_outbox("127.0.0.1", port);
	for (int i = 0; i < 3; i++) {
		put_batches(o, i, i + 1);
		WAIT_FOR(readable(fd));
		close(accept(fd, NULL, NULL));
	}
	WAIT_FOR(stats(o).failures >= 3);
	CHECK(log_count("") == 1 && log_count("connection ") == 1);
	close(fd);
	outbox__close(o, 0, &last);
	log_end();
	CHECK(last.connects >= 3 && last.queue.batches == 0 && last.queue.dropped == 3);
}

/* All of it taken by the kernel, but no sign of the receiver having read it. */
static void test_never_reads(int n)
{
	int port = 0, fd = bound_socket(AF_INET, &port);
	struct outbox_stats last;
	struct outbox *o;
	uint64_t begin;

	listen(fd, 8);
	log_begin();
	o = tcp_outbox("127.0.0.1", port);
	put_batches(o, 0, n);
	WAIT_FOR(stats(o).connects == 1);
	begin = now();
	outbox__close(o, 300 * MS, &last);
	CHECK(now() - begin >= 300 * MS && now() - begin < 1500 * MS);
	CHECK((int)last.queue.dropped == n && last.queue.batches == 0);
	log_end();
	close(fd);
}

/* All addresses are tried: only the IPv4 one has a listener. */
static void test_second_address(void)
{
	int port = 0, torn, fd = bound_socket(AF_INET, &port);
	struct outbox_stats last;
	struct outbox *o;
	pid_t pid;

	dir_begin();
	pid = receiver_start(fd);
	o = tcp_outbox("both.invalid", port);
	put_batches(o, 0, 3);
	outbox__close(o, 60000 * MS, &last);
	CHECK(last.failures == 0 && whole_batches(3, &torn) == 3);
	receiver_stop(pid);
	dir_end();
}

static void test_unresolvable(void)
{
	struct outbox_stats last;
	uint64_t begin = now();
	struct outbox *o;

	log_begin();
	o = tcp_outbox("host.invalid", 2003);
	put_batches(o, 0, 50);
	CHECK(now() - begin < 1000 * MS);
	WAIT_FOR(stats(o).failures >= 1);
	CHECK(log_count("host.invalid:2003: cannot resolve host.invalid: ") == 1);
	begin = now();
	outbox__close(o, 200 * MS, &last);
	CHECK(now() - begin < 1500 * MS);
	CHECK(log_count("") == 1);
	log_end();
	CHECK(last.queue.batches == 0 && last.queue.dropped == 50);
}

/* A name that stops resolving: the address that was good last serves on. */
static void test_forgotten_name(void)
{
	int port = 0, torn, fd = bound_socket(AF_INET, &port);
	struct outbox_stats last;
	struct outbox *o;
	pid_t pid;

	dir_begin();
	pid = receiver_start(fd);
	o = tcp_outbox("forgotten.invalid", port);
	put_batches(o, 0, 10);
	WAIT_FOR(stats(o).queue.batches == 10);
	forgotten = true;
	put_batches(o, 10, 20);
	outbox__close(o, 60000 * MS, &last);
	CHECK(last.failures == 0 && last.queue.batches == 20 && whole_batches(20, &torn) == 20);
	receiver_stop(pid);
	dir_end();
}

static void test_stuck_resolver(void)
{
	struct outbox_stats last;
	struct outbox *o;
	uint64_t begin;
	int before;

	/* One of the tests before may still have a thread in the real resolver. */
	WAIT_FOR(tasks() == alone);
	before = tasks();
	begin = now();
	pthread_mutex_lock(&resolver);
	log_begin();
	o = tcp_outbox("stuck.invalid", 2003);
	put_batches(o, 0, 50);
	CHECK(now() - begin < 1000 * MS);
	begin = now();
	outbox__close(o, 100 * MS, &last);
	CHECK(now() - begin < 1500 * MS);
	CHECK(last.queue.dropped == 50);
	WAIT_FOR(tasks() == before + 1);
	/* It comes back to an outbox that nobody owns. */
	pthread_mutex_unlock(&resolver);
	WAIT_FOR(tasks() == before);
	CHECK(log_count("") == 0);
	log_end();
}

int main(void)
{
	alone = tasks();
	alarm(300);
	setvbuf(stdout, NULL, _IOLBF, 0);
	test_slow_pipe(false);
	test_slow_pipe(true);
	test_closed_reader(false);
	test_closed_reader(true);
	test_hard_error();
	test_bound();
	test_tcp(AF_INET, "127.0.0.1");
	test_tcp(AF_INET6, "::1");
	test_late_listener();
	test_killed_in_the_middle();
	test_taken_but_not_read();
	test_sent_again();
	test_hangs_up();
	test_never_reads(1);
	test_never_reads(3000);
	test_second_address();
	test_unresolvable();
	test_forgotten_name();
	test_stuck_resolver();
	return report();
}
