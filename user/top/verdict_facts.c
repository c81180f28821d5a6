// SPDX-License-Identifier: GPL-2.0-only
#include "verdict_facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "verdict_limits.h"

enum {
	RECV = 1,
	SEND = 2,
	DISK = 4,   /* about files alone */
	FILES = 8,  /* files, or sockets, pipes, terminals */
	STUCK = 16, /* ends soon by itself on a sound host */
	LOCKS = 32,
};

/* In the order of their names. A call to open is not in it as stuck: that of a FIFO waits by
 * design. */
static const struct call {
	const char *name;
	u32 is;
} calls[] = {
	{"connect", SEND | STUCK},
	{"copy_file_range", DISK | STUCK},
	{"execve", DISK | STUCK},
	{"fallocate", DISK | STUCK},
	{"fcntl", LOCKS},
	{"fdatasync", DISK | STUCK},
	{"flock", LOCKS},
	{"fstat", DISK | STUCK},
	{"fsync", DISK | STUCK},
	{"ftruncate", DISK | STUCK},
	{"getdents64", DISK | STUCK},
	{"linkat", DISK | STUCK},
	{"lstat", DISK | STUCK},
	{"mkdir", DISK | STUCK},
	{"mkdirat", DISK | STUCK},
	{"msync", DISK | STUCK},
	{"newfstatat", DISK | STUCK},
	{"open", DISK},
	{"openat", DISK},
	{"openat2", DISK},
	{"pread64", DISK | STUCK},
	{"preadv", DISK | STUCK},
	{"preadv2", DISK | STUCK},
	{"pwrite64", DISK | STUCK},
	{"pwritev", DISK | STUCK},
	{"pwritev2", DISK | STUCK},
	{"read", RECV | FILES},
	{"readv", RECV | FILES},
	{"recvfrom", RECV},
	{"recvmmsg", RECV},
	{"recvmsg", RECV},
	{"rename", DISK | STUCK},
	{"renameat", DISK | STUCK},
	{"renameat2", DISK | STUCK},
	{"rmdir", DISK | STUCK},
	{"sendfile", SEND | FILES},
	{"sendmmsg", SEND},
	{"sendmsg", SEND},
	{"sendto", SEND},
	{"stat", DISK | STUCK},
	{"statfs", DISK | STUCK},
	{"statx", DISK | STUCK},
	{"sync", DISK | STUCK},
	{"sync_file_range", DISK | STUCK},
	{"syncfs", DISK | STUCK},
	{"truncate", DISK | STUCK},
	{"unlink", DISK | STUCK},
	{"unlinkat", DISK | STUCK},
	{"write", SEND | FILES},
	{"writev", SEND | FILES},
};

u32 percent(u64 part, u64 whole)
{
	if (!whole)
		return 0;
	return part >= whole ? 100 : 100.0 * part / whole + 0.5;
}

static bool is_subject(const char *name)
{
	return *name && strcmp(name, "kernel") && strcmp(name, "_other") && strcmp(name, "sonde");
}

static bool is_running(const struct frame *f, const char *set)
{
	for (u32 i = 0; i < f->nsets; i++)
		if (!strcmp(f->set[i].name, set))
			return f->set[i].running;
	return false;
}

static void gather_time(struct facts *facts)
{
	const struct frame *f = facts->f;

	for (u32 i = 0; i < f->nservices; i++) {
		struct service_facts *s = &facts->service[i];
		const u64 *time = f->service[i].time;
		u32 *top = facts->cpu_top;

		for (u32 part = 0; part < PARTS; part++)
			if (part != PART_IDLE)
				s->busy += time[part];
		s->on = time[PART_USER] + time[PART_KERNEL];
		s->subject = is_subject(f->service[i].name);
		facts->used += s->on;
		if (!s->subject)
			continue;
		if (top[0] == NOBODY || s->on > facts->service[top[0]].on) {
			top[1] = top[0];
			top[0] = i;
		} else if (top[1] == NOBODY || s->on > facts->service[top[1]].on) {
			top[1] = i;
		}
	}
}

static int compare_call(const void *name, const void *call)
{
	return strcmp(name, ((const struct call *)call)->name);
}

static void keep_longer(const struct frame_op **best, const struct frame_op *op)
{
	if (op->dist && op->dist->count && (!*best || op->dist->sum > (*best)->dist->sum))
		*best = op;
}

static void keep_older(const struct frame_op **best, const struct frame_op *op)
{
	if (op->inflight_age && (!*best || op->inflight_age > (*best)->inflight_age))
		*best = op;
}

