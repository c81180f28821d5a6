// SPDX-License-Identifier: GPL-2.0-only
#include "pick.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "hist_select.h"
#include "pattern.h"
#include "syscall_names.h"
#include "units.h"

#define MAX_ERRNO 4096

static const struct {
	const char *name;
	u32 classes;
} classes[] = {
	{"file", CALL_IS_FILE},       {"desc", CALL_IS_DESC},   {"process", CALL_IS_PROCESS},
	{"network", CALL_IS_NETWORK}, {"net", CALL_IS_NETWORK}, {"memory", CALL_IS_MEMORY},
	{"signal", CALL_IS_SIGNAL},   {"ipc", CALL_IS_IPC},     {"creds", CALL_IS_CREDS},
	{"clock", CALL_IS_CLOCK},     {"pure", CALL_IS_PURE},
};

#define NCLASSES (sizeof(classes) / sizeof(classes[0]))

void pick__all(struct pick *p)
{
	memset(p, 0, sizeof(*p));
	memset(p->call, true, sizeof(p->call));
	memset(p->signal, true, sizeof(p->signal));
	p->status = STATUS_ALL;
}

/* --- calls */

static int find_class(const char *word)
{
	for (size_t i = 0; i < NCLASSES; i++)
		if (!strcmp(classes[i].name, word))
			return i;
	return -1;
}

static int add_class(bool *set, const char *word, char *why, size_t size)
{
	const char *names[NCLASSES];
	int found = find_class(word);
	char near[160];

	if (found < 0) {
		for (size_t i = 0; i < NCLASSES; i++)
			names[i] = classes[i].name;
		suggest__nearest(near, sizeof(near), word, names, NCLASSES);
		snprintf(
			why, size,
			"unknown class '%%%s'%s%s; there are %%file, %%desc, %%process, %%network, "
			"%%memory, %%signal, %%ipc, %%creds, %%clock, %%pure",
			word, near[0] ? ", did you mean " : "", near);
		return -EINVAL;
	}
	for (u32 nr = 0; nr < TRACE_NRS; nr++)
		if (syscall_name(nr) && decode__call_desc(nr)->classes & classes[found].classes)
			set[nr] = true;
	return 0;
}

static int add_regex(bool *set, const char *pattern, char *why, size_t size)
{
	bool any = false;
	regex_t re;
	char text[200];
	int err = pattern__compile(&re, pattern, text, sizeof(text));

	if (err == -EINVAL)
		snprintf(why, size, "/%.100s: %s", pattern, text);
	if (err)
		return err;
	for (u32 nr = 0; nr < TRACE_NRS; nr++) {
		const char *name = syscall_name(nr);

		if (name && !regexec(&re, name, 0, NULL, 0))
			any = set[nr] = true;
	}
	regfree(&re);
	if (any)
		return 0;
	snprintf(why, size, "no call has /%s in its name", pattern);
	return -EINVAL;
}

static int add_call(bool *set, const char *word, char *why, size_t size)
{
	bool optional = word[0] == '?';
	const char *names[TRACE_NRS];
	char near[160];
	u32 n = 0, nr;

	word += optional;
	for (nr = 0; nr < TRACE_NRS; nr++) {
		const char *name = syscall_name(nr);

		if (!name)
			continue;
		if (!strcmp(name, word)) {
			set[nr] = true;
			return 0;
		}
		names[n++] = name;
	}
	if (optional)
		return 0;
	if (!units__number(word, 0, TRACE_NRS - 1, &(u64){0})) {
		set[strtoul(word, NULL, 10)] = true;
		return 0;
	}
	/* As strace once wrote classes. */
	if (find_class(word) >= 0)
		return add_class(set, word, why, size);
	suggest__nearest(near, sizeof(near), word, names, n);
	snprintf(why, size, "unknown call '%s'%s%s; ?%s takes it where there is one", word,
		 near[0] ? ", did you mean " : "", near, word);
	return -EINVAL;
}

static int add_to_calls(void *to, const char *word, char *why, size_t size)
{
	if (!strcmp(word, "all")) {
		memset(to, true, TRACE_NRS);
		return 0;
	}
	if (word[0] == '%')
		return add_class(to, word + 1, why, size);
	if (word[0] == '/')
		return add_regex(to, word + 1, why, size);
	return add_call(to, word, why, size);
}

/* --- other sets */

static int add_signal(void *to, const char *word, char *why, size_t size)
{
	bool *set = to;
	char name[32];
	u64 n;

	if (!strcmp(word, "all")) {
		memset(set, true, PICK_SIGNALS);
		return 0;
	}
	if (!units__number(word, 1, PICK_SIGNALS - 1, &n)) {
		set[n] = true;
		return 0;
	}
	snprintf(name, sizeof(name), "%s%s", strncasecmp(word, "SIG", 3) ? "SIG" : "", word);
	for (u32 i = 1; i < PICK_SIGNALS; i++) {
		const char *known = signal__name(i);

		if (known && !strcasecmp(known, name)) {
			set[i] = true;
			return 0;
		}
	}
	snprintf(why, size, "unknown signal '%s'; expected such as SIGTERM, or a number", word);
	return -EINVAL;
}

