// SPDX-License-Identifier: GPL-2.0-only
/* attach OBJECT: loads it, attaches all its programs, says ready, and waits for a signal. */
#include <bpf/libbpf.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct bpf_object *obj = argc > 1 ? bpf_object__open(argv[1]) : NULL;
	struct bpf_program *prog;

	/* Who starts this in the background may ignore it. */
	signal(SIGINT, SIG_DFL);
	if (!obj || bpf_object__load(obj))
		return 1;
	bpf_object__for_each_program(prog, obj)
		if (!bpf_program__attach(prog))
			return 1;
	fputs("ready\n", stderr);
	return pause();
}
