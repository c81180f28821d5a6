/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of made-up intervals: of incidents the sentence, of ordinary ones no accusation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "top/verdict.h"

#define MS 1000000ULL

static int passed, failed;

static void check(int line, const char *what, bool good)
{
	if (good) {
		passed++;
		return;
	}
	failed++;
	printf("%s:%d: %s\n", __FILE__, line, what);
}

#define CHECK(cond) check(__LINE__, #cond, cond)

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
static void begin(void)
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
static void begin_anew(void)
{
	verdict__free(state);
	state = NULL;
	begin();
}

static u32 service(const char *name)
{
	snprintf(services[f.nservices].name, FRAME_NAME, "%s", name);
	return f.nservices++;
}

static void spend(u32 svc, enum part part, u64 ms)
{
	services[svc].time[part] += ms * MS;
}

static struct frame_op *op(u32 svc, u32 set, const char *name)
{
	struct frame_op *o = &ops[f.nops++];

	*o = (struct frame_op){.service = svc, .set = set, .kind = OP_LATENCY};
	snprintf(o->name, sizeof(o->name), "%s", name);
	return o;
}

/* Of fewer than 20 the percentile is the maximum, and exact. */
static void happen(struct frame_op *o, u64 n, u64 value)
{
	struct dist *d = &dists[o - ops];

	d->count += n;
	d->sum += n * value;
	d->bucket[dist__bucket_of(value, o->kind == OP_SIZE ? UNIT_BYTES : UNIT_NS)] += n;
	d->max = value > d->max ? value : d->max;
	o->dist = d;
}

static void call(u32 svc, const char *name, u64 n, u64 value)
{
	happen(op(svc, SYSCALLS, name), n, value);
}

static void run_queue(u32 svc, u64 n, u64 value)
{
	happen(op(svc, SCHED, "runq"), n, value);
}

static void request(u32 svc, const char *device, const char *action, u64 n, u64 value, u64 bytes)
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

static struct frame_device *device(const char *name, u64 busy_ms)
{
	struct frame_device *d = &devices[f.ndevices++];

	snprintf(d->name, sizeof(d->name), "%s", name);
	d->busy = busy_ms * MS;
	return d;
}

static struct frame_peer *peer(u32 svc, const char *address)
{
	struct frame_peer *p = &peers[f.npeers++];

	p->service = svc;
	snprintf(p->address, sizeof(p->address), "%s", address);
	return p;
}

static struct frame_peer *wait_for(u32 svc, const char *address, u64 ms, u64 n, u64 p95)
{
	struct frame_peer *p = peer(svc, address);

	p->waited = ms * MS;
	p->waits = n;
	p->wait_p95 = p->wait_max = p95;
	return p;
}

static void judge(u32 times)
{
	while (times--)
		CHECK(verdict__judge(&state, &f, &v) == 0);
}

static void expect(int line, u32 i, const char *want)
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

static void no_accusation(int line)
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

/* --- peers */

static void php(u64 n, u64 latency)
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

static void test_peer(void)
{
	begin_anew();
	php(3, 1900 * MS);
	judge(1);
	NO_LINE();
	judge(1);
	LINE(0, "php-fpm: 78 % of its busy time waiting for 10.0.3.7:3306, p95 of recvfrom 1.9 s");
	CHECK(v.n == 1 && v.line[0].service == 0 && v.line[0].weight >= VERDICT_ACCUSES);
	/* The call is of the sockets and of something faster: the peer's own figure. */
	ops[0].dist = NULL;
	call(0, "recvmsg", 18, 1 * MS);
	judge(1);
	LINE(0, "php-fpm: 78 % of its busy time waiting for 10.0.3.7:3306, p95 of the waits 1.9 s");
	peers[0].retransmits = 60;
	peers[0].bytes_out = 1448 * 540;
	judge(1);
	LINE(0, "php-fpm: 78 % of its busy time waiting for 10.0.3.7:3306, p95 of the waits 1.9 s; "
		"about 10 % of the segments sent again");
}

static void test_peers(void)
{
	begin_anew();
	php(3, 1900 * MS);
	peers[0].waited = 1500 * MS;
	wait_for(0, "10.0.3.8:3306", 1400 * MS / MS, 3, 1800 * MS);
	wait_for(0, "10.0.3.9:3306", 1400 * MS / MS, 3, 1800 * MS);
	judge(2);
	LINE(0,
	     "php-fpm: 78 % of its busy time waiting for 10.0.3.7:3306 and 2 other peers, p95 of "
	     "recvfrom 1.9 s");
	/* Set tcp is off. */
	begin_anew();
	php(3, 1500 * MS);
	f.npeers = 0;
	judge(2);
	LINE(0, "php-fpm: 78 % of its busy time waiting for a peer, p95 of recvfrom 1.5 s");
	/* Then a call that takes longer than all there is to wait is about something else. */
	begin_anew();
	php(10, 1500 * MS);
	f.npeers = 0;
	judge(3);
	NO_LINE();
	/* Sending. */
	begin_anew();
	begin();
	service("logger");
	spend(0, PART_SEND, 900);
	call(0, "sendto", 9, 100 * MS);
	wait_for(0, "10.0.0.9:514", 900, 9, 100 * MS);
	judge(2);
	LINE(0,
	     "logger: 100 % of its busy time waiting to send to 10.0.0.9:514, p95 of sendto 100 ms");
}

/* Fast answers are no accusation, however much of the time they are. */
static void test_fast_peer(void)
{
	begin_anew();
	php(15000, 300000);
	judge(8);
	NO_LINE();
	/* Against its own normal. */
	php(1000, 4600000);
	judge(3);
	NO_LINE();
	php(600, 7600000);
	judge(1);
	NO_LINE();
	judge(1);
	LINE(0, "php-fpm: 78 % of its busy time waiting for 10.0.3.7:3306, p95 of recvfrom 7.4 ms, "
		"normally 333 us");
	/* While it stands nothing is learnt. */
	judge(100);
	LINE(0, "php-fpm: 78 % of its busy time waiting for 10.0.3.7:3306, p95 of recvfrom 7.4 ms, "
		"normally 333 us");
	/* It is one thread for a tenth of a second. */
	begin_anew();
	service("poller");
	spend(0, PART_RECV, 99);
	wait_for(0, "10.0.3.7:3306", 99, 1, 99 * MS);
	judge(3);
	NO_LINE();
	services[0].time[PART_RECV] = 101 * MS;
	judge(2);
	LINE(0, "poller: 100 % of its busy time waiting for 10.0.3.7:3306, p95 of the waits 99 ms");
	/* It works more than it waits. */
	begin_anew();
	php(3, 1900 * MS);
	spend(0, PART_USER, 3700);
	judge(3);
	NO_ACCUSATION();
}

