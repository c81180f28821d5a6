// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every format against its golden file, totals, the choice of statistics, and what Prometheus is
 * given. Runs in the tree's root. With a format and a time it writes the slots of three hosts
 * instead, with `protobuf` and a directory what is scraped of them, and on standard error the exact
 * quantiles of what they hold, to see what a store makes of it.
 */
#include <errno.h>
#include <math.h>

#include "families.h"
#include "prometheus.h"
#include "protobuf.h"
#include "samples.h"
#include "totals.h"

static void format_as(struct text *out, const char *name, const struct delta *totals)
{
	const struct sink_format *f = sinks__find(name);

	if (!strcmp(name, "prometheus"))
		exposition__format(out, totals, names.prefix, EXPOSITION_TEXT, 0);
	else if (!strcmp(name, "openmetrics"))
		exposition__format(out, totals, names.prefix, EXPOSITION_OPENMETRICS, 1);
	else if (f)
		f->format(out, f->totals ? totals : &delta, &names);
	CHECK(!out->err);
	text__put(out, "", 1);
}

static void test_golden(const char *name, u32 stats)
{
	const struct delta *totals;
	struct totals *t = NULL;
	struct text out = {};
	char path[64], *want;

	snprintf(path, sizeof(path), "tests/golden/%s%s.txt", name,
		 stats & STATS_TIMER ? "-statsd" : "");
	want = read_golden(path);
	fill_golden();
	delta.stats = stats;
	CHECK(!totals__add(&t, &delta, 100, &totals));
	format_as(&out, name, totals);
	if (strcmp(out.data, want))
		printf("%s: wanted\n%s\n got\n%s", path, want, out.data);
	CHECK(!strcmp(out.data, want));
	totals__free(t);
	text__free(&out);
	free(want);
}

static const struct sample *find(const struct delta *d, const char *svc, u32 op)
{
	for (u32 i = 0; i < d->nsamples; i++)
		if (d->sample[i].op == op && !strcmp(d->service[d->sample[i].svc], svc))
			return &d->sample[i];
	return NULL;
}

static void test_totals_grow(void)
{
	const struct delta *d;
	struct totals *t = NULL;
	const struct sample *s;

	for (u32 i = 1; i <= 3; i++) {
		begin();
		add(sample(SYSCALLS, 4, 1, "read", OP_LATENCY), i == 2 ? 5000 : 1000, i);
		delta.sample[0].inflight = i;
		CHECK(!totals__add(&t, &delta, 10, &d));
		s = find(d, "nginx", 1);
		CHECK(d->nsamples == 1 && s);
		CHECK(s->dist->count == i * (i + 1) / 2 && s->grown->count == i);
		CHECK(s->dist->max == (i == 2 ? 5000 : 1000) && s->inflight == i);
	}
	CHECK(s->dist->sum == 14000);
	/* Idle, then not even there: it stands where it stood. */
	for (u32 i = 0; i < 2; i++) {
		begin();
		if (!i)
			sample(SYSCALLS, 4, 1, "read", OP_LATENCY);
		CHECK(!totals__add(&t, &delta, 10, &d));
		s = find(d, "nginx", 1);
		CHECK(s->dist->count == 6 && !s->grown && !s->dist->max && !s->inflight);
	}
	totals__free(t);
}

/* A number that another service has now, and the first one with another number. */
static void test_totals_by_name(void)
{
	const struct delta *d;
	struct totals *t = NULL;

	begin();
	add(sample(SYSCALLS, 4, 1, "read", OP_LATENCY), 1000, 7);
	CHECK(!totals__add(&t, &delta, 10, &d));
	begin();
	service[4] = "newcomer";
	service[5] = "nginx";
	add(sample(SYSCALLS, 4, 1, "read", OP_LATENCY), 1000, 1);
	add(sample(SYSCALLS, 5, 1, "read", OP_LATENCY), 1000, 2);
	CHECK(!totals__add(&t, &delta, 10, &d));
	CHECK(find(d, "newcomer", 1)->dist->count == 1);
	CHECK(find(d, "nginx", 1)->dist->count == 9);
	/* An operation's number that means another device. */
	begin();
	add(sample(SYSCALLS, 4, 1, "read", OP_LATENCY), 1000, 2);
	strcpy(delta.sample[0].info.device, "sda");
	CHECK(!totals__add(&t, &delta, 10, &d));
	CHECK(d->nsamples == 3);
	totals__free(t);
}

