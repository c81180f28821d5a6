// SPDX-License-Identifier: GPL-2.0-only
/* What is sent: the same numbers in each format, and the budget. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "samples.h"

static void format_with(const char *name, struct text *out)
{
	const struct sink_format *f = sinks__find(name);

	CHECK(f);
	if (f)
		f->format(out, &delta, &names);
	CHECK(!out->err);
	text__put(out, "", 1);
}

/* Whether each number below @o is in a line of @lines that begins with @path. */
static u32 flatten(json_t *o, const char *path, const char *lines)
{
	const char *key;
	char full[512];
	u32 n = 0;
	json_t *v;

	json_object_foreach(o, key, v)
	{
		const char *line;

		snprintf(full, sizeof(full), "%s.%s", path, key);
		/* The host stands between the service and the set. */
		if (!strcmp(path, "test.prefix"))
			snprintf(full, sizeof(full), "%s.%s.web1", path, key);
		if (json_is_object(v)) {
			n += flatten(v, full, lines);
			continue;
		}
		strcat(full, " ");
		line = strstr(lines, full);
		CHECK(line && (line == lines || line[-1] == '\n'));
		if (line)
			CHECK(strtod(line + strlen(full), NULL) == json_number_value(v));
		n++;
	}
	return n;
}

static u32 count_lines(const char *s)
{
	u32 n = 0;

	while ((s = strchr(s, '\n'))) {
		n++;
		s++;
	}
	return n;
}

/* The same names and numbers in both. */
static void test_same_numbers(void)
{
	struct text json = {}, lines = {};
	json_error_t e;
	json_t *o;
	u32 n;

	fill_golden();
	format_with("json", &json);
	format_with("graphite", &lines);
	o = json_loads(json.data, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &e);
	CHECK(o);
	if (!o) {
		printf("%s at %d\n", e.text, e.position);
		return;
	}
	n = flatten(json_object_get(o, "services"), "test.prefix", lines.data);
	n += flatten(json_object_get(o, "self"), "test.prefix.sonde.web1.self", lines.data);
	CHECK(n == count_lines(lines.data));
	CHECK(json_number_value(json_object_get(o, "slot")) == 1700000010);
	json_decref(o);
	text__free(&json);
	text__free(&lines);
}

static void test_json_is_valid(void)
{
	struct naming_scheme odd = {.prefix = "a\"b\\c\n", .host = "h"};
	struct text out = {};
	json_t *o;

	begin();
	sinks__find("json")->format(&out, &delta, &odd);
	odd.prefix = "second";
	sinks__find("json")->format(&out, &delta, &odd);
	text__put(&out, "", 1);
	CHECK(count_lines(out.data) == 2);
	o = json_loads(out.data, JSON_DISABLE_EOF_CHECK, NULL);
	CHECK(o && !strcmp(json_string_value(json_object_get(o, "prefix")), "a\"b\\c\n"));
	CHECK(o && json_object_size(json_object_get(o, "services")) == 0);
	json_decref(o);
	text__free(&out);
}

static void check_number(u64 value, enum scale scale, const char *want)
{
	char got[NUMBER_MAX + 1];

	*number__write(got, value, scale) = '\0';
	CHECK(!strcmp(got, want));
}

static void test_numbers(void)
{
	check_number(0, SCALE_UNIT, "0");
	check_number(18446744073709551615ULL, SCALE_UNIT, "18446744073709551615");
	check_number(0, SCALE_MILLI, "0");
	check_number(1, SCALE_MILLI, "0.001");
	check_number(50, SCALE_MILLI, "0.05");
	check_number(400, SCALE_MILLI, "0.4");
	check_number(1000, SCALE_MILLI, "1");
	check_number(10230, SCALE_MILLI, "10.23");
	check_number(18446744073709551615ULL, SCALE_MILLI, "18446744073709551.615");
}

static void count_one(void *ctx, const char *stat, u64 value, enum scale scale, enum stat_type type)
{
	(void)type;
	(void)stat;
	(void)value;
	(void)scale;
	++*(u32 *)ctx;
}

