// SPDX-License-Identifier: GPL-2.0-only
#include "pattern.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "types.h"

/* What repetitions may add: 10 MiB at worst, and 10 ms, `a?{1000}`. */
#define MAX_ADDED 1000
/* The C library goes down into groups by calling itself. */
#define MAX_DEPTH 100

/* How large it is when all that is repeated is written out; @last: of it, what an operator that
 * comes next would repeat. */
struct size {
	u64 all, last;
};

static void add(struct size *s, u64 more)
{
	s->all += more;
	s->last = more;
}

static void repeat(struct size *s, u64 times)
{
	if (!times)
		return;
	s->all += s->last * (times - 1);
	s->last *= times;
}

/* The last character of the bracket expression that begins at @p. */
static const char *bracket_end(const char *p)
{
	p += p[1] == '^' ? 2 : 1;
	if (*p == ']')
		p++;
	while (*p && *p != ']') {
		/* [:CLASS:], [.ELEMENT.], [=EQUIVALENTS=] */
		if (*p == '[' && p[1] && strchr(".:=", p[1])) {
			char end[] = {p[1], ']', 0};
			const char *found = strstr(p + 2, end);

			if (found)
				p = found + 1;
		}
		p++;
	}
	return *p ? p : p - 1;
}

/* {N}, {N,}, {,M} or {N,M} at @p: how often that writes it out. */
static u64 bound(const char *p)
{
	const char *comma = p + 1 + strspn(p + 1, "0123456789");
	u64 least = strtoul(p + 1, NULL, 10), most = 0;

	if (*comma == ',')
		most = isdigit((unsigned char)comma[1]) ? strtoul(comma + 1, NULL, 10) : least + 1;
	return most > least ? most : least;
}

static bool is_bound(const char *p)
{
	return *p == '{' && (isdigit((unsigned char)p[1]) || p[1] == ',');
}

/* Knows of the syntax what tells how large it is; the C library judges the rest. */
static bool is_too_large(const char *p)
{
	struct size group[MAX_DEPTH] = {}, *g = group;
	u64 most = strlen(p) + MAX_ADDED;

	for (; *p && g->all <= most; p++) {
		if (*p == '(') {
			if (++g == group + MAX_DEPTH)
				return true;
			*g = (struct size){.all = 1};
		} else if (*p == ')' && g > group) {
			g--;
			add(g, g[1].all);
		} else if (*p == '+') {
			repeat(g, 2);
		} else if (is_bound(p)) {
			u64 times = bound(p);

			repeat(g, times <= most ? times : most + 1);
			p += strcspn(p, "}");
			p -= !*p;
		} else if (!strchr("*?|", *p)) {
			if (*p == '[')
				p = bracket_end(p);
			p += *p == '\\' && p[1];
			add(g, 1);
		}
	}
	return g->all > most;
}

int pattern__compile(regex_t *pattern, const char *text, char *why, size_t size)
{
	int err;

	if (is_too_large(text)) {
		snprintf(
			why, size,
			"too large: repetitions that add more than %d characters when they are written out, or more than %d groups within each other",
			MAX_ADDED, MAX_DEPTH - 1);
		return -EINVAL;
	}
	err = regcomp(pattern, text, REG_EXTENDED | REG_NOSUB);
	if (!err)
		return 0;
	if (err == REG_ESPACE)
		return -ENOMEM;
	regerror(err, pattern, why, size);
	return -EINVAL;
}
