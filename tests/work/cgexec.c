/* SPDX-License-Identifier: GPL-2.0-only */
/* cgexec CGROUP_DIR PROGRAM [ARG]... */
/* Makes the cgroup where absent, moves into it and becomes PROGRAM; says nothing. */
#include "cgroup.h"

int main(int argc, char **argv)
{
	if (argc < 3)
		errx(2, "usage: cgexec CGROUP_DIR PROGRAM [ARG]...");
	make_cgroup(argv[1]);
	enter_cgroup(argv[1]);
	execvp(argv[2], &argv[2]);
	err(1, "%s", argv[2]);
}
