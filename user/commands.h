/* SPDX-License-Identifier: GPL-2.0-only */
/* One function per command; each returns the exit status. */
#ifndef SONDE_COMMANDS_H
#define SONDE_COMMANDS_H

struct options;

enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_UNABLE = 3, /* this kernel or these privileges cannot do it */
};

int cmd_run(struct options *o);
int cmd_top(const struct options *o);
int cmd_hist(const struct options *o);
int cmd_probes(const struct options *o);
int cmd_check(const struct options *o);
int cmd_trace(const struct options *o);
int cmd_ctl(const struct options *o);
int cmd_query(const struct options *o);

#endif
