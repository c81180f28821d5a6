// SPDX-License-Identifier: GPL-2.0-only
#include "collect_threads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "collect.h"
#include "descriptor.h"
#include "hash.h"
#include "syscall_names.h"

/* What threads are on is told for so long in each frame, lest sockets are looked for, one by one,
 * in tables of a hundred thousand. */
#define DESCRIBE_NS 50000000ULL

struct thread_id {
	u64 started;
	u32 tid, pad;
};

struct thread {
	struct thread_id id;
	struct thread_row now, last; /* the last one is all zero if it was born since */
	u64 reading;
	UT_hash_handle hh;
};

/* Where a process is in the frame. */
struct process {
	u32 pid, index;
	UT_hash_handle hh;
};

struct thread_table {
	const char *root;
	struct thread *threads;
	u64 reading;
	u64 describe_until;
	bool failed; /* some thread could not be kept */
};

int thread_table__new(struct thread_table **ret, const char *root)
{
	struct thread_table *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->root = root;
	*ret = t;
	return 0;
}

void thread_table__free(struct thread_table *t)
{
	struct thread *thread, *tmp;

	if (!t)
		return;
	HASH_ITER(hh, t->threads, thread, tmp) {
		HASH_DEL(t->threads, thread);
		free(thread);
	}
	free(t);
}

void thread_table__see(void *table, const struct thread_row *row)
{
	struct thread_id id = {.started = row->started, .tid = row->tid};
	struct thread_table *t = table;
	struct thread *thread;

	HASH_FIND(hh, t->threads, &id, sizeof(id), thread);
	if (!thread) {
		thread = calloc(1, sizeof(*thread));
		if (!thread) {
			t->failed = true;
			return;
		}
		thread->id = id;
		HASH_ADD(hh, t->threads, id, sizeof(thread->id), thread);
		if (!hash_added(thread)) {
			free(thread);
			t->failed = true;
			return;
		}
	}
	thread->now = *row;
	thread->reading = t->reading;
}

void thread_table__end(struct thread_table *t)
{
	struct thread *thread, *tmp;

	HASH_ITER(hh, t->threads, thread, tmp) {
		if (thread->reading == t->reading) {
			thread->last = thread->now;
			continue;
		}
		HASH_DEL(t->threads, thread);
		free(thread);
	}
	t->reading++;
}

static void add_time(u64 time[PARTS], const struct thread *t)
{
	const struct thread_row *now = &t->now, *last = &t->last;
	u64 user = now->ticks_user - last->ticks_user,
	    kernel = now->ticks_kernel - last->ticks_kernel;
	u64 on_cpu = now->time[PART_USER] - last->time[PART_USER];
	/* Of one born since, ticks count from its birth. */
	u64 in_kernel = user + kernel ? (double)on_cpu * kernel / (user + kernel) : 0;

	for (u32 i = PART_RUNQ; i < PARTS; i++)
		time[i] += now->time[i] - last->time[i];
	time[PART_USER] += on_cpu - in_kernel;
	time[PART_KERNEL] += in_kernel;
}

static const char *call_name(const struct thread_row *row, char buf[32])
{
	const char *name = row->call >= 0 ? syscall_name(row->call) : NULL;

	if (row->call < 0)
		return "";
	if (name)
		snprintf(buf, 32, "%s", name);
	else
		snprintf(buf, 32, "sys_%d", row->call);
	return buf;
}

/* How long it is in its call, at least. */
static u64 call_age(const struct thread_row *row)
{
	return row->age ? row->age : row->blocked;
}

static void add_to_process(struct frame_process *p, const struct thread *t)
{
	const struct thread_row *now = &t->now, *last = &t->last;
	char name[32];

	add_time(p->time, t);
	p->threads++;
	p->calls += now->calls - last->calls;
	p->errors += now->errors - last->errors;
	p->read += now->read_bytes - last->read_bytes;
	p->written += now->written_bytes - last->written_bytes;
	if (now->pid == now->tid)
		snprintf(p->comm, sizeof(p->comm), "%.15s", now->comm);
	if (now->call >= 0 && now->part != PART_IDLE && now->part != PART_USER &&
	    call_age(now) > p->inflight_age) {
		p->inflight_age = call_age(now);
		snprintf(p->inflight_op, sizeof(p->inflight_op), "%s", call_name(now, name));
	}
}

static char state_of(u32 part)
{
	if (part == PART_USER || part == PART_RUNQ)
		return 'R';
	return part == PART_DISK || part == PART_MEMORY ? 'D' : 'S';
}

static int add_thread(struct thread_table *t, const struct thread *thread, struct frame *f)
{
	const struct thread_row *now = &thread->now;
	struct frame_thread *out = frame__add_thread(f);
	char name[32];

	if (!out)
		return -ENOMEM;
	out->pid = now->pid;
	out->tid = now->tid;
	snprintf(out->comm, sizeof(out->comm), "%.15s", now->comm);
	add_time(out->time, thread);
	out->state = state_of(now->part);
	snprintf(out->op, sizeof(out->op), "%s", call_name(now, name));
	if (now->call >= 0) {
		out->age = call_age(now);
		out->at_least = !now->age;
		if (now_ns() < t->describe_until)
			descriptor__of_call(t->root, now->pid, out->op, now->arg, out->on,
					    sizeof(out->on));
	}
	return 0;
}

static bool is_wanted(const struct wanted *wanted, u32 pid)
{
	for (u32 i = 0; i < MAX_WANTED; i++)
		if (wanted->pid[i] == pid)
			return true;
	return false;
}

int thread_table__fill(struct thread_table *t, const struct delta *d, const struct wanted *wanted,
		       struct frame *f, u32 (*service)(void *ctx, const struct delta *d, u32 svc),
		       void *ctx)
{
	struct process *processes = NULL, *p, *tmp;
	struct thread *thread, *next;
	int err = t->failed ? -ENOMEM : 0;

	t->failed = false;
	t->describe_until = now_ns() + DESCRIBE_NS;
	HASH_ITER(hh, t->threads, thread, next) {
		struct frame_process *out;

		if (thread->reading != t->reading || err)
			continue;
		HASH_FIND(hh, processes, &thread->now.pid, sizeof(u32), p);
		if (!p) {
			p = calloc(1, sizeof(*p));
			out = p ? frame__add_process(f) : NULL;
			if (!out) {
				free(p);
				err = -ENOMEM;
				continue;
			}
			p->pid = out->pid = thread->now.pid;
			p->index = f->nprocesses - 1;
			out->ppid = thread->now.ppid;
			out->service = service(ctx, d, thread->now.svc);
			if (out->service >= f->nservices) {
				free(p);
				err = -ENOMEM;
				continue;
			}
			snprintf(out->comm, sizeof(out->comm), "%.15s", thread->now.comm);
			f->service[out->service].processes++;
			HASH_ADD(hh, processes, pid, sizeof(p->pid), p);
			if (!hash_added(p)) {
				free(p);
				err = -ENOMEM;
				continue;
			}
		}
		out = &f->process[p->index];
		add_to_process(out, thread);
		f->service[out->service].threads++;
		if (is_wanted(wanted, thread->now.pid))
			err = add_thread(t, thread, f);
	}
	HASH_ITER(hh, processes, p, tmp) {
		HASH_DEL(processes, p);
		free(p);
	}
	return err;
}
