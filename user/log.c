// SPDX-License-Identifier: GPL-2.0-only
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static enum log_level max_level = LOG_INFO;

void log__set_level(enum log_level level)
{
	max_level = level;
}

enum log_level log__level(void)
{
	return max_level;
}

void log__print(enum log_level level, const char *fmt, ...)
{
	static const char *const prefix[] = {
		[LOG_ERROR] = "sonde: ",
		[LOG_WARN] = "sonde: warning: ",
		[LOG_INFO] = "sonde: ",
		[LOG_DEBUG] = "sonde: debug: ",
	};
	char *line;
	va_list ap;
	int n;

	if (level > max_level)
		return;
	/* One write per line, so that lines of several threads do not mix. */
	va_start(ap, fmt);
	n = vasprintf(&line, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	fprintf(stderr, "%s%s\n", prefix[level], line);
	free(line);
}
