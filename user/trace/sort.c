// SPDX-License-Identifier: GPL-2.0-only
#include "sort.h"

#include <string.h>

const char trace_sort__names[] = "time, calls, errors, p50, p95, p99, max, name, nothing";

static const struct {
	const char *name;
	enum trace_sort sort;
} names[] = {
	{"time", SORT_TIME},         {"calls", SORT_COUNT},       {"errors", SORT_ERRORS},
	{"p50", SORT_P50},           {"p95", SORT_P95},           {"p99", SORT_P99},
	{"max", SORT_MAX},           {"name", SORT_NAME},         {"nothing", SORT_NOTHING},
	{"none", SORT_NOTHING},      {"count", SORT_COUNT},       {"error", SORT_ERRORS},
	{"syscall", SORT_NAME},      {"syscall-name", SORT_NAME}, {"time-total", SORT_TIME},
	{"total-time", SORT_TIME},   {"max-time", SORT_MAX},      {"time-max", SORT_MAX},
	{"time-percent", SORT_TIME},
};

#define NNAMES (sizeof(names) / sizeof(names[0]))

int trace_sort__find(const char *name)
{
	for (size_t i = 0; i < NNAMES; i++)
		if (!strcmp(names[i].name, name))
			return names[i].sort;
	return -1;
}

const char *trace_sort__name(enum trace_sort sort)
{
	size_t i = 0;

	while (i < NNAMES - 1 && names[i].sort != sort)
		i++;
	return names[i].name;
}
