/* SPDX-License-Identifier: GPL-2.0-only */
/* What people read of a distribution, against golden files: GOLDEN, or tests/golden. With "--write"
 * they are written. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "print_hist.h"

static int passed, failed;
static bool writing;

static void check(int line, const char *what, const char *got, const char *want)
{
	if (!strcmp(got, want)) {
		passed++;
		return;
	}
	failed++;
	printf("%s:%d: %s: got\n%s\nwanted\n%s\n", __FILE__, line, what, got, want);
}

#define CHECK(what, got, want) check(__LINE__, what, got, want)

static char *golden_path(const char *name)
{
	static char path[4096];
	const char *dir = getenv("GOLDEN");

	snprintf(path, sizeof(path), "%s/%s", dir ? dir : "tests/golden", name);
	return path;
}

static void check_golden(int line, const char *name, const char *got)
{
	static char want[65536];
	FILE *f = fopen(golden_path(name), writing ? "w" : "r");
	size_t n;

	if (!f) {
		failed++;
		printf("%s: %s\n", golden_path(name), strerror(errno));
		return;
	}
	if (writing) {
		fputs(got, f);
		fclose(f);
		return;
	}
	n = fread(want, 1, sizeof(want) - 1, f);
	want[n] = 0;
	fclose(f);
	check(line, name, got, want);
}

static void add(struct dist *d, u64 value, u64 n, enum unit unit)
{
	d->bucket[dist__bucket_of(value, unit)] += n;
	d->count += n;
	d->sum += n * value;
	if (value > d->max)
		d->max = value;
}

/* Two humps and an outlier: what a cache in front of a disk looks like. */
static struct dist two_humps(void)
{
	struct dist d = {.errors = 7};

	for (u64 i = 0; i < 12000; i++)
		add(&d, 900 + i % 400, 1, UNIT_NS);
	for (u64 i = 0; i < 900; i++)
		add(&d, 180000 + 200 * i, 1, UNIT_NS);
	add(&d, 2345678901, 1, UNIT_NS);
	return d;
}

static struct dist narrow(void)
{
	struct dist d = {};

	for (u64 i = 0; i < 1000; i++)
		add(&d, 1000000 + 300 * i, 1, UNIT_NS);
	return d;
}

static struct dist sizes(void)
{
	struct dist d = {};

	add(&d, 512, 3, UNIT_BYTES);
	add(&d, 4096, 1500, UNIT_BYTES);
	add(&d, 16384, 20, UNIT_BYTES);
	add(&d, 1 << 20, 77, UNIT_BYTES);
	return d;
}

static struct dist ends(void)
{
	struct dist d = {};

	add(&d, 0, 1, UNIT_NS);
	add(&d, 59, 1, UNIT_NS);
	add(&d, 60, 1, UNIT_NS);
	add(&d, 128000000000, 1, UNIT_NS);
	add(&d, 128000000001, 5, UNIT_NS);
	return d;
}

static void print_all(FILE *out, const struct print_style *style)
{
	const struct dist humps = two_humps(), near = narrow(), size = sizes(), far = ends();
	const struct dist none = {};
	struct hist_head head = {.title = "read", .elapsed = 10000000000, .inflight = 2};

	head.inflight_age = 12345678901;
	print_hist__head(out, style, &head, &humps, UNIT_NS);
	print_hist__rows(out, style, &humps, UNIT_NS);
	head = (struct hist_head){.title = "ppoll", .note = "waits by design", .elapsed = 1};
	print_hist__head(out, style, &head, &near, UNIT_NS);
	print_hist__rows(out, style, &near, UNIT_NS);
	head = (struct hist_head){.title = "vda write_size", .elapsed = 60000000000};
	print_hist__head(out, style, &head, &size, UNIT_BYTES);
	print_hist__rows(out, style, &size, UNIT_BYTES);
	head = (struct hist_head){.title = "ends", .elapsed = 10000000000};
	print_hist__head(out, style, &head, &far, UNIT_NS);
	print_hist__rows(out, style, &far, UNIT_NS);
	print_hist__rows(out, style, &none, UNIT_NS);
}

