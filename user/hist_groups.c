// SPDX-License-Identifier: GPL-2.0-only
#include "hash.h"
#include "hist_groups.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	char key[256];
	struct group group;
	UT_hash_handle hh;
};

struct service {
	char name[SERVICE_NAME_MAX];
	UT_hash_handle hh;
};

struct groups {
	struct entry *entries;
	struct service *services;
	u64 events;
};

int groups__new(struct groups **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? 0 : -ENOMEM;
}

void groups__free(struct groups *g)
{
	struct service *s, *next_service;
	struct entry *e, *next;

	if (!g)
		return;
	HASH_ITER(hh, g->entries, e, next) {
		HASH_DEL(g->entries, e);
		free(e);
	}
	HASH_ITER(hh, g->services, s, next_service) {
		HASH_DEL(g->services, s);
		free(s);
	}
	free(g);
}

static int see_service(struct groups *g, const char *name)
{
	struct service *s;

	HASH_FIND_STR(g->services, name, s);
	if (s)
		return 0;
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	snprintf(s->name, sizeof(s->name), "%s", name);
	HASH_ADD_STR(g->services, name, s);
	if (hash_added(s))
		return 0;
	free(s);
	return -ENOMEM;
}

static void make_title(char *title, size_t size, const struct sample *s, const char *service,
		       enum hist_by by)
{
	const char *first = by == BY_SERVICE ? service : by == BY_DEVICE ? s->info.device : "";

	if (by == BY_SERVICE && s->op == OP_ALL)
		snprintf(title, size, "%s", service);
	else
		snprintf(title, size, "%s%s%s", first, *first ? " " : "", s->info.name);
}

static struct group *group_of(struct groups *g, const struct sample *s, const char *service,
			      enum hist_by by)
{
	char title[sizeof(g->entries->group.title)], key[sizeof(g->entries->key)];
	struct entry *e;

	make_title(title, sizeof(title), s, service, by);
	snprintf(key, sizeof(key), "%u %u %s %s", s->set, s->info.kind,
		 op_kind__is_sum(s->info.kind) ? s->info.stat : "", title);
	HASH_FIND_STR(g->entries, key, e);
	if (e)
		return &e->group;
	e = calloc(1, sizeof(*e));
	if (!e)
		return NULL;
	memcpy(e->key, key, sizeof(key));
	memcpy(e->group.title, title, sizeof(title));
	e->group.set = s->set;
	e->group.info = s->info;
	HASH_ADD_STR(g->entries, key, e);
	if (hash_added(e))
		return &e->group;
	free(e);
	return NULL;
}

/* The measurement's own calls are never mixed with others. */
static int add_sample(struct groups *g, const struct selection *sel, const struct sample *s,
		      const char *service)
{
	struct group *group;

	if (s->dist && see_service(g, service))
		return -ENOMEM;
	if (sel->service ? strcmp(sel->service, service) != 0
			 : s->svc == SVC_SELF && sel->by != BY_SERVICE)
		return 0;
	group = group_of(g, s, service, sel->by);
	if (!group)
		return -ENOMEM;
	group->inflight += s->inflight;
	if (s->inflight_age > group->inflight_age)
		group->inflight_age = s->inflight_age;
	if (!s->dist)
		return 0;
	dist__add(&group->last, s->dist);
	dist__add(&group->total, s->dist);
	g->events += s->dist->count;
	return 0;
}

int groups__add(struct groups *g, const struct selection *sel, const struct delta *d)
{
	int err = 0;

	for (struct entry *e = g->entries; e; e = e->hh.next) {
		memset(&e->group.last, 0, sizeof(e->group.last));
		e->group.inflight = 0;
		e->group.inflight_age = 0;
	}
	for (u32 i = 0; i < d->nsamples && !err; i++) {
		const struct sample *s = &d->sample[i];
		const char *service = d->service[s->svc];

		if (service && (s->dist || s->inflight) && select__wants_op(sel, s))
			err = add_sample(g, sel, s, service);
	}
	return err;
}

static int class_of(const struct group *g)
{
	if (op_kind__is_sum(g->info.kind))
		return 3;
	return g->info.wait ? 2 : g->info.kind == OP_SIZE;
}

static int compare(const void *a, const void *b)
{
	const struct group *x = *(struct group *const *)a, *y = *(struct group *const *)b;
	int order = class_of(x) - class_of(y);

	if (order)
		return order;
	if (x->total.sum != y->total.sum)
		return x->total.sum < y->total.sum ? 1 : -1;
	return strcmp(x->title, y->title);
}

int groups__sorted(const struct groups *g, u32 set, struct group ***ret)
{
	int n = 0;

	*ret = calloc(HASH_COUNT(g->entries) + 1, sizeof(**ret));
	if (!*ret)
		return -ENOMEM;
	for (struct entry *e = g->entries; e; e = e->hh.next)
		if (e->group.set == set)
			(*ret)[n++] = &e->group;
	qsort(*ret, n, sizeof(**ret), compare);
	return n;
}

u64 groups__events(const struct groups *g)
{
	return g->events;
}

u32 groups__services(const struct groups *g, const char **names, u32 max)
{
	u32 n = 0;

	for (struct service *s = g->services; s && n < max; s = s->hh.next)
		names[n++] = s->name;
	return n;
}
