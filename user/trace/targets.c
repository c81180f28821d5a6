// SPDX-License-Identifier: GPL-2.0-only
#include "targets.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apart.h"
#include "cgroups.h"
#include "commands.h"
#include "hash.h"
#include "host.h"
#include "log.h"
#include "subject.h"

#define PATH_SIZE 4096

/* So many are remembered; then all are read again. */
#define INNER_MAX 8192

struct inner {
	u32 pid, inner;
	UT_hash_handle hh;
};

struct targets {
	const struct options *o;
	struct names names;
	u32 v1_hierarchy;
	u32 *known; /* processes that were added */
	u32 nknown;
	struct inner *inner;
};

int targets__new(struct targets **ret, const struct options *o)
{
	struct targets *t;
	int err;

	apart__prepare();
	t = calloc(1, sizeof(*t));
	err = t ? cgroups__v1_hierarchy(o->root, &t->v1_hierarchy, NULL) : -ENOMEM;

	if (err) {
		free(t);
		return err;
	}
	t->o = o;
	t->names = (struct names){.naming = o->naming, .root = o->root};
	*ret = t;
	return 0;
}

static void forget_inner(struct targets *t)
{
	struct inner *i, *tmp;

	HASH_ITER(hh, t->inner, i, tmp) {
		HASH_DEL(t->inner, i);
		free(i);
	}
}

void targets__free(struct targets *t)
{
	if (!t)
		return;
	forget_inner(t);
	slow_file__free(t->names.slow);
	free(t->known);
	free(t);
}

/* --- what /proc says of a process */

static ssize_t read_small(const struct targets *t, const char *pid, const char *name, char *text,
			  size_t size)
{
	char path[700];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/%s/%s", t->o->root, pid, name);
	f = fopen(path, "re");
	if (!f)
		return -errno;
	n = fread(text, 1, size - 1, f);
	fclose(f);
	text[n] = 0;
	return n;
}

/* The numbers behind @key in the status of a process, outermost namespace first. */
static u32 read_numbers(const struct targets *t, const char *pid, const char *key, u32 *ret,
			u32 max)
{
	char text[8192], *at;
	u32 n = 0;

	if (read_small(t, pid, "status", text, sizeof(text)) < 0 || !(at = strstr(text, key)))
		return 0;
	at += strlen(key);
	while (n < max && (*at == '\t' || *at == ' '))
		ret[n++] = strtoul(at, &at, 10);
	return n;
}

u32 targets__inner(void *targets, u32 pid)
{
	struct targets *t = targets;
	struct inner *i;
	u32 numbers[32], n, inner;
	char word[16];

	HASH_FIND(hh, t->inner, &pid, sizeof(pid), i);
	if (i)
		return i->inner;
	if (HASH_COUNT(t->inner) >= INNER_MAX)
		forget_inner(t);
	i = calloc(1, sizeof(*i));
	if (!i)
		return 0;
	i->pid = pid;
	snprintf(word, sizeof(word), "%u", pid);
	n = read_numbers(t, word, "\nNSpid:", numbers, 32);
	i->inner = n > 1 ? numbers[n - 1] : 0;
	HASH_ADD(hh, t->inner, pid, sizeof(i->pid), i);
	inner = i->inner;
	/* Then it is read again. */
	if (!hash_added(i))
		free(i);
	return inner;
}

/* The path in the hierarchy that services are named by, "/" in the root of it. */
static void read_cgroup(const struct targets *t, const char *pid, char path[PATH_SIZE])
{
	char text[2 * PATH_SIZE];

	if (read_small(t, pid, "cgroup", text, sizeof(text)) < 0)
		text[0] = 0;
	cgroups__path(text, t->v1_hierarchy, path, PATH_SIZE);
}

static void read_comm(const struct targets *t, const char *pid, char *comm, size_t size)
{
	ssize_t n = read_small(t, pid, "comm", comm, size);

	comm[n > 0 ? n : 0] = 0;
	comm[strcspn(comm, "\n")] = 0;
}

