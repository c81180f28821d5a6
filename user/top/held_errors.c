// SPDX-License-Identifier: GPL-2.0-only
#include "held_errors.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int held_errors__begin(void)
{
	int memory = isatty(STDERR_FILENO) ? memfd_create("errors", MFD_CLOEXEC) : -1;
	int held;

	if (memory < 0)
		return -1;
	held = dup(STDERR_FILENO);
	dup2(memory, STDERR_FILENO);
	close(memory);
	return held;
}

void held_errors__release(int held)
{
	char text[4096];
	ssize_t n;
	int memory;

	if (held < 0)
		return;
	memory = dup(STDERR_FILENO);
	dup2(held, STDERR_FILENO);
	close(held);
	lseek(memory, 0, SEEK_SET);
	while ((n = read(memory, text, sizeof(text))) > 0)
		fwrite(text, 1, n, stderr);
	close(memory);
}
