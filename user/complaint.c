// SPDX-License-Identifier: GPL-2.0-only
#include "complaint.h"

#include <bpf/libbpf.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "log.h"

/* The first line since complaint__clear. */
static char complaint[384];

/* Adds the line of the verifier's log that says why: the last one before its statistics. */
static void quote_verifier(const char *log)
{
	char *copy = strdup(log), *save = NULL, *why = NULL;
	size_t n = strlen(complaint);

	for (char *line = copy ? strtok_r(copy, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, "processed ", 10) || !strncmp(line, "-- END", 6))
			break;
		why = line;
	}
	if (why)
		snprintf(complaint + n, sizeof(complaint) - n, " (%s)", why);
	free(copy);
}

static int on_print(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char *line;
	size_t n;

	if (vasprintf(&line, fmt, ap) < 0)
		return 0;
	n = strlen(line);
	while (n && isspace((unsigned char)line[n - 1]))
		line[--n] = 0;
	if (level == LIBBPF_WARN && strstr(line, "BEGIN PROG LOAD LOG"))
		quote_verifier(line);
	else if (level == LIBBPF_WARN && !complaint[0])
		complaint__set("%s", line);
	if (level != LIBBPF_DEBUG)
		log_debug("%s", line);
	free(line);
	return 0;
}

void complaint__listen(void)
{
	libbpf_set_print(on_print);
}

void complaint__clear(void)
{
	complaint[0] = 0;
}

void complaint__set(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(complaint, sizeof(complaint), fmt, ap);
	va_end(ap);
}

void complaint__tell(char *why, size_t size, int err)
{
	const char *known = host__explain(err, complaint);

	snprintf(why, size, "%s", known ? known : complaint[0] ? complaint : strerror(-err));
}
