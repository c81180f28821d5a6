/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "naming.h"
#include "naming_cgroup.h"
#include "naming_text.h"
#include "pattern.h"

#define NODE_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

/* A rule sees no more of a string than this: its length is the process's choice, the time is ours.
 */
#define MATCH_MAX 4096

enum rule_kind { RULE_CGROUP, RULE_EXE, RULE_COMM, RULE_CMDLINE, RULE_KINDS };

static const char *const rule_kinds[RULE_KINDS] = {"cgroup", "exe", "comm", "cmdline"};

struct rule {
	char name[SERVICE_NAME_MAX];
	enum rule_kind kind;
	regex_t regex;
};

struct naming {
	char *root;
	struct rule *rules;
	size_t nr_rules;
};

/* What sonde itself says in a service's place. */
static bool is_reserved(const char *node)
{
	return !strcmp(node, "_other") || !strcmp(node, "_all");
}

int naming__new(struct naming **ret, const char *root)
{
	struct naming *n = calloc(1, sizeof(*n));

	if (!n)
		return -ENOMEM;
	n->root = strdup(root ? root : "");
	if (!n->root) {
		free(n);
		return -ENOMEM;
	}
	*ret = n;
	return 0;
}

void naming__free(struct naming *n)
{
	size_t i;

	if (!n)
		return;
	for (i = 0; i < n->nr_rules; i++)
		regfree(&n->rules[i].regex);
	free(n->rules);
	free(n->root);
	free(n);
}

static int rule__parse_name(struct rule *r, const char *rule, size_t len, char *why, size_t size)
{
	if (!len || len >= sizeof(r->name) || strspn(rule, NODE_CHARS) != len) {
		snprintf(why, size,
			 "rule '%.100s': a service name has 1 to %d letters, digits, '_' or '-'",
			 rule, SERVICE_NAME_MAX - 1);
		return -EINVAL;
	}
	memcpy(r->name, rule, len);
	r->name[len] = '\0';
	if (is_reserved(r->name)) {
		snprintf(why, size, "rule '%.100s': the name '%s' is reserved, choose another",
			 rule, r->name);
		return -EINVAL;
	}
	return 0;
}

static int rule__parse_kind(struct rule *r, const char *rule, const char *kind, size_t len,
			    char *why, size_t size)
{
	size_t i;

	for (i = 0; i < RULE_KINDS; i++) {
		if (strlen(rule_kinds[i]) == len && !strncmp(rule_kinds[i], kind, len)) {
			r->kind = i;
			return 0;
		}
	}
	snprintf(why, size,
		 "rule '%.100s': unknown kind '%.*s', expected cgroup, exe, comm or cmdline", rule,
		 len > 32 ? 32 : (int)len, kind);
	return -EINVAL;
}

static int rule__parse(struct rule *r, const char *rule, char *why, size_t size)
{
	const char *equals = strchr(rule, '='), *colon = equals ? strchr(equals, ':') : NULL;
	char reason[200];
	int err;

	if (!colon || !colon[1]) {
		snprintf(why, size,
			 "rule '%.100s': expected NAME=KIND:REGEX, e.g. "
			 "web=cgroup:^/system.slice/nginx",
			 rule);
		return -EINVAL;
	}
	err = rule__parse_name(r, rule, equals - rule, why, size);
	if (!err)
		err = rule__parse_kind(r, rule, equals + 1, colon - equals - 1, why, size);
	if (err)
		return err;
	err = pattern__compile(&r->regex, colon + 1, reason, sizeof(reason));
	if (err == -EINVAL)
		snprintf(why, size, "rule '%.100s': bad regular expression: %s", rule, reason);
	return err;
}

int naming__add_rule(struct naming *n, const char *rule, char *why, size_t why_size)
{
	struct rule *rules = reallocarray(n->rules, n->nr_rules + 1, sizeof(*rules));
	int err;

	if (!rules)
		return -ENOMEM;
	n->rules = rules;
	err = rule__parse(&rules[n->nr_rules], rule, why, why_size);
	if (!err)
		n->nr_rules++;
	return err;
}

unsigned int naming__needs(const struct naming *n)
{
	unsigned int needs = 0;
	size_t i;

	for (i = 0; i < n->nr_rules; i++) {
		if (n->rules[i].kind == RULE_COMM)
			needs |= NAMING_BY_COMM;
		else if (n->rules[i].kind != RULE_CGROUP)
			needs |= NAMING_BY_PROCESS;
	}
	return needs;
}

static const char *subject__value(const struct subject *s, enum rule_kind kind)
{
	switch (kind) {
	case RULE_CGROUP:
		return s->cgroup;
	case RULE_EXE:
		return s->exe;
	case RULE_COMM:
		return s->comm;
	default:
		return s->cmdline;
	}
}

/* What is not known matches nothing, not even ".*". */
static bool rule__matches(const struct rule *r, const struct subject *s)
{
	const char *value = subject__value(s, r->kind);
	char start[MATCH_MAX + 1];
	size_t len;

	if (!value || !*value)
		return false;
	len = strnlen(value, MATCH_MAX);
	memcpy(start, value, len);
	start[len] = '\0';
	return !regexec(&r->regex, start, 0, NULL, 0);
}

int naming__derive(struct naming *n, const struct subject *s, char *name, size_t size)
{
	const char *cgroup = s->cgroup ? s->cgroup : "";
	struct text out;
	size_t i;

	if (!size)
		return 0;
	text__init(&out, name, size);
	for (i = 0; i < n->nr_rules; i++) {
		if (n->rules[i].kind == RULE_CMDLINE && !s->cmdline)
			return -EAGAIN;
		if (rule__matches(&n->rules[i], s)) {
			text__add(&out, n->rules[i].name);
			text__end(&out);
			return 0;
		}
	}
	if (!cgroup__container(n->root, cgroup, &out) && !cgroup__unit(cgroup, &out) &&
	    !cgroup__other(cgroup, &out))
		text__add(&out, s->comm && *s->comm ? s->comm : "unknown");
	text__end(&out);
	return 0;
}

/* Copies @raw with all that is no node's character as '_'; returns whether that lost anything. */
static bool node__copy(const char *raw, char *node, size_t size)
{
	bool lost = false;
	size_t i;

	for (i = 0; raw[i] && i < size - 1; i++) {
		node[i] = strchr(NODE_CHARS, raw[i]) ? raw[i] : '_';
		lost |= node[i] != raw[i] && raw[i] != '@';
	}
	node[i] = '\0';
	return lost || raw[i];
}

void node__sanitise(const char *raw, char *node, size_t size)
{
	if (!size)
		return;
	if (size > SERVICE_NAME_MAX)
		size = SERVICE_NAME_MAX;
	if (!raw || !*raw)
		raw = "unknown";
	if (node__copy(raw, node, size) || is_reserved(node))
		text__mark(node, size, text__hash(raw));
}

void node__sanitise_host(const char *raw, char *node, size_t size)
{
	if (!size)
		return;
	if (size > SERVICE_NAME_MAX)
		size = SERVICE_NAME_MAX;
	node__copy(raw && *raw ? raw : "unknown", node, size);
}
