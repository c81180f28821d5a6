/* SPDX-License-Identifier: GPL-2.0-only */
/* The rules of the verdicts: what one frame, beside what is normal, says of one service. */
#ifndef SONDE_VERDICT_RULES_H
#define SONDE_VERDICT_RULES_H

#include "verdict.h"
#include "verdict_facts.h"
#include "verdict_limits.h"
#include "verdict_text.h"

enum verdict_kind {
	/* These accuse. */
	VERDICT_CPU,
	VERDICT_CPU_LIMIT,
	VERDICT_DISK,
	VERDICT_PEER,
	VERDICT_LOCK,
	VERDICT_MEMORY,
	VERDICT_CONNECT,
	VERDICT_RESENT,
	VERDICT_STUCK,
	VERDICT_CULPRIT,
	/* These state. */
	VERDICT_SELF,
	VERDICT_OWN_CPU,
	VERDICT_OWN_DISK,
	VERDICT_OPEN,
	VERDICT_ON_CPU,
	VERDICT_OTHER,
	VERDICT_KINDS,
};

/* Layers whose latency, of locks the time lost in a second, is compared with what it was before. */
enum layer { LAYER_CPU, LAYER_DISK, LAYER_PEER, LAYER_LOCK, LAYERS };

/* A figure as it usually is: an exponentially weighted mean of logarithms. */
struct normal {
	double log2_ns;
	u32 samples;
};

/* What a service usually shows. */
struct habits {
	struct normal normal[LAYERS];
	char peer[sizeof(((struct frame_peer *)0)->address)]; /* that it last waited for longest */
};

struct finding {
	u32 service;
	enum verdict_kind kind;
	u32 weight;
	bool open; /* only that waits have not ended: neither for the line nor against it */
	char text[SENTENCE_MAX + 1];
};

struct findings {
	struct finding *v;
	u32 n, room;
	bool failed; /* there was no memory for one */
};

/* Appends what @facts say of @service, and adds to @habits what is not accused. */
void rules__judge(const struct facts *facts, u32 service, struct habits *habits,
		  struct findings *ret);

/* What follows is for the rules themselves. */
struct judge {
	const struct facts *facts;
	const struct service_facts *s;
	const u64 *time; /* the service's parts */
	const char *name;
	u32 service;
	struct habits *habits;
	struct findings *found;
};

void judge_cpu(struct judge *j);
void judge_disk(struct judge *j);
void judge_peer(struct judge *j);
void judge_connects(struct judge *j);
void judge_resent(struct judge *j);

/* Adds a finding, of which @ret is the sentence. NULL if there is no memory. */
struct finding *judge__find(struct judge *j, u32 service, enum verdict_kind kind, u32 weight,
			    struct sentence *ret);

/* @ns per second of the interval. */
u64 judge__rate(const struct judge *j, u64 ns);

/* Whether @ns are at least @share % of the busy time, and @least in a second. */
bool judge__lost(const struct judge *j, u64 ns, u32 share, u64 least);

/* What a service has to wait for that another one on this host answers comes after what that one
 * waits for itself. */
#define ACCUSE_LOCAL_PEER VERDICT_ACCUSES
#define ACCUSE            (VERDICT_ACCUSES + VERDICT_ACCUSES / 2)

/* @ns as a weight within those, or of a statement: ms per second. */
u32 judge__weight(const struct judge *j, u64 ns);

void normal__learn(struct normal *n, u64 ns);
bool normal__known(const struct normal *n);
u64 normal__ns(const struct normal *n);
bool normal__is_worse(const struct normal *n, u64 ns);
void normal__say(const struct normal *n, struct sentence *s);

#endif
