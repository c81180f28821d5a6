// SPDX-License-Identifier: GPL-2.0-only
/* Linked with --wrap, so that no harness touches this host's files, and none needs another library
 * than the one that is shipped. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "log.h"

/* Files that include themselves end here. */
#define OPENED_MAX 20

static struct {
	bool on;
	const void *data;
	size_t size;
	const char *link;
	u32 opened;
} given;

void files__are(const void *data, size_t size, const char *link)
{
	given.on = true;
	given.data = data;
	given.size = size;
	given.link = link;
	given.opened = 0;
}

void files__end(void)
{
	given.on = false;
}

FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode)
{
	if (!given.on || mode[0] != 'r')
		return __real_fopen(path, mode);
	if (++given.opened > OPENED_MAX) {
		errno = ENOENT;
		return NULL;
	}
	return given.size ? fmemopen((void *)given.data, given.size, "r")
			  : __real_fopen("/dev/null", mode);
}

ssize_t __real_readlink(const char *path, char *to, size_t size);
ssize_t __wrap_readlink(const char *path, char *to, size_t size);
ssize_t __wrap_readlink(const char *path, char *to, size_t size)
{
	size_t n = given.link ? strlen(given.link) : 0;

	if (!given.on)
		return __real_readlink(path, to, size);
	if (!given.link) {
		errno = ENOENT;
		return -1;
	}
	n = n < size ? n : size;
	memcpy(to, given.link, n);
	return n;
}

int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
	return given.on ? 0 : __real_access(path, mode);
}

int __real_glob(const char *pattern, int flags, int (*fn)(const char *, int), glob_t *ret);
int __wrap_glob(const char *pattern, int flags, int (*fn)(const char *, int), glob_t *ret);
int __wrap_glob(const char *pattern, int flags, int (*fn)(const char *, int), glob_t *ret)
{
	if (!given.on)
		return __real_glob(pattern, flags, fn, ret);
	return pattern[0] == '?' ? GLOB_NOMATCH : __real_glob("itself", GLOB_NOCHECK, fn, ret);
}

/* Made, so that its arguments are looked at, but not printed. */
void __wrap_log__print(enum log_level level, const char *fmt, ...);
void __wrap_log__print(enum log_level level, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	(void)level;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
}

int file__make(const void *data, size_t size, char *path, size_t path_size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	MUST(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	lseek(fd, 0, SEEK_SET);
	snprintf(path, path_size, "/proc/self/fd/%d", fd);
	return fd;
}

char *text__of(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	MUST(text);
	memcpy(text, data, size);
	text[size] = 0;
	return text;
}

u32 text__lines(char *text, char **line, u32 max)
{
	u32 n = 0;

	while (text && n < max) {
		line[n++] = text;
		text = n < max ? strchr(text, '\n') : NULL;
		if (text)
			*text++ = 0;
	}
	return n;
}

static char directory[] = "/tmp/sonde-fuzz.XXXXXX";
static pid_t owner;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_all(void)
{
	if (getpid() == owner)
		nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *directory__make(void)
{
	if (owner)
		return directory;
	MUST(mkdtemp(directory));
	owner = getpid();
	atexit(remove_all);
	return directory;
}
