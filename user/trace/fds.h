/* SPDX-License-Identifier: GPL-2.0-only */
/* What descriptors are on, as processes have opened and closed them in the stream of events. */
#ifndef SONDE_TRACE_FDS_H
#define SONDE_TRACE_FDS_H

#include <stdbool.h>

#include "trace.h"

struct fds;

/* @follow: events of the calls that fds__wants come to fds__before and fds__after, and names are
 * kept; else each name is looked up when it is asked for. */
struct fds_opts {
	const char *root;
	bool follow;
	bool detail; /* sockets' addresses, devices' numbers */
};

/* Returns 0 or -ENOMEM. */
int fds__new(struct fds **ret, const struct fds_opts *opts);
void fds__free(struct fds *f);

bool fds__wants(s32 nr);

/* What process @pid has open now, before its first event. */
void fds__prime(struct fds *f, u32 pid);

/* Before an event is printed: what it adds; and afterwards: what it takes away. */
void fds__before(struct fds *f, const struct trace_event *ev);
void fds__after(struct fds *f, const struct trace_event *ev);

/* A fd_name_fn; good for the event that is being printed. */
const char *fds__name(void *fds, u32 pid, s32 fd);

#endif
