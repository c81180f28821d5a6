// SPDX-License-Identifier: GPL-2.0-only
/*
 * hist_index as the kernel runs it, compiled by the BPF compiler and translated by the kernel,
 * against the definition. The object is expected beside this program.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hist.h"
#include "hist_expect.h"

static int passed, failures;

static int open_program(struct bpf_object *obj, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);

	if (!prog) {
		printf("no program %s\n", name);
		exit(1);
	}
	return bpf_program__fd(prog);
}

static void check(int fd, const char *unit, u64 value, u32 want)
{
	LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = &value, .ctx_size_in = sizeof(value));
	int err = bpf_prog_test_run_opts(fd, &run);

	if (!err && run.retval == want) {
		passed++;
		return;
	}
	failures++;
	if (err)
		printf("%llu %s: %s\n", (unsigned long long)value, unit, strerror(-err));
	else
		printf("%llu %s: bucket %u, wanted %u\n", (unsigned long long)value, unit,
		       run.retval, want);
}

static void check_ns(int fd)
{
	for (int k = 0; k < HIST_BOUNDS; k++) {
		u64 bound = expect__bound(k);

		check(fd, "ns", bound - 1, expect__index(bound - 1));
		check(fd, "ns", bound, k);
		check(fd, "ns", bound + 1, k + 1);
	}
	for (int e = 0; e < 64; e++)
		for (int i = -1; i <= 1; i++)
			check(fd, "ns", (1ULL << e) + i, expect__index((1ULL << e) + i));
	for (u64 ns = 0; ns < 2048; ns++)
		check(fd, "ns", ns, expect__index(ns));
	check(fd, "ns", ~0ULL, HIST_ABOVE);
}

static void check_bytes(int fd)
{
	check(fd, "bytes", 0, 0);
	check(fd, "bytes", ~0ULL, HIST_ABOVE);
	for (int e = 0; e < 64; e++) {
		u64 v = 1ULL << e;

		check(fd, "bytes", v, e <= 31 ? 8 * e : HIST_ABOVE);
		for (int i = -1; i <= 1; i += 2)
			check(fd, "bytes", v + i,
			      expect__index((unsigned __int128)(v + i) * 1000000000 >> 24 >> 37
						    ? ~0ULL
						    : (v + i) * 1000000000 >> 24));
	}
}

int main(int argc, char **argv)
{
	char path[4096];
	struct bpf_object *obj;
	char *self = strdup(argv[0]);

	snprintf(path, sizeof(path), "%s/hist_kernel.bpf.o", dirname(self));
	free(self);
	obj = bpf_object__open_file(argc > 1 ? argv[1] : path, NULL);
	if (!obj || bpf_object__load(obj)) {
		printf("cannot load %s; it needs root\n", argc > 1 ? argv[1] : path);
		return 1;
	}
	check_ns(open_program(obj, "index_of_ns"));
	check_bytes(open_program(obj, "index_of_bytes"));
	bpf_object__close(obj);
	printf("%d passed, %d failed\n", passed, failures);
	return failures != 0;
}