static bool is_of_service(struct targets *t, const char *pid)
{
	/* No more is wanted of it than that there is a process. */
	struct ident id = {.process = 1};
	char cgroup[PATH_SIZE], comm[64], name[512], node[SERVICE_NAME_MAX];

	read_cgroup(t, pid, cgroup);
	read_comm(t, pid, comm, sizeof(comm));
	if (subject__name(&t->names, &id, cgroup, comm, strtoul(pid, NULL, 10), name, sizeof(name)))
		return false;
	node__sanitise(name, node, sizeof(node));
	return !strcmp(node, t->o->service_filter) || !strcmp(name, t->o->service_filter);
}

/* Given as /proc has it, or as a directory of the mounted hierarchy. */
static bool is_in_cgroup(struct targets *t, const char *pid)
{
	const char *wanted = t->o->trace.cgroup;
	char cgroup[PATH_SIZE];
	size_t n;

	read_cgroup(t, pid, cgroup);
	if (!strncmp(wanted, "/sys/fs/cgroup/", 15))
		wanted += 14;
	if (!strncmp(wanted, "/unified/", 9))
		wanted += 8;
	n = strlen(wanted);
	while (n > 1 && wanted[n - 1] == '/')
		n--;
	return !strncmp(cgroup, wanted, n) && (n == 1 || !cgroup[n] || cgroup[n] == '/');
}

/* Threads of the kernel, and what is dead, make no calls: they have no program. */
static bool has_program(struct targets *t, const char *pid)
{
	char path[700], exe[8];

	snprintf(path, sizeof(path), "%s/proc/%s/exe", t->o->root, pid);
	return readlink(path, exe, sizeof(exe)) >= 0 || errno != ENOENT;
}

static bool is_wanted(struct targets *t, const char *pid)
{
	if (t->o->trace.cgroup && !is_in_cgroup(t, pid))
		return false;
	return has_program(t, pid) && (!t->o->service_filter || is_of_service(t, pid));
}

/* --- numbers that were given */

u32 targets__outer(const struct targets *t, u32 pid)
{
	char path[700], own[64], self[32];
	u32 numbers[32], level;
	struct dirent *e;
	ssize_t n = readlink("/proc/self/ns/pid", own, sizeof(own) - 1);
	DIR *dir;
	u32 found = 0;

	own[n > 0 ? n : 0] = 0;
	if (!strcmp(own, PID_NS_INITIAL))
		return pid;
	/* With --root there is the host's /proc, which has both numbers. */
	snprintf(path, sizeof(path), "%s/proc/self", t->o->root);
	n = readlink(path, self, sizeof(self) - 1);
	self[n > 0 ? n : 0] = 0;
	level = read_numbers(t, self, "\nNSpid:", numbers, 32);
	snprintf(path, sizeof(path), "%s/proc", t->o->root);
	dir = level > 1 ? opendir(path) : NULL;
	while (dir && !found && (e = readdir(dir)))
		if (isdigit((unsigned char)e->d_name[0]) &&
		    read_numbers(t, e->d_name, "\nNSpid:", numbers, 32) >= level &&
		    numbers[level - 1] == pid)
			found = numbers[0];
	if (dir)
		closedir(dir);
	return found;
}

/* A thread's number stands for its process. Returns 0, or an exit status. */
static int check_pid(const struct targets *t, u32 *pid)
{
	u32 outer = targets__outer(t, *pid), leader;
	char word[16];

	snprintf(word, sizeof(word), "%u", outer);
	if (!outer) {
		log_error("-p %u: sonde is in a PID namespace of its own; " HOSTS_PROCESSES, *pid);
		return EXIT_UNABLE;
	}
	if (read_numbers(t, word, "\nTgid:", &leader, 1) != 1) {
		log_error("-p %u: there is no such process", *pid);
		return EXIT_FAILED;
	}
	if (leader == (u32)getpid()) {
		log_error("-p %u: that is sonde itself, and each line would make another", *pid);
		return EXIT_USAGE;
	}
	if (leader != outer)
		log_info("-p %u is a thread of %u: tracing that process", *pid, leader);
	*pid = leader;
	return 0;
}

