/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs here share. They speak and wait with writev and readv, never with read, write
 * or futex: those calls are left to the work that is counted. Linked statically they owe no calls
 * to a dynamic loader either.
 */
#ifndef WORK_H
#define WORK_H

/* Before any system header, therefore this one is included first. */
#define _GNU_SOURCE 1

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

static inline uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

static inline struct timespec ns_to_timespec(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S),
				 .tv_nsec = (long)(ns % NS_PER_S)};
}

static inline void spin_until(uint64_t deadline)
{
	while (now_ns() < deadline)
		;
}

static inline void sleep_until(uint64_t deadline)
{
	struct timespec ts = ns_to_timespec(deadline);

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}

/* Returns when the @i-th of @rate per second is due (0: at once), late ones without a pause. */
static inline void pace(uint64_t begin, uint64_t i, uint64_t rate)
{
	uint64_t due = rate ? begin + i * NS_PER_S / rate : 0;

	/* Not one sleep for each. */
	if (due > now_ns() + NS_PER_MS)
		sleep_until(due);
}

/* The unsigned number that is all of @text; anything else ends the program with status 2. */
static inline uint64_t number(const char *text)
{
	char *end;
	uint64_t n;

	errno = 0;
	n = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text == '-')
		errx(2, "not a number: %s", text);
	return n;
}

static inline void put_byte(int fd)
{
	struct iovec iov = {.iov_base = "", .iov_len = 1};

	if (writev(fd, &iov, 1) != 1)
		err(1, "writev");
}

/* Waits for one byte: true, or for the end of the file: false. */
static inline int get_byte(int fd, char *byte)
{
	struct iovec iov = {.iov_base = byte, .iov_len = 1};
	ssize_t n = readv(fd, &iov, 1);

	if (n < 0)
		err(1, "readv");
	return n == 1;
}

static inline void get_bytes(int fd, uint64_t count)
{
	char byte;

	while (count--)
		if (!get_byte(fd, &byte))
			errx(1, "a part of the work ended early");
}

/* Adds to the one line that a program says; say() ends it and writes it at once. */
struct line {
	char text[4096];
	size_t len;
};

__attribute__((format(printf, 2, 3))) static inline void line_add(struct line *line,
								  const char *fmt, ...)
{
	size_t room = sizeof(line->text) - line->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(line->text + line->len, room, fmt, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room)
		errx(1, "line too long");
	line->len += (size_t)n;
}

static inline void say(struct line *line)
{
	struct iovec iov = {.iov_base = line->text};

	line_add(line, "\n");
	iov.iov_len = line->len;
	if (writev(STDOUT_FILENO, &iov, 1) != (ssize_t)line->len)
		err(1, "standard output");
	line->len = 0;
}

/* Waits for a line on standard input. */
static inline void gate(void)
{
	char byte = 0;

	while (byte != '\n')
		if (!get_byte(STDIN_FILENO, &byte))
			errx(1, "standard input ended before its line came");
}

/* Says that all is prepared, then waits for a line on standard input. */
static inline void ready_gate(void)
{
	struct line line = {.len = 0};

	line_add(&line, "ready pid=%d", getpid());
	say(&line);
	gate();
}

#endif