/* A peer that answers nothing any more. */
static void test_silent_peer(void)
{
	begin_anew();
	php(15000, 300000);
	judge(6);
	begin();
	service("php-fpm");
	spend(0, PART_RECV, 8000);
	peer(0, "10.0.3.7:3306");
	peer(0, "10.0.3.99:80");
	op(0, SYSCALLS, "recvfrom")->inflight_age = 900 * MS;
	op(0, SYSCALLS, "read")->inflight_age = 99000 * MS;
	judge(1);
	ops[0].inflight_age = 1900 * MS;
	judge(1);
	LINE(0,
	     "php-fpm: 100 % of its busy time waiting for 10.0.3.7:3306, recvfrom not answered for "
	     "1.9 s, normally 300 us");
}

/* Who has always waited, as one that subscribes, is not accused; that is said if nothing else. */
static void test_subscriber(void)
{
	begin_anew();
	service("replica");
	spend(0, PART_RECV, 1000);
	peer(0, "10.0.3.7:3306");
	op(0, SYSCALLS, "recvfrom");
	for (u64 second = 0; second < 300; second++) {
		begin();
		service("replica");
		spend(0, PART_RECV, 1000);
		op(0, SYSCALLS, "recvfrom")->inflight_age = (second % 30 + 1) * 1000 * MS;
		peer(0, "10.0.3.7:3306");
		if (second % 30 == 0 && second) {
			f.npeers = 0;
			call(0, "recvfrom", 1, 30000 * MS);
			wait_for(0, "10.0.3.7:3306", 1000, 1, 30000 * MS);
		}
		judge(1);
		NO_ACCUSATION();
	}
	LINE(0, "replica: recvfrom has waited for 10.0.3.7:3306 for 30 s");
}

/* Each wait is longer than an interval: those in which none ended do not count against the line. */
static void test_long_waits(void)
{
	begin_anew();
	for (u32 second = 0; second < 20; second++) {
		begin();
		service("app");
		spend(0, PART_RECV, 1000);
		if (second % 2) {
			call(0, "recvfrom", 1, 1900 * MS);
			wait_for(0, "10.0.3.7:80", 1900, 1, 1900 * MS);
		} else {
			peer(0, "10.0.3.7:80");
			op(0, SYSCALLS, "recvfrom")->inflight_age = 900 * MS;
		}
		judge(1);
		if (second >= 3)
			LINE(0,
			     "app: 100 % of its busy time waiting for 10.0.3.7:80, p95 of recvfrom "
			     "1.9 s");
	}
}

/* Who waits for another one on this host comes after what that one waits for. */
static void test_local_peer(void)
{
	begin_anew();
	php(3, 1900 * MS);
	snprintf(peers[0].address, sizeof(peers[0].address), "127.0.0.1:3306");
	service("mysqld");
	spend(1, PART_DISK, 800);
	call(1, "fsync", 16, 50 * MS);
	judge(2);
	CHECK(v.n == 2);
	LINE(0, "mysqld: 100 % of its busy time waiting for a disk, p95 of fsync 50 ms");
	LINE(1, "php-fpm: 78 % of its busy time waiting for 127.0.0.1:3306, p95 of recvfrom 1.9 s");
}

static void test_connects(void)
{
	struct frame_peer *p;

	begin_anew();
	service("app");
	p = peer(0, "10.0.0.5:5432");
	p->connects = 50;
	p->failures = 40;
	strcpy(p->error, "ECONNREFUSED");
	judge(2);
	LINE(0, "app: 40 of 50 connects to 10.0.0.5:5432 failed, ECONNREFUSED");
	p->connects = 0; /* those that failed are all there were */
	p->error[0] = 0;
	judge(1);
	LINE(0, "app: 40 of 40 connects to 10.0.0.5:5432 failed");
	begin_anew();
	service("app");
	p = peer(0, "10.0.0.5:5432");
	p->connects = 500;
	p->failures = 40;
	judge(3);
	NO_LINE();
	p->connects = p->failures = 2;
	judge(3);
	NO_LINE();
}

static void test_resent(void)
{
	struct frame_peer *p;

	begin_anew();
	service("app");
	p = peer(0, "10.0.0.5:5432");
	p->retransmits = 120;
	p->bytes_out = 1380 * 1448;
	judge(2);
	LINE(0, "app: 120 segments to 10.0.0.5:5432 sent again, about 8 % of what it sent");
	/* As congestion control does. */
	p->bytes_out *= 10;
	judge(3);
	NO_LINE();
	p->retransmits = 9;
	p->bytes_out = 0;
	judge(3);
	NO_LINE();
}

/* --- disks */

static void slow_postgres(u64 fsync)
{
	begin();
	service("postgres");
	service("backup");
	spend(0, PART_USER, 360);
	spend(0, PART_DISK, 640);
	call(0, "fsync", 640 * MS / fsync, fsync);
	request(0, "vda", "write", 16, fsync, 8192);
}

static void test_disk(void)
{
	struct frame_device *d;

	begin_anew();
	slow_postgres(41 * MS);
	spend(1, PART_DISK, 900);
	spend(1, PART_KERNEL, 60);
	request(1, "vda", "read", 100, 50 * MS, 1 << 20);
	d = device("vda", 900);
	d->read_p95 = 50 * MS;
	d->write_p95 = 40 * MS;
	judge(1);
	NO_LINE();
	judge(1);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 41 ms; backup "
		"keeps vda 90 % busy");
	LINE(1, "backup: keeps vda 90 % busy; postgres waits for it");
	CHECK(v.n == 2 && v.line[0].service == 0 && v.line[1].service == 1);
	/* Without set block the device is not known, without syscalls the call is not. */
	f.ndevices = 0;
	judge(1);
	LINE(0, "postgres: 64 % of its busy time waiting for a disk, p95 of fsync 41 ms");
	f.ndevices = 1;
	ops[0].dist = NULL;
	judge(1);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 of its write requests "
		"41 ms; backup keeps vda 90 % busy");
	/* Never the kernel's fault. */
	strcpy(services[1].name, "kernel");
	judge(3);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 of its write requests "
		"41 ms");
	CHECK(v.n == 1);
}

