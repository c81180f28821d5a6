// SPDX-License-Identifier: GPL-2.0-only
#include "hash.h"
#include "merge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct key {
	u32 set, svc, op;
};

struct entry {
	struct key key;
	struct sample sample;
	struct dist dist;
	UT_hash_handle hh;
};

struct merge {
	struct entry *entries;
	struct delta delta;
	struct sample *sample;
	u32 max; /* of @sample */
	u64 since;
};

static int add_sample(struct merge *m, const struct sample *s)
{
	struct key key = {s->set, s->svc, s->op};
	struct entry *e;
	bool any;

	HASH_FIND(hh, m->entries, &key, sizeof(key), e);
	if (!e) {
		e = calloc(1, sizeof(*e));
		if (!e)
			return -ENOMEM;
		e->key = key;
		HASH_ADD(hh, m->entries, key, sizeof(e->key), e);
		if (!hash_added(e)) {
			free(e);
			return -ENOMEM;
		}
	}
	any = e->sample.dist || s->dist;
	if (s->dist)
		dist__add(&e->dist, s->dist);
	e->sample = *s;
	e->sample.dist = any ? &e->dist : NULL;
	return 0;
}

int merge__add(struct merge **state, const struct delta *d, struct delta **ret)
{
	struct merge *m = *state;
	struct entry *e, *tmp;
	u32 n = 0;

	if (!m)
		m = *state = calloc(1, sizeof(*m));
	if (!m)
		return -ENOMEM;
	if (!m->entries)
		m->since = d->since;
	HASH_ITER(hh, m->entries, e, tmp) {
		e->sample.inflight = 0;
		e->sample.inflight_age = 0;
	}
	for (u32 i = 0; i < d->nsamples; i++)
		if (add_sample(m, &d->sample[i]))
			return -ENOMEM;
	if (HASH_COUNT(m->entries) > m->max) {
		u32 max = 2 * HASH_COUNT(m->entries);
		struct sample *sample = realloc(m->sample, max * sizeof(*sample));

		if (!sample)
			return -ENOMEM;
		m->sample = sample;
		m->max = max;
	}
	HASH_ITER(hh, m->entries, e, tmp)
		m->sample[n++] = e->sample;
	m->delta = *d;
	m->delta.since = m->since;
	m->delta.sample = m->sample;
	m->delta.nsamples = n;
	*ret = &m->delta;
	return 0;
}

void merge__clear(struct merge *m)
{
	struct entry *e, *tmp;

	if (!m)
		return;
	HASH_ITER(hh, m->entries, e, tmp) {
		HASH_DEL(m->entries, e);
		free(e);
	}
}

void merge__free(struct merge *m)
{
	if (!m)
		return;
	merge__clear(m);
	free(m->sample);
	free(m);
}
