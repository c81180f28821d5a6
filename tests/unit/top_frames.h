/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames of hosts that do not exist, the same each time. */
#ifndef TOP_FRAMES_H
#define TOP_FRAMES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "top/frame.h"

#define MS  1000000ULL
#define SEC 1000000000ULL

static inline void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

#define SET_TEXT(to, from) snprintf(to, sizeof(to), "%.*s", (int)sizeof(to) - 1, from)

/* 1,024 times the logarithm, straight between powers of two: the same on all machines. */
static inline u64 frames__log(u64 v)
{
	u32 power = 63 - __builtin_clzll(v);

	return 1024 * power + ((v << (63 - power)) >> 53) - 1024;
}

static inline u64 frames__exp(u64 log)
{
	return ((1024 + log % 1024) << (log / 1024)) >> 10;
}

/* @count events whose logarithms lie evenly between those of @low and @high. */
static inline struct dist *frames__dist(u64 count, u64 low, u64 high, u64 errors, enum unit unit)
{
	const u64 from = frames__log(low), to = frames__log(high);
	struct dist d = {.count = count, .errors = errors, .max = high};

	for (u64 i = 0; i < count; i++) {
		u64 value = frames__exp(from + (to - from) * (2 * i + 1) / (2 * count));

		d.bucket[dist__bucket_of(value, unit)]++;
		d.sum += value;
	}
	return must(frame__copy_dist(&d));
}

static inline void frames__set(struct frame *f, const char *name, const char *reason)
{
	struct frame_set *s = must(frame__add_set(f));

	SET_TEXT(s->name, name);
	SET_TEXT(s->reason, reason);
	s->running = !*reason;
}

static inline void frames__loss(struct frame *f, const char *name, u64 total, u64 now)
{
	struct frame_loss *l = must(frame__add_loss(f));

	SET_TEXT(l->name, name);
	l->total = total;
	l->now = now;
}

/* @ms: thread-ms of each part, in order. */
static inline u32 frames__service(struct frame *f, const char *name, u32 threads, u32 processes,
				  const u64 ms[PARTS])
{
	struct frame_service *s = must(frame__add_service(f));

	SET_TEXT(s->name, name);
	s->threads = threads;
	s->processes = processes;
	for (u32 i = 0; i < PARTS; i++)
		s->time[i] = ms[i] * MS;
	return f->nservices - 1;
}

enum { SYSCALLS, TCP, BLOCK, SCHED };

static inline struct frame_op *frames__op(struct frame *f, u32 service, u32 set, const char *name,
					  enum op_kind kind, struct dist *dist)
{
	struct frame_op *op = must(frame__add_op(f));

	op->service = service;
	op->set = set;
	op->kind = kind;
	op->dist = dist;
	SET_TEXT(op->name, name);
	return op;
}

static inline void frames__call(struct frame *f, u32 service, const char *name, u64 count, u64 low,
				u64 high, u64 errors)
{
	frames__op(f, service, SYSCALLS, name, OP_LATENCY,
		   frames__dist(count, low, high, errors, UNIT_NS));
}

static inline void frames__wait(struct frame *f, u32 service, const char *name, u64 count)
{
	struct frame_op *op = frames__op(f, service, SYSCALLS, name, OP_LATENCY,
					 frames__dist(count, 10 * MS, 2 * SEC, 0, UNIT_NS));

	op->wait = true;
	op->inflight = 8;
	op->inflight_age = 3600 * SEC;
}

/* The sum of the calls that do not wait. */
static inline void frames__headline(struct frame *f, u32 service)
{
	struct dist sum = {};

	for (u32 i = 0; i < f->nops; i++)
		if (f->op[i].service == service && f->op[i].set == SYSCALLS && !f->op[i].wait &&
		    f->op[i].dist)
			dist__add(&sum, f->op[i].dist);
	frames__op(f, service, SYSCALLS, "_all", OP_LATENCY, must(frame__copy_dist(&sum)))
		->headline = true;
}

static inline void frames__counter(struct frame *f, u32 service, const char *name, u64 sum)
{
	struct dist d = {.sum = sum};

	SET_TEXT(frames__op(f, service, TCP, name, OP_COUNTER, must(frame__copy_dist(&d)))->stat,
		 "count");
}