static void test_slow_disk(void)
{
	struct frame_device *d;

	begin_anew();
	slow_postgres(80 * MS);
	d = device("vda", 640);
	d->write_p95 = 75 * MS;
	judge(2);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 80 ms; vda is "
		"slow although others leave it alone");
	/* Its own requests wait for each other. */
	d->busy = 950 * MS;
	request(0, "vda", "read", 200, 40 * MS, 8192);
	judge(1);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 80 ms; its own "
		"requests keep vda 95 % busy");
	/* What the device is not to blame for. */
	begin_anew();
	slow_postgres(80 * MS);
	d = device("vda", 50);
	d->write_p95 = 2 * MS;
	judge(2);
	LINE(0,
	     "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 80 ms; vda itself "
	     "answers in 2.0 ms: look at its I/O limit");
	/* The requests queue. */
	begin_anew();
	slow_postgres(6 * MS);
	d = device("vda", 900);
	d->write_p95 = 6 * MS;
	judge(3);
	NO_LINE();
	d->queue_p95 = 6 * MS;
	judge(2);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 in its queue 6.0 ms");
}

static void test_disk_normal(void)
{
	begin_anew();
	slow_postgres(1 * MS);
	judge(20);
	NO_LINE();
	slow_postgres(9 * MS);
	judge(2);
	LINE(0, "postgres: 64 % of its busy time waiting for a disk, p95 of fsync 8.8 ms, normally "
		"988 us");
	/* A flush that does not end. */
	begin();
	service("postgres");
	spend(0, PART_DISK, 1000);
	op(0, SYSCALLS, "fdatasync")->inflight_age = 3200 * MS;
	judge(1);
	LINE(0,
	     "postgres: 100 % of its busy time waiting for a disk, fdatasync not finished for 3.2 "
	     "s, normally 988 us");
	/* One that is slow, of many that are not. */
	begin_anew();
	slow_postgres(1 * MS);
	op(0, SYSCALLS, "fdatasync")->inflight_age = 30 * MS;
	judge(3);
	NO_LINE();
}

/* A copy fills any disk, and is not accused of it. */
static void test_bulk(void)
{
	struct frame_device *d;

	begin_anew();
	service("backup");
	spend(0, PART_DISK, 900);
	spend(0, PART_KERNEL, 100);
	call(0, "read", 18, 50 * MS);
	request(0, "vda", "read", 180, 40 * MS, 1 << 20);
	d = device("vda", 920);
	d->read_p95 = 40 * MS;
	judge(3);
	NO_ACCUSATION();
	LINE(0,
	     "backup: 90 % of its busy time waiting for disk vda, which its own 180 MiB/s keep 92 "
	     "% busy");
}

/* --- CPUs */

static void crowd(const char *victim, u64 on, u64 runq, const char *hog, u64 used, u64 latency)
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

static void test_cpu(void)
{
	begin_anew();
	crowd("worker", 100, 710, "hogs", 1890, 14 * MS);
	spend(0, PART_RECV, 190);
	judge(1);
	NO_LINE();
	judge(1);
	LINE(0, "worker: 71 % of its busy time waiting for a CPU; hogs uses 1.9 of 2 CPUs");
	LINE(1, "hogs: uses 1.9 of 2 CPUs; worker waits for a CPU");
	CHECK(v.n == 2);
	/* Shorter than a time slice. */
	begin_anew();
	crowd("worker", 100, 710, "hogs", 1890, 3 * MS);
	judge(3);
	NO_ACCUSATION();
	/* No one service. */
	begin_anew();
	crowd("worker", 300, 710, "a", 400, 14 * MS);
	for (u32 i = 0; i < 3; i++) {
		char name[2] = {'b' + i, 0};

		spend(service(name), PART_KERNEL, 400);
	}
	services[1].time[PART_RUNQ] = 0;
	judge(2);
	LINE(0,
	     "worker: 70 % of its busy time waiting for a CPU; all services together keep the CPUs "
	     "95 % busy");
	CHECK(v.n == 1);
	/* A little that was less before. */
	begin_anew();
	crowd("worker", 100, 10, "hogs", 100, MS / 2);
	judge(6);
	crowd("worker", 100, 150, "hogs", 1800, 6 * MS);
	judge(2);
	LINE(0, "worker: 60 % of its busy time waiting for a CPU; hogs uses 1.8 of 2 CPUs");
	/* The same, of one that has no normal. */
	begin_anew();
	crowd("worker", 100, 150, "hogs", 1800, 6 * MS);
	judge(3);
	NO_ACCUSATION();
}

static void test_own_cpu(void)
{
	begin_anew();
	crowd("app", 1900, 5700, "cron", 20, 14 * MS);
	judge(3);
	NO_ACCUSATION();
	LINE(0, "app: 75 % of its busy time waiting for a CPU: its own threads use 1.9 of 2 CPUs");
}

static void test_cpu_limit(void)
{
	begin_anew();
	crowd("app", 400, 1200, "cron", 20, 60 * MS);
	judge(2);
	LINE(0,
	     "app: 75 % of its busy time waiting for a CPU although CPUs are idle: look at its CPU "
	     "limit or pinning");
	/* Neither busy nor idle. */
	begin_anew();
	crowd("app", 400, 1200, "cron", 1200, 60 * MS);
	judge(3);
	NO_ACCUSATION();
}

/* --- the rest */

static void test_lock(void)
{
	begin_anew();
	service("app");
	spend(0, PART_USER, 1000);
	spend(0, PART_LOCK, 4000);
	call(0, "futex_wait", 19, 100 * MS);
	judge(2);
	LINE(0, "app: 80 % of its busy time waiting for a lock in its own threads (futex)");
	call(0, "flock", 18, 200 * MS);
	judge(1);
	LINE(0, "app: 80 % of its busy time waiting for a file's lock (flock, fcntl)");
	/* Nothing else happens: a pool that waits for work. */
	begin_anew();
	service("pool");
	spend(0, PART_LOCK, 4000);
	judge(3);
	NO_LINE();
}