static void test_totals_bounded(void)
{
	const struct delta *d;
	struct totals *t = NULL;

	for (u32 i = 0; i < 10; i++) {
		begin();
		add(sample(SYSCALLS, 6 + i, 1, "read", OP_LATENCY), 1000, 1);
		add(sample(SYSCALLS, 4, 1, "read", OP_LATENCY), 1000, 1);
		CHECK(!totals__add(&t, &delta, 4, &d));
		CHECK(d->nsamples == (i < 2 ? i + 2 : 4));
	}
	CHECK(find(d, "nginx", 1)->dist->count == 10);
	CHECK(!find(d, "svc-6", 1) && find(d, "svc-15", 1) && find(d, "svc-13", 1));
	CHECK(!strcmp(d->self[0].stat, "forgotten") && d->self[0].value == 7);
	/* What is there now is never forgotten. */
	begin();
	for (u32 i = 0; i < 10; i++)
		add(sample(SYSCALLS, 6 + i, 1, "read", OP_LATENCY), 1000, 1);
	CHECK(!totals__add(&t, &delta, 4, &d));
	CHECK(d->nsamples == 10);
	/* And of those that went away together no more than need be. */
	begin();
	add(sample(SYSCALLS, 9, 1, "read", OP_LATENCY), 1000, 1);
	CHECK(!totals__add(&t, &delta, 4, &d));
	CHECK(d->nsamples == 4 && find(d, "svc-9", 1)->dist->count == 2);
	totals__free(t);
}

static void test_copy(void)
{
	struct delta_copy copy = {};
	struct text a = {}, b = {};
	const struct delta *d;
	struct totals *t = NULL;

	fill_golden();
	CHECK(!totals__add(&t, &delta, 100, &d));
	format_as(&a, "prometheus", d);
	CHECK(!delta__copy(&copy, d));
	totals__free(t);
	begin();
	format_as(&b, "prometheus", &copy.delta);
	CHECK(a.size == b.size && !memcmp(a.data, b.data, a.size));
	CHECK(!delta__copy(&copy, &delta) && !copy.delta.nsamples);
	delta__copy_free(&copy);
	text__free(&a);
	text__free(&b);
}

/* Moments of samples whose distribution is known. */
static void test_moments(void)
{
	double sum = 0, squares = 0, worst = 0, std;
	struct dist_moments m;
	struct sample *s;

	begin();
	s = sample(SYSCALLS, 4, 1, "read", OP_LATENCY);
	add(s, 123456, 1);
	m = dist__moments(s->dist);
	CHECK(m.std == 0 && m.lower == 123456 && fabs(m.sum_squares / 123456 / 123456 - 1) < 1e-9);
	begin();
	s = sample(SYSCALLS, 4, 1, "read", OP_LATENCY);
	for (u32 i = 0; i < 10000; i++) {
		double value = floor(1e5 * exp(1.2 * sin(i) + sin(i * 0.7)));

		add(s, value, 1);
		sum += value;
		squares += value * value;
	}
	m = dist__moments(s->dist);
	std = sqrt(squares / 10000 - sum / 10000 * sum / 10000);
	worst = fmax(fabs(m.sum_squares / squares - 1), fabs(m.std / std - 1));
	printf("moments: off by %.4f\n", worst);
	CHECK(worst < 0.01);
}

