// SPDX-License-Identifier: GPL-2.0-only
#include "option_top.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option_table.h"
#include "top/model.h"
#include "units.h"

/* Of a viewer; what the file says is how long a slot is. */
int option_top__refresh(struct options *o, const char *value, char *why, size_t size)
{
	u64 ns = 0;

	if (o->reading)
		return 0;
	if (units__duration(value, &ns) || ns < INTERVAL_MIN || ns > INTERVAL_MAX) {
		snprintf(why, size, "expected a time from 100ms to 1h, such as 1, 500ms or 10s");
		return -EINVAL;
	}
	o->refresh = ns;
	return 0;
}

int option_top__frames(struct options *o, const char *value, char *why, size_t size)
{
	u64 n;

	if (units__number(value, 1, UINT32_MAX, &n)) {
		snprintf(why, size, "expected how many, such as 3");
		return -EINVAL;
	}
	o->frames = n;
	return 0;
}

int option_top__batch(struct options *o, const char *value, char *why, size_t size)
{
	return option_table__switch(&o->batch, value, why, size);
}

int option_top__view(struct options *o, const char *value, char *why, size_t size)
{
	for (u32 i = 0; i < TABS; i++)
		if (!strcmp(value, views[i].name))
			return option_table__string(&o->view, value);
	snprintf(why, size, "expected services, processes, operations, devices or peers");
	return -EINVAL;
}

/* Which columns there are depends on the view, which is known when all has been read. */
int option_top__sort(struct options *o, const char *value, char *why, size_t size)
{
	(void)why;
	(void)size;
	return option_table__string(&o->sort, value);
}

int option_top__filter(struct options *o, const char *value, char *why, size_t size)
{
	(void)why;
	(void)size;
	return option_table__string(&o->filter, value);
}

int option_top__socket(struct options *o, const char *value, char *why, size_t size)
{
	(void)why;
	(void)size;
	return option_table__string(&o->socket, value);
}

int option_top__socket_group(struct options *o, const char *value, char *why, size_t size)
{
	(void)why;
	(void)size;
	return option_table__string(&o->socket_group, value);
}

int option_top__socket_mode(struct options *o, const char *value, char *why, size_t size)
{
	char *end;
	unsigned long mode = strtoul(value, &end, 8);

	if (end == value || *end || mode > 0777) {
		snprintf(why, size, "expected permissions in octal, such as 0660");
		return -EINVAL;
	}
	o->socket_mode = mode;
	return 0;
}

int option_top__replay(struct options *o, const char *value, char *why, size_t size)
{
	(void)why;
	(void)size;
	return option_table__string(&o->replay, value);
}
