/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a viewer is shown of one interval: everything that `sonde top` draws, and nothing of how it
 * was measured. A frame is filled from a session, or read from the text that a daemon writes
 * (frame_json.h), so that the model, its tests and a viewer without privileges see the same.
 *
 * Time is u64 ns, wall-clock times are s since 1970. Names are as the kernel has them: hostile
 * bytes included, ended by NUL; who draws or prints them escapes them.
 */
#ifndef SONDE_FRAME_H
#define SONDE_FRAME_H

#include "dist.h"
#include "probe.h"
#include "sched_parts.h"

#define FRAME_VERSION 1
#define FRAME_NAME    128

struct frame_set {
	char name[16];
	bool running;
	char reason[256]; /* why not, "" while it runs */
};

/* Something that was lost or folded since the program began, only if there was any. */
struct frame_loss {
	char name[48]; /* "lost.storage", "services.folded" */
	u64 total;     /* since the start */
	u64 now;       /* in this interval */
};

/* A number of a service is its index in frame.service. */
struct frame_service {
	char name[FRAME_NAME];
	u64 time[PARTS]; /* thread-ns of this interval; all zero if set sched is off */
	u32 threads;     /* at the end of the interval, 0: not known */
	u32 processes;
};

/* One operation of one service: the sample of a set. */
struct frame_op {
	u32 service;
	u32 set; /* index in frame.set */
	char name[OP_NAME_MAX];
	char device[32];
	char stat[32]; /* of a counter */
	enum op_kind kind;
	bool wait;         /* waits by design */
	bool headline;     /* sum of the others (_all): not to be added to them */
	struct dist *dist; /* NULL: nothing in this interval; owned by the frame */
	u64 time[PARTS]; /* what its time went to, on a CPU as PART_KERNEL; all zero if that is not
			    known */
	u32 inflight;
	u64 inflight_age;
};

struct frame_process {
	u32 service;
	u32 pid, ppid;
	char comm[16];
	u64 time[PARTS];
	u32 threads;
	u64 calls, errors;    /* system calls; 0 if the set is off */
	u64 read, written;    /* bytes from and to disks */
	u64 inflight_age;     /* ns, of its oldest call that does not wait by design; 0: in none */
	char inflight_op[32]; /* "" : in none */
};

/* Only of the process that the viewer asked for. */
struct frame_thread {
	u32 pid, tid;
	char comm[16];
	u64 time[PARTS];
	char state;    /* as in /proc/PID/stat */
	char op[32];   /* the call it is in, "": in none */
	u64 age;       /* ns, how long */
	bool at_least; /* it was in it before measuring began: age is a lower bound */
	char on[128];  /* the file, peer or lock, "": not known */
};

struct frame_peer {
	u32 service;
	char address[64]; /* "10.0.3.7:3306", "[fe80::1]:80", "unix:/run/x.sock" */
	u64 connects, failures;
	char error[24];               /* the most frequent errno of the failures, "" */
	u64 connect_p95, connect_max; /* ns */
	u64 rtt, rtt_max;             /* ns, mean and max of what was sampled; 0: none */
	u64 retransmits;
	u64 bytes_in, bytes_out;
	u64 waited; /* thread-ns that the service was blocked to receive from or send to it */
	u64 waits;  /* how many times */
	u64 wait_p95, wait_max;
};

struct frame_device {
	char name[32];
	u64 busy;          /* ns of the interval in which it had something to do */
	u64 reads, writes; /* requests completed */
	u64 read_bytes, written_bytes;
	u64 read_p95, write_p95, flush_p95; /* ns, issued to completed */
	u64 queue_p95;                      /* ns, accepted to issued */
	u32 inflight;
};

struct frame {
	char host[64];
	char version[16]; /* of the program that measured */
	u64 uptime;       /* s */
	u64 cpus;
	double load;  /* one minute */
	u64 taken;    /* s since 1970, end of the interval */
	u64 interval; /* ns, between the two readings */
	u64 self_cpu; /* ns of CPU that the program used in the interval */
	u64 self_rss; /* bytes */
	struct frame_set *set;
	u32 nsets;
	struct frame_loss *loss;
	u32 nlosses;
	struct frame_service *service;
	u32 nservices;
	struct frame_op *op;
	u32 nops;
	struct frame_process *process;
	u32 nprocesses;
	struct frame_thread *thread;
	u32 nthreads;
	struct frame_peer *peer;
	u32 npeers;
	struct frame_device *device;
	u32 ndevices;
};

/* Frees what it owns, not @f itself; all-zero is an empty frame. */
void frame__free(struct frame *f);

/* Appends an element, all zero, to one of a frame's arrays; NULL if there is no memory. */
struct frame_service *frame__add_service(struct frame *f);
struct frame_op *frame__add_op(struct frame *f);
struct frame_process *frame__add_process(struct frame *f);
struct frame_thread *frame__add_thread(struct frame *f);
struct frame_peer *frame__add_peer(struct frame *f);
struct frame_device *frame__add_device(struct frame *f);
struct frame_set *frame__add_set(struct frame *f);
struct frame_loss *frame__add_loss(struct frame *f);

/* Room for @d's copy; NULL if there is no memory. */
struct dist *frame__copy_dist(const struct dist *d);

#endif
