/* SPDX-License-Identifier: GPL-2.0-only */
/* Where frames come from: loaded probe sets, a daemon's socket, or a recording. */
#ifndef SONDE_SOURCE_H
#define SONDE_SOURCE_H

#include "frame.h"

struct options;
struct source;

struct source_ops {
	/* To poll: readable when `next` may give a frame or has work to do; -1: by the interval's
	 * timer only. */
	int (*fd)(struct source *s);
	/* 1: *@ret is the caller's; 0: none yet; -EPIPE: there will be no more; -errno after it has
	 * logged why. */
	int (*next)(struct source *s, struct frame **ret);
	/* Asks for the threads of that process from the next frame on; 0: of none. */
	int (*open_process)(struct source *s, u32 pid);
	int (*set_interval)(struct source *s, u64 ns);
	void (*close)(struct source *s);
};

struct source {
	const struct source_ops *ops;
};

/* Return 0 or an exit status after having logged why. */
int source__live(struct source **ret, const struct options *o);
/* Asks the daemon that listens at @path; if it goes away, until it is there again. @quiet: it is no
 * fault if there is none. */
int source__attach(struct source **ret, const char *path, bool quiet);
/* Gives frames as fast as they are read, until an interval is set. */
int source__replay(struct source **ret, const struct options *o);

#endif
