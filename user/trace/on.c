// SPDX-License-Identifier: GPL-2.0-only
#include "on.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "apart.h"
#include "decode.h"
#include "fd_name.h"
#include "top/descriptor.h"

#define PATH_SHOWN 200
#define MAX_POLLED 4
/* Of a futex. */
#define COMMAND_MASK 0x7f
#define WAIT         0
#define WAIT_BITSET  9
#define LOCK_PI      6
#define LOCK_PI2     13
/* A lock that is taken and waited for, as glibc, Go and Rust mark it. */
#define CONTENDED 2

/* Up to a page's end at a time: the next one need not be there. */
static bool read_string(u32 pid, u64 addr, char *text, size_t size)
{
	size_t n = 0;

	while (n < size - 1) {
		size_t part = 4096 - (addr + n) % 4096;
		ssize_t got;

		part = part < size - 1 - n ? part : size - 1 - n;
		got = apart__memory(pid, addr + n, text + n, part);
		if (got <= 0)
			break;
		if (memchr(text + n, 0, got))
			return true;
		n += got;
	}
	text[n] = 0;
	return n > 0;
}

/* --- paths */

static bool describe_path(const struct trace_thread *t, char *buf, size_t size)
{
	const struct call_desc *desc = decode__call_desc(t->nr);
	char text[PATH_SHOWN];

	if (!(desc->classes & CALL_IS_FILE))
		return false;
	for (u32 i = 0; i < desc->nargs; i++) {
		if (desc->arg[i].type->fetch.kind != FETCH_STRING)
			continue;
		if (!read_string(t->pid, t->arg[i], text, sizeof(text)))
			return false;
		snprintf(buf, size, "%s", text);
		return true;
	}
	return false;
}

/* --- locks */

/* glibc's mutex has its owner's thread behind lock and count; whether this is one is not known, so
 * the number must be one of a thread that there is. */
static void describe_futex(const struct trace_thread *t, bool (*is_thread)(void *ctx, u32 tid),
			   void *ctx, char *buf, size_t size)
{
	u32 command = t->arg[1] & COMMAND_MASK, word[3] = {};
	u32 owner = 0;

	snprintf(buf, size, "at %#llx", (unsigned long long)t->arg[0]);
	if (apart__memory(t->pid, t->arg[0], word, sizeof(word)) != sizeof(word))
		return;
	if (command == LOCK_PI || command == LOCK_PI2)
		owner = word[0] & 0x3fffffff;
	else if ((command == WAIT || command == WAIT_BITSET) && t->arg[2] == CONTENDED)
		owner = word[2];
	if (owner && owner != t->tid && is_thread(ctx, owner))
		snprintf(buf, size, "lock at %#llx, %u has it", (unsigned long long)t->arg[0],
			 owner);
}

/* Who has the lock on a file that process @pid waits for, by /proc/locks: waiters stand below the
 * holder. 0 if it is not there. */
static u32 lock_holder(const char *root, u32 pid)
{
	char path[600], line[256];
	u32 holder = 0, found = 0, who;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/locks", root);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*u: -> %*s %*s %*s %u", &who) == 1) {
			if (who == pid)
				found = holder;
		} else if (sscanf(line, "%*u: %*s %*s %*s %u", &who) == 1) {
			holder = who;
		}
	}
	if (f)
		fclose(f);
	return found;
}

static void add_holder(const char *root, const struct trace_thread *t, const char *name, char *buf,
		       size_t size)
{
	bool locks = !strcmp(name, "flock") ||
		     (!strcmp(name, "fcntl") &&
		      ((int)t->arg[1] == F_SETLKW || t->arg[1] == F_OFD_SETLKW));
	size_t n = strlen(buf);
	u32 holder = locks ? lock_holder(root, t->pid) : 0;

	if (holder)
		snprintf(buf + n, size - n, "; process %u has the lock", holder);
}

/* --- peers */

static bool describe_address(const struct trace_thread *t, u64 addr, u32 len, char *buf,
			     size_t size)
{
	union {
		struct sockaddr any;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		struct sockaddr_un un;
		char room[sizeof(struct sockaddr_un) + 1];
	} a = {};
	char text[INET6_ADDRSTRLEN];

	if (len > sizeof(struct sockaddr_un) ||
	    apart__memory(t->pid, addr, &a, len) != (ssize_t)len)
		return false;
	switch (a.any.sa_family) {
	case AF_INET:
		inet_ntop(AF_INET, &a.in.sin_addr, text, sizeof(text));
		snprintf(buf, size, "%s:%u", text, ntohs(a.in.sin_port));
		return true;
	case AF_INET6:
		inet_ntop(AF_INET6, &a.in6.sin6_addr, text, sizeof(text));
		snprintf(buf, size, "[%s]:%u", text, ntohs(a.in6.sin6_port));
		return true;
	case AF_UNIX:
		snprintf(buf, size, "unix:%s%.107s", a.un.sun_path[0] ? "" : "@",
			 a.un.sun_path + !a.un.sun_path[0]);
		return true;
	}
	return false;
}

/* The descriptors of poll, as many as there is room for. */
static bool describe_polled(const char *root, const struct trace_thread *t, char *buf, size_t size)
{
	u32 n = t->arg[1] < MAX_POLLED ? t->arg[1] : MAX_POLLED;
	struct pollfd p[MAX_POLLED];
	size_t len = 0;

	if (!n || apart__memory(t->pid, t->arg[0], p, n * sizeof(*p)) != (ssize_t)(n * sizeof(*p)))
		return false;
	for (u32 i = 0; i < n && len + 1 < size; i++) {
		char name[200];

		if (p[i].fd < 0)
			continue;
		if (fd_name__look(root, t->pid, p[i].fd, true, name, sizeof(name)))
			snprintf(name, sizeof(name), "descriptor %d", p[i].fd);
		len += snprintf(buf + len, size - len, "%s%s", len ? ", " : "", name);
	}
	if (t->arg[1] > n && len + 1 < size)
		snprintf(buf + len, size - len, " and %llu more",
			 (unsigned long long)t->arg[1] - n);
	return true;
}

void on__describe(const char *root, const struct trace_thread *t, const char *name,
		  bool (*is_thread)(void *ctx, u32 tid), void *ctx, char *buf, size_t size)
{
	buf[0] = 0;
	if (!strcmp(name, "futex"))
		describe_futex(t, is_thread, ctx, buf, size);
	else if (!strcmp(name, "wait4") && (s32)t->arg[0] > 0)
		snprintf(buf, size, "process %d", (s32)t->arg[0]);
	else if (!strcmp(name, "connect") && describe_address(t, t->arg[1], t->arg[2], buf, size))
		return;
	else if ((!strcmp(name, "poll") || !strcmp(name, "ppoll")) &&
		 describe_polled(root, t, buf, size))
		return;
	else if (!describe_path(t, buf, size))
		descriptor__of_call(root, t->pid, name, t->arg[0], buf, size);
	add_holder(root, t, name, buf, size);
}
