/* SPDX-License-Identifier: GPL-2.0-only */
/* Intervals that tests make up, and what the verdicts say of them. */
#ifndef SONDE_TEST_VERDICT_FRAMES_H
#define SONDE_TEST_VERDICT_FRAMES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "top/verdict.h"

#define MS 1000000ULL

enum { SYSCALLS, TCP, BLOCK, SCHED, SETS };

static struct frame_set sets[SETS];
static struct frame_service services[1000];
static struct frame_op ops[4096];
static struct dist dists[4096];
static struct frame_peer peers[64];
static struct frame_device devices[4];
static struct frame f;
static struct verdict_state *state;
static struct verdicts v;

/* An empty interval of a second on two CPUs; what was seen before stays. */
static inline void begin(void)
{
	static const char *const names[SETS] = {"syscalls", "tcp", "block", "sched"};

	memset(services, 0, sizeof(services));
	memset(ops, 0, sizeof(ops));
	memset(dists, 0, sizeof(dists));
	memset(peers, 0, sizeof(peers));
	memset(devices, 0, sizeof(devices));
	f = (struct frame){.cpus = 2, .interval = 1000 * MS};
	f.set = sets;
	f.nsets = SETS;
	f.service = services;
	f.op = ops;
	f.peer = peers;
	f.device = devices;
	for (u32 i = 0; i < SETS; i++) {
		snprintf(sets[i].name, sizeof(sets[i].name), "%s", names[i]);
		sets[i].running = true;
	}
}

/* Of a host that was never seen. */
static inline void begin_anew(void)
{
	verdict__free(state);
	state = NULL;
	begin();
}

static inline u32 service(const char *name)
{
	snprintf(services[f.nservices].name, FRAME_NAME, "%s", name);
	return f.nservices++;
}

static inline void spend(u32 svc, enum part part, u64 ms)
{
	services[svc].time[part] += ms * MS;
}

static inline struct frame_op *op(u32 svc, u32 set, const char *name)
{
	struct frame_op *o = &ops[f.nops++];

	*o = (struct frame_op){.service = svc, .set = set, .kind = OP_LATENCY};
	snprintf(o->name, sizeof(o->name), "%s", name);
	return o;
}

/* Of fewer than 20 the percentile is the maximum, and exact. */
static inline void happen(struct frame_op *o, u64 n, u64 value)
{
	struct dist *d = &dists[o - ops];

	d->count += n;
	d->sum += n * value;
	d->bucket[dist__bucket_of(value, o->kind == OP_SIZE ? UNIT_BYTES : UNIT_NS)] += n;
	d->max = value > d->max ? value : d->max;
	o->dist = d;
}

static inline void call(u32 svc, const char *name, u64 n, u64 value)
{
	happen(op(svc, SYSCALLS, name), n, value);
}

static inline void run_queue(u32 svc, u64 n, u64 value)
{
	happen(op(svc, SCHED, "runq"), n, value);
}

static inline void request(u32 svc, const char *device, const char *action, u64 n, u64 value,
			   u64 bytes)
{
	struct frame_op *o;
	char name[32];

	snprintf(name, sizeof(name), "%s_total", action);
	o = op(svc, BLOCK, name);
	snprintf(o->device, sizeof(o->device), "%s", device);
	happen(o, n, value);
	snprintf(name, sizeof(name), "%s_size", action);
	o = op(svc, BLOCK, name);
	snprintf(o->device, sizeof(o->device), "%s", device);
	o->kind = OP_SIZE;
	happen(o, n, bytes);
}

static inline struct frame_device *device(const char *name, u64 busy_ms)
{
	struct frame_device *d = &devices[f.ndevices++];

	snprintf(d->name, sizeof(d->name), "%s", name);
	d->busy = busy_ms * MS;
	return d;
}

static inline struct frame_peer *peer(u32 svc, const char *address)
{
	struct frame_peer *p = &peers[f.npeers++];

	p->service = svc;
	snprintf(p->address, sizeof(p->address), "%s", address);
	return p;
}

static inline struct frame_peer *wait_for(u32 svc, const char *address, u64 ms, u64 n, u64 p95)
{
	struct frame_peer *p = peer(svc, address);

	p->waited = ms * MS;
	p->waits = n;
	p->wait_p95 = p->wait_max = p95;
	return p;
}

static inline void judge(u32 times)
{
	while (times--)
		CHECK(verdict__judge(&state, &f, &v) == 0);
}

static inline void expect(int line, u32 i, const char *want)
{
	const char *got = i < v.n ? v.line[i].text : "(no line)";

	if (!strcmp(got, want)) {
		passed++;
		return;
	}
	failed++;
	printf("%s:%d: got\n  %s\nwanted\n  %s\n", __FILE__, line, got, want);
}

#define LINE(i, want) expect(__LINE__, i, want)
#define NO_LINE()     expect(__LINE__, 0, "(no line)")

static inline void no_accusation(int line)
{
	for (u32 i = 0; i < v.n; i++) {
		if (v.line[i].weight < VERDICT_ACCUSES)
			continue;
		failed++;
		printf("%s:%d: accuses: %s\n", __FILE__, line, v.line[i].text);
		return;
	}
	passed++;
}

#define NO_ACCUSATION() no_accusation(__LINE__)

/* --- services that most tests need */

static inline void php(u64 n, u64 latency)
{
	u32 s;

	begin();
	s = service("php-fpm");
	spend(s, PART_USER, 1300);
	spend(s, PART_RECV, 4610);
	spend(s, PART_IDLE, 30000);
	call(s, "recvfrom", n, latency);
	wait_for(s, "10.0.3.7:3306", 4610, n, latency);
}

static inline void slow_postgres(u64 fsync)
{
	begin();
	service("postgres");
	service("backup");
	spend(0, PART_USER, 360);
	spend(0, PART_DISK, 640);
	call(0, "fsync", 640 * MS / fsync, fsync);
	request(0, "vda", "write", 16, fsync, 8192);
}

static inline void crowd(const char *victim, u64 on, u64 runq, const char *hog, u64 used,
			 u64 latency)
{
	begin();
	service(victim);
	service(hog);
	spend(0, PART_USER, on);
	spend(0, PART_RUNQ, runq);
	run_queue(0, 19, latency);
	spend(1, PART_USER, used);
	spend(1, PART_RUNQ, used);
	run_queue(1, 19, latency);
}

#endif