static u32 values_of(const struct delta *d)
{
	u32 n = d->nself;

	for (u32 i = 0; i < d->nsamples; i++) {
		u32 before = n;

		series__each(d, &d->sample[i], count_one, &n);
		CHECK(n - before == series__count(d, &d->sample[i]));
	}
	return n;
}

/* All that must not be lost, by set; the headlines apart, since they count the same events again.
 */
struct totals {
	struct dist latency[SETS], all[SETS], size[SETS];
	u64 counter[SETS];
	u32 inflight;
};

static void total(const struct delta *d, struct totals *t)
{
	memset(t, 0, sizeof(*t));
	for (u32 i = 0; i < d->nsamples; i++) {
		const struct sample *s = &d->sample[i];

		t->inflight += s->inflight;
		if (!s->dist)
			continue;
		if (op_kind__is_sum(s->info.kind))
			t->counter[s->set] += s->dist->sum;
		else if (s->info.kind == OP_SIZE)
			dist__add(&t->size[s->set], s->dist);
		else
			dist__add(s->op == OP_ALL ? &t->all[s->set] : &t->latency[s->set], s->dist);
	}
}

static const struct sample *find(const struct delta *d, u32 set, u32 svc, u32 op)
{
	const struct sample *found = NULL;

	for (u32 i = 0; i < d->nsamples; i++) {
		const struct sample *s = &d->sample[i];

		if (s->set == set && s->svc == svc && s->op == op) {
			CHECK(!found);
			found = s;
		}
	}
	return found;
}

/* @services x @ops of syscalls and what else there is; the lower the number the busier. */
static void fill_load(u32 services, u32 ops)
{
	char name[32];

	begin();
	for (u32 svc = SVC_FIRST; svc < SVC_FIRST + services; svc++) {
		struct sample *all;
		u32 at = delta.nsamples;

		sample(SYSCALLS, svc, OP_ALL, "_all", OP_LATENCY);
		for (u32 op = 0; op < ops; op++) {
			struct sample *s;

			snprintf(name, sizeof(name), "op%u", op);
			s = sample(SYSCALLS, svc, op, name, OP_LATENCY);
			for (u32 i = 0; i < 15; i++)
				add(s, (u64)(300 * pow(1.45, i + op % 5)),
				    1 + 40000 / ((op + 1) * (svc + i)));
			s->dist->errors = op;
			s->inflight = op == 3;
			all = &delta.sample[at];
			add(all, 1000, 1);
			dist__add(all->dist, s->dist);
		}
		add(sample(BLOCK, svc, 1, "read_size", OP_SIZE), 4096, 1);
		strcpy(sample(TCP, svc, 2, "retransmit", OP_COUNTER)->info.stat, "segments");
		add(&delta.sample[delta.nsamples - 1], svc, 1);
	}
	add(sample(SYSCALLS, SVC_FIRST, OP_OTHER, "_other", OP_LATENCY), 777, 5);
	delta__self(&delta, "events", "syscalls", 1);
}

static void apply(struct budget_state **state, u32 max, struct budget *b)
{
	struct totals *before = malloc(sizeof(*before)), *after = malloc(sizeof(*after));

	total(&delta, before);
	CHECK(!budget__apply(state, &delta, max, b));
	total(b->delta, after);
	CHECK(!memcmp(before, after, sizeof(*after)));
	CHECK(b->series == values_of(b->delta));
	CHECK(b->series <= max);
	total(&delta, after);
	CHECK(!memcmp(before, after, sizeof(*after)));
	free(before);
	free(after);
}

static void test_budget_fits(void)
{
	struct budget_state *state = NULL;
	struct budget b;

	fill_load(2, 5);
	apply(&state, values_of(&delta), &b);
	CHECK(!b.folded_ops && !b.folded_services && b.delta->nsamples == delta.nsamples);
	apply(&state, values_of(&delta) - 1, &b);
	CHECK(b.folded_ops && b.delta->nsamples < delta.nsamples);
	budget__free(state);
}