static void test_memory(void)
{
	begin_anew();
	service("app");
	spend(0, PART_USER, 380);
	spend(0, PART_MEMORY, 620);
	judge(2);
	LINE(0, "app: 62 % of its busy time waiting for memory (page faults, reclaim): look at its "
		"memory limit and swap");
}

static void test_stuck(void)
{
	struct frame_op *o;

	begin_anew();
	service("postgres");
	o = op(0, SYSCALLS, "fsync");
	o->inflight = 3;
	o->inflight_age = 42000 * MS;
	judge(2);
	LINE(0, "postgres: a call of fsync has not returned for 42 s, 3 are in flight");
	/* Also where nothing is known of time. */
	sets[SCHED].running = false;
	o->inflight = 1;
	judge(1);
	LINE(0, "postgres: a call of fsync has not returned for 42 s");
	o->inflight_age = 9900 * MS;
	judge(3);
	NO_LINE();
	/* A shell at its prompt, a server's idle connection, a lock. */
	o->inflight_age = 42000 * MS;
	strcpy(o->name, "read");
	judge(3);
	NO_LINE();
	strcpy(o->name, "flock");
	judge(3);
	NO_LINE();
}

static void test_statements(void)
{
	begin_anew();
	service("mysqld");
	spend(0, PART_USER, 950);
	spend(0, PART_DISK, 50);
	service("lazy");
	spend(1, PART_USER, 490);
	service("pipe");
	spend(2, PART_OTHER, 700);
	spend(2, PART_USER, 300);
	service("shell");
	spend(3, PART_OTHER, 1000);
	judge(2);
	CHECK(v.n == 2 && v.line[0].weight < VERDICT_ACCUSES);
	LINE(0, "mysqld: on CPU 95 % of busy time, I/O normal: use a profiler");
	LINE(1, "pipe: 70 % of its busy time waiting in other (pipes, kernel locks)");
	spend(0, PART_DISK, 140);
	judge(1);
	LINE(0, "mysqld: on CPU 83 % of busy time: use a profiler");
	/* They give way to an accusation. */
	strcpy(peer(1, "10.0.0.5:5432")->error, "ETIMEDOUT");
	peers[0].failures = peers[0].connects = 5;
	judge(2);
	CHECK(v.n == 1);
	LINE(0, "lazy: 5 of 5 connects to 10.0.0.5:5432 failed, ETIMEDOUT");
}

static void test_self(void)
{
	begin_anew();
	service("sonde");
	f.self_cpu = 49 * MS;
	judge(3);
	NO_LINE();
	f.self_cpu = 72 * MS;
	judge(2);
	LINE(0, "sonde: uses 7.2 % of a CPU itself");
	php(3, 1900 * MS);
	service("sonde");
	f.self_cpu = 72 * MS;
	judge(2);
	CHECK(v.n == 2 && v.line[1].service == 1);
	LINE(1, "sonde: uses 7.2 % of a CPU itself");
}

/* Names that are never accused, whatever they do. */
static void test_never_subjects(void)
{
	static const char *const names[] = {"kernel", "_other", "sonde"};

	for (u32 i = 0; i < 3; i++) {
		begin_anew();
		crowd(names[i], 100, 1500, "hogs", 1890, 14 * MS);
		spend(0, PART_DISK, 9000);
		call(0, "fsync", 10, 900 * MS);
		op(0, SYSCALLS, "fsync")->inflight_age = 42000 * MS;
		peer(0, "10.0.0.1:1")->failures = 100;
		judge(3);
		NO_ACCUSATION();
	}
	/* Nor is one of them the neighbour. */
	begin_anew();
	crowd("worker", 200, 710, "kernel", 1800, 14 * MS);
	judge(3);
	LINE(0,
	     "worker: 78 % of its busy time waiting for a CPU; all services together keep the CPUs "
	     "100 % busy");
}

/* --- ordinary hosts */

/* make -j4 on two CPUs, its programs being services. */
static void build(u64 second)
{
	static const struct {
		const char *name;
		u64 on, runq, disk, other;
	} rows[] = {{"cc1", 1640, 1700, 60, 0},
		    {"as", 150, 170, 10, 20},
		    {"sh", 40, 60, 0, 0},
		    {"make", 30, 30, 5, 300},
		    {"ld", 90, 60, 80, 0}};

	begin();
	for (u32 i = 0; i < 5; i++) {
		u32 s = service(rows[(i + second) % 5].name);

		spend(s, PART_USER, rows[(i + second) % 5].on);
		spend(s, PART_RUNQ, rows[(i + second) % 5].runq);
		spend(s, PART_DISK, rows[(i + second) % 5].disk);
		spend(s, PART_OTHER, rows[(i + second) % 5].other);
		run_queue(s, 40, 7 * MS);
		call(s, "read", 10, 3 * MS);
		request(s, "vda", "write", 3, 25 * MS, 65536);
	}
	device("vda", 100)->write_p95 = 25 * MS;
}

static void idle_host(void)
{
	static const char *const names[] = {"sshd", "cron", "rsyslog", "dbus", "systemd-journald"};

	begin();
	for (u32 i = 0; i < 5; i++) {
		u32 s = service(names[i]);

		spend(s, PART_USER, 1 + i);
		spend(s, PART_RUNQ, i);
		spend(s, PART_IDLE, 3000);
		run_queue(s, 10, MS / 10);
	}
	/* A shell's read, the kernel log's reader, and a write that the disk kept for a moment. */
	spend(2, PART_OTHER, 1000);
	op(2, SYSCALLS, "read")->inflight_age = 3600000 * MS;
	op(0, SYSCALLS, "read")->inflight_age = 3600000 * MS;
	spend(4, PART_DISK, 60);
	call(4, "fsync", 2, 30 * MS);
	device("vda", 60)->write_p95 = 25 * MS;
}

