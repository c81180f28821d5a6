/* SPDX-License-Identifier: GPL-2.0-only */
/* short [-n N] [-l MS] [-s] [-q] */
/* Exactly N times getppid at once, then lives on to the age of MS milliseconds: asleep, or with -s
 * spinning. -q: quiet. */
#include "work.h"

#include <stdbool.h>
#include <sys/syscall.h>

int main(int argc, char **argv)
{
	uint64_t begin = now_ns(), n = 1, ms = 0;
	bool spin = false, quiet = false;
	struct line line = {.len = 0};
	int c;

	while ((c = getopt(argc, argv, "n:l:sq")) != -1) {
		if (c == 'n')
			n = number(optarg);
		else if (c == 'l')
			ms = number(optarg);
		else if (c == 's')
			spin = true;
		else if (c == 'q')
			quiet = true;
		else
			exit(2);
	}
	for (uint64_t i = 0; i < n; i++)
		syscall(SYS_getppid);
	if (spin)
		spin_until(begin + ms * NS_PER_MS);
	else if (ms)
		sleep_until(begin + ms * NS_PER_MS);
	line_add(&line, "pid=%d calls=%" PRIu64 " ns=%" PRIu64, getpid(), n, now_ns() - begin);
	if (!quiet)
		say(&line);
	_exit(0);
}
