/* SPDX-License-Identifier: GPL-2.0-only */
/* The results of `sonde hist`, as text. */
#ifndef SONDE_HIST_REPORT_H
#define SONDE_HIST_REPORT_H

#include "hist_groups.h"
#include "print_hist.h"

/* How many groups are shown where no operation is named. */
#define REPORT_GROUPS 10

/* The groups of each wanted set, or what there was instead. @elapsed: ns measured. Returns 0 or
 * -ENOMEM. */
int report__print(FILE *out, const struct print_style *style, const struct groups *g,
		  const struct selection *s, u64 elapsed);

/* One of sonde's own figures; 0 if @d has none of that name. */
u64 report__figure(const struct delta *d, const char *op, const char *stat);

/* What was not measured, since @from: one line, or nothing. */
void report__losses(FILE *out, const struct delta *from, const struct delta *now);

#endif
