// SPDX-License-Identifier: GPL-2.0-only
/* Time lost waiting for a disk: to another service, to a limit, or to the disk itself. */
#include <string.h>

#include "print_hist.h"
#include "verdict_rules.h"

/* The device on which @j's requests took most time; else the one that was busiest. */
static u32 device_of(const struct judge *j)
{
	const struct frame *f = j->facts->f;
	const struct usage *u = &j->facts->usage[(u64)j->service * f->ndevices];
	u32 most = NOBODY, busiest = NOBODY;

	for (u32 i = 0; i < f->ndevices; i++) {
		if (u[i].time && (most == NOBODY || u[i].time > u[most].time))
			most = i;
		if (f->device[i].busy &&
		    (busiest == NOBODY || f->device[i].busy > f->device[busiest].busy))
			busiest = i;
	}
	return most == NOBODY ? busiest : most;
}

struct disk {
	u32 device; /* or NOBODY */
	const struct frame_device *d;
	const struct usage *own, *all;
	u32 busy; /* % */
	u32 neighbour;
	const struct frame_op *op; /* that shows the latency, or NULL */
	u64 p95;
	bool open; /* it is the age of a call that has not ended */
	bool slow, queued;
};

/*
 * The calls that are about files, if it is they that waited; else the requests. read and write
 * count as such only while they explain the time and nothing else can.
 */
static void disk_latency(const struct judge *j, struct disk *d)
{
	const struct service_facts *s = j->s;
	const struct frame_op *op = s->disk;
	u64 waited = j->time[PART_DISK];
	u64 others = j->time[PART_RECV] + j->time[PART_SEND] + j->time[PART_OTHER];

	if (s->files && others < waited / 4 && s->files->dist->sum <= 2 * waited &&
	    (!op || s->files->dist->sum > op->dist->sum))
		op = s->files;
	if (!op || op->dist->sum < waited / 2)
		op = d->own && d->own->request ? d->own->request : op;
	if (op) {
		d->op = op;
		d->p95 = dist__quantile(op->dist, .95, UNIT_NS);
	}
	/* Calls that have not ended count where those that have do not explain the time. */
	if (s->disk_open && s->disk_open->inflight_age > d->p95 &&
	    (!op || op->dist->sum < waited / 2)) {
		d->op = s->disk_open;
		d->p95 = s->disk_open->inflight_age;
		d->open = true;
	}
}

static void look_at_disk(const struct judge *j, struct disk *d)
{
	const struct facts *facts = j->facts;

	*d = (struct disk){.device = device_of(j), .neighbour = NOBODY};
	if (d->device != NOBODY) {
		d->d = &facts->f->device[d->device];
		d->own = &facts->usage[(u64)j->service * facts->f->ndevices + d->device];
		d->all = &facts->device[d->device];
		d->busy = percent(d->d->busy, facts->f->interval);
		d->queued = d->busy >= DEVICE_BUSY && d->d->queue_p95 >= QUEUE_SLOW;
		if (d->busy >= DEVICE_USED)
			d->neighbour = facts__neighbour(facts, d->device, j->service);
	}
	disk_latency(j, d);
}

static u64 slowest(const struct frame_device *d)
{
	u64 most = d->read_p95;

	most = d->write_p95 > most ? d->write_p95 : most;
	most = d->flush_p95 > most ? d->flush_p95 : most;
	return most + d->queue_p95;
}

static bool is_most(const struct disk *d)
{
	return d->device != NOBODY && (percent(d->own->bytes, d->all->bytes) > DEVICE_MOST ||
				       percent(d->own->requests, d->all->requests) > DEVICE_MOST);
}

static bool is_bulk(const struct disk *d)
{
	return d->device != NOBODY && d->busy >= DEVICE_BUSY && d->own->requests &&
	       percent(d->own->bytes, d->all->bytes) > DEVICE_MOST &&
	       d->own->bytes / d->own->requests >= BULK_REQUEST;
}

