/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose is it? From what the kernel knows of a task to the name of its service. */
#ifndef SONDE_NAMING_H
#define SONDE_NAMING_H

#include <stddef.h>

#define SERVICE_NAME_MAX 64 /* with the terminating NUL; one node of a metric's name */

/* What is known of the process that a name is wanted for; any string may be NULL or "". */
struct subject {
	const char *cgroup; /* path from the root of its hierarchy: "/system.slice/nginx.service" */
	const char *comm;   /* command name of the thread-group leader */
	const char *exe;    /* path of the executable */
	const char *cmdline; /* arguments, joined by single spaces; NULL: were not read yet */
};

struct naming;

/* @root: where the host's / is found ("" or "/" for the host itself). Returns 0 or -ENOMEM. */
int naming__new(struct naming **ret, const char *root);
void naming__free(struct naming *n);

/*
 * Adds a rule "NAME=KIND:REGEX"; KIND is cgroup, exe, comm or cmdline, REGEX is POSIX extended.
 * Rules are tried in the order in which they were added. Returns 0, -ENOMEM, or -EINVAL with one
 * sentence in @why that says what is wrong and what is expected.
 */
int naming__add_rule(struct naming *n, const char *rule, char *why, size_t why_size);

enum { NAMING_BY_COMM = 1, NAMING_BY_PROCESS = 2 };

/* What the rules look at beyond the cgroup, an OR of those. */
unsigned int naming__needs(const struct naming *n);

/*
 * The raw (not yet sanitised) name of @s: the first rule that matches, else container or pod,
 * systemd unit, other cgroup's path without ids, or the command name in the root cgroup. Reads at
 * most a few small files of container runtimes; never blocks on a daemon. Never gives an empty
 * name. Returns 0, or -EAGAIN: it is for a rule to say that looks at arguments, which were not read
 * yet.
 */
int naming__derive(struct naming *n, const struct subject *s, char *name, size_t size);

/*
 * One node of a Graphite path: [A-Za-z0-9_-], at most SERVICE_NAME_MAX - 1 bytes. '@' of a template
 * instance becomes '_'; any other change (bad character, cut) is marked by a short hash of the raw
 * name, so that two different raw names never give the same node by replacement.
 */
void node__sanitise(const char *raw, char *node, size_t size);

/* The same for a host: dots become '_', nothing is marked. */
void node__sanitise_host(const char *raw, char *node, size_t size);

#endif
