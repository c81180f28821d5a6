/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What waits for one receiver, in memory and in a spool: the order in which it is sent, what is
 * sent again, and what is dropped when there is no room. All functions may be called from any
 * thread, and none waits for a receiver or a disk. Times are CLOCK_MONOTONIC nanoseconds.
 *
 * What was put since the last failure is fresh and goes first. A failure makes a backlog of all
 * that waits, which is sent in order of its slots, at a bounded pace, between what is fresh. What a
 * receiver took may die with it before it is stored, so after a failure the last slots are sent
 * again; receivers keep the last value of a slot, so repeating does no harm.
 */
#ifndef SONDE_QUEUE_H
#define SONDE_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/queue.h>

#include "spool.h"

#define QUEUE_NEVER UINT64_MAX

struct batch {
	TAILQ_ENTRY(batch) link;
	struct batch_list *list;
	struct spool_entry e;
	char *data;           /* NULL: only in the spool */
	uint64_t put_ns;      /* 0: by a process before us */
	uint64_t due_ns;      /* not to be sent before */
	uint64_t done_ns;     /* taken by the receiver, 0: never */
	unsigned int repeats; /* so often sent again, unasked */
	bool on_disk;
	bool sending, writing; /* is being read by a thread: stays as it is */
};

TAILQ_HEAD(batch_list, batch);

struct queue_opts {
	size_t max_bytes;     /* that wait in memory */
	struct spool *spool;  /* NULL: none; the caller's, as long as the queue lives */
	uint64_t spool_bytes; /* at most on disk */
	uint64_t spool_age_s; /* what is older than that is dropped, by its slot */
	uint32_t lines_per_s; /* pace of the backlog, or twice that of what is fresh */
	unsigned int repeat; /* with each of the next so many slots a slot is sent again, unasked */
	bool resend;         /* receivers keep the last value of a slot */
};

struct queue_stats {
	uint64_t batches, lines, bytes; /* taken by the receiver, each once */
	uint64_t dropped, dropped_lines;
	uint64_t queued, queued_lines, queued_bytes; /* waiting now, in memory and on disk */
	uint64_t spool_bytes;
};

/* Private to queue.c and queue_lists.c; the spooler waits on its lock and disk_cond. */
struct queue {
	pthread_mutex_t lock;
	pthread_cond_t
		disk_cond; /* disk_news has grown: there is something to do for the spooler */
	unsigned int disk_news;
	struct queue_opts opts;
	struct batch_list fresh, backlog, kept;
	struct batch_list trash; /* on disk, and to be removed */
	size_t memory_bytes;     /* waiting, with data */
	size_t kept_bytes;
	unsigned int nkept;
	uint32_t number;
	uint64_t pace_ns; /* the backlog goes on then */
	uint64_t last_slot, live_lines_per_s;
	uint64_t disk_retry_ns;
	bool down;     /* nothing was delivered since the last failure */
	bool stopping; /* nothing more will be put */
	bool closed;   /* takes nothing */
	struct queue_stats stats;
};

/* Takes what is in the spool as its backlog. *@damaged as spool__scan. Returns 0 or -errno. */
int queue__init(struct queue *q, const struct queue_opts *opts, unsigned int *damaged);
void queue__destroy(struct queue *q);

/* A copy of @data, whole lines of @slot. Returns 0 or -ENOMEM. */
int queue__put(struct queue *q, uint64_t slot, const void *data, size_t size, uint64_t due_ns);

/* What is to be sent now, pinned; else NULL, and when there will be something (@due_ns). */
struct batch *queue__take(struct queue *q, uint64_t now_ns, uint64_t *due_ns);
/*
 * How that went; each unpins. @copy: the text of a batch without data, as read from the spool, or
 * NULL; becomes the queue's. True: it has a file, which is the caller's to remove.
 */
bool queue__delivered(struct queue *q, struct batch *b, char *copy, uint64_t now_ns);
void queue__failed(struct queue *q, struct batch *b); /* NULL: without any */
void queue__lost(struct queue *q, struct batch *b);

/* For the spooler: what is to be written, pinned, or else removed; or NULL and when. */
struct batch *queue__take_unwritten(struct queue *q, uint64_t now_ns, uint64_t *due_ns);
struct batch *queue__take_trash(struct queue *q);
/* How writing went: 0 or -errno. False: what was written is not wanted any more. */
bool queue__written(struct queue *q, struct batch *b, int err, uint64_t now_ns);

/* Nothing more will be put; what waits is due at once, for the receiver and for the disk. */
void queue__stop(struct queue *q);
/* Nothing more is taken; what waits and is not on disk is dropped. */
void queue__close(struct queue *q);
bool queue__is_empty(struct queue *q);
void queue__stats(struct queue *q, struct queue_stats *ret);

#endif