static inline void frames__block(struct frame *f, u32 service, const char *device,
				 const char *action, u64 count, u64 low, u64 high, u64 size)
{
	char name[64];

	snprintf(name, sizeof(name), "%s_queue", action);
	SET_TEXT(frames__op(f, service, BLOCK, name, OP_LATENCY,
			    frames__dist(count, 1000, 20000, 0, UNIT_NS))
			 ->device,
		 device);
	snprintf(name, sizeof(name), "%s_device", action);
	SET_TEXT(frames__op(f, service, BLOCK, name, OP_LATENCY,
			    frames__dist(count, low, high, 0, UNIT_NS))
			 ->device,
		 device);
	if (!size)
		return;
	snprintf(name, sizeof(name), "%s_size", action);
	SET_TEXT(frames__op(f, service, BLOCK, name, OP_SIZE,
			    frames__dist(count, size, 4 * size, 0, UNIT_BYTES))
			 ->device,
		 device);
}

static inline struct frame_process *frames__process(struct frame *f, u32 service, u32 pid,
						    const char *comm, u32 threads,
						    const u64 ms[PARTS], u64 calls)
{
	struct frame_process *p = must(frame__add_process(f));

	p->service = service;
	p->pid = pid;
	p->ppid = 1;
	p->threads = threads;
	p->calls = calls;
	SET_TEXT(p->comm, comm);
	for (u32 i = 0; i < PARTS; i++)
		p->time[i] = ms[i] * MS;
	return p;
}

/* One of @n processes that share a service's time; some do more than others. */
static inline void frames__share(struct frame_process *p, u32 i, u32 n)
{
	for (u32 part = 0; part < PARTS; part++)
		p->time[part] = p->time[part] / n * (2 * i + 1) / n;
}

static inline struct frame *frames__new(u32 second)
{
	struct frame *f = must(calloc(1, sizeof(*f)));

	SET_TEXT(f->host, "web1");
	SET_TEXT(f->version, "0.1.0");
	f->uptime = 1045000 + second;
	f->cpus = 8;
	f->load = 3.21;
	f->taken = 1795241000 + second;
	f->interval = SEC;
	f->self_cpu = 8 * MS;
	f->self_rss = 25 << 20;
	return f;
}

static inline void frames__all_sets(struct frame *f)
{
	frames__set(f, "syscalls", "");
	frames__set(f, "tcp", "");
	frames__set(f, "block", "");
	frames__set(f, "sched", "");
}

static inline void frames__web_threads(struct frame *f, u32 second)
{
	static const char *const ops[] = {"read", "epoll_wait", "futex", "openat", ""};
	static const char *const on[] = {"10.0.3.7:3306", "", "lock 0x7f21c0", "/srv/www/index.php",
					 ""};

	for (u32 i = 0; i < 5; i++) {
		struct frame_thread *t = must(frame__add_thread(f));

		t->pid = 4711;
		t->tid = 4711 + i;
		t->state = "SSDRI"[i];
		t->age = (12 + second) * SEC >> (4 * i);
		t->at_least = i == 2;
		t->time[PART_RECV] = i ? 0 : SEC;
		t->time[PART_USER] = i == 3 ? 700 * MS : 0;
		SET_TEXT(t->comm, i ? "php worker" : "php-fpm");
		SET_TEXT(t->op, ops[i]);
		SET_TEXT(t->on, on[i]);
	}
}

static inline void frames__peer(struct frame *f, u32 service, const char *address, u64 waited,
				u64 waits, u64 connects, u64 failures, const char *error)
{
	struct frame_peer *p = must(frame__add_peer(f));

	p->service = service;
	p->waited = waited;
	p->waits = waits;
	p->wait_p95 = waits ? 1900 * waited / waits / 1000 : 0;
	p->wait_max = waits ? 3 * waited / waits : 0;
	p->connects = connects;
	p->failures = failures;
	p->connect_p95 = connects ? 700000 : 0;
	p->connect_max = connects ? 1300000 : 0;
	p->rtt = 240000;
	p->rtt_max = 900000;
	p->retransmits = failures;
	p->bytes_in = 300 * waits;
	p->bytes_out = 80 * waits;
	SET_TEXT(p->address, address);
	SET_TEXT(p->error, error);
}

static inline void frames__device(struct frame *f, const char *name, u64 busy, u64 requests,
				  u64 p95)
{
	struct frame_device *d = must(frame__add_device(f));

	d->busy = busy;
	d->reads = requests;
	d->writes = requests / 3;
	d->read_bytes = requests * 65536;
	d->written_bytes = requests / 3 * 16384;
	d->read_p95 = requests ? p95 : 0;
	d->write_p95 = requests ? 2 * p95 : 0;
	d->flush_p95 = requests ? 5 * p95 : 0;
	d->queue_p95 = requests ? 18000 : 0;
	d->inflight = requests / 100;
	SET_TEXT(d->name, name);
}

