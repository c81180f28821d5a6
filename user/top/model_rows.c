// SPDX-License-Identifier: GPL-2.0-only
/* From a frame to the rows of a view. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* --- one row each */

static double per_second(const struct frame *f, double amount)
{
	return f->interval ? amount * 1e9 / f->interval : NAN;
}

/* Of ns: how many at a time, on average. */
static double at_a_time(const struct frame *f, double ns)
{
	return f->interval ? ns / f->interval : NAN;
}

static double or_none(u64 value)
{
	return value ? value : NAN;
}

static void fill_time(struct row *r, const struct frame *f, const u64 time[PARTS])
{
	u64 lost = 0, cpu = time[PART_USER] + time[PART_KERNEL];

	for (u32 i = PART_RUNQ; i < PART_IDLE; i++)
		lost += time[i];
	r->time = time;
	r->figure[FIG_LOST] = at_a_time(f, lost);
	r->figure[FIG_CPU] = at_a_time(f, cpu) * 100;
	r->figure[FIG_TIME] = at_a_time(f, lost + cpu);
}

static void fill_dist(struct row *r, const struct dist *d, enum unit unit)
{
	r->unit = unit;
	if (!d || !d->count)
		return;
	r->figure[FIG_P50] = dist__quantile(d, .5, unit);
	r->figure[FIG_P95] = dist__quantile(d, .95, unit);
	r->figure[FIG_P99] = dist__quantile(d, .99, unit);
	r->figure[FIG_MAX] = d->max;
}

static void fill_service(const struct model *m, struct row *r, u32 i)
{
	const struct frame_service *s = &m->shown->service[i];
	const struct service_sum *sum = &m->sums.service[i];
	const struct frame *f = m->shown;

	r->id = sum->id;
	r->text[TEXT_NAME] = s->name;
	r->text[TEXT_SERVICE] = s->name;
	for (u32 p = 0; p < f->nsets; p++)
		if (!strcmp(f->set[p].name, "sched") && f->set[p].running)
			fill_time(r, f, s->time);
	r->figure[FIG_THREADS] = or_none(s->threads);
	r->figure[FIG_PROCESSES] = or_none(s->processes);
	r->figure[FIG_READ] = per_second(f, sum->read);
	r->figure[FIG_WRITTEN] = per_second(f, sum->written);
	r->figure[FIG_IN] = per_second(f, sum->in);
	r->figure[FIG_OUT] = per_second(f, sum->out);
	if (!sum->measured)
		return;
	r->figure[FIG_CALLS] = per_second(f, sum->calls.count);
	r->figure[FIG_ERRORS] = per_second(f, sum->calls.errors);
	r->figure[FIG_INFLIGHT] = sum->inflight;
	r->figure[FIG_OLDEST] = or_none(sum->oldest);
	fill_dist(r, &sum->calls, UNIT_NS);
}

static void fill_process(const struct model *m, struct row *r, u32 i)
{
	const struct frame_process *p = &m->shown->process[i];
	const struct frame *f = m->shown;
	u64 any = 0;

	r->id = (u64)p->pid + 1;
	r->pid = p->pid;
	r->text[TEXT_NAME] = p->comm;
	r->text[TEXT_SERVICE] = f->service[p->service].name;
	r->text[TEXT_CALL] = p->inflight_op;
	for (u32 part = 0; part < PARTS; part++)
		any |= p->time[part];
	if (any)
		fill_time(r, f, p->time);
	r->figure[FIG_PID] = p->pid;
	r->figure[FIG_PARENT] = p->ppid;
	r->figure[FIG_THREADS] = or_none(p->threads);
	r->figure[FIG_CALLS] = per_second(f, p->calls);
	r->figure[FIG_ERRORS] = per_second(f, p->errors);
	r->figure[FIG_READ] = per_second(f, p->read);
	r->figure[FIG_WRITTEN] = per_second(f, p->written);
	r->figure[FIG_OLDEST] = or_none(p->inflight_age);
}

