// SPDX-License-Identifier: GPL-2.0-only
#include "table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "syscall_names.h"

static void to_dist(struct dist *d, const struct trace_sum *s)
{
	memset(d, 0, sizeof(*d));
	d->count = s->count;
	d->errors = s->errors;
	d->sum = s->sum;
	d->max = s->max;
	memcpy(d->bucket, s->bucket, sizeof(d->bucket));
}

static const char *name_of(u32 nr)
{
	const char *name = syscall_name(nr);

	if (nr == TRACE_NR_COMPAT)
		return "(32-bit calls)";
	return name ? name : "(unknown calls)";
}

/* A number of the other table or of none cannot be chosen. */
static bool is_wanted(const struct pick *pick, u32 nr)
{
	if (nr == TRACE_NR_COMPAT || nr == TRACE_NR_UNKNOWN)
		return !pick->calls_given;
	return pick->call[nr];
}

void table__fill(struct table *t, const struct trace_sum *sums, const struct pick *pick)
{
	struct dist d;

	t->n = 0;
	memset(&t->total, 0, sizeof(t->total));
	t->total.name = "total";
	for (u32 nr = 0; nr < TRACE_NRS; nr++) {
		const struct trace_sum *s = &sums[nr];
		struct table_row *row = &t->row[t->n];

		if (!s->count || !is_wanted(pick, nr))
			continue;
		to_dist(&d, s);
		*row = (struct table_row){
			.name = name_of(nr),
			.nr = nr,
			.count = s->count,
			.errors = s->errors,
			.sum = s->sum,
			.max = s->max,
			.p50 = dist__quantile(&d, 0.5, UNIT_NS),
			.p95 = dist__quantile(&d, 0.95, UNIT_NS),
			.p99 = dist__quantile(&d, 0.99, UNIT_NS),
		};
		t->total.count += s->count;
		t->total.errors += s->errors;
		t->total.sum += s->sum;
		if (s->max > t->total.max)
			t->total.max = s->max;
		t->n++;
	}
}

/* --- order */

static u64 key_of(const struct table_row *r, enum trace_sort sort)
{
	switch (sort) {
	case SORT_COUNT:
		return r->count;
	case SORT_ERRORS:
		return r->errors;
	case SORT_P50:
		return r->p50;
	case SORT_P95:
		return r->p95;
	case SORT_P99:
		return r->p99;
	case SORT_MAX:
		return r->max;
	case SORT_NOTHING:
		return TRACE_NRS - r->nr;
	default:
		return r->sum;
	}
}

static int compare(const void *a, const void *b, void *sort)
{
	const struct table_row *x = a, *y = b;
	u64 xk = key_of(x, *(enum trace_sort *)sort), yk = key_of(y, *(enum trace_sort *)sort);

	if (*(enum trace_sort *)sort == SORT_NAME || xk == yk)
		return strcmp(x->name, y->name);
	return xk > yk ? -1 : 1;
}

void table__sort(struct table *t, enum trace_sort sort)
{
	qsort_r(t->row, t->n, sizeof(t->row[0]), compare, &sort);
}

/* --- as text */

#define RULE                                                                                       \
	"------ ----------- ----------- --------- --------- ---------- ---------- ---------- ----------"

static void print_row(FILE *out, const struct table_row *r, u64 total, bool is_total)
{
	char errors[24] = "", each[24] = "";

	if (r->errors)
		snprintf(errors, sizeof(errors), "%" PRIu64, r->errors);
	if (r->count)
		snprintf(each, sizeof(each), "%" PRIu64, r->sum / r->count / 1000);
	fprintf(out, "%6.2f %11.6f %11s %9" PRIu64 " %9s", total ? 100.0 * r->sum / total : 0.0,
		r->sum / 1e9, each, r->count, errors);
	if (is_total)
		fprintf(out, " %10s %10s %10s", "", "", "");
	else
		fprintf(out, " %10.1f %10.1f %10.1f", r->p50 / 1e3, r->p95 / 1e3, r->p99 / 1e3);
	fprintf(out, " %10.1f %s\n", r->max / 1e3, r->name);
}

void table__print(FILE *out, const struct table *t)
{
	fprintf(out,
		"%% time     seconds  usecs/call     calls    errors %10s %10s %10s %10s syscall\n",
		"p50/us", "p95/us", "p99/us", "max/us");
	fputs(RULE " ----------------\n", out);
	for (u32 i = 0; i < t->n; i++)
		print_row(out, &t->row[i], t->total.sum, false);
	fputs(RULE " ----------------\n", out);
	print_row(out, &t->total, t->total.sum, true);
}

static void json_row(FILE *out, const struct table_row *r)
{
	fprintf(out, "\"calls\":%" PRIu64 ",\"errors\":%" PRIu64 ",\"seconds\":%.9f,\"max\":%.9f",
		r->count, r->errors, r->sum / 1e9, r->max / 1e9);
}

void table__json(FILE *out, const struct table *t, u64 elapsed, u64 lost)
{
	fprintf(out, "{\"type\":\"summary\",\"elapsed\":%.9f,\"lost\":%" PRIu64 ",\"total\":{",
		elapsed / 1e9, lost);
	json_row(out, &t->total);
	fputs("},\"syscalls\":[", out);
	for (u32 i = 0; i < t->n; i++) {
		const struct table_row *r = &t->row[i];

		fprintf(out, "%s{\"name\":\"%s\",", i ? "," : "", r->name);
		json_row(out, r);
		fprintf(out, ",\"p50\":%.9f,\"p95\":%.9f,\"p99\":%.9f}", r->p50 / 1e9, r->p95 / 1e9,
			r->p99 / 1e9);
	}
	fputs("]}\n", out);
}

void table__hist(FILE *out, const struct print_style *style, const struct table *t,
		 const struct trace_sum *sums, u64 elapsed)
{
	for (u32 i = 0; i < t->n; i++) {
		struct hist_head head = {.title = t->row[i].name, .elapsed = elapsed};
		struct dist d;

		to_dist(&d, &sums[t->row[i].nr]);
		fputc('\n', out);
		print_hist__head(out, style, &head, &d, UNIT_NS);
		print_hist__rows(out, style, &d, UNIT_NS);
	}
}