static void print_heat(FILE *out, const struct print_style *style)
{
	const struct dist humps = two_humps(), size = sizes(), far = ends(), none = {};

	print_heat__legend(out, style);
	print_heat__bounds(out, style, 10, UNIT_NS);
	print_heat__line(out, style, 10, "03:12:09", "read", &humps);
	print_heat__line(out, style, 10, "03:12:10", "a_name_that_is_cut", &none);
	print_heat__line(out, style, 10, "03:12:11", "ends", &far);
	print_heat__bounds(out, style, 10, UNIT_BYTES);
	print_heat__line(out, style, 10, "03:12:11", "write_size", &size);
}

static void test_golden(int line, const char *name, struct print_style style,
			void (*print)(FILE *, const struct print_style *))
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	print(f, &style);
	fclose(f);
	check_golden(line, name, text);
	free(text);
}

#define GOLDEN(name, print, ...)                                                                   \
	test_golden(__LINE__, name, (struct print_style){__VA_ARGS__}, print)

static void test_amounts(void)
{
	static const struct {
		u64 value;
		enum unit unit;
		const char *want;
	} rows[] = {
		{0, UNIT_NS, "0 ns"},
		{999, UNIT_NS, "999 ns"},
		{1000, UNIT_NS, "1.00 us"},
		{9994, UNIT_NS, "9.99 us"},
		{9996, UNIT_NS, "10.0 us"},
		{99949, UNIT_NS, "99.9 us"},
		{99951, UNIT_NS, "100 us"},
		{999499, UNIT_NS, "999 us"},
		{999500, UNIT_NS, "1.00 ms"},
		{1000000000, UNIT_NS, "1.00 s"},
		{1234000000000, UNIT_NS, "1234 s"},
		{0, UNIT_BYTES, "0 B"},
		{1023, UNIT_BYTES, "1023 B"},
		{1024, UNIT_BYTES, "1.00 KiB"},
		{1048575, UNIT_BYTES, "1.00 MiB"},
		{1ULL << 30, UNIT_BYTES, "1.00 GiB"},
		{5ULL << 50, UNIT_BYTES, "5120 TiB"},
	};
	char buf[AMOUNT_MAX];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CHECK("amount", format__amount(buf, rows[i].value, rows[i].unit), rows[i].want);
	CHECK("count", format__count(buf, 0), "0");
	CHECK("count", format__count(buf, 999), "999");
	CHECK("count", format__count(buf, 1000), "1,000");
	CHECK("count", format__count(buf, UINT64_MAX), "18,446,744,073,709,551,615");
	CHECK("rate", format__rate(buf, 3, 10000000000), "0.3/s");
	CHECK("rate", format__rate(buf, 12345, 1000000000), "12,345/s");
	CHECK("rate", format__rate(buf, 12345, 0), "0.0/s");
}

static u32 utf8_columns(const char *line, size_t n)
{
	u32 columns = 0;

	for (size_t i = 0; i < n; i++)
		columns += (line[i] & 0xc0) != 0x80;
	return columns;
}

/* No row is wider than the terminal, whatever its width. */
static void test_width(void)
{
	const struct dist d = two_humps();

	for (u32 width = 60; width < 300; width++) {
		const struct print_style style = {.width = width, .utf8 = width & 1};
		u32 widest = 0, rows = 0;
		char *text = NULL;
		size_t size;
		FILE *f = open_memstream(&text, &size);

		print_hist__rows(f, &style, &d, UNIT_NS);
		fclose(f);
		for (char *p = text, *end; (end = strchr(p, '\n')); p = end + 1, rows++)
			if (utf8_columns(p, end - p) > widest)
				widest = utf8_columns(p, end - p);
		CHECK("width", widest == width ? "full" : "not full", "full");
		CHECK("rows", rows <= 20 ? "few" : "many", "few");
		free(text);
	}
}

int main(int argc, char **argv)
{
	writing = argc > 1 && !strcmp(argv[1], "--write");
	GOLDEN("hist-ascii", print_all, .width = 80);
	GOLDEN("hist-utf8", print_all, .width = 100, .utf8 = true);
	GOLDEN("hist-colour", print_all, .width = 80, .utf8 = true, .colour = true);
	GOLDEN("hist-heat-ascii", print_heat, .width = 80);
	GOLDEN("hist-heat-narrow", print_heat, .width = 50);
	GOLDEN("hist-heat-utf8", print_heat, .width = 130, .utf8 = true);
	GOLDEN("hist-heat-colour", print_heat, .width = 80, .utf8 = true, .colour = true);
	test_amounts();
	test_width();
	printf("%d passed, %d failed, 0 skipped\n", passed, failed);
	return failed != 0;
}