/*
 * A web host at night: php-fpm waits for a MySQL that waits for a disk that the backup reads from.
 * From second 5 on it is slow.
 */
static inline struct frame *frames__web(u32 second)
{
	const u64 slow = second >= 5 ? 8 : 1;
	const u64 php[PARTS] = {900, 200, 60, 5, 1800 * slow, 20, 10, 0, 5, 20000 - 1900 * slow};
	const u64 nginx[PARTS] = {120, 180, 12, 0, 3, 2, 0, 0, 0, 3683};
	const u64 mysqld[PARTS] = {600, 250, 40, 700 * slow, 30, 3, 90 * slow, 6, 0, 30000};
	const u64 postgres[PARTS] = {80, 30, 2, 15, 4, 1, 6, 0, 0, 11862};
	const u64 backup[PARTS] = {200, 300, 15, 450, 0, 0, 0, 3, 30, 2};
	const u64 kernel[PARTS] = {0, 140, 4, 0, 0, 0, 0, 0, 20, 90000};
	struct frame *f = frames__new(second);
	struct frame_process *p;
	u32 s;

	frames__all_sets(f);
	frames__loss(f, "lost.storage", 0, 0);
	s = frames__service(f, "nginx", 4, 5, nginx);
	frames__call(f, s, "writev", 2400 + second, 4000, 90000, 0);
	frames__call(f, s, "recvfrom", 4100, 900, 30000, 260);
	frames__wait(f, s, "epoll_wait", 3000);
	frames__headline(f, s);
	frames__counter(f, s, "bytes_in", 3 << 20);
	frames__counter(f, s, "bytes_out", 41 << 20);
	for (u32 i = 0; i < 4; i++)
		frames__share(frames__process(f, s, 900 + i, "nginx", 1, nginx, 1500 + i), i, 4);
	s = frames__service(f, "php-fpm", 24, 25, php);
	frames__call(f, s, "read", 5200, 2000, 240 * MS * slow, 0);
	frames__call(f, s, "openat", 900, 3000, 200000, 40);
	frames__call(f, s, "write", 1900, 1500, 60000, 0);
	f->op[f->nops - 3].inflight = 19;
	f->op[f->nops - 3].inflight_age = 250 * MS * slow;
	frames__wait(f, s, "accept4", 300);
	frames__headline(f, s);
	frames__peer(f, s, "10.0.3.7:3306", 1700 * MS * slow, 5000, 20, 0, "");
	frames__peer(f, s, "unix:/run/redis.sock", 90 * MS, 900, 40, 3, "ECONNREFUSED");
	for (u32 i = 0; i < 20; i++) {
		p = frames__process(f, s, 4711 + i, "php-fpm", 1, php, 400 + 7 * i);
		frames__share(p, 19 - i, 20);
		p->ppid = 4700;
		p->errors = i % 3;
		p->inflight_age = i < 9 ? (12 + second) * SEC >> (2 * i) : 0;
		SET_TEXT(p->inflight_op, i < 9 ? "read" : "");
	}
	s = frames__service(f, "mysqld", 38, 1, mysqld);
	frames__call(f, s, "pread64", 800, 60000, 40 * MS * slow, 0);
	frames__call(f, s, "fdatasync", 55, 2 * MS, 90 * MS * slow, 0);
	frames__call(f, s, "futex", 700, 800, 30 * MS, 12);
	frames__wait(f, s, "futex_wait", 100);
	frames__headline(f, s);
	frames__block(f, s, "vda", "read", 800, 50000, 30 * MS * slow, 16384);
	frames__block(f, s, "vda", "write", 120, 90000, 20 * MS * slow, 16384);
	frames__block(f, s, "vda", "flush", 55, 2 * MS, 80 * MS * slow, 0);
	p = frames__process(f, s, 2100, "mysqld", 38, mysqld, 1655);
	p->read = 800 * 16384;
	p->written = 120 * 16384;
	s = frames__service(f, "postgres", 12, 12, postgres);
	frames__call(f, s, "sendto", 340, 3000, 50000, 0);
	frames__call(f, s, "pwrite64", 40, 5000, 200000, 0);
	frames__headline(f, s);
	frames__process(f, s, 2301, "postgres", 1, postgres, 380);
	s = frames__service(f, "backup", 1, 1, backup);
	frames__call(f, s, "read", 2100, 30000, 12 * MS, 0);
	frames__headline(f, s);
	frames__block(f, s, "vda", "read", 2100, 40000, 25 * MS, 65536);
	p = frames__process(f, s, 9001, "tar", 1, backup, 2100);
	p->read = 2100 * 65536ULL;
	frames__peer(f, s, "[fe80::1]:22", 2 * MS, 100, 0, 0, "");
	s = frames__service(f, "kernel", 90, 90, kernel);
	frames__process(f, s, 2, "kthreadd", 1, kernel, 0);
	frames__device(f, "vda", 970 * MS, 2900, 9 * MS * slow);
	frames__device(f, "vdb", 0, 0, 0);
	frames__web_threads(f, second);
	return f;
}

