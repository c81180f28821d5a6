/* SPDX-License-Identifier: GPL-2.0-only */
/* stuck fifo FILE | lock FILE | connect ADDRESS PORT | mutex */
/*
 * Blocks in one call until it is killed: reads a FIFO that nobody writes to, waits for a lock that
 * another process of it has, connects to where nobody answers, waits for a mutex that its main
 * thread has. Says "ready pid=PID waiter=TID" before.
 */
#include "work.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void say_ready(void)
{
	struct line line = {.len = 0};

	line_add(&line, "ready pid=%d waiter=%ld", getpid(), syscall(SYS_gettid));
	say(&line);
}

static void fifo(const char *path)
{
	int fd = open(path, O_RDWR);
	char byte;

	if (fd < 0)
		err(1, "%s", path);
	say_ready();
	if (read(fd, &byte, 1) < 0)
		err(1, "read");
}

static void lock(const char *path)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	pid_t parent = getpid();

	if (fd < 0 || fcntl(fd, F_SETLK, &l))
		err(1, "%s", path);
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
		say_ready();
		fcntl(fd, F_SETLKW, &l);
		_exit(1);
	}
	pause();
}

static void do_connect(const char *address, const char *port)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(number(port))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || inet_pton(AF_INET, address, &to.sin_addr) != 1)
		errx(1, "%s", address);
	say_ready();
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(1, "connect");
}

static void *wait_for_mutex(void *arg)
{
	say_ready();
	pthread_mutex_lock(&mutex);
	return arg;
}

static void take_mutex(void)
{
	pthread_t thread;

	pthread_mutex_lock(&mutex);
	errno = pthread_create(&thread, NULL, wait_for_mutex, NULL);
	if (errno)
		err(1, "pthread_create");
	pause();
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "fifo"))
		fifo(argv[2]);
	else if (argc == 3 && !strcmp(argv[1], "lock"))
		lock(argv[2]);
	else if (argc == 4 && !strcmp(argv[1], "connect"))
		do_connect(argv[2], argv[3]);
	else if (argc == 2 && !strcmp(argv[1], "mutex"))
		take_mutex();
	else
		errx(2, "usage: stuck fifo FILE | lock FILE | connect ADDRESS PORT | mutex");
	return 0;
}
