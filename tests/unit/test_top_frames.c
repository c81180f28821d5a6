/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames as text: each comes back as it was, whatever is in it, and what is no frame is refused.
 * With "--write" the recordings in tests/golden/frames are written, against which it is tested.
 */
#include <errno.h>
#include <stdbool.h>
#include <time.h>

#include "check.h"
#include "sink.h"
#include "top/frame_json.h"
#include "top_frames.h"

#define SAME(array, n)                                                                             \
	(a->n == b->n && (!a->n || !memcmp(a->array, b->array, a->n * sizeof(*a->array))))

static bool same_ops(const struct frame *a, const struct frame *b)
{
	if (a->nops != b->nops)
		return false;
	for (u32 i = 0; i < a->nops; i++) {
		struct frame_op x = a->op[i], y = b->op[i];

		if (!x.dist != !y.dist || (x.dist && memcmp(x.dist, y.dist, sizeof(*x.dist))))
			return false;
		x.dist = y.dist = NULL;
		if (memcmp(&x, &y, sizeof(x)))
			return false;
	}
	return true;
}

static bool same(const struct frame *a, const struct frame *b)
{
	return !memcmp(a, b, offsetof(struct frame, set)) && SAME(set, nsets) &&
	       SAME(loss, nlosses) && SAME(service, nservices) && same_ops(a, b) &&
	       SAME(process, nprocesses) && SAME(thread, nthreads) && SAME(peer, npeers) &&
	       SAME(device, ndevices);
}

static void test_round_trip(int line, const char *what, struct frame *f)
{
	struct text text = {};
	struct frame back;
	char why[256] = "";
	bool printable = true;

	check(__FILE__, line, what, !frame__write(&text, f));
	for (size_t i = 0; i + 1 < text.size; i++)
		printable &= text.data[i] >= ' ' && text.data[i] < 0x7f;
	check(__FILE__, line, "one line of printable ASCII",
	      printable && text.size && text.data[text.size - 1] == '\n');
	check(__FILE__, line, why, !frame__read(&back, text.data, text.size, why, sizeof(why)));
	check(__FILE__, line, "not the same after it was read", same(f, &back));
	/* Memory that is not written over is not taken for a frame's. */
	frame__free(&back);
	check(__FILE__, line, "freed twice", !back.op && !back.nops);
	text__free(&text);
	frames__end(f);
}

static void test_extremes(void)
{
	struct frame *f = frames__new(0);
	struct frame_op *op;

	frames__all_sets(f);
	frames__service(f, "s", UINT32_MAX, UINT32_MAX,
			(u64[PARTS]){1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
	op = frames__op(f, 0, SCHED, "x", OP_SIZE, frames__dist(1, 1, 1, 0, UNIT_BYTES));
	op->inflight = UINT32_MAX;
	op->inflight_age = INT64_MAX;
	op->dist->bucket[HIST_ABOVE] = INT64_MAX;
	op->dist->bucket[0] = 1;
	frames__op(f, 0, SYSCALLS, "idle", OP_LATENCY, NULL)->wait = true;
	memset(f->service[0].name, 'a', FRAME_NAME - 1);
	test_round_trip(__LINE__, "extremes", f);
}

/* All bytes that a name can have. */
static void test_bytes(void)
{
	struct frame *f = frames__new(0);

	for (u32 c = 1; c < 256; c++) {
		static const u64 time[PARTS];
		const char name[] = {'x', c, 'y', c, c, 0};

		frames__service(f, name, 1, 1, time);
	}
	test_round_trip(__LINE__, "each byte", f);
}

static int read_text(const char *text, char *why)
{
	struct frame f;
	int err = frame__read(&f, text, strlen(text), why, 256);

	if (!err)
		frame__free(&f);
	return err;
}

static void test_refusals(void)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{"", "not JSON"},
		{"nonsense", "not JSON"},
		{"{\"frame\":1", "not JSON"},
		{"[]", "no frame of sonde top"},
		{"{\"slot\":1}", "no frame of sonde top"},
		{"{\"frame\":2}", "version 2 and this program reads version 1"},
		{"{\"frame\":1,\"host\":7}", "host is not a string"},
		{"{\"frame\":1,\"taken\":-1}", "taken is not a number that it can be"},
		{"{\"frame\":1,\"taken\":1.5}", "taken is not a number that it can be"},
		{"{\"frame\":1,\"ops\":{}}", "ops: not an array"},
		{"{\"frame\":1,\"ops\":[1]}", "ops: an element is not an object"},
		{"{\"frame\":1,\"ops\":[{]}", "not JSON"},
		{"{\"frame\":1,\"ops\":[{\"a\":]}]}", "not JSON"},
		{"{\"frame\":1,\"ops\":[{\"a\":x}]}", "ops: not JSON"},
		{"{\"frame\":1,\"ops\":[[{}]]}", "ops: an element is not an object"},
		{"{\"frame\":1,\"ops\":[{}]}", "ops: there is no service 0"},
		{"{\"frame\":1,\"services\":[{}],\"ops\":[{}]}", "ops: there is no set 0"},
		{"{\"frame\":1,\"services\":[{}],\"processes\":[{\"service\":1}]}",
		 "processes: there is no service 1"},
		{"{\"frame\":1,\"services\":[{\"threads\":4294967296}]}", "threads is not"},
		{"{\"frame\":1,\"services\":[{\"time\":[]}]}", "time is not an object"},
		{"{\"frame\":1,\"services\":[{\"time\":{\"user\":\"1\"}}]}", "user is not"},
		{"{\"frame\":1,\"ops\":[{\"kind\":\"x\"}]}", "no such kind"},
		{"{\"frame\":1,\"ops\":[{\"dist\":7}]}", "dist is not an object"},
		{"{\"frame\":1,\"ops\":[{\"dist\":{\"buckets\":[1]}}]}", "buckets are not pairs"},
		{"{\"frame\":1,\"ops\":[{\"dist\":{\"buckets\":[250,1]}}]}", "a bucket is not"},
		{"{\"frame\":1,\"ops\":[{\"dist\":{\"buckets\":[0,-1]}}]}", "a count is not"},
	};
	char why[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		why[0] = 0;
		CHECK_THAT(rows[i].text, read_text(rows[i].text, why) == -EBADMSG);
		if (!strstr(why, rows[i].why))
			printf("'%s' has no '%s'\n", why, rows[i].why);
		CHECK_THAT(rows[i].text, strstr(why, rows[i].why) != NULL);
	}
	CHECK_THAT(
		"unknown members are passed over",
		!read_text("{\"frame\":1,\"new\":{\"a\":[1]},\"services\":[{\"name\":\"a\",\"x\":1,"
			   "\"time\":{\"gpu\":\"\",\"user\":1}}]}",
			   why));
	CHECK_THAT(
		"brackets in strings, and keys within values",
		!read_text("{\"x\":{\"ops\":[{}]},\"services\" : [ {\"name\":\"}],{\\\"\"} , {} ],"
			   "\"frame\":1}",
			   why));
	CHECK_THAT("an empty frame", !read_text("{\"frame\":1}", why));
}