static void gather_call(struct service_facts *s, const struct frame_op *op)
{
	const struct call *call;

	if (op->kind != OP_LATENCY || op->headline)
		return;
	call = bsearch(op->name, calls, sizeof(calls) / sizeof(calls[0]), sizeof(calls[0]),
		       compare_call);
	if (!call)
		return;
	if (call->is & RECV)
		keep_longer(&s->recv, op);
	if (call->is & SEND)
		keep_longer(&s->send, op);
	if (call->is & DISK)
		keep_longer(&s->disk, op);
	if (call->is & FILES)
		keep_longer(&s->files, op);
	if (call->is & FILES)
		keep_older(&s->files_open, op);
	else if (call->is & (RECV | SEND))
		keep_older(&s->peer_open, op);
	if (call->is & STUCK)
		keep_older(&s->stuck, op);
	if (call->is & STUCK && call->is & DISK)
		keep_older(&s->disk_open, op);
	if (call->is & LOCKS && op->dist)
		s->file_lock += op->dist->sum;
}

static void add_usage(struct usage *u, const struct frame_op *op)
{
	if (op->kind == OP_SIZE) {
		u->bytes += op->dist->sum;
		return;
	}
	u->requests += op->dist->count;
	u->time += op->dist->sum;
	keep_longer(&u->request, op);
}

static void gather_request(struct facts *facts, const struct frame_op *op)
{
	const struct frame *f = facts->f;
	const char *kind = strrchr(op->name, '_');

	if (!op->dist || !kind || (strcmp(kind, "_total") && strcmp(kind, "_size")))
		return;
	for (u32 i = 0; i < f->ndevices; i++) {
		if (strcmp(f->device[i].name, op->device))
			continue;
		add_usage(&facts->usage[(u64)op->service * f->ndevices + i], op);
		add_usage(&facts->device[i], op);
		return;
	}
}

/* Half of what is in @d was lost in waits at least so long: tens of thousands of short ones do not
 * hide the few that take the time. */
static u64 wait_that_counts(const struct dist *d)
{
	struct dist time = {.max = d->max};

	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		time.bucket[i] = d->bucket[i] * (dist__bound(i, UNIT_NS) / 1000);
		time.count += time.bucket[i];
	}
	return dist__quantile(&time, .5, UNIT_NS);
}

static void gather_ops(struct facts *facts)
{
	const struct frame *f = facts->f;

	for (u32 i = 0; i < f->nops; i++) {
		const struct frame_op *op = &f->op[i];
		const char *set = op->set < f->nsets ? f->set[op->set].name : "";

		if (op->service >= f->nservices)
			continue;
		if (!strcmp(set, "syscalls"))
			gather_call(&facts->service[op->service], op);
		else if (!strcmp(set, "block"))
			gather_request(facts, op);
		/* Its only histogram: the time from ready to running. */
		else if (!strcmp(set, "sched") && op->kind == OP_LATENCY && op->dist)
			facts->service[op->service].runq_wait = wait_that_counts(op->dist);
	}
}

static void gather_peers(struct facts *facts)
{
	const struct frame *f = facts->f;

	for (u32 i = 0; i < f->npeers; i++) {
		const struct frame_peer *p = &f->peer[i];
		struct service_facts *s;

		if (p->service >= f->nservices)
			continue;
		s = &facts->service[p->service];
		if (!s->peer || p->waited > s->peer->waited)
			s->peer = p;
		s->npeers += p->waited > 0;
		s->ended += p->waits * p->wait_max;
		if (!s->failing || p->failures > s->failing->failures)
			s->failing = p;
		if (!s->resending || p->retransmits > s->resending->retransmits)
			s->resending = p;
	}
}

int facts__gather(struct facts *ret, const struct frame *f)
{
	*ret = (struct facts){.f = f, .cpu_top = {NOBODY, NOBODY}};
	ret->sched = is_running(f, "sched");
	ret->block = is_running(f, "block");
	ret->service = calloc((size_t)f->nservices + 1, sizeof(*ret->service));
	ret->usage = calloc((size_t)f->nservices * f->ndevices + 1, sizeof(*ret->usage));
	ret->device = calloc((size_t)f->ndevices + 1, sizeof(*ret->device));
	if (!ret->service || !ret->usage || !ret->device) {
		facts__free(ret);
		return -ENOMEM;
	}
	gather_time(ret);
	gather_ops(ret);
	gather_peers(ret);
	return 0;
}

void facts__free(struct facts *facts)
{
	free(facts->service);
	free(facts->usage);
	free(facts->device);
	facts->service = NULL;
	facts->usage = facts->device = NULL;
}

u32 facts__neighbour(const struct facts *facts, u32 device, u32 victim)
{
	const struct usage *all = &facts->device[device], *best = NULL;
	u32 neighbour = NOBODY;

	for (u32 i = 0; i < facts->f->nservices; i++) {
		const struct usage *u = &facts->usage[(u64)i * facts->f->ndevices + device];

		if (i == victim || !facts->service[i].subject ||
		    (percent(u->bytes, all->bytes) <= DEVICE_MOST &&
		     percent(u->requests, all->requests) <= DEVICE_MOST))
			continue;
		if (!best || u->time > best->time) {
			best = u;
			neighbour = i;
		}
	}
	return neighbour;
}
