// SPDX-License-Identifier: GPL-2.0-only
#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static enum log_level max_level = LOG_INFO;

void log__set_level(enum log_level level)
{
	max_level = level;
}

enum log_level log__level(void)
{
	return max_level;
}

/* Whether standard error goes to the journal, which takes a priority before each line; see
 * sd-daemon(3) and JOURNAL_STREAM in systemd.exec(5). */
static bool to_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;

	return stream && sscanf(stream, "%llu:%llu", &dev, &ino) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == dev && st.st_ino == ino;
}

void log__print(enum log_level level, const char *fmt, ...)
{
	static const char *const prefix[] = {
		[LOG_ERROR] = "sonde: ",
		[LOG_WARN] = "sonde: warning: ",
		[LOG_INFO] = "sonde: ",
		[LOG_DEBUG] = "sonde: debug: ",
	};
	static const char *const priority[] = {
		[LOG_ERROR] = "<3>", [LOG_WARN] = "<4>", [LOG_INFO] = "<6>", [LOG_DEBUG] = "<7>"};
	char cut[512], *line;
	va_list ap;

	if (level > max_level)
		return;
	va_start(ap, fmt);
	if (vasprintf(&line, fmt, ap) < 0)
		line = NULL;
	va_end(ap);
	/* That there is no memory has to be said without any. */
	if (!line) {
		va_start(ap, fmt);
		vsnprintf(cut, sizeof(cut), fmt, ap);
		va_end(ap);
	}
	/* One write per line, so that lines of several threads do not mix. */
	fprintf(stderr, "%s%s%s\n", to_journal() ? priority[level] : "", prefix[level],
		line ? line : cut);
	free(line);
}