/* Whatever is cut off or overwritten, it is refused or read, and nothing breaks. */
static void test_damage(void)
{
	struct frame *f = frames__hostile(), back;
	struct text text = {};
	char why[256];

	CHECK_THAT("written", !frame__write(&text, f));
	for (size_t n = 0; n < text.size - 2; n += 7)
		CHECK_THAT("a cut frame", frame__read(&back, text.data, n, why, sizeof(why)) < 0);
	srand(1);
	for (u32 i = 0; i < 3000; i++) {
		char *at = text.data + rand() % text.size, before = *at;

		*at = rand();
		if (!frame__read(&back, text.data, text.size, why, sizeof(why)))
			frame__free(&back);
		*at = before;
		passed++;
	}
	text__free(&text);
	frames__end(f);
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

/* How long it takes is printed, not judged: that depends on the machine. */
static void test_large(void)
{
	struct frame *f = frames__many(200, 5000), back;
	double best_write = 1e9, best_read = 1e9;
	struct text text = {};
	char why[256];

	for (u32 i = 0; i < 3; i++) {
		double start = now_ms(), end;

		text__clear(&text);
		frame__write(&text, f);
		end = now_ms();
		best_write = end - start < best_write ? end - start : best_write;
		start = now_ms();
		CHECK_THAT("read", !frame__read(&back, text.data, text.size, why, sizeof(why)));
		end = now_ms();
		best_read = end - start < best_read ? end - start : best_read;
		frame__free(&back);
	}
	printf("5,000 processes, 1,800 operations, %zu bytes: written in %.1f ms, read in %.1f ms\n",
	       text.size, best_write, best_read);
	text__free(&text);
	frames__end(f);
}

/* --- recordings */

static void record(struct text *text, struct frame *f)
{
	if (frame__write(text, f))
		abort();
	frames__end(f);
}

static void test_recording(int line, const char *name, const struct text *text, bool writing)
{
	const char *dir = getenv("GOLDEN");
	char path[4096], *want = must(malloc(text->size + 1));
	size_t n;
	FILE *file;

	snprintf(path, sizeof(path), "%s/frames/%s.jsonl", dir ? dir : "tests/golden", name);
	file = fopen(path, writing ? "w" : "r");
	if (!file) {
		check(__FILE__, line, path, false);
	} else if (writing) {
		fwrite(text->data, 1, text->size, file);
	} else {
		n = fread(want, 1, text->size + 1, file);
		check(__FILE__, line, path, n == text->size && !memcmp(want, text->data, n));
	}
	if (file)
		fclose(file);
	free(want);
}

static void test_recordings(bool writing)
{
	struct text text = {};

	for (u32 i = 0; i < 12; i++)
		record(&text, frames__web(i));
	test_recording(__LINE__, "web", &text, writing);
	text__clear(&text);
	for (u32 i = 0; i < 2; i++)
		record(&text, frames__lossy(i));
	test_recording(__LINE__, "lossy", &text, writing);
	text__clear(&text);
	record(&text, frames__hostile());
	test_recording(__LINE__, "hostile", &text, writing);
	text__free(&text);
}

int main(int argc, char **argv)
{
	test_round_trip(__LINE__, "empty", must(calloc(1, sizeof(struct frame))));
	test_round_trip(__LINE__, "web", frames__web(7));
	test_round_trip(__LINE__, "lossy", frames__lossy(1));
	test_round_trip(__LINE__, "hostile", frames__hostile());
	test_round_trip(__LINE__, "many", frames__many(200, 5000));
	test_extremes();
	test_bytes();
	test_refusals();
	test_damage();
	test_large();
	test_recordings(argc > 1 && !strcmp(argv[1], "--write"));
	return report();
}