static int add_fd(void *to, const char *word, char *why, size_t size)
{
	bool *set = to;
	u64 n;

	if (units__number(word, 0, PICK_FDS - 1, &n)) {
		snprintf(why, size, "expected descriptors from 0 to %u, such as fd=3,4",
			 PICK_FDS - 1);
		return -EINVAL;
	}
	set[n] = true;
	return 0;
}

static int add_status(void *to, const char *word, char *why, size_t size)
{
	static const char *const names[] = {"successful", "failed", "unfinished"};
	bool *set = to;

	if (!strcmp(word, "all")) {
		memset(set, true, 3);
		return 0;
	}
	for (u32 i = 0; i < 3; i++) {
		if (!strcmp(word, names[i])) {
			set[i] = true;
			return 0;
		}
	}
	snprintf(why, size, "unknown status '%s'; there are successful, failed, unfinished", word);
	return -EINVAL;
}

/* --- lists */

typedef int (*add_fn)(void *to, const char *word, char *why, size_t size);

/* "a,b", "!a,b" (all but those) or "none" into @set of @n. A regular expression may have commas in
 * it, and is all of the list then. */
static int parse_list(bool *set, u32 n, const char *text, add_fn add, char *why, size_t size)
{
	bool inverted = text[0] == '!';
	char *list = strdup(text + inverted), *at = list, *word;
	int err = list ? 0 : -ENOMEM;

	memset(set, 0, n);
	if (!err && !list[0]) {
		snprintf(why, size, "expected a list, such as openat,read");
		err = -EINVAL;
	}
	if (!err && list[0] == '/')
		err = add(set, list, why, size);
	else if (!err && strcmp(list, "none"))
		while (!err && (word = strsep(&at, ",")))
			err = add(set, word, why, size);
	for (u32 i = 0; inverted && i < n; i++)
		set[i] = !set[i];
	free(list);
	return err;
}

static int parse_status(struct pick *p, const char *text, char *why, size_t size)
{
	bool set[3];
	int err = parse_list(set, 3, text, add_status, why, size);

	p->status = set[0] | set[1] << 1 | set[2] << 2;
	return err;
}

static int parse_calls(struct pick *p, const char *text, char *why, size_t size)
{
	p->calls_given = true;
	return parse_list(p->call, TRACE_NRS, text, add_to_calls, why, size);
}

static bool is_key(const char *text, size_t len, const char *names)
{
	for (const char *at = names; *at; at += strcspn(at, " "), at += *at == ' ')
		if (strcspn(at, " ") == len && !strncmp(at, text, len))
			return true;
	return false;
}

int pick__expression(struct pick *p, const char *text, char *why, size_t size)
{
	const char *equals = text[0] == '/' || text[0] == '!' ? NULL : strchr(text, '=');
	size_t len = equals ? (size_t)(equals - text) : 0;

	if (!equals || is_key(text, len, "trace t"))
		return parse_calls(p, equals ? equals + 1 : text, why, size);
	if (is_key(text, len, "status"))
		return parse_status(p, equals + 1, why, size);
	if (is_key(text, len, "signal signals s"))
		return parse_list(p->signal, PICK_SIGNALS, equals + 1, add_signal, why, size);
	if (is_key(text, len, "fd fds")) {
		p->fds_given = true;
		return parse_list(p->fd, PICK_FDS, equals + 1, add_fd, why, size);
	}
	if (is_key(text, len, "inject fault"))
		snprintf(why, size,
			 "sonde only watches: it cannot change what calls do; strace can");
	else
		snprintf(why, size,
			 "unknown '%.*s'; there are trace=, status=, signal= and fd=, or calls, "
			 "such as -e openat,read",
			 (int)len, text);
	return -EINVAL;
}

int pick__where(struct pick *p, const char *text, char *why, size_t size)
{
	char list[256], *at = list, *word;

	if (strncmp(text, "errno=", 6) || !text[6] || strlen(text) >= sizeof(list)) {
		snprintf(why, size, "expected errno=NAME, such as errno=ENOENT,EACCES");
		return -EINVAL;
	}
	snprintf(list, sizeof(list), "%s", text + 6);
	while ((word = strsep(&at, ","))) {
		u32 error = 1;
		u64 n;

		while (error < MAX_ERRNO &&
		       !(errno__name(error) && !strcasecmp(errno__name(error), word)))
			error++;
		if (!units__number(word, 1, MAX_ERRNO - 1, &n))
			error = n;
		if (error == MAX_ERRNO || p->nerrors == PICK_ERRNOS) {
			snprintf(why, size,
				 "unknown error '%s'; expected such as ENOENT, or a number", word);
			return -EINVAL;
		}
		p->error[p->nerrors++] = error;
	}
	return 0;
}

/* --- asking */

bool pick__signal(const struct pick *p, u32 number)
{
	return number >= PICK_SIGNALS || p->signal[number];
}

bool pick__fd(const struct pick *p, s32 fd)
{
	return fd >= 0 && fd < PICK_FDS && p->fd[fd];
}

bool pick__result(const struct pick *p, u32 error)
{
	if (!(p->status & (error ? STATUS_FAILED : STATUS_SUCCESSFUL)))
		return false;
	for (u32 i = 0; i < p->nerrors; i++)
		if (p->error[i] == error)
			return true;
	return !p->nerrors;
}