static void test_accept(void)
{
	static const char proto[] =
		"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;"
		"encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,"
		"application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,"
		"*/*;q=0.1";

	CHECK(exposition__choose(NULL) == EXPOSITION_TEXT);
	CHECK(exposition__choose("") == EXPOSITION_TEXT);
	CHECK(exposition__choose("*/*") == EXPOSITION_TEXT);
	CHECK(exposition__choose(";;,,;q=,=") == EXPOSITION_TEXT);
	CHECK(exposition__choose(proto) == EXPOSITION_PROTOBUF);
	CHECK(exposition__choose(strchr(proto, ',') + 1) == EXPOSITION_OPENMETRICS);
	CHECK(exposition__choose("application/openmetrics-text; version=\"1.0.0\"") ==
	      EXPOSITION_OPENMETRICS);
	CHECK(exposition__choose("application/openmetrics-text; version=0.0.1") == EXPOSITION_TEXT);
	CHECK(exposition__choose("text/plain,application/openmetrics-text;q=0.5") ==
	      EXPOSITION_TEXT);
	CHECK(exposition__choose("application/openmetrics-text;q=0") == EXPOSITION_TEXT);
	CHECK(exposition__choose("application/vnd.google.protobuf") == EXPOSITION_TEXT);
	CHECK(exposition__choose("application/vnd.google.protobuf;proto=io.prometheus.client."
				 "MetricFamily;encoding=text") == EXPOSITION_TEXT);
}

static void check_bytes(struct text *t, const char *want, size_t size)
{
	CHECK(t->size == size && !memcmp(t->data, want, size));
	text__clear(t);
}