static void test_budget_ops(void)
{
	struct budget_state *state = NULL;
	struct budget b;

	/* Three services whose least is far below half: only operations go. */
	fill_load(3, 40);
	apply(&state, 1000, &b);
	CHECK(b.folded_ops && !b.folded_services);
	CHECK(b.series > 800);
	for (u32 svc = SVC_FIRST; svc < SVC_FIRST + 3; svc++) {
		CHECK(find(b.delta, SYSCALLS, svc, OP_ALL));
		CHECK(find(b.delta, SYSCALLS, svc, OP_OTHER));
		CHECK(find(b.delta, SYSCALLS, svc, 0));
		CHECK(!find(b.delta, SYSCALLS, svc, 39));
		CHECK(find(b.delta, TCP, svc, 2));
	}
	budget__free(state);
}

static void test_budget_services(void)
{
	struct budget_state *state = NULL;
	u32 left = 0;
	struct budget b;

	fill_load(128, 40);
	apply(&state, 2000, &b);
	CHECK(b.folded_services > 80 && b.folded_ops);
	CHECK(b.series > 1500);
	for (u32 svc = SVC_FIRST; svc < SVC_FIRST + 128; svc++)
		left += find(b.delta, SYSCALLS, svc, OP_ALL) != NULL;
	CHECK(left + b.folded_services == 128);
	/* The busiest are those that stay. */
	CHECK(find(b.delta, SYSCALLS, SVC_FIRST, 0));
	CHECK(find(b.delta, SYSCALLS, SVC_FIRST + left - 1, OP_ALL));
	CHECK(find(b.delta, SYSCALLS, SVC_OTHER, OP_ALL));
	CHECK(find(b.delta, SYSCALLS, SVC_OTHER, OP_OTHER)->inflight);
	CHECK(find(b.delta, BLOCK, SVC_OTHER, 1)->info.kind == OP_SIZE);
	CHECK(find(b.delta, TCP, SVC_OTHER, 2)->info.kind == OP_COUNTER);
	budget__free(state);
}

/* Operations that are as busy as each other take turns, but the names that are sent stay the same.
 */
static void test_budget_holds(void)
{
	struct budget_state *state = NULL;
	bool sent[40], changed = false;
	struct budget b;

	for (u32 round = 0; round < 20; round++) {
		begin();
		for (u32 op = 0; op < 40; op++)
			add(sample(SYSCALLS, 4, op, "op", OP_LATENCY), 1000 + op,
			    1000 + (op * 7 + round * 13) % 40);
		apply(&state, 200, &b);
		for (u32 op = 0; op < 40; op++) {
			bool now = find(b.delta, SYSCALLS, 4, op);

			changed |= round && now != sent[op];
			sent[op] = now;
		}
	}
	CHECK(!changed);
	/* One that is clearly busier gets in. */
	for (u32 op = 0; op < 40; op++)
		if (!sent[op]) {
			add(&delta.sample[op], 5, 10000);
			apply(&state, 200, &b);
			CHECK(find(b.delta, SYSCALLS, 4, op));
			break;
		}
	budget__free(state);
}

static void test_budget_slo(void)
{
	struct budget_state *state = NULL;
	struct budget b;

	fill_load(2, 40);
	for (u32 i = 0; i < delta.nsamples; i++)
		delta.sample[i].slo |= delta.sample[i].op == 39 && delta.sample[i].set == SYSCALLS;
	apply(&state, 400, &b);
	CHECK(b.folded_ops);
	for (u32 svc = SVC_FIRST; svc < SVC_FIRST + 2; svc++) {
		const struct sample *named = find(b.delta, SYSCALLS, svc, 39);
		const struct sample *rest = find(b.delta, SYSCALLS, svc, OP_OTHER);

		CHECK(named && named->slo);
		CHECK(rest && !rest->slo);
	}
	budget__free(state);
}

static void idle(void)
{
	for (u32 i = 0; i < delta.nsamples; i++) {
		free(delta.sample[i].dist);
		delta.sample[i].dist = NULL;
		delta.sample[i].inflight = 0;
	}
}

static u64 events_of(const struct sample *s)
{
	return s && s->dist ? s->dist->count : 0;
}

static void check_idle(const struct sample *s)
{
	CHECK(s && !s->dist && !s->inflight && !s->inflight_age);
}

