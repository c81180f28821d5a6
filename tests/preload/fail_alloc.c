// SPDX-License-Identifier: GPL-2.0-only
/*
 * Preloaded, lets a program's allocations fail. A place is a chain of calls that allocates; places
 * are numbered in the order in which they are first come to, from main on.
 *
 * FAIL_AT=N: at the Nth place, once; FAIL_AT=N+: there and everywhere from then on. Not in what the
 * program executes. FAIL_COUNT=FILE: when main returns, FILE has how many places there were, and
 * how many allocations. FAIL_WHERE=FILE: FILE has the calls that led to the (first) failure.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

#define PLACES 65536 /* a power of two */
#define DEPTH  24

static uint64_t place[PLACES];
static unsigned long nplaces, nallocs, fail_at;
static bool running, and_on, failed;
static const char *count_file, *where_file;
static int (*real_main)(int, char **, char **);
static _Thread_local bool inside;

struct walk {
	uint64_t hash;
	int depth;
};

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *data)
{
	struct walk *w = data;

	w->hash = (w->hash ^ _Unwind_GetIP(context)) * 0x9e3779b97f4a7c15ULL;
	w->hash ^= w->hash >> 29;
	return ++w->depth < DEPTH ? _URC_NO_REASON : _URC_END_OF_STACK;
}

/* Whether this is the first time at that place. */
static bool is_new(uint64_t hash)
{
	for (unsigned int i = hash % PLACES;; i = (i + 1) % PLACES) {
		uint64_t was = 0;

		if (__atomic_compare_exchange_n(&place[i], &was, hash, false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
		if (was == hash)
			return false;
	}
}

static void say_where(void)
{
	void *stack[DEPTH];
	int fd = open(where_file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		return;
	backtrace_symbols_fd(stack, backtrace(stack, DEPTH), fd);
	close(fd);
}

static bool decide(void)
{
	struct walk w = {.hash = 1};
	bool fails = false;

	__atomic_add_fetch(&nallocs, 1, __ATOMIC_RELAXED);
	_Unwind_Backtrace(step, &w);
	if (is_new(w.hash | 1))
		fails = __atomic_add_fetch(&nplaces, 1, __ATOMIC_RELAXED) == fail_at;
	if (fails && where_file)
		say_where();
	if (fails)
		__atomic_store_n(&failed, true, __ATOMIC_RELAXED);
	return fails || (and_on && __atomic_load_n(&failed, __ATOMIC_RELAXED));
}

static bool fails(void)
{
	int was = errno;
	bool ret;

	/* The unwinder may allocate. */
	if (!running || inside)
		return false;
	inside = true;
	ret = decide();
	inside = false;
	errno = ret ? ENOMEM : was;
	return ret;
}

#define REAL(name)                                                                                 \
	static __typeof__(name) *real;                                                             \
	if (!real)                                                                                 \
	real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

void *malloc(size_t size)
{
	REAL(malloc);
	return fails() ? NULL : real(size);
}

void *calloc(size_t n, size_t size)
{
	REAL(calloc);
	return fails() ? NULL : real(n, size);
}

void *realloc(void *p, size_t size)
{
	REAL(realloc);
	return size && fails() ? NULL : real(p, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	REAL(aligned_alloc);
	return fails() ? NULL : real(align, size);
}

int posix_memalign(void **p, size_t align, size_t size)
{
	REAL(posix_memalign);
	return fails() ? ENOMEM : real(p, align, size);
}

void *mmap(void *at, size_t size, int prot, int flags, int fd, off_t offset)
{
	REAL(mmap);
	return flags & MAP_ANONYMOUS && fails() ? MAP_FAILED
						: real(at, size, prot, flags, fd, offset);
}

static void write_counts(void)
{
	FILE *f = fopen(count_file, "we");

	if (!f)
		return;
	fprintf(f, "%lu %lu\n", nplaces, nallocs);
	fclose(f);
}

static int counted_main(int argc, char **argv, char **envp)
{
	const char *at = getenv("FAIL_AT");
	char *end = "";
	int ret;

	fail_at = at ? strtoul(at, &end, 10) : 0;
	and_on = *end == '+';
	count_file = getenv("FAIL_COUNT");
	where_file = getenv("FAIL_WHERE");
	unsetenv("LD_PRELOAD");
	running = true;
	ret = real_main(argc, argv, envp);
	running = false;
	if (count_file)
		write_counts();
	return ret;
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
		      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	__typeof__(__libc_start_main) *real =
		(__typeof__(__libc_start_main) *)dlsym(RTLD_NEXT, "__libc_start_main");

	real_main = main;
	return real(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
