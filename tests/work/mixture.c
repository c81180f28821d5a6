/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mixture mix SECONDS FILE        one thread, in turn: 30 ms busy, 30 asleep, 20 reading FILE from
 * its device, 10 waiting to receive, 10 for a lock; says how long each was, and how much of that
 * was on a CPU mixture spin SECONDS N [CPU]    N threads that make no call, all on that CPU mixture
 * asleep N                N threads asleep, until a line on standard input mixture births N USEC N
 * processes, eight at a time, which sleep so long; says how long they lived altogether mixture
 * pingpong N [CPU]        two threads that wake each other N times through pipes mixture fsync N
 * FILE            N times writes to FILE and waits until it is on its device; says how long that
 * took
 */
#include "work.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define BLOCK   4096
#define AT_ONCE 8

static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* How long this thread has waited for a CPU; 0 where the kernel does not say. */
static uint64_t delay_ns(void)
{
	uint64_t delay = 0;
	char buf[64];
	int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, buf, sizeof(buf) - 1);

	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = '\0';
	return sscanf(buf, "%*u %" SCNu64, &delay) == 1 ? delay : 0;
}

static void pin(const char *cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(number(cpu), &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "CPU %s", cpu);
}

static void start_thread(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	errno = pthread_create(&thread, NULL, run, arg);
	if (errno)
		err(1, "pthread_create");
}

/* --- mix */

struct phase {
	const char *name;
	void (*spend)(uint64_t ns);
	uint64_t ms;
	uint64_t wall, cpu, delay; /* ns so far */
};

static int file_fd, client;
static void *block;
static off_t blocks;

static void spend_busy(uint64_t ns)
{
	spin_until(now_ns() + ns);
}

static void spend_asleep(uint64_t ns)
{
	sleep_until(now_ns() + ns);
}

static void spend_reading(uint64_t ns)
{
	uint64_t end = now_ns() + ns;
	static off_t at;

	while (now_ns() < end) {
		if (pread(file_fd, block, BLOCK, at++ % blocks * BLOCK) != BLOCK)
			err(1, "pread");
	}
}

/* Nothing is ever sent. */
static void spend_receiving(uint64_t ns)
{
	struct timeval tv = {.tv_usec = (suseconds_t)(ns / NS_PER_US)};
	char byte;

	if (setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)))
		err(1, "SO_RCVTIMEO");
	if (recv(client, &byte, 1, 0) != -1 || errno != EAGAIN)
		err(1, "recv");
}

/* As glibc waits for a mutex that another thread holds. */
static void spend_locked(uint64_t ns)
{
	struct timespec ts = ns_to_timespec(ns);
	uint32_t word = 2;

	if (syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 2, &ts, NULL, 0) != -1 ||
	    errno != ETIMEDOUT)
		err(1, "futex");
}

static void connect_client(void)
{
	/* Servers have ports below those that clients are given. */
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				   .sin_port = htons((in_port_t)(10000 + getpid() % 20000))};
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET, SOCK_STREAM, 0);

	client = socket(AF_INET, SOCK_STREAM, 0);
	if (server < 0 || client < 0 || bind(server, (void *)&addr, len) || listen(server, 1) ||
	    getsockname(server, (void *)&addr, &len) || connect(client, (void *)&addr, len))
		err(1, "a connection to myself");
}

static void open_file(const char *path)
{
	file_fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (file_fd < 0)
		err(1, "%s", path);
	blocks = lseek(file_fd, 0, SEEK_END) / BLOCK;
	if (blocks < 1 || posix_memalign(&block, BLOCK, BLOCK))
		errx(1, "%s: too small", path);
}

/* How often this thread left its CPU. */
static uint64_t switches(void)
{
	struct rusage u;

	if (getrusage(RUSAGE_THREAD, &u))
		err(1, "getrusage");
	return (uint64_t)(u.ru_nvcsw + u.ru_nivcsw);
}

static void mix(char **arg)
{
	struct phase phases[] = {
		{"busy", spend_busy, 30, 0, 0, 0},    {"sleep", spend_asleep, 30, 0, 0, 0},
		{"disk", spend_reading, 20, 0, 0, 0}, {"recv", spend_receiving, 10, 0, 0, 0},
		{"lock", spend_locked, 10, 0, 0, 0},
	};
	uint64_t begun = now_ns(), end = begun + number(arg[0]) * NS_PER_S;
	struct line line = {.len = 0};

	open_file(arg[1]);
	connect_client();
	while (now_ns() < end) {
		for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
			uint64_t delay = delay_ns(), wall = now_ns(), cpu = cpu_ns();

			phases[i].spend(phases[i].ms * NS_PER_MS);
			phases[i].wall += now_ns() - wall;
			phases[i].cpu += cpu_ns() - cpu;
			phases[i].delay += delay_ns() - delay;
		}
	}
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++)
		line_add(&line, "%s=%" PRIu64 " %s_cpu=%" PRIu64 " %s_ran=%" PRIu64 " ",
			 phases[i].name, phases[i].wall, phases[i].name, phases[i].cpu,
			 phases[i].name, phases[i].cpu + phases[i].delay);
	line_add(&line, "took=%" PRIu64 " switches=%" PRIu64, now_ns() - begun, switches());
	say(&line);
}

