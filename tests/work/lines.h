/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs lines_*.c share: they make system calls and know the very lines that a tracer
 * must print for them, in the format of strace 6.1 with -f -o FILE.
 *
 * usage: lines_TOPIC [DIRECTORY [MODE]]
 * Works in DIRECTORY and writes the expected lines on standard output at its end. Lines count only
 * from a thread's calls of begins() to its next ends(), both of which a tracer shows; see
 * tests/lines.awk. What is between an ends() and a begins() may use the C library freely.
 */
#ifndef LINES_H
#define LINES_H

#include "work.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Descriptors that are never open. */
#define MARK_BEGIN -1001
#define MARK_END   -1002
/* Where '=' stands in a line that is short enough. */
#define COLUMN 40
/* Memory that is never mapped. */
#define NOWHERE ((void *)0xdead0000)

/* Shared, so that children add to it. */
struct lines {
	_Atomic size_t len;
	/* For programs whose parts take turns. */
	volatile int turn;
	char text[1 << 20];
};

static struct lines *lines;
static const char *mode = "";
/* What the last call of this thread returned, and who it is. */
static __thread long result;
static __thread int tid;

/* All six registers are set: a tracer may show those that the call does not have. */
static inline long raw(long nr, long a, long b, long c, long d, long e, long f)
{
#if defined(__x86_64__)
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;

	__asm__ volatile("syscall"
			 : "+a"(nr)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return nr;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
#else
#error "which registers does a system call take?"
#endif
}

#define RAW0(nr)                raw(nr, 0, 0, 0, 0, 0, 0)
#define RAW1(nr, a)             raw(nr, (long)(a), 0, 0, 0, 0, 0)
#define RAW2(nr, a, b)          raw(nr, (long)(a), (long)(b), 0, 0, 0, 0)
#define RAW3(nr, a, b, c)       raw(nr, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define RAW4(nr, a, b, c, d)    raw(nr, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define RAW5(nr, a, b, c, d, e) raw(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define RAW6(nr, a, b, c, d, e, f)                                                                 \
	raw(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
#define RAW_OF(nr, a, b, c, d, e, f, name, ...) name
/* sys(close, fd): makes the call; the result is in @result, -errno when it failed. */
#define sys(name, ...)                                                                             \
	(result = RAW_OF(__NR_##name, ##__VA_ARGS__, RAW6, RAW5, RAW4, RAW3, RAW2, RAW1,           \
			 RAW0)(__NR_##name, ##__VA_ARGS__))

static inline bool failed(void)
{
	return result < 0 && result > -4096;
}

static inline void lines_add(const char *text, size_t len)
{
	size_t at = atomic_fetch_add(&lines->len, len);

	if (at + len > sizeof(lines->text))
		errx(1, "too many lines");
	memcpy(lines->text + at, text, len);
}

static inline void line_of(const char *ret, const char *fmt, va_list args)
{
	char text[8192];
	int len = snprintf(text, sizeof(text), "%-5d ", tid);

	len += vsnprintf(text + len, sizeof(text) - (size_t)len, fmt, args);
	if (ret && len < COLUMN - 1)
		len += snprintf(text + len, sizeof(text) - (size_t)len, "%*s", COLUMN - 1 - len,
				"");
	if (ret)
		len += snprintf(text + len, sizeof(text) - (size_t)len, " = %s", ret);
	len += snprintf(text + len, sizeof(text) - (size_t)len, "\n");
	if (len < 0 || (size_t)len >= sizeof(text))
		errx(1, "line too long");
	lines_add(text, (size_t)len);
}

#define PRINTF(n) __attribute__((format(printf, n, n + 1), unused))

/* A line with the result @ret as it is printed. */
PRINTF(2) static void line_is(const char *ret, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line_of(ret, fmt, args);
	va_end(args);
}

/* A line that is no call: a signal, an exit, a call without its end. */
PRINTF(1) static void line_event(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line_of(NULL, fmt, args);
	va_end(args);
}

static inline const char *result_text(const char *fmt)
{
	static __thread char text[128];

	if (failed())
		snprintf(text, sizeof(text), "-1 %s (%s)", strerrorname_np((int)-result),
			 strerror((int)-result));
	else
		snprintf(text, sizeof(text), fmt, result);
	return text;
}

/* The line of the last call, but for its result. */
PRINTF(1) static void line(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line_of(result_text("%ld"), fmt, args);
	va_end(args);
}

/* The same of a call that returns an address. */
PRINTF(1) static void line_pointer(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line_of(result_text("%#lx"), fmt, args);
	va_end(args);
}

/* The same with a comment of the tracer behind what is returned. */
PRINTF(2) static void line_note(const char *note, const char *fmt, ...)
{
	char ret[512];
	va_list args;

	va_start(args, fmt);
	snprintf(ret, sizeof(ret), "%s%s%s%s", result_text("%ld"), failed() ? "" : " (",
		 failed() ? "" : note, failed() ? "" : ")");
	line_of(ret, fmt, args);
	va_end(args);
}

/* @text if the last call succeeded, else the pointer that memory it did not write is shown as. */
PRINTF(2) static const char *out(const void *pointer, const char *fmt, ...)
{
	static __thread char text[4][2048];
	static __thread unsigned int next;
	char *ret = text[next++ % 4];
	va_list args;

	va_start(args, fmt);
	if (failed())
		snprintf(ret, sizeof(text[0]), "%p", pointer);
	else
		vsnprintf(ret, sizeof(text[0]), fmt, args);
	va_end(args);
	return ret;
}

/* Until a thread, whose "stat" in /proc is open, sleeps: what a tracer stops is in another state.
 */
static inline void wait_asleep(int stat_fd)
{
	char text[512], *end;
	ssize_t n;

	do {
		n = pread(stat_fd, text, sizeof(text) - 1, 0);
		if (n <= 0)
			err(1, "a thread's stat");
		text[n] = '\0';
		/* The name may have parentheses, too. */
		end = strrchr(text, ')');
	} while (!end || strncmp(end, ") S", 3));
}

/* Lines of this thread count from here. To be called first in each process and thread. */
static inline void begins(void)
{
	tid = (int)raw(__NR_gettid, 0, 0, 0, 0, 0, 0);
	raw(__NR_close, MARK_BEGIN, 0, 0, 0, 0, 0);
}

static inline void ends(void)
{
	raw(__NR_close, MARK_END, 0, 0, 0, 0, 0);
}

static inline void lines_begin(int argc, char **argv)
{
	if (argc > 1 && chdir(argv[1]))
		err(1, "%s", argv[1]);
	if (argc > 2)
		mode = argv[2];
	umask(022);
	lines = mmap(NULL, sizeof(*lines), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (lines == MAP_FAILED)
		err(1, "mmap");
	begins();
}

static inline int lines_end(void)
{
	ends();
	for (size_t at = 0; at < lines->len;) {
		ssize_t n = write(STDOUT_FILENO, lines->text + at, lines->len - at);

		if (n < 0)
			err(1, "standard output");
		at += (size_t)n;
	}
	return 0;
}

#endif
