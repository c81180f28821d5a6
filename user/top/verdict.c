// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "verdict_rules.h"

/* A line as it was last deserved. */
struct line {
	u32 history; /* a bit for each of the last STAY_OF intervals, the last one lowest */
	bool stands;
	u32 held; /* intervals in a row that said nothing */
	u32 weight;
	bool deserved, open; /* in this interval */
	char text[SENTENCE_MAX + 1];
};

struct known {
	char name[FRAME_NAME];
	u64 seen, settled; /* numbers of frames */
	struct habits habits;
	struct line *line[VERDICT_KINDS];
	UT_hash_handle hh;
};

struct verdict_state {
	u64 frames;
	struct known *services;
};

static void drop_lines(struct known *k)
{
	for (u32 kind = 0; kind < VERDICT_KINDS; kind++) {
		free(k->line[kind]);
		k->line[kind] = NULL;
	}
}

void verdict__free(struct verdict_state *state)
{
	struct known *k, *next;

	if (!state)
		return;
	HASH_ITER(hh, state->services, k, next) {
		HASH_DEL(state->services, k);
		drop_lines(k);
		free(k);
	}
	free(state);
}

/* NULL if there is no memory. */
static struct known *know(struct verdict_state *state, const char name[FRAME_NAME])
{
	struct known *k;

	HASH_FIND_STR(state->services, name, k);
	if (!k) {
		k = calloc(1, sizeof(*k));
		if (!k)
			return NULL;
		memcpy(k->name, name, sizeof(k->name));
		HASH_ADD_STR(state->services, name, k);
		if (!hash_added(k)) {
			free(k);
			return NULL;
		}
	}
	k->seen = state->frames;
	return k;
}

/* Returns 0 or -ENOMEM. */
static int note(struct known *k, const struct finding *f)
{
	struct line *l = k->line[f->kind];

	/* Only a line that is there can be held. */
	if (!l && f->open)
		return 0;
	if (!l) {
		l = calloc(1, sizeof(*l));
		if (!l)
			return -ENOMEM;
		k->line[f->kind] = l;
	}
	if (f->open) {
		l->open = true;
		return 0;
	}
	/* One may be to blame for several others. */
	if (l->deserved && l->weight >= f->weight)
		return 0;
	l->deserved = true;
	l->weight = f->weight;
	memcpy(l->text, f->text, sizeof(l->text));
	return 0;
}

static void shift(struct line *l)
{
	u32 last = l->stands ? STAY_OF : RISE_OF;

	l->history = (l->history << 1 | l->deserved) & ((1U << STAY_OF) - 1);
	l->stands = __builtin_popcount(l->history & ((1U << last) - 1)) >= RISE_SOME;
	l->held = 0;
}

/* Returns the line of @k that weighs most and stands, or NULL. */
static const struct line *settle(struct known *k)
{
	const struct line *best = NULL;

	for (u32 kind = 0; kind < VERDICT_KINDS; kind++) {
		struct line *l = k->line[kind];

		if (!l)
			continue;
		if (l->deserved || !l->open || l->held == HOLD_MAX) {
			shift(l);
		} else {
			l->held++;
		}
		l->deserved = l->open = false;
		if (!l->history) {
			free(l);
			k->line[kind] = NULL;
		} else if (l->stands && (!best || l->weight > best->weight)) {
			best = l;
		}
	}
	return best;
}

static void forget(struct verdict_state *state)
{
	struct known *k, *next;

	HASH_ITER(hh, state->services, k, next) {
		if (k->seen == state->frames)
			continue;
		settle(k);
		if (state->frames - k->seen < FORGET_AFTER)
			continue;
		HASH_DEL(state->services, k); // NOLINT(clang-analyzer-core.*): uthash
		drop_lines(k);
		free(k);
	}
}

static void add_line(struct verdicts *v, const struct line *l, u32 service)
{
	u32 at = v->n;

	while (at && v->line[at - 1].weight < l->weight)
		at--;
	if (at == VERDICTS_MAX)
		return;
	if (v->n < VERDICTS_MAX)
		v->n++;
	memmove(&v->line[at + 1], &v->line[at], (v->n - 1 - at) * sizeof(v->line[0]));
	memcpy(v->line[at].text, l->text, sizeof(l->text));
	v->line[at].service = service;
	v->line[at].weight = l->weight;
}

/* Where somebody is accused, what is merely so would only distract; what the program itself costs
 * is told. */
static void drop_statements(struct verdicts *v)
{
	if (!v->n || v->line[0].weight < VERDICT_ACCUSES)
		return;
	while (v->line[v->n - 1].weight < VERDICT_ACCUSES - 1)
		v->n--;
}

/* Returns 0 or -ENOMEM. */
static int judge(struct verdict_state *state, const struct facts *facts, struct known **known,
		 struct verdicts *ret)
{
	const struct frame *f = facts->f;
	struct findings found = {};
	int err = 0;

	for (u32 i = 0; i < f->nservices; i++) {
		known[i] = know(state, f->service[i].name);
		if (!known[i])
			return -ENOMEM;
	}
	for (u32 i = 0; i < f->nservices; i++)
		rules__judge(facts, i, &known[i]->habits, &found);
	for (u32 i = 0; i < found.n && !err; i++)
		err = note(known[found.v[i].service], &found.v[i]);
	if (found.failed)
		err = -ENOMEM;
	free(found.v);
	if (err)
		return err;
	forget(state);
	for (u32 i = 0; i < f->nservices; i++) {
		const struct line *l;

		/* Two services may have the same first FRAME_NAME bytes of their names. */
		if (known[i]->settled == state->frames)
			continue;
		known[i]->settled = state->frames;
		l = settle(known[i]);
		if (l)
			add_line(ret, l, i);
	}
	drop_statements(ret);
	return 0;
}

int verdict__judge(struct verdict_state **state, const struct frame *f, struct verdicts *ret)
{
	struct known **known;
	struct facts facts;
	int err;

	memset(ret, 0, sizeof(*ret));
	if (!*state)
		*state = calloc(1, sizeof(**state));
	if (!*state)
		return -ENOMEM;
	if (!f->interval)
		return 0;
	known = calloc((size_t)f->nservices + 1, sizeof(*known));
	err = known ? facts__gather(&facts, f) : -ENOMEM;
	if (!err) {
		(*state)->frames++;
		err = judge(*state, &facts, known, ret);
		facts__free(&facts);
	}
	free(known);
	return err;
}
