// SPDX-License-Identifier: GPL-2.0-only
/* Each file of tests/fuzz/corpus/NAME through harness NAME of tests/fuzz, once; what a harness does
 * not like ends the program. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CORPUS "tests/fuzz/corpus"

typedef int harness_fn(const uint8_t *data, size_t size);

#define HARNESS(name) harness_fn fuzz_##name;
#include "list.h"
#undef HARNESS

static const struct {
	const char *name;
	harness_fn *fn;
} harnesses[] = {
#define HARNESS(name) {#name, fuzz_##name},
#include "list.h"
#undef HARNESS
};

#define NHARNESSES (sizeof(harnesses) / sizeof(harnesses[0]))

static int passed;

/* In memory of exactly its size, so that a sanitizer sees what is read behind it. */
static void run_file(harness_fn *fn, const char *path)
{
	FILE *f = fopen(path, "r");
	uint8_t *data;
	long size;

	if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) < 0) {
		perror(path);
		exit(1);
	}
	rewind(f);
	data = malloc(size ? size : 1);
	if (!data || fread(data, 1, size, f) != (size_t)size) {
		perror(path);
		exit(1);
	}
	fclose(f);
	/* Said before, for whoever looks at what was the last. */
	fprintf(stderr, "%s\n", path);
	fn(data, size);
	free(data);
	passed++;
}

/* Returns how many files there were. */
static int run_directory(harness_fn *fn, const char *dir)
{
	struct dirent **list;
	char path[600];
	int n = scandir(dir, &list, NULL, alphasort), ran = 0;

	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name);
		if (list[i]->d_name[0] != '.') {
			run_file(fn, path);
			ran++;
		}
		free(list[i]);
	}
	if (n >= 0)
		free(list);
	return ran;
}

int main(void)
{
	int failed = 0, out = dup(STDOUT_FILENO);

	/* Help is printed, too. */
	if (out < 0 || !freopen("/dev/null", "w", stdout))
		return 1;
	for (size_t i = 0; i < NHARNESSES; i++) {
		char dir[200];

		snprintf(dir, sizeof(dir), CORPUS "/%s", harnesses[i].name);
		if (!run_directory(harnesses[i].fn, dir)) {
			fprintf(stderr, "%s: no seed\n", dir);
			failed++;
		}
	}
	dprintf(out, "%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