/* Clients as fast as the server answers, on one host. */
static void pgbench(u64 second)
{
	/* The checkpoint makes every tenth second slower. */
	u64 latency = second % 10 ? MS * 3 / 10 : MS;

	begin();
	service("pgbench");
	service("postgres");
	spend(0, PART_USER, 200);
	spend(0, PART_RECV, 3600);
	spend(0, PART_RUNQ, 200);
	call(0, "recvfrom", 3600 * MS / latency, latency);
	wait_for(0, "127.0.0.1:5432", 3600, 3600 * MS / latency, latency)->wait_max = 15 * MS;
	run_queue(0, 9000, MS / 50);
	spend(1, PART_USER, 1100);
	spend(1, PART_KERNEL, 400);
	spend(1, PART_DISK, 1800);
	spend(1, PART_LOCK, 100);
	spend(1, PART_IDLE, 900);
	call(1, "fdatasync", 900, 2 * MS);
	call(1, "recvfrom", 9000, MS / 10);
	request(1, "vda", "write", 900, 2 * MS, 16384);
	run_queue(1, 9000, MS / 50);
	device("vda", 960)->write_p95 = 2 * MS;
}

static void redis(void)
{
	begin();
	service("redis-benchmark");
	service("redis");
	spend(0, PART_KERNEL, 950);
	spend(0, PART_IDLE, 50);
	spend(1, PART_KERNEL, 980);
	spend(1, PART_RUNQ, 20);
	run_queue(0, 9000, MS / 100);
	run_queue(1, 9000, MS / 100);
}

static void test_ordinary_hosts(void)
{
	begin_anew();
	for (u64 second = 0; second < 60; second++) {
		build(second);
		judge(1);
		NO_ACCUSATION();
	}
	begin_anew();
	idle_host();
	for (u32 i = 0; i < 20; i++) {
		judge(1);
		NO_LINE();
	}
	begin_anew();
	for (u64 second = 0; second < 60; second++) {
		pgbench(second);
		judge(1);
		NO_LINE();
	}
	begin_anew();
	redis();
	judge(20);
	NO_ACCUSATION();
	CHECK(v.n == 2);
}

/* --- which of several */

static void depth(u64 x)
{
	service("app");
	spend(0, PART_DISK, 900);
	request(0, "vda", "write", 10, x * 100 * MS, 4096);
	device("vda", 900)->write_p95 = 50 * MS;
}

static void test_which_peer(void)
{
	/* The one that was waited for longest, and only for it. */
	begin_anew();
	service("app");
	spend(0, PART_USER, 200);
	spend(0, PART_RECV, 800);
	wait_for(0, "10.0.0.1:1", 100, 10, 10 * MS);
	wait_for(0, "10.0.0.2:2", 600, 10, 60 * MS);
	wait_for(0, "10.0.0.3:3", 100, 10, 10 * MS);
	/* A call that is as slow because it reads a terminal. */
	call(0, "read", 1, 500 * MS);
	judge(2);
	LINE(0, "app: 60 % of its busy time waiting for 10.0.0.2:2, p95 of the waits 60 ms");
	/* Failures and retransmits of the worst. */
	begin_anew();
	service("app");
	service("web");
	for (u32 i = 0; i < 3; i++) {
		peer(0, i == 1 ? "10.0.0.2:2" : "10.0.0.1:1")->failures = i == 1 ? 9 : 5;
		peer(1, i == 1 ? "10.0.0.2:2" : "10.0.0.1:1")->retransmits = i == 1 ? 90 : 50;
	}
	judge(2);
	LINE(0, "app: 9 of 9 connects to 10.0.0.2:2 failed");
	LINE(1, "web: 90 segments to 10.0.0.2:2 sent again, about 100 % of what it sent");
	/* Silent for less than people notice. */
	begin_anew();
	php(15000, 300000);
	judge(6);
	begin();
	service("php-fpm");
	spend(0, PART_RECV, 8000);
	peer(0, "10.0.3.99:80");
	peer(0, "10.0.3.7:3306");
	op(0, SYSCALLS, "recvfrom")->inflight_age = 40 * MS;
	judge(3);
	NO_LINE();
	op(0, SYSCALLS, "recvmsg")->inflight_age = 600 * MS;
	op(0, SYSCALLS, "recvmmsg")->inflight_age = 50 * MS;
	judge(2);
	LINE(0,
	     "php-fpm: 100 % of its busy time waiting for 10.0.3.7:3306, recvmsg not answered for "
	     "600 ms, normally 300 us");
}

static void test_which_call(void)
{
	struct frame_op *all;

	begin_anew();
	service("app");
	spend(0, PART_DISK, 640);
	/* The sum of the calls is none of them; two calls that took less; reads of something else.
	 */
	all = op(0, SYSCALLS, "fsync");
	all->headline = true;
	happen(all, 10, 900 * MS);
	call(0, "statx", 1, 1 * MS);
	call(0, "fdatasync", 16, 41 * MS);
	call(0, "rename", 1, 90 * MS);
	call(0, "read", 15, 100 * MS);
	judge(2);
	LINE(0, "app: 100 % of its busy time waiting for a disk, p95 of fdatasync 41 ms");
	/* Reads that may be the disk's, unless it is a pipe. */
	strcpy(ops[4].name, "write");
	ops[4].dist = NULL;
	call(0, "pread64", 1, 700 * MS);
	ops[5].dist = NULL;
	call(0, "read", 18, 40 * MS);
	judge(1);
	LINE(0, "app: 100 % of its busy time waiting for a disk, p95 of read 40 ms");
	spend(0, PART_OTHER, 300);
	judge(1);
	LINE(0, "app: 68 % of its busy time waiting for a disk, p95 of fdatasync 41 ms");
	/* An application that maps its files, and makes a call now and then. */
	begin_anew();
	service("app");
	spend(0, PART_DISK, 900);
	call(0, "fsync", 2, 1 * MS);
	request(0, "vda", "read", 18, 50 * MS, 4096);
	device("vda", 500);
	judge(2);
	LINE(0, "app: 100 % of its busy time waiting for disk vda, p95 of its read requests 50 ms");
	/* How long a call has been in flight is not what is normal. */
	begin_anew();
	service("app");
	spend(0, PART_DISK, 900);
	op(0, SYSCALLS, "fsync")->inflight_age = 19 * MS;
	judge(9);
	NO_LINE();
	ops[0].inflight_age = 900 * MS;
	judge(2);
	LINE(0, "app: 100 % of its busy time waiting for a disk, fsync not finished for 900 ms");
}

