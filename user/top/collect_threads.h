/* SPDX-License-Identifier: GPL-2.0-only */
/* The threads of this host from one reading to the next, and the processes that they make up. */
#ifndef SONDE_COLLECT_THREADS_H
#define SONDE_COLLECT_THREADS_H

#include "frame.h"
#include "snapshot.h"

struct thread_table;
struct wanted;

int thread_table__new(struct thread_table **ret, const char *root);
void thread_table__free(struct thread_table *t);

/* A thread_fn: takes what the kernel says of one thread now. */
void thread_table__see(void *table, const struct thread_row *row);

/* Adds to @f the processes of the threads that were seen, and the threads of those @wanted;
 * @service gives the index of a service's number. Returns 0 or -ENOMEM. */
int thread_table__fill(struct thread_table *t, const struct delta *d, const struct wanted *wanted,
		       struct frame *f, u32 (*service)(void *ctx, const struct delta *d, u32 svc),
		       void *ctx);

/* Ends a reading: threads that were not seen in it are gone. */
void thread_table__end(struct thread_table *t);

#endif
