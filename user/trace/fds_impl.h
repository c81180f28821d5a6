/* SPDX-License-Identifier: GPL-2.0-only */
/* What the table of descriptors and the reading of events share. */
#ifndef SONDE_TRACE_FDS_IMPL_H
#define SONDE_TRACE_FDS_IMPL_H

#include "fds.h"
#include "hash.h"

#define NAME_SIZE 4400
#define MAX_GIVEN 2048

struct fd {
	s32 fd;
	bool cloexec;
	char *name;
	UT_hash_handle hh;
};

struct fd_process {
	u32 pid;
	char *cwd; /* NULL: not known */
	struct fd *fds;
	UT_hash_handle hh;
};

/* A descriptor becomes another one between its arguments and its result. */
struct dup {
	u32 pid; /* 0: none is under way */
	s32 from, to;
	bool cloexec;
	u32 asked;
};

struct fds {
	struct fds_opts opts;
	struct dup dup;
	bool bad; /* the call said that a descriptor is not open */
	struct fd_process *processes;
	char name[NAME_SIZE];   /* that was looked up last */
	char *given[MAX_GIVEN]; /* names that are being printed; the oldest goes next */
	u32 ngiven;
};

struct fd_process *fds__process(struct fds *f, u32 pid, bool make);
void fds__drop_process(struct fds *f, struct fd_process *p);
void fds__look_cwd(const struct fds *f, struct fd_process *p);

struct fd *fds__find(struct fd_process *p, s32 number);
void fds__drop(struct fd_process *p, struct fd *fd);
void fds__forget(struct fd_process *p, s32 number);
/* Without memory it is looked up again. */
void fds__set(struct fd_process *p, s32 number, const char *name, bool cloexec);
void fds__copy(struct fds *f, struct fd_process *p, s32 from, s32 to, bool cloexec);
void fds__end_dup(struct fds *f);

/* As fds__name, but it gives nothing to be printed. */
const char *fds__look(struct fds *f, u32 pid, s32 number);

#endif