/* Who or what makes the disk slow, as far as that can be told. */
static void say_why_disk(const struct judge *j, const struct disk *d, struct sentence *s)
{
	char device[SHOWN_MAX], name[SHOWN_MAX], fast[TIME_MAX];
	u64 depth = d->all->time / j->facts->f->interval, p95 = slowest(d->d);

	put_name(device, d->d->name);
	if (d->neighbour != NOBODY) {
		put_name(name, j->facts->f->service[d->neighbour].name);
		say(s, "; %s keeps %s %u %% busy", name, device, d->busy);
	} else if (p95 && p95 < d->p95 / DEVICE_FASTER && d->busy < DEVICE_USED) {
		say(s, "; %s itself answers in %s: look at its I/O limit", device,
		    put_time(fast, p95));
	} else if (is_most(d) && d->busy >= DEVICE_BUSY && depth >= DEVICE_DEPTH) {
		say(s, "; its own requests keep %s %u %% busy", device, d->busy);
	} else if (p95 >= DISK_SLOW && (is_most(d) || d->busy < DEVICE_USED)) {
		say(s, "; %s is slow although others leave it alone", device);
	}
}

static void say_latency(const struct judge *j, const struct disk *d, struct sentence *s)
{
	char time[TIME_MAX], op[SHOWN_MAX];

	if (!d->slow) {
		say(s, ", p95 in its queue %s", put_time(time, d->d->queue_p95));
		return;
	}
	put_time(time, d->p95);
	if (d->open)
		say(s, ", %s not finished for %s", put_name(op, d->op->name), time);
	else if (*d->op->device)
		say(s, ", p95 of its %.*s requests %s", (int)strcspn(d->op->name, "_"), d->op->name,
		    time);
	else
		say(s, ", p95 of %s %s", put_name(op, d->op->name), time);
	normal__say(&j->habits->normal[LAYER_DISK], s);
}

static void find_disk(struct judge *j, const struct disk *d)
{
	u32 importance = ACCUSE + judge__weight(j, j->time[PART_DISK]);
	char device[SHOWN_MAX], victim[SHOWN_MAX];
	struct sentence s;

	if (!judge__find(j, j->service, VERDICT_DISK, importance, &s))
		return;
	say(&s, "%u %% of its busy time waiting for %s%s", percent(j->time[PART_DISK], j->s->busy),
	    d->d ? "disk " : "a disk", d->d ? put_name(device, d->d->name) : "");
	say_latency(j, d, &s);
	if (!d->d)
		return;
	say_why_disk(j, d, &s);
	if (d->neighbour == NOBODY ||
	    !judge__find(j, d->neighbour, VERDICT_CULPRIT, importance - 1, &s))
		return;
	put_name(victim, j->name);
	say(&s, "keeps %s %u %% busy; %s waits for it", device, d->busy, victim);
}

static void find_own_disk(struct judge *j, const struct disk *d)
{
	u64 bytes = (double)d->own->bytes * SECOND / j->facts->f->interval;
	char device[SHOWN_MAX], amount[AMOUNT_MAX];
	struct sentence s;

	if (judge__find(j, j->service, VERDICT_OWN_DISK, judge__weight(j, j->time[PART_DISK]), &s))
		say(&s,
		    "%u %% of its busy time waiting for disk %s, which its own %s/s keep %u %% busy",
		    percent(j->time[PART_DISK], j->s->busy), put_name(device, d->d->name),
		    format__amount(amount, bytes, UNIT_BYTES), d->busy);
}

void judge_disk(struct judge *j)
{
	struct normal *normal = &j->habits->normal[LAYER_DISK];
	struct disk d;

	if (!j->time[PART_DISK])
		return;
	look_at_disk(j, &d);
	d.slow = d.p95 >= DISK_SLOW || normal__is_worse(normal, d.p95);
	if ((d.slow || d.queued) && judge__lost(j, j->time[PART_DISK], SHARE_DISK, LOST_SOME)) {
		if (is_bulk(&d))
			find_own_disk(j, &d);
		else
			find_disk(j, &d);
	} else if (!d.open) {
		normal__learn(normal, d.p95);
	}
}