int targets__check(struct targets *t)
{
	int status = 0;

	for (u32 i = 0; !status && i < t->o->trace.npids; i++)
		status = check_pid(t, &t->o->trace.pid[i]);
	return status;
}

/* --- giving them to the tracer */

static bool is_known(const struct targets *t, u32 pid)
{
	for (u32 i = 0; i < t->nknown; i++)
		if (t->known[i] == pid)
			return true;
	return false;
}

static int know(struct targets *t, u32 pid)
{
	u32 *more = realloc(t->known, (t->nknown + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	t->known = more;
	more[t->nknown++] = pid;
	return 0;
}

struct adding {
	struct tracer *tracer;
	void (*added)(void *ctx, u32 pid);
	void *ctx;
};

static int add(struct targets *t, const struct adding *a, u32 pid)
{
	int err;

	if (is_known(t, pid))
		return 0;
	if (a->added)
		a->added(a->ctx, pid);
	err = tracer__add(a->tracer, pid);
	if (!err)
		err = know(t, pid);
	return err ? err : 1;
}

/* Numbers of processes that have ended may be given to others. */
static void forget_gone(struct targets *t)
{
	char path[700];
	u32 n = 0;

	for (u32 i = 0; i < t->nknown; i++) {
		snprintf(path, sizeof(path), "%s/proc/%u", t->o->root, t->known[i]);
		if (!access(path, F_OK))
			t->known[n++] = t->known[i];
	}
	t->nknown = n;
}

static int scan(struct targets *t, const struct adding *a)
{
	char path[700];
	struct dirent *e;
	int n = 0, err = 0;
	DIR *dir;

	forget_gone(t);
	snprintf(path, sizeof(path), "%s/proc", t->o->root);
	dir = opendir(path);
	if (!dir)
		return -errno;
	while (err >= 0 && (e = readdir(dir))) {
		u32 pid = strtoul(e->d_name, NULL, 10);

		if (!pid || pid == (u32)getpid() || apart__is_own(pid) || is_known(t, pid) ||
		    !is_wanted(t, e->d_name))
			continue;
		err = add(t, a, pid);
		if (err == -ESRCH)
			err = 0;
		n += err > 0;
	}
	closedir(dir);
	return err < 0 ? err : n;
}

int targets__add(struct targets *t, struct tracer *tracer, void (*added)(void *ctx, u32 pid),
		 void *ctx)
{
	const struct adding a = {tracer, added, ctx};
	int n = 0, err = 0;

	if (targets__grow(t))
		return scan(t, &a);
	for (u32 i = 0; i < t->o->trace.npids; i++) {
		err = add(t, &a, t->o->trace.pid[i]);
		if (err < 0 && err != -ESRCH)
			return err;
		n += err > 0;
	}
	return n || !t->o->trace.npids ? n : err;
}

bool targets__grow(const struct targets *t)
{
	return t->o->service_filter || t->o->trace.cgroup;
}

void targets__name(const struct targets *t, char *text, size_t size)
{
	const struct trace_options *o = &t->o->trace;
	char comm[64] = "", pid[16];
	u32 inner;
	size_t n;

	if (t->o->service_filter || o->cgroup) {
		snprintf(text, size, "%s %s", t->o->service_filter ? "service" : "cgroup",
			 t->o->service_filter ? t->o->service_filter : o->cgroup);
		return;
	}
	if (!o->npids) {
		snprintf(text, size, "%s", t->o->words[0] ? t->o->words[0] : "");
		return;
	}
	snprintf(pid, sizeof(pid), "%u", o->pid[0]);
	read_comm(t, pid, comm, sizeof(comm));
	n = snprintf(text, size, "%s %s", pid, comm);
	inner = targets__inner((void *)t, o->pid[0]);
	if (inner && n < size)
		n += snprintf(text + n, size - n, " (%u in its PID namespace)", inner);
	if (o->npids > 1 && n < size)
		snprintf(text + n, size - n, " and %u more", o->npids - 1);
}
