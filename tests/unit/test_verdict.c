/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said of made-up intervals: of incidents the sentence, of ordinary ones no accusation. */
#include "verdict_frames.h"

/* --- peers */

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
	crowd("worker", 100, 710, "hogs", 1890, 2 * MS);
	judge(3);
	NO_ACCUSATION();
	/* Most waits are of a server and a client that wake each other; what is lost is lost in
	 * others. */
	begin_anew();
	crowd("redis", 100, 710, "hogs", 1890, 4 * MS);
	dists[0].bucket[dist__bucket_of(2000, UNIT_NS)] += 40000;
	dists[0].count += 40000;
	judge(2);
	LINE(0, "redis: 88 % of its busy time waiting for a CPU; hogs uses 1.9 of 2 CPUs");
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
	/* Eight threads that nobody else's two keep from running: they are the crowd. */
	begin_anew();
	crowd("hogs", 960, 7000, "worker", 940, 14 * MS);
	services[1].time[PART_RUNQ] = 400 * MS;
	judge(3);
	NO_ACCUSATION();
	LINE(0, "hogs: 88 % of its busy time waiting for a CPU: its own threads use 1.0 of 2 CPUs");
	/* Work that piles up behind a crowd is ready, too. */
	begin_anew();
	crowd("worker", 400, 7000, "hogs", 1500, 14 * MS);
	judge(2);
	LINE(0, "worker: 95 % of its busy time waiting for a CPU; hogs uses 1.5 of 2 CPUs");
	/* One thread that would not wait alone, and uses more than any other. */
	begin_anew();
	crowd("redis", 700, 600, "a", 600, 14 * MS);
	spend(service("b"), PART_USER, 600);
	judge(2);
	LINE(0,
	     "redis: 46 % of its busy time waiting for a CPU; all services together keep the CPUs 95 % "
	     "busy");
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
	/* Nothing else happens any more: one thread holds the lock, and waits. */
	begin_anew();
	service("app");
	spend(0, PART_USER, 20);
	spend(0, PART_RUNQ, 5);
	judge(5);
	services[0].time[PART_USER] = 300000;
	spend(0, PART_LOCK, 4900);
	judge(1);
	NO_LINE();
	judge(20);
	LINE(0, "app: 100 % of its busy time waiting for a lock in its own threads (futex)");
	/* A pool at night. */
	begin_anew();
	service("pool");
	spend(0, PART_USER, 900);
	spend(0, PART_OTHER, 2000);
	spend(0, PART_LOCK, 1500);
	judge(5);
	services[0].time[PART_USER] = services[0].time[PART_OTHER] = 0;
	services[0].time[PART_LOCK] = 4400 * MS;
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
	test_hysteresis();
	test_names();
	test_sched_off();
	test_nothing();
	test_long_names();
	test_many();
	verdict__free(state);
	return report();
}
