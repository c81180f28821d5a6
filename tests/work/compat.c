/* SPDX-License-Identifier: GPL-2.0-only */
/* compat N: N times getppid of the 32-bit table (there number 64), then getuid of the other. */
#include "work.h"

int main(int argc, char **argv)
{
	uint64_t n = argc == 2 ? number(argv[1]) : 1;

#ifdef __x86_64__
	for (uint64_t i = 0; i < n; i++) {
		long ret;

		__asm__ volatile("int $0x80"
				 : "=a"(ret)
				 : "a"(64L)
				 : "memory", "r8", "r9", "r10", "r11");
		if (ret != getppid())
			errx(3, "no 32-bit calls here");
	}
	return getuid() == (uid_t)-1;
#else
	(void)n;
	errx(3, "no 32-bit calls here");
#endif
}
