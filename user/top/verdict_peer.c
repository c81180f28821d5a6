// SPDX-License-Identifier: GPL-2.0-only
/* Time lost waiting for a peer, connects that fail, segments that are sent again. */
#include <string.h>

#include "verdict_rules.h"

/* Somebody on this host: who waits for it waits for what that one waits for. */
static bool is_local(const struct frame_peer *p)
{
	return !strncmp(p->address, "127.", 4) || !strncmp(p->address, "[::1]", 5) ||
	       !strncmp(p->address, "unix:", 5);
}

/* About how many % of what was sent went twice. */
static u32 resent_share(const struct frame_peer *p)
{
	return percent(p->retransmits, p->retransmits + p->bytes_out / SEGMENT);
}

static bool is_resending(const struct judge *j, const struct frame_peer *p)
{
	return p && judge__rate(j, p->retransmits) >= RESENT_RATE &&
	       resent_share(p) >= RESENT_SHARE;
}

struct wait {
	const struct frame_peer *peer; /* or NULL: not known whom */
	const struct frame_op *call;   /* or NULL */
	const struct frame_op *open;   /* that has not ended, or NULL */
	bool sending;
	bool all;     /* of several peers */
	u64 lost;     /* ns, for @peer or for all */
	u64 total;    /* ns, for all */
	u64 p95;      /* of the waits that ended; 0: none did */
	u64 age;      /* of the oldest call that has not ended */
	bool is_open; /* those that ended cannot have taken half of the time */
};

/* Who answers nothing is not waited for to the end: then it is the one that was waited for last. */
static const struct frame_peer *last_peer(const struct judge *j)
{
	const struct frame *f = j->facts->f;

	for (u32 i = 0; i < f->npeers; i++)
		if (f->peer[i].service == j->service &&
		    !strcmp(f->peer[i].address, j->habits->peer))
			return &f->peer[i];
	return NULL;
}

static void look_at_waits(const struct judge *j, struct wait *w)
{
	const struct service_facts *s = j->s;
	u64 recv = j->time[PART_RECV], send = j->time[PART_SEND], ended = s->ended;

	*w = (struct wait){.peer = s->peer, .sending = send > recv, .total = recv + send};
	w->call = w->sending ? s->send : s->recv;
	w->lost = w->total;
	/* A read in flight may be of a terminal. */
	w->open = s->peer_open ? s->peer_open : s->files_open;
	w->age = w->open ? w->open->inflight_age : 0;
	if (w->peer && w->peer->waited) {
		w->p95 = w->peer->wait_p95;
		memcpy(j->habits->peer, w->peer->address, sizeof(j->habits->peer));
		w->all = s->npeers > 1 && w->peer->waited < w->total / 2;
		if (!w->all && s->npeers > 1 && w->peer->waited < w->total)
			w->lost = w->peer->waited;
	} else if (s->peer) {
		w->peer = last_peer(j);
	} else if (w->call && w->call->dist->sum <= 2 * w->total) {
		w->p95 = dist__quantile(w->call->dist, .95, UNIT_NS);
		ended = w->call->dist->sum;
	}
	w->is_open = ended < w->total / 2;
}

/* The call's own figure if it is about these waits: others may be in it. */
static bool is_of_call(const struct wait *w, u64 *p95)
{
	if (!w->call)
		return false;
	*p95 = dist__quantile(w->call->dist, .95, UNIT_NS);
	return *p95 >= w->p95 / 2 && *p95 / 2 <= w->p95;
}

static void say_latency(const struct judge *j, const struct wait *w, struct sentence *s)
{
	char time[TIME_MAX], op[SHOWN_MAX];
	u64 p95;

	if (w->is_open)
		say(s, ", %s not answered for %s", put_name(op, w->open->name),
		    put_time(time, w->age));
	else if (is_of_call(w, &p95))
		say(s, ", p95 of %s %s", put_name(op, w->call->name), put_time(time, p95));
	else
		say(s, ", p95 of the waits %s", put_time(time, w->p95));
	normal__say(&j->habits->normal[LAYER_PEER], s);
}

static void find_peer(struct judge *j, const struct wait *w)
{
	u32 class = w->peer && !w->all && is_local(w->peer) ? ACCUSE_LOCAL_PEER : ACCUSE;
	const char *whom = w->peer ? w->peer->address : "a peer";
	struct sentence s;

	if (!judge__find(j, j->service, VERDICT_PEER, class + judge__weight(j, w->lost), &s))
		return;
	say(&s, "%u %% of its busy time waiting %s %.*s", percent(w->lost, j->s->busy),
	    w->sending ? "to send to" : "for", (int)sizeof(w->peer->address), whom);
	if (w->all)
		say(&s, " and %u other peer%s", j->s->npeers - 1, j->s->npeers == 2 ? "" : "s");
	say_latency(j, w, &s);
	if (is_resending(j, w->peer))
		say(&s, "; about %u %% of the segments sent again", resent_share(w->peer));
}

/* A wait that has not ended may be a subscription: that it is new decides. */
static void find_open(struct judge *j, const struct wait *w)
{
	struct finding *f;
	struct sentence s;
	char time[TIME_MAX], op[SHOWN_MAX];

	f = judge__find(j, j->service, VERDICT_PEER, 0, &s);
	if (f)
		f->open = true;
	if (w->age < STUCK_AGE ||
	    !judge__find(j, j->service, VERDICT_OPEN, judge__weight(j, w->lost), &s))
		return;
	say(&s, "%s has waited for %s for %s", put_name(op, w->open->name),
	    w->peer ? w->peer->address : "a peer", put_time(time, w->age));
}

void judge_peer(struct judge *j)
{
	struct normal *normal = &j->habits->normal[LAYER_PEER];
	bool bad, lost;
	struct wait w;

	look_at_waits(j, &w);
	lost = w.total && judge__lost(j, w.lost, SHARE_PEER, LOST_SOME);
	if (w.is_open && lost) {
		if (normal__known(normal) && w.age >= PEER_SLOW && normal__is_worse(normal, w.age))
			find_peer(j, &w);
		else
			find_open(j, &w);
		return;
	}
	bad = w.p95 >= PEER_SLOW || normal__is_worse(normal, w.p95);
	if (bad && lost)
		find_peer(j, &w);
	else
		normal__learn(normal, w.p95);
}

void judge_connects(struct judge *j)
{
	const struct frame_peer *p = j->s->failing;
	u64 attempts;
	struct sentence s;

	if (!p || p->failures < FAILED_SOME || judge__rate(j, p->failures) < FAILED_RATE)
		return;
	attempts = p->connects > p->failures ? p->connects : p->failures;
	if (percent(p->failures, attempts) < FAILED_SHARE)
		return;
	/* A tenth of a second for each. */
	if (!judge__find(j, j->service, VERDICT_CONNECT,
			 ACCUSE + judge__weight(j, p->failures * LOST_SOME), &s))
		return;
	say(&s, "%llu of %llu connects to %s failed", (unsigned long long)p->failures,
	    (unsigned long long)attempts, p->address);
	if (*p->error)
		say(&s, ", %s", p->error);
}

void judge_resent(struct judge *j)
{
	const struct frame_peer *p = j->s->resending;
	struct sentence s;

	if (!is_resending(j, p) ||
	    !judge__find(j, j->service, VERDICT_RESENT,
			 ACCUSE + judge__weight(j, p->retransmits * RESENT_COST), &s))
		return;
	say(&s, "%llu segments to %s sent again, about %u %% of what it sent",
	    (unsigned long long)p->retransmits, p->address, resent_share(p));
}