static void test_which_device(void)
{
	struct frame_device *d;

	begin_anew();
	slow_postgres(80 * MS);
	device("vdc", 900);
	d = device("vda", 50);
	d->write_p95 = 2 * MS;
	request(0, "vdc", "write", 2, MS, 4096);
	judge(2);
	LINE(0,
	     "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 80 ms; vda itself "
	     "answers in 2.0 ms: look at its I/O limit");
	/* Its queue is part of it, and on a busy one the answers prove nothing. */
	d->queue_p95 = 10 * MS;
	judge(1);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 80 ms");
	d->queue_p95 = 0;
	d->busy = 600 * MS;
	judge(1);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 80 ms");
	/* Slow, and shared with one that does no less. */
	d->write_p95 = 90 * MS;
	request(1, "vda", "write", 16, 80 * MS, 8192);
	judge(1);
	LINE(0, "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 80 ms");
	/* Many requests at once do not make a disk busy that is not. */
	begin_anew();
	depth(9);
	devices[0].busy = 700 * MS;
	judge(2);
	LINE(0,
	     "app: 100 % of its busy time waiting for disk vda, p95 of its write requests 900 ms; "
	     "vda is slow although others leave it alone");
	/* Of two neighbours, one by bytes and one by requests, the one with more time. */
	begin_anew();
	slow_postgres(41 * MS);
	service("log");
	request(1, "vda", "write", 80, 1 * MS, 4096);
	request(2, "vda", "write", 10, 50 * MS, 1 << 20);
	device("vda", 900);
	judge(2);
	LINE(0,
	     "postgres: 64 % of its busy time waiting for disk vda, p95 of fsync 41 ms; log keeps "
	     "vda 90 % busy");
}

static void test_which_line(void)
{
	/* Of a service the line about what it loses most by. */
	begin_anew();
	service("app");
	spend(0, PART_DISK, 900);
	call(0, "fsync", 18, 50 * MS);
	spend(0, PART_LOCK, 1000);
	spend(0, PART_USER, 10);
	judge(2);
	CHECK(v.n == 1);
	LINE(0, "app: 52 % of its busy time waiting for a lock in its own threads (futex)");
	services[0].time[PART_LOCK] = 700 * MS;
	judge(4);
	CHECK(v.n == 1);
	LINE(0, "app: 56 % of its busy time waiting for a disk, p95 of fsync 50 ms");
	/* The one to blame is so for whom it hurts most; and the one that uses most is blamed. */
	begin_anew();
	crowd("worker", 100, 900, "cron", 50, 14 * MS);
	services[1].time[PART_RUNQ] = 0;
	spend(service("hogs"), PART_USER, 1500);
	spend(service("shell"), PART_USER, 190);
	spend(service("other"), PART_RUNQ, 600);
	run_queue(4, 19, 14 * MS);
	judge(2);
	CHECK(v.n == 3);
	LINE(0, "worker: 90 % of its busy time waiting for a CPU; hogs uses 1.5 of 2 CPUs");
	LINE(1, "hogs: uses 1.5 of 2 CPUs; worker waits for a CPU");
	LINE(2, "other: 100 % of its busy time waiting for a CPU; hogs uses 1.5 of 2 CPUs");
}

/* --- where each limit lies */

static void share(enum part part, u64 percent)
{
	service("app");
	spend(0, part, 20 * percent);
	spend(0, part == PART_OTHER ? PART_USER : PART_OTHER, 2000 - 20 * percent);
	spend(0, PART_USER, 1);
	services[0].time[part] += MS / 2;
}

static void share_of_peer(u64 x)
{
	share(PART_RECV, x);
	wait_for(0, "10.0.0.1:1", 20 * x, 20, 90 * MS);
}

static void share_of_disk(u64 x)
{
	share(PART_DISK, x);
	call(0, "fsync", 16, 50 * MS);
}

static void share_of_runq(u64 x)
{
	share(PART_RUNQ, x);
	run_queue(0, 19, 14 * MS);
	spend(service("hogs"), PART_USER, 1990);
}

static void share_of_lock(u64 x)
{
	share(PART_LOCK, x);
}

static void share_of_memory(u64 x)
{
	share(PART_MEMORY, x);
}

static void share_of_other(u64 x)
{
	share(PART_OTHER, x);
}

static void share_on_cpu(u64 x)
{
	share(PART_USER, x);
}

static void share_of_io(u64 x)
{
	service("app");
	spend(0, PART_USER, 1000 - 10 * x);
	spend(0, PART_DISK, 10 * x);
}

static void lost_to_limit(u64 x)
{
	crowd("app", 50, x, "cron", 20, 60 * MS);
}

static void lost_to_hogs(u64 x)
{
	crowd("worker", 100, x, "hogs", 1890, 14 * MS);
}

static void lost_to_lock(u64 x)
{
	service("app");
	spend(0, PART_USER, 100);
	spend(0, PART_LOCK, x);
}

static void work_under_lock(u64 us)
{
	service("app");
	spend(0, PART_LOCK, 4000);
	services[0].time[PART_USER] = us * 1000;
}

static void slow_peer(u64 x)
{
	service("app");
	spend(0, PART_RECV, 900);
	wait_for(0, "10.0.0.1:1", 900, 1000, x * MS);
}

static void slow_disk(u64 x)
{
	service("app");
	spend(0, PART_DISK, 500);
	call(0, "fsync", 19, x * MS);
}

static void slow_runq(u64 x)
{
	crowd("worker", 100, 900, "hogs", 1890, x * MS);
}

static void slow_queue(u64 x)
{
	slow_postgres(6 * MS);
	device("vda", 900)->queue_p95 = x * MS;
}

static void worse_peer(u64 us)
{
	slow_peer(2);
	judge(6);
	begin();
	slow_peer(0);
	peers[0].wait_p95 = peers[0].wait_max = us * 1000;
}

static void idle_cpus(u64 x)
{
	crowd("app", 400, 1200, "cron", x * 20 - 400, 60 * MS);
}

static void busy_cpus(u64 x)
{
	crowd("app", 400, 1200, "cron", x * 20 - 400, 60 * MS);
}

static void neighbour_on_cpu(u64 x)
{
	crowd("app", 200, 1200, "a", x * 20, 60 * MS);
	spend(service("kernel"), PART_KERNEL, 1800 - x * 20);
}