static void test_protobuf(void)
{
	struct text t = {};

	protobuf__varint(&t, 0);
	protobuf__varint(&t, 300);
	protobuf__varint(&t, UINT64_MAX);
	check_bytes(&t, "\x00\xac\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 13);
	protobuf__uint(&t, 1, 150);
	protobuf__uint(&t, 16, 1);
	check_bytes(&t, "\x08\x96\x01\x80\x01\x01", 6);
	protobuf__sint(&t, 2, -1);
	protobuf__sint(&t, 2, 1);
	protobuf__sint(&t, 2, INT64_MIN);
	check_bytes(&t, "\x10\x01\x10\x02\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 15);
	protobuf__double(&t, 3, 1);
	check_bytes(&t, "\x19\x00\x00\x00\x00\x00\x00\xf0\x3f", 9);
	protobuf__string(&t, 2, "testing");
	check_bytes(&t, "\x12\x07testing", 9);
	text__free(&t);
}

static void test_bounds(void)
{
	char a[BOUND_MAX], b[BOUND_MAX];

	CHECK(!strcmp(family__bound(192, UNIT_NS, a), "1.0"));
	CHECK(!strcmp(family__bound(191 - 7, UNIT_NS, a), "0.5"));
	CHECK(!strcmp(family__bound(0, UNIT_BYTES, a), "1.0"));
	CHECK(!strcmp(family__bound(248, UNIT_BYTES, a), "2147483648.0"));
	CHECK(!strcmp(family__bound(HIST_ABOVE, UNIT_NS, a), "+Inf"));
	for (int i = 0; i < HIST_ABOVE; i++) {
		CHECK(strtod(family__bound(i, UNIT_NS, a), NULL) >
		      strtod(family__bound(i - 1, UNIT_NS, b), NULL));
		/* Whole nanoseconds at or below the written bound are those at or below ours. */
		CHECK(floor(strtod(a, NULL) * 1e9 * (1 + 1e-9)) >= dist__bound(i, UNIT_NS));
	}
}

/* --- slots for a store ----------------------------------------------------------------------- */

#define HOSTS 3
#define SLOTS 30
#define CALLS 800 /* of the first host, in a slot */

static u64 seed = 42;

static double uniform(void)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return ((seed >> 11) + 0.5) / (1ULL << 53);
}

static double normal(void)
{
	return sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
}

static const char *const shapes[] = {"lognormal", "wide", "bimodal", "pareto"};
#define SHAPES 4

/* A duration in ns; host 2 has a quarter of the calls and is four times as slow. */
static u64 draw(u32 shape, u32 host)
{
	double s = shape == 0   ? 1e-3 * exp(0.5 * normal())
		   : shape == 1 ? 1e-4 * exp(2 * normal())
		   : shape == 2 ? (uniform() < 0.9 ? 2e-5 : 5e-2) * exp(0.2 * normal())
				: 1e-4 * pow(uniform(), -1 / 1.5);

	return 1e9 * s * (host == 2 ? 4 : 1) + 1;
}

static int by_value(const void *a, const void *b)
{
	const u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void report_exact(u32 shape, u64 *value, u32 n)
{
	static const double q[] = {0.5, 0.95, 0.99, 0.999};

	qsort(value, n, sizeof(*value), by_value);
	for (u32 i = 0; i < 4; i++)
		fprintf(stderr, "%s %g %.9f %u\n", shapes[shape], q[i],
			value[(u32)ceil(q[i] * n) - 1] / 1e9, n);
}

static void fill_slot(u32 host, u64 *value[SHAPES], u32 *n)
{
	begin();
	for (u32 shape = 0; shape < SHAPES; shape++) {
		struct sample *s = sample(SYSCALLS, 6 + shape, 0, "read", OP_LATENCY);

		service[6 + shape] = shapes[shape];
		for (u32 i = 0; i < CALLS / (host == 2 ? 4 : 1); i++) {
			value[shape][n[shape]] = draw(shape, host);
			add(s, value[shape][n[shape]++], 1);
		}
	}
}

/* What the last slot leaves to be scraped, as a file HOST in the directory @dir. */
static void write_exposition(const char *dir, const char *host, const struct delta *totals)
{
	struct text out = {};
	char path[256];
	FILE *f;

	exposition__format(&out, totals, "sonde", EXPOSITION_PROTOBUF, 0);
	snprintf(path, sizeof(path), "%s/%s", dir, host);
	f = fopen(path, "w");
	if (!f || fwrite(out.data, 1, out.size, f) != out.size || fclose(f))
		perror(path);
	text__free(&out);
}

static void write_slot(const struct sink_format *f, const char *host, const struct delta *totals)
{
	const struct naming_scheme as = {.prefix = "sonde", .host = host};
	struct text out = {};

	f->format(&out, f->totals ? totals : &delta, &as);
	fwrite(out.data, 1, out.size, stdout);
	text__free(&out);
}

/* @to: the directory of "protobuf", else the time of the first slot. */
static int feed(const char *format, const char *to)
{
	const struct sink_format *f = sinks__find(format);
	u64 *value[SHAPES], start = strtoull(to, NULL, 10);
	struct totals *t[HOSTS] = {};
	u32 n[SHAPES] = {};

	for (u32 i = 0; i < SHAPES; i++)
		value[i] = calloc(HOSTS * SLOTS * CALLS, sizeof(u64));
	for (u32 i = 0; i < SLOTS * HOSTS; i++) {
		const struct delta *totals;
		u32 host = i % HOSTS;

		fill_slot(host, value, n);
		delta.slot = delta.since = start + 10 * (i / HOSTS);
		delta.taken = delta.slot + 10;
		if (totals__add(&t[host], &delta, 1000, &totals))
			return 1;
		if (f)
			write_slot(f, service_names[host], totals);
		else if (i / HOSTS == SLOTS - 1)
			write_exposition(to, service_names[host], totals);
	}
	for (u32 i = 0; i < SHAPES; i++)
		report_exact(i, value[i], n[i]);
	return 0;
}

int main(int argc, char **argv)
{
	const u32 usual = STATS_BUCKETS | STATS_PERCENTILES;

	if (argc == 3)
		return feed(argv[1], argv[2]);
	for (u32 i = 0; sink_formats[i]; i++)
		test_golden(sink_formats[i]->name, usual);
	test_golden("graphite", STATS_TIMER);
	test_golden("prometheus", usual);
	test_golden("openmetrics", usual);
	test_totals_grow();
	test_totals_by_name();
	test_totals_bounded();
	test_copy();
	test_moments();
	test_accept();
	test_protobuf();
	test_bounds();
	begin();
	return report();
}