/* --- spin */

static uint64_t spin_end;

static void *spin(void *arg)
{
	/* The clock is read without a call; were it one, this would still be busy. */
	spin_until(spin_end);
	return arg;
}

static void spin_all(char **arg)
{
	struct line line = {.len = 0};

	if (arg[2])
		pin(arg[2]);
	spin_end = now_ns() + number(arg[0]) * NS_PER_S;
	for (uint64_t i = 1; i < number(arg[1]); i++)
		start_thread(spin, NULL);
	spin(NULL);
	line_add(&line, "cpu_ms=%" PRIu64, (uint64_t)clock() * 1000 / CLOCKS_PER_SEC);
	say(&line);
}

/* --- asleep */

static void *sleep_on(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void sleep_all(char **arg)
{
	for (uint64_t i = 1; i < number(arg[0]); i++)
		start_thread(sleep_on, NULL);
	ready_gate();
}

/* --- births */

static void live(uint64_t usec, _Atomic uint64_t *slept)
{
	uint64_t begun = now_ns();

	sleep_until(begun + usec * NS_PER_US);
	*slept += now_ns() - begun;
	_exit(0);
}

static void births(char **arg)
{
	uint64_t n = number(arg[0]), usec = number(arg[1]), born = 0, dead = 0, sum = 0,
		 begun = now_ns();
	_Atomic uint64_t *slept = mmap(NULL, sizeof(*slept), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct line line = {.len = 0};

	if (slept == MAP_FAILED)
		err(1, "mmap");
	while (dead < n) {
		if (born < n && born - dead < AT_ONCE) {
			pid_t pid;

			sum -= now_ns();
			pid = fork();
			if (pid < 0)
				err(1, "fork");
			if (!pid)
				live(usec, slept);
			born++;
		} else {
			if (wait(NULL) < 0)
				err(1, "wait");
			sum += now_ns();
			dead++;
		}
	}
	line_add(&line, "slept_us=%" PRIu64 " lived_us=%" PRIu64 " took_us=%" PRIu64,
		 *slept / NS_PER_US, sum / NS_PER_US, (now_ns() - begun) / NS_PER_US);
	say(&line);
}

/* --- pingpong */

static int ping[2], pong[2];

static void *answer(void *arg)
{
	char byte;

	while (read(ping[0], &byte, 1) == 1)
		if (write(pong[1], &byte, 1) != 1)
			err(1, "write");
	return arg;
}

static void pingpong(char **arg)
{
	uint64_t n = number(arg[0]);
	char byte = 0;

	if (arg[1])
		pin(arg[1]);
	if (pipe(ping) || pipe(pong))
		err(1, "pipe");
	start_thread(answer, NULL);
	while (n--)
		if (write(ping[1], &byte, 1) != 1 || read(pong[0], &byte, 1) != 1)
			err(1, "pipe");
}

/* --- fsync */

static void sync_file(char **arg)
{
	int fd = open(arg[1], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	uint64_t n = number(arg[0]), wall = 0, cpu = 0;
	struct line line = {.len = 0};

	if (fd < 0)
		err(1, "%s", arg[1]);
	while (n--) {
		if (pwrite(fd, "x", 1, (off_t)n * BLOCK) != 1)
			err(1, "pwrite");
		wall -= now_ns();
		cpu -= cpu_ns();
		if (fsync(fd))
			err(1, "fsync");
		cpu += cpu_ns();
		wall += now_ns();
	}
	line_add(&line, "wall=%" PRIu64 " cpu=%" PRIu64, wall, cpu);
	say(&line);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(char **arg);
		int least;
	} modes[] = {
		{"mix", mix, 2},       {"spin", spin_all, 2},     {"asleep", sleep_all, 1},
		{"births", births, 2}, {"pingpong", pingpong, 1}, {"fsync", sync_file, 2},
	};

	for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!strcmp(modes[i].name, argv[1]) && argc - 2 >= modes[i].least) {
			modes[i].run(argv + 2);
			return 0;
		}
	}
	errx(2, "usage: mixture mix|spin|asleep|births|pingpong|fsync ARG...");
}
