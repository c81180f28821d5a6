// SPDX-License-Identifier: GPL-2.0-only
/* Names of services: the first line is a cgroup's path, then what its process calls itself, its
 * executable and its arguments. */
#include "fuzz.h"
#include "services.h"

#define NODE_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

#define RULES 4

/* With @nrules of the rules. */
static struct naming *make_naming(u32 nrules)
{
	static const char *const rules[RULES] = {
		"web=cgroup:^/system.slice/nginx", "job=exe:^/usr/bin/j.b$",
		"db=comm:^(mysqld|postgres)$", "java=cmdline:-jar [a-z]*.jar"};
	struct naming *n;
	char why[300];

	MUST(!naming__new(&n, "/nowhere"));
	for (u32 i = 0; i < nrules; i++)
		MUST(!naming__add_rule(n, rules[i], why, sizeof(why)));
	return n;
}

static void derive(struct naming *naming, char *const *line)
{
	const struct subject s = {
		.cgroup = line[0], .comm = line[1], .exe = line[2], .cmdline = line[3]};
	char raw[512], node[SERVICE_NAME_MAX];
	size_t n;

	naming__derive(naming, &s, raw, sizeof(raw));
	node__sanitise(raw, node, sizeof(node));
	n = strlen(node);
	MUST(n && strspn(node, NODE_CHARS) == n);
}

/* The path as the kernel side gives it. */
static void announce(struct naming *naming, const uint8_t *data, size_t size)
{
	static struct news_ident news;
	struct services *s;
	const char *name;
	u32 svc;

	size = size < sizeof(news.path) ? size : sizeof(news.path);
	memset(&news, 0, sizeof(news));
	memcpy(news.path, data, size);
	memcpy(news.comm, data, size < sizeof(news.comm) ? size : sizeof(news.comm));
	for (size_t i = 0; i < size; i++)
		if (news.path[i] == '/')
			news.path[i] = 0;
	news.path_len = size;
	MUST(!services__new(&s, naming, "/nowhere", 4));
	services__announced(s, &news, offsetof(struct news_ident, path) + size);
	svc = services__of(s, &news.id);
	name = services__name(s, svc);
	MUST(name);
	/* Who calls himself "kernel", "sonde" or "_other" is counted there. */
	MUST(svc >= SVC_FIRST || memmem(data, size, name, strlen(name)));
	services__free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct naming *naming, *at_once;
	char *text = text__of(data, size), *line[4] = {NULL};

	if (!naming) {
		naming = make_naming(RULES);
		/* Arguments are waited for. */
		at_once = make_naming(RULES - 1);
	}
	announce(at_once, data, size);
	text__lines(text, line, 4);
	derive(naming, line);
	free(text);
	return 0;
}
