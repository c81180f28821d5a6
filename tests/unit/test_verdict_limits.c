/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the limits of the verdicts lie, and which of several is named. */
#include "verdict_frames.h"

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

static void slow_runq(u64 us)
{
	crowd("worker", 100, 900, "hogs", 1890, us * 1000);
}

static void slow_on_idle(u64 us)
{
	crowd("app", 400, 1200, "cron", 20, us * 1000);
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
	crowd("app", x * 20, 900, "a", 2000 - x * 20, 60 * MS);
	services[1].time[PART_RUNQ] = 0;
}

static void more_on_cpu(u64 x)
{
	crowd("app", 950, 950, "a", x, 60 * MS);
	services[1].time[PART_RUNQ] = 0;
}

static void ready(u64 x)
{
	crowd("app", 900, x, "a", 899, 60 * MS);
	services[1].time[PART_RUNQ] = 0;
	spend(service("b"), PART_USER, 200);
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
		{"slow run queue", slow_runq, 3000, 3100, "; hogs uses"},
		{"slow on idle CPUs", slow_on_idle, 5000, 5100, "although CPUs are idle"},
		{"slow queue", slow_queue, 4, 5, "p95 in its queue"},
		{"worse", worse_peer, 9900, 10100, "normally 2.0 ms"},
		{"idle CPUs", idle_cpus, 71, 70, "although CPUs are idle"},
		{"busy CPUs", busy_cpus, 89, 90, "; cron uses"},
		{"neighbour on CPU", neighbour_on_cpu, 24, 25, "; a uses"},
		{"own CPU", own_on_cpu, 60, 59, "; all services together"},
		{"more than it", more_on_cpu, 950, 951, "; a uses"},
		{"ready beyond all CPUs", ready, 2199, 2200, "its own threads"},
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
			if (said == (v.n && strstr(text, rows[i].what))) {
				passed++;
				continue;
			}
			failed++;
			printf("%s: %s of %u: %s\n", rows[i].name, said ? "nothing" : "a line",
			       said, v.n ? text : "(no line)");
		}
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

int main(void)
{
	test_which_peer();
	test_which_call();
	test_which_device();
	test_which_line();
	test_limits();
	test_hold();
	verdict__free(state);
	return report();
}
