/* SPDX-License-Identifier: GPL-2.0-only */
/* By what the table of calls can be sorted. */
#ifndef SONDE_TRACE_SORT_H
#define SONDE_TRACE_SORT_H

enum trace_sort {
	SORT_TIME,
	SORT_COUNT,
	SORT_ERRORS,
	SORT_P50,
	SORT_P95,
	SORT_P99,
	SORT_MAX,
	SORT_NAME,
	SORT_NOTHING, /* by number */
	TRACE_SORTS,
};

/* -1 if there is none of that name; strace's names are known, too. */
int trace_sort__find(const char *name);
const char *trace_sort__name(enum trace_sort sort);
extern const char trace_sort__names[];

#endif