static void fill_split(struct row *r, const struct frame_op *op)
{
	u64 any = 0;

	for (u32 part = 0; part < PARTS; part++)
		any |= op->time[part];
	if (!any)
		return;
	r->time = op->time;
	r->figure[FIG_TIME] = r->figure[FIG_SPENT];
}

static void fill_op(const struct model *m, struct row *r, u32 i)
{
	const struct frame *f = m->shown;
	const struct frame_op *op = &f->op[i];
	const struct dist *d = op->dist;

	r->id = m->sums.op[i];
	r->text[TEXT_NAME] = op->name;
	r->text[TEXT_DEVICE] = op->device;
	r->text[TEXT_SET] = f->set[op->set].name;
	r->text[TEXT_SERVICE] = f->service[op->service].name;
	r->text[TEXT_STATE] = op->wait ? "waits" : op->kind == OP_COUNTER ? op->stat : "";
	if (op->kind == OP_COUNTER) {
		r->figure[FIG_CALLS] = per_second(f, d ? d->sum : 0);
		return;
	}
	r->figure[FIG_CALLS] = per_second(f, d ? d->count : 0);
	r->figure[FIG_ERRORS] = per_second(f, d ? d->errors : 0);
	r->figure[FIG_INFLIGHT] = or_none(op->inflight);
	r->figure[FIG_OLDEST] = op->wait ? NAN : or_none(op->inflight_age);
	if (op->kind == OP_LATENCY && !op->wait)
		r->figure[FIG_SPENT] = at_a_time(f, d ? d->sum - op->time[PART_IDLE] : 0);
	fill_split(r, op);
	fill_dist(r, d, op->kind == OP_SIZE ? UNIT_BYTES : UNIT_NS);
}

static void fill_device(const struct model *m, struct row *r, u32 i)
{
	const struct frame_device *d = &m->shown->device[i];
	const struct frame *f = m->shown;

	r->id = sums__id('d', "", d->name, NULL);
	r->text[TEXT_NAME] = d->name;
	r->figure[FIG_BUSY] = at_a_time(f, d->busy) * 100;
	r->figure[FIG_READS] = per_second(f, d->reads);
	r->figure[FIG_WRITES] = per_second(f, d->writes);
	r->figure[FIG_READ] = per_second(f, d->read_bytes);
	r->figure[FIG_WRITTEN] = per_second(f, d->written_bytes);
	r->figure[FIG_READ_P95] = or_none(d->read_p95);
	r->figure[FIG_WRITE_P95] = or_none(d->write_p95);
	r->figure[FIG_FLUSH_P95] = or_none(d->flush_p95);
	r->figure[FIG_QUEUE_P95] = or_none(d->queue_p95);
	r->figure[FIG_INFLIGHT] = d->inflight;
}

/* A device as one service sees it: when it was busy is not known. */
static void fill_share(const struct model *m, struct row *r, u32 i)
{
	const struct device_sum *d = &m->sums.device[i];
	const struct frame *f = m->shown;

	r->id = d->id;
	r->text[TEXT_NAME] = d->name;
	r->figure[FIG_READS] = per_second(f, d->read.count);
	r->figure[FIG_WRITES] = per_second(f, d->write.count);
	r->figure[FIG_READ] = per_second(f, d->read_bytes);
	r->figure[FIG_WRITTEN] = per_second(f, d->written_bytes);
	r->figure[FIG_READ_P95] = or_none(dist__quantile(&d->read, .95, UNIT_NS));
	r->figure[FIG_WRITE_P95] = or_none(dist__quantile(&d->write, .95, UNIT_NS));
	r->figure[FIG_FLUSH_P95] = or_none(dist__quantile(&d->flush, .95, UNIT_NS));
	r->figure[FIG_QUEUE_P95] = or_none(dist__quantile(&d->queue, .95, UNIT_NS));
	r->figure[FIG_INFLIGHT] = d->inflight;
}