static void own_on_cpu(u64 x)
{
	crowd("app", x * 20, 5000, "a", 2000 - x * 20, 60 * MS);
	services[1].time[PART_RUNQ] = 0;
}

static void profile(u64 x)
{
	service("app");
	spend(0, PART_USER, x);
}

static void pipes(u64 x)
{
	service("app");
	spend(0, PART_OTHER, 900);
	spend(0, PART_USER, x);
}

static void bulk_busy(u64 x)
{
	service("app");
	spend(0, PART_DISK, 900);
	request(0, "vda", "read", 19, 50 * MS, 1 << 20);
	device("vda", x * 10)->read_p95 = 50 * MS;
}

static void bulk_size(u64 x)
{
	service("app");
	spend(0, PART_DISK, 900);
	request(0, "vda", "read", 19, 50 * MS, x);
	device("vda", 900)->read_p95 = 50 * MS;
}

static void neighbour_used(u64 x)
{
	slow_postgres(41 * MS);
	request(1, "vda", "read", 100, 50 * MS, 1 << 20);
	device("vda", x * 10);
}

static void neighbour_most(u64 x)
{
	service("app");
	service("a");
	spend(0, PART_DISK, 900);
	call(0, "fsync", 18, 50 * MS);
	request(0, "vda", "write", 100 - x, MS, 4096);
	request(1, "vda", "write", x, MS, 4096);
	device("vda", 900);
}

static void fast_device(u64 us)
{
	slow_postgres(80 * MS);
	device("vda", 50)->write_p95 = us * 1000;
}

static void failing(u64 x)
{
	struct frame_peer *p;

	service("app");
	p = peer(0, "10.0.0.1:1");
	p->connects = p->failures = x;
}

static void failing_seldom(u64 x)
{
	failing(x);
	f.interval = 4000 * MS;
}

static void failing_share(u64 x)
{
	failing(x);
	peers[0].connects = 100;
}

static void resending(u64 x)
{
	service("app");
	peer(0, "10.0.0.1:1")->retransmits = x;
}

static void resending_share(u64 x)
{
	resending(10 * x);
	peers[0].bytes_out = (1000 - 10 * x) * 1448;
}

static void stuck(u64 x)
{
	service("app");
	op(0, SYSCALLS, "fsync")->inflight_age = x * MS;
}

static void self(u64 x)
{
	service("sonde");
	f.self_cpu = x * MS;
}

static void test_limits(void)
{
	static const struct {
		const char *name;
		void (*make)(u64 x);
		u64 silent, said;
		const char *what;
	} rows[] = {
		{"share of peer", share_of_peer, 49, 50, "waiting for 10."},
		{"share of disk", share_of_disk, 39, 40, "waiting for a disk"},
		{"share of runq", share_of_runq, 29, 30, "waiting for a CPU"},
		{"share of lock", share_of_lock, 49, 50, "lock"},
		{"share of memory", share_of_memory, 49, 50, "memory"},
		{"share of other", share_of_other, 59, 60, "in other"},
		{"share on CPU", share_on_cpu, 79, 80, "on CPU"},
		{"share of I/O", share_of_io, 10, 9, "I/O normal"},
		{"lost to a limit", lost_to_limit, 199, 200, "although CPUs are idle"},
		{"lost to hogs", lost_to_hogs, 499, 500, "; hogs uses"},
		{"lost to a lock", lost_to_lock, 499, 500, "lock"},
		{"work under a lock", work_under_lock, 999, 1000, "lock"},
		{"slow peer", slow_peer, 49, 50, "waiting for 10."},
		{"slow disk", slow_disk, 19, 20, "waiting for a disk"},
		{"slow run queue", slow_runq, 4, 5, "; hogs uses"},
		{"slow queue", slow_queue, 4, 5, "p95 in its queue"},
		{"worse", worse_peer, 9900, 10100, "normally 2.0 ms"},
		{"idle CPUs", idle_cpus, 71, 70, "although CPUs are idle"},
		{"busy CPUs", busy_cpus, 89, 90, "; cron uses"},
		{"neighbour on CPU", neighbour_on_cpu, 24, 25, "; a uses"},
		{"own CPU", own_on_cpu, 60, 59, "; a uses"},
		{"own CPU, stated", own_on_cpu, 59, 60, "its own threads"},
		{"profile", profile, 499, 500, "use a profiler"},
		{"pipes", pipes, 99, 100, "in other"},
		{"bulk, busy", bulk_busy, 79, 80, "which its own"},
		{"bulk, size", bulk_size, 65535, 65536, "which its own"},
		{"neighbour, used", neighbour_used, 49, 50, "; backup keeps"},
		{"neighbour, most", neighbour_most, 60, 61, "; a keeps"},
		{"depth", depth, 3, 4, "; its own requests keep"},
		{"fast device", fast_device, 8000, 7999, "look at its I/O limit"},
		{"failing", failing, 2, 3, "connects"},
		{"failing seldom", failing_seldom, 3, 4, "connects"},
		{"failing share", failing_share, 19, 20, "connects"},
		{"resending", resending, 9, 10, "sent again"},
		{"resending share", resending_share, 4, 5, "sent again"},
		{"stuck", stuck, 9999, 10000, "has not returned"},
		{"self", self, 50, 51, "of a CPU itself"},
	};

	for (u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (u32 said = 0; said < 2; said++) {
			const char *text = v.line[0].text;

			begin_anew();
			rows[i].make(said ? rows[i].said : rows[i].silent);
			judge(3);
			if (said == (v.n && strstr(text, rows[i].what)))
				continue;
			failed++;
			printf("%s: %s of %u: %s\n", rows[i].name, said ? "nothing" : "a line",
			       said, v.n ? text : "(no line)");
		}
		passed++;
	}
}

/* Waits that do not end are not counted, but not for ever. */
static void test_hold(void)
{
	u32 shown = 0;

	begin_anew();
	php(3, 1900 * MS);
	judge(2);
	peers[0].waits = peers[0].waited = 0;
	ops[0].dist = NULL;
	while (v.n && shown < 100) {
		judge(1);
		shown++;
	}
	CHECK(shown == 9);
}

/* --- state */

