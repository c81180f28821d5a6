// SPDX-License-Identifier: GPL-2.0-only
/* A descriptor's link, then the tables of /proc/PID/net. */
#include "fuzz.h"
#include "top/descriptor.h"
#include "trace/fd_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text__of(data, size), *line[2] = {NULL}, small[40], name[512];
	size_t table;

	text__lines(text, line, 2);
	table = line[1] ? (size_t)(line[1] - text) : size;
	files__are(data + table, size - table, line[0]);
	descriptor__of_call("", 1, "read", 3, small, sizeof(small));
	descriptor__of_call("", 1, "accept4", 3, name, sizeof(name));
	fd_name__look("", 1, 3, true, name, sizeof(name));
	fd_name__look("", 1, 3, true, small, sizeof(small));
	files__end();
	free(text);
	return 0;
}