static void fill_peer(const struct model *m, struct row *r, u32 i)
{
	const struct frame_peer *p = &m->shown->peer[i];
	const struct frame *f = m->shown;

	r->text[TEXT_NAME] = p->address;
	r->text[TEXT_SERVICE] = f->service[p->service].name;
	r->text[TEXT_ERROR] = p->error;
	r->id = sums__id('e', r->text[TEXT_SERVICE], p->address, NULL);
	r->figure[FIG_WAITED] = at_a_time(f, p->waited);
	r->figure[FIG_WAITS] = per_second(f, p->waits);
	r->figure[FIG_WAIT_P95] = or_none(p->wait_p95);
	r->figure[FIG_WAIT_MAX] = or_none(p->wait_max);
	r->figure[FIG_CONNECTS] = per_second(f, p->connects);
	r->figure[FIG_FAILURES] = per_second(f, p->failures);
	r->figure[FIG_CONNECT_P95] = or_none(p->connect_p95);
	r->figure[FIG_RTT] = or_none(p->rtt);
	r->figure[FIG_RTT_MAX] = or_none(p->rtt_max);
	r->figure[FIG_RETRANSMITS] = per_second(f, p->retransmits);
	r->figure[FIG_IN] = per_second(f, p->bytes_in);
	r->figure[FIG_OUT] = per_second(f, p->bytes_out);
}

static void fill_thread(const struct model *m, struct row *r, u32 i)
{
	static const char states[][2] = {"R", "S", "D", "T", "t", "Z", "X", "I"};
	const struct frame_thread *t = &m->shown->thread[i];
	u64 any = 0;

	r->id = (u64)t->tid + 1;
	r->text[TEXT_NAME] = t->comm;
	r->text[TEXT_CALL] = t->op;
	r->text[TEXT_ON] = t->on;
	r->text[TEXT_STATE] = "";
	for (size_t s = 0; s < sizeof(states) / sizeof(states[0]); s++)
		if (t->state == states[s][0])
			r->text[TEXT_STATE] = states[s];
	for (u32 part = 0; part < PARTS; part++)
		any |= t->time[part];
	if (any)
		fill_time(r, m->shown, t->time);
	r->pid = t->tid;
	r->figure[FIG_PID] = t->tid;
	r->figure[FIG_OLDEST] = t->op[0] ? t->age : NAN;
	r->at_least = t->at_least;
}

/* --- all of a view */

static bool is_of(const struct model *m, u32 service)
{
	const char *only = model__place(m)->service;

	return !only[0] ||
	       (service < m->shown->nservices && !strcmp(only, m->shown->service[service].name));
}

static bool wanted_op(const struct model *m, u32 i)
{
	/* A headline is shown with its service. */
	return is_of(m, m->shown->op[i].service) && !m->shown->op[i].headline;
}

static bool wanted_process(const struct model *m, u32 i)
{
	return is_of(m, m->shown->process[i].service);
}

static bool wanted_peer(const struct model *m, u32 i)
{
	return is_of(m, m->shown->peer[i].service);
}

static bool wanted_thread(const struct model *m, u32 i)
{
	return m->shown->thread[i].pid == model__place(m)->pid;
}

static bool wanted_share(const struct model *m, u32 i)
{
	u32 service = m->sums.device[i].service;

	return model__place(m)->service[0] ? is_of(m, service) : service == SUMS_HOST;
}

struct kind {
	u32 n;
	bool (*wanted)(const struct model *m, u32 i); /* NULL: all */
	void (*fill)(const struct model *m, struct row *r, u32 i);
};

static struct kind kind_of(const struct model *m)
{
	const struct frame *f = m->shown;