/* What must be seen at once: a set that has ended, one that never ran, and losses. */
static inline struct frame *frames__lossy(u32 second)
{
	static const u64 time[PARTS];
	struct frame *f = frames__new(second);

	frames__set(f, "syscalls", "");
	frames__set(f, "tcp", second ? "detached: over its budget" : "");
	frames__set(f, "block", "needs CONFIG_BLK_DEV_IO_TRACE");
	frames__loss(f, "lost.storage", 1234 + second, 34);
	frames__loss(f, "services.folded", 3, 0);
	frames__service(f, "_other", 0, 0, time);
	frames__call(f, 0, "read", 100, 1000, 5000, 0);
	return f;
}

/* Names that mean to do harm, or are merely foreign. */
static inline struct frame *frames__hostile(void)
{
	static const char *const names[] = {"\033[2J\033[31mred",
					    "two\nlines\tand\ttabs",
					    "\x80\xff\xfe bytes",
					    "\"},{\\",
					    "\u65e5\u672c\u8a9e\u30b5\u30fc\u30d3\u30b9",
					    "e\u0301 combining",
					    "\u202egnirts",
					    "\xc2\x9b"
					    "2J c1",
					    "caf\u00e9",
					    "%s%n%d",
					    "cut in the mid\xe6\x97",
					    ""};
	static const u64 time[PARTS] = {100, 50, 30, 20, 10, 10, 10, 10, 10, 750};
	struct frame *f = frames__new(0);

	SET_TEXT(f->host, "ho\033[1mst");
	frames__all_sets(f);
	for (u32 i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		u32 s = frames__service(f, names[i], i + 1, 1, time);

		frames__call(f, s, "read", 100 + i, 1000, 90000, i);
		SET_TEXT(frames__process(f, s, 100 + i, names[i], 1, time, 10)->inflight_op,
			 names[i]);
		frames__peer(f, s, names[i], MS, 1, 1, 1, names[i]);
		frames__device(f, names[i], 10 * MS, 100, MS);
	}
	return f;
}

/* @services of 40 operations each, and @processes. */
static inline struct frame *frames__many(u32 services, u32 processes)
{
	struct frame *f = frames__new(0);
	char name[64];

	frames__all_sets(f);
	for (u32 i = 0; i < services; i++) {
		const u64 time[PARTS] = {i, i / 2, 3, i * 7 % 50, i * 3 % 70, 1, 0, 0, 2, 900};

		snprintf(name, sizeof(name), "service-%03u", i);
		frames__service(f, name, 10 + i, 3, time);
		for (u32 op = 0; op < 9; op++) {
			snprintf(name, sizeof(name), "call%u", op);
			frames__call(f, i, name, 20 + i % 7 * op, 2000 + 100 * op,
				     (10 + i % 9) * 2000, op == 3 ? i % 5 : 0);
		}
	}
	for (u32 i = 0; i < processes; i++) {
		const u64 time[PARTS] = {i % 20, i % 10, i % 3, 0, i % 50, 0, 0, 0, 0, 900};
		const u64 idle[PARTS] = {[PART_IDLE] = 1000};

		snprintf(name, sizeof(name), "worker%u", i % 100);
		frames__process(f, i % services, 1000 + i, name, 1 + i % 9, i % 4 ? idle : time,
				i % 4 ? 0 : 10 * i);
	}
	return f;
}

static inline void frames__end(struct frame *f)
{
	frame__free(f);
	free(f);
}

#endif