/* What the budget made is sent for ever after, and counted, also when everything fits again. */
static void test_budget_goes_on(void)
{
	const u32 svc = SVC_FIRST + 1;
	struct budget_state *state = NULL;
	struct budget b;
	u32 idle_series;

	fill_load(3, 40);
	apply(&state, 1000, &b);
	CHECK(events_of(find(b.delta, SYSCALLS, svc, OP_OTHER)) > 0);
	idle();
	idle_series = values_of(&delta);
	for (u32 i = 0; i < 3; i++) {
		apply(&state, 1000, &b);
		CHECK(!b.folded_ops);
		check_idle(find(b.delta, SYSCALLS, svc, OP_OTHER));
		/* The first service's comes with the delta. */
		check_idle(find(b.delta, SYSCALLS, svc + 1, OP_OTHER));
		CHECK(b.series == idle_series + 6);
	}
	/* The budget holds for it, too. */
	apply(&state, idle_series + 5, &b);
	CHECK(b.folded_ops);
	/* It takes in others again, and not twice if it comes by itself. */
	fill_load(3, 40);
	apply(&state, 1000, &b);
	CHECK(events_of(find(b.delta, SYSCALLS, svc, OP_OTHER)) > 1);
	add(sample(SYSCALLS, svc, OP_OTHER, "_other", OP_LATENCY), 1, 1);
	apply(&state, 100000, &b);
	CHECK(events_of(find(b.delta, SYSCALLS, svc, OP_OTHER)) == 1);
	budget__free(state);
}

/* The same for whole services; a number that was given to another service is a new beginning. */
static void test_budget_services_go_on(void)
{
	struct budget_state *state = NULL;
	struct budget b;

	fill_load(128, 40);
	apply(&state, 2000, &b);
	fill_load(1, 5);
	apply(&state, 2000, &b);
	CHECK(!b.folded_ops && !b.folded_services);
	check_idle(find(b.delta, SYSCALLS, SVC_OTHER, OP_ALL));
	check_idle(find(b.delta, SYSCALLS, SVC_OTHER, OP_OTHER));
	check_idle(find(b.delta, BLOCK, SVC_OTHER, 1));
	check_idle(find(b.delta, TCP, SVC_OTHER, 2));
	CHECK(find(b.delta, SYSCALLS, SVC_FIRST + 1, OP_OTHER));
	service[SVC_FIRST + 1] = NULL;
	service[SVC_FIRST + 2] = "newcomer";
	apply(&state, 2000, &b);
	CHECK(!find(b.delta, SYSCALLS, SVC_FIRST + 1, OP_OTHER));
	CHECK(!find(b.delta, SYSCALLS, SVC_FIRST + 2, OP_OTHER));
	check_idle(find(b.delta, SYSCALLS, SVC_OTHER, OP_OTHER));
	budget__free(state);
}

static double cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static void report_cost(void)
{
	struct budget_state *state = NULL;
	struct text out = {};
	struct budget b;
	double start;

	fill_load(128, 40);
	for (u32 i = 0; i < 2; i++) {
		for (u32 f = 0; sink_formats[f]; f++) {
			if (sink_formats[f]->totals)
				continue;
			start = cpu_ms();
			text__clear(&out);
			sink_formats[f]->format(&out, &delta, &names);
			if (i)
				printf("%u samples as %s: %.1f ms, %zu bytes\n", delta.nsamples,
				       sink_formats[f]->name, cpu_ms() - start, out.size);
		}
		start = cpu_ms();
		budget__apply(&state, &delta, 2000, &b);
		if (i)
			printf("budget: %.1f ms\n", cpu_ms() - start);
		start = cpu_ms();
		text__clear(&out);
		sinks__find("graphite")->format(&out, b.delta, &names);
		if (i)
			printf("what it left as graphite: %.1f ms, %u lines\n", cpu_ms() - start,
			       b.series);
	}
	budget__free(state);
	text__free(&out);
}

int main(void)
{
	test_numbers();
	test_same_numbers();
	test_json_is_valid();
	test_budget_fits();
	test_budget_ops();
	test_budget_services();
	test_budget_holds();
	test_budget_slo();
	test_budget_goes_on();
	test_budget_services_go_on();
	report_cost();
	begin();
	return report();
}