	switch (model__place(m)->view) {
	case VIEW_SERVICES:
		return (struct kind){f->nservices, NULL, fill_service};
	case VIEW_PROCESSES:
		return (struct kind){f->nprocesses, wanted_process, fill_process};
	case VIEW_OPS:
		return (struct kind){f->nops, wanted_op, fill_op};
	case VIEW_DEVICES:
		/* Only of the whole host are they measured as such. */
		if (model__place(m)->service[0] || !f->ndevices)
			return (struct kind){m->sums.ndevices, wanted_share, fill_share};
		return (struct kind){f->ndevices, NULL, fill_device};
	case VIEW_PEERS:
		return (struct kind){f->npeers, wanted_peer, fill_peer};
	case VIEW_THREADS:
		return (struct kind){f->nthreads, wanted_thread, fill_thread};
	case VIEWS:
		break;
	}
	return (struct kind){};
}

bool row__has(const struct row *r, const char *text)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", r->pid);
	if (r->pid && !strcmp(number, text))
		return true;
	for (u32 i = 0; i < TEXTS; i++)
		if (r->text[i] && strcasestr(r->text[i], text))
			return true;
	return false;
}

static int make_room(struct model *m, u32 n)
{
	struct row *bigger;

	if (n <= m->room)
		return 0;
	bigger = realloc(m->row, n * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	m->row = bigger;
	m->room = n;
	return 0;
}

int model__make_rows(struct model *m)
{
	struct kind kind = {};

	m->nrows = m->unfiltered = 0;
	if (m->shown)
		kind = kind_of(m);
	if (make_room(m, kind.n))
		return -ENOMEM;
	for (u32 i = 0; i < kind.n; i++) {
		struct row *r = &m->row[m->nrows];

		if (kind.wanted && !kind.wanted(m, i))
			continue;
		memset(r, 0, sizeof(*r));
		for (u32 figure = 0; figure < FIGURES; figure++)
			r->figure[figure] = NAN;
		kind.fill(m, r, i);
		m->unfiltered++;
		m->nrows += !here(m)->filter[0] || row__has(r, here(m)->filter);
	}
	model__sort_rows(m);
	model__find_selected(m);
	return 0;
}

/* --- their order */

static int by_name(const struct row *a, const struct row *b)
{
	int order = strcmp(a->text[TEXT_NAME], b->text[TEXT_NAME]);

	if (!order)
		order = a->id < b->id ? -1 : a->id > b->id;
	return order;
}

/* Texts rise and figures fall; what is not known comes last, either way. */
static int compare(const void *pa, const void *pb, void *ctx)
{
	const struct row *a = pa, *b = pb;
	const struct model *m = ctx;
	const enum view view = model__place(m)->view;
	const struct sorting *s = &m->sort[view];
	const struct column *c = &views[view].column[s->column];
	int order;

	if (c->amount == AMOUNT_TEXT) {
		const char *x = a->text[c->which], *y = b->text[c->which];

		order = strcmp(x ? x : "", y ? y : "");
	} else {
		double x = a->figure[c->which], y = b->figure[c->which];

		if (isnan(x) != isnan(y))
			return isnan(x) ? 1 : -1;
		order = x > y ? -1 : x < y;
	}
	if (order)
		return s->reverse ? -order : order;
	if (!isnan(a->figure[FIG_CALLS]) && a->figure[FIG_CALLS] != b->figure[FIG_CALLS])
		return a->figure[FIG_CALLS] > b->figure[FIG_CALLS] ? -1 : 1;
	return by_name(a, b);
}

void model__sort_rows(struct model *m)
{
	if (m->nrows)
		qsort_r(m->row, m->nrows, sizeof(*m->row), compare, m);
}

void model__find_selected(struct model *m)
{
	struct place *place = here(m);

	for (u32 i = 0; i < m->nrows && place->selected && !m->unfollowed; i++) {
		if (m->row[i].id == place->selected) {
			place->cursor = i;
			break;
		}
	}
	if (place->cursor >= m->nrows)
		place->cursor = m->nrows ? m->nrows - 1 : 0;
}
