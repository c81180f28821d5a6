// SPDX-License-Identifier: GPL-2.0-only
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- which file */

static int check_file(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return -EACCES;
	return 0;
}

/* As execvp looks for it, but once and here: the trace shall begin with the execve that works. */
static int find_file(const char *name, char *path, size_t size)
{
	const char *at = getenv("PATH");
	int err = -ENOENT;

	if (strchr(name, '/') || !*name) {
		snprintf(path, size, "%s", name);
		return *name ? check_file(path) : -ENOENT;
	}
	for (at = at ? at : "/usr/bin:/bin"; at;
	     at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL) {
		int len = strcspn(at, ":"), found;

		snprintf(path, size, "%.*s%s%s", len, at, len ? "/" : "./", name);
		found = check_file(path);
		if (!found)
			return 0;
		if (found == -EACCES)
			err = found;
	}
	return err;
}

/* --- as whom */

struct identity {
	bool given;
	uid_t uid;
	gid_t gid;
	char name[64], home[512];
};

static bool parse_id(const char *name, unsigned long *id)
{
	const char *value = getenv(name);
	char *end;

	if (!value || !*value)
		return false;
	*id = strtoul(value, &end, 10);
	return !*end && *id <= UINT32_MAX - 1;
}

/* Whoever called sudo; nobody if it was root itself. */
static void find_identity(struct identity *i)
{
	unsigned long uid, gid;
	const struct passwd *pw;

	if (geteuid() || !parse_id("SUDO_UID", &uid) || !parse_id("SUDO_GID", &gid) || !uid)
		return;
	i->given = true;
	i->uid = uid;
	i->gid = gid;
	pw = getpwuid(uid);
	if (!pw)
		return;
	snprintf(i->name, sizeof(i->name), "%s", pw->pw_name);
	snprintf(i->home, sizeof(i->home), "%s", pw->pw_dir);
}

static int become(const struct identity *i)
{
	if (!i->given)
		return 0;
	if (i->name[0]) {
		setenv("HOME", i->home, 1);
		setenv("USER", i->name, 1);
		setenv("LOGNAME", i->name, 1);
	}
	if (i->name[0] ? initgroups(i->name, i->gid) : setgroups(0, NULL))
		return -errno;
	return setgid(i->gid) || setuid(i->uid) ? -errno : 0;
}

/* --- the child */

/* What execve is given: where processors do not themselves note what is used (arm64 before 8.1), a
 * page that was not used since fork is not there for who may not wait for it. */
static void use(const char *path, char *const *argv)
{
	volatile size_t bytes = strlen(path);

	for (; *argv; argv++)
		bytes += strlen(*argv);
	for (argv = environ; *argv; argv++)
		bytes++;
}

/* It stops itself by a signal: when it goes on it is behind all calls of its own, so that the first
 * one that is seen is execve. */
static void __attribute__((noreturn))
child(const char *path, char **argv, const struct identity *i, const sigset_t *mask, int fd)
{
	int err = become(i);

	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (!err) {
		use(path, argv);
		kill(getpid(), SIGSTOP);
		execve(path, argv, environ);
		err = -errno;
	}
	if (write(fd, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(err == -ENOENT ? 127 : 126);
}

static int wait_until_stopped(struct launched *c, int fd, char *why, size_t size)
{
	int status, err = -ECHILD;

	while (waitpid(c->pid, &status, WUNTRACED) < 0)
		if (errno != EINTR)
			return -errno;
	if (WIFSTOPPED(status))
		return 0;
	c->pid = 0;
	if (read(fd, &err, sizeof(err)) != sizeof(err))
		err = -ECHILD;
	snprintf(why, size, "the command's process could not be made: %s", strerror(-err));
	return err;
}

int launch__prepare(struct launched *c, char **argv, const sigset_t *mask, char *why, size_t size)
{
	struct identity identity = {};
	char path[4096];
	int fds[2], err = find_file(argv[0], path, sizeof(path));

	memset(c, 0, sizeof(*c));
	if (err) {
		snprintf(why, size, "%s: %s", argv[0], strerror(-err));
		return err;
	}
	find_identity(&identity);
	if (pipe2(fds, O_CLOEXEC)) {
		snprintf(why, size, "%s", strerror(errno));
		return -errno;
	}
	fflush(NULL);
	c->pid = fork();
	if (!c->pid)
		child(path, argv, &identity, mask, fds[1]);
	err = c->pid < 0 ? -errno : 0;
	close(fds[1]);
	if (err) {
		snprintf(why, size, "%s", strerror(-err));
		c->pid = 0;
	} else {
		err = wait_until_stopped(c, fds[0], why, size);
	}
	close(fds[0]);
	return err;
}

/* --- afterwards */

void launch__go(struct launched *c)
{
	kill(c->pid, SIGCONT);
}

bool launch__ended(struct launched *c)
{
	if (c->pid && !c->ended && waitpid(c->pid, &c->status, WNOHANG) == c->pid)
		c->ended = true;
	return c->ended;
}

void launch__cancel(struct launched *c)
{
	if (!c->pid || c->ended)
		return;
	kill(c->pid, SIGKILL);
	waitpid(c->pid, &c->status, 0);
	c->ended = true;
}

int launch__status(const struct launched *c)
{
	const struct rlimit no_core = {0, 0};
	sigset_t set;
	int number;

	if (WIFEXITED(c->status))
		return WEXITSTATUS(c->status);
	number = WTERMSIG(c->status);
	/* The core that matters is the command's. */
	setrlimit(RLIMIT_CORE, &no_core);
	fflush(NULL);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	return 128 + number;
}