static void bad_or_good(bool bad)
{
	php(bad ? 3 : 15000, bad ? 1900 * MS : 300000);
	judge(1);
}

static void test_hysteresis(void)
{
	static const struct {
		const char *deserved, *shown;
	} rows[] = {
		{"111111000000", "011111110000"}, {"110111000000", "011111110000"},
		{"101010101000", "001111111100"}, {"100100100100", "000000000000"},
		{"110000110000", "011100011100"},
	};

	for (u32 i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char shown[13] = "";

		begin_anew();
		for (u32 n = 0; n < 12; n++) {
			bad_or_good(rows[i].deserved[n] == '1');
			shown[n] = v.n ? '1' : '0';
		}
		if (strcmp(shown, rows[i].shown))
			printf("%s: %s\n", rows[i].deserved, shown);
		CHECK(!strcmp(shown, rows[i].shown));
	}
	/* What is shown in between is what was deserved. */
	begin_anew();
	bad_or_good(true);
	bad_or_good(true);
	bad_or_good(false);
	LINE(0, "php-fpm: 78 % of its busy time waiting for 10.0.3.7:3306, p95 of recvfrom 1.9 s");
}

/* The same service at another index, and gone for a while. */
static void test_names(void)
{
	begin_anew();
	php(3, 1900 * MS);
	judge(1);
	begin();
	service("new");
	judge(1);
	NO_LINE();
	begin();
	service("newer");
	service("new");
	service("php-fpm");
	spend(2, PART_RECV, 900);
	wait_for(2, "10.0.3.7:3306", 900, 3, 1900 * MS);
	judge(1);
	LINE(0,
	     "php-fpm: 100 % of its busy time waiting for 10.0.3.7:3306, p95 of the waits 1.9 s");
	CHECK(v.line[0].service == 2);
	f.nservices = 0;
	f.npeers = 0;
	judge(1);
	NO_LINE();
	/* A line does not wait for who is gone. */
	begin_anew();
	php(3, 1900 * MS);
	judge(3);
	f.nservices = f.npeers = f.nops = 0;
	judge(3);
	php(15000, 300000);
	judge(1);
	NO_LINE();
	/* After it was forgotten nothing is normal. */
	begin_anew();
	php(15000, 300000);
	judge(6);
	f.nservices = f.npeers = f.nops = 0;
	judge(299);
	php(600, 7600000);
	judge(2);
	CHECK(v.n == 1);
	f.nservices = f.npeers = f.nops = 0;
	judge(300);
	php(600, 7600000);
	judge(2);
	NO_LINE();
	/* Two of one name are one. */
	begin_anew();
	php(3, 1900 * MS);
	service("php-fpm");
	judge(1);
	NO_LINE();
	judge(1);
	CHECK(v.n == 1 && v.line[0].service == 0);
}

static void test_sched_off(void)
{
	begin_anew();
	php(3, 1900 * MS);
	sets[SCHED].running = false;
	judge(3);
	NO_LINE();
}

static void test_nothing(void)
{
	begin_anew();
	f = (struct frame){};
	judge(2);
	NO_LINE();
	begin_anew();
	judge(2);
	NO_LINE();
	/* Nothing to divide by. */
	php(3, 1900 * MS);
	f.interval = 0;
	judge(3);
	NO_LINE();
	begin_anew();
	crowd("worker", 100, 710, "hogs", 1890, 14 * MS);
	f.cpus = 0;
	request(0, "vda", "read", 0, 0, 0);
	device("vda", 0);
	spend(0, PART_DISK, 9000);
	peer(7, "of nobody");
	ops[2].service = 9999;
	ops[3].set = 99;
	judge(3);
	NO_LINE();
	verdict__free(NULL);
}

static void test_long_names(void)
{
	begin_anew();
	slow_postgres(41 * MS);
	memset(services[0].name, 'x', FRAME_NAME - 1);
	for (u32 i = 1; i + 1 < FRAME_NAME; i += 2)
		memcpy(services[0].name + i, "\xc3\xa4", 2);
	memset(services[1].name, '%', FRAME_NAME - 1);
	memset(device("vda", 900)->name, 'd', 31);
	for (u32 i = 0; i < f.nops; i++)
		if (ops[i].set == BLOCK)
			memset(ops[i].device, 'd', 31);
	request(1, devices[0].name, "read", 100, 50 * MS, 1 << 20);
	judge(2);
	LINE(0,
	     "x\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	     "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4..: 64 % of its busy "
	     "time waiting for disk ddddddddddddddddddddddddddddddd, p95 of fsync 41 ms");
	CHECK(v.n == 2 && strlen(v.line[0].text) <= 200);
	CHECK(strlen(v.line[1].text) <= 200);
}

static void test_many(void)
{
	char name[32];

	begin_anew();
	for (u32 round = 0; round < 6; round++) {
		begin();
		for (u32 i = 0; i < 1000; i++) {
			snprintf(name, sizeof(name), "svc-%u", i);
			service(name);
			spend(i, PART_MEMORY, round < 3 ? 1000 + i : 2000 - i);
			run_queue(i, 10, MS);
			call(i, "read", 10, MS);
			request(i, "vda", "read", 1, MS, 4096);
		}
		device("vda", 900);
		judge(1);
		if (round % 3 == 0)
			continue;
		CHECK(v.n == VERDICTS_MAX);
		for (u32 i = 0; i < v.n; i++) {
			CHECK(v.line[i].service == (round < 3 ? 999 - i : i));
			CHECK(!i || v.line[i].weight <= v.line[i - 1].weight);
		}
	}
}

int main(void)
{
	test_peer();
	test_peers();
	test_fast_peer();
	test_silent_peer();
	test_subscriber();
	test_long_waits();
	test_local_peer();
	test_connects();
	test_resent();
	test_disk();
	test_slow_disk();
	test_disk_normal();
	test_bulk();
	test_cpu();
	test_own_cpu();
	test_cpu_limit();
	test_lock();
	test_memory();
	test_stuck();
	test_statements();
	test_self();
	test_never_subjects();
	test_ordinary_hosts();
	test_which_peer();
	test_which_call();
	test_which_device();
	test_which_line();
	test_limits();
	test_hold();
	test_hysteresis();
	test_names();
	test_sched_off();
	test_nothing();
	test_long_names();
	test_many();
	verdict__free(state);
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
