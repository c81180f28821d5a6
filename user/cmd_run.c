// SPDX-License-Identifier: GPL-2.0-only
/* sonde run: streams the histograms of each slot to the sinks. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "commands.h"
#include "exporter.h"
#include "log.h"
#include "outbox.h"
#include "session.h"
#include "sink.h"
#include "slots.h"
#include "totals.h"

#define MAX_DESTINATIONS 4
#define QUEUE_BYTES      (8 << 20)
#define CLOSE_TIMEOUT_NS 2000000000ULL

struct destination {
	const struct sink_format *format;
	struct outbox *outbox;
	struct text text;
};

struct run {
	const struct options *o;
	struct session *session;
	struct slots slots;
	struct destination to[MAX_DESTINATIONS];
	u32 nto;
	struct budget_state *budget_state;
	struct totals *totals;
	struct exporter *exporter;
	u64 overruns, lines, clock_steps;
	int epoll, timer, end_timer, signals;
	bool stop;
	int output_ended; /* errno */
};

static u64 wall_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec;
}

static int add_fd(struct run *r, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

	if (fd < 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &ev))
		return -errno;
	return 0;
}

/* A clock that is set cancels the timer, so that the slots follow the clock at once. */
static int arm(struct run *r)
{
	struct itimerspec at = {.it_value.tv_sec = r->slots.current + r->slots.interval};

	if (!timerfd_settime(r->timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &at, NULL))
		return 0;
	/* The clock was set since the timer was read; it is armed all the same. */
	if (errno != ECANCELED)
		return -errno;
	r->clock_steps++;
	return 0;
}

static int open_events(struct run *r)
{
	sigset_t mask;
	int err;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	r->timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	r->end_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	r->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	err = add_fd(r, r->timer);
	if (!err)
		err = add_fd(r, r->end_timer);
	return err ? err : add_fd(r, r->signals);
}

static int add_destination(struct run *r, const char *format, int err)
{
	struct destination *to = &r->to[r->nto];

	to->format = sinks__find(format);
	if (!err && !to->format)
		err = -ENOENT;
	if (!err)
		r->nto++;
	if (!err && to->format->header)
		err = outbox__put(to->outbox, to->format->header, strlen(to->format->header));
	return err;
}

static int open_destinations(struct run *r)
{
	const struct options *o = r->o;
	int err = 0;

	if (o->graphite_host)
		err = add_destination(r, "graphite",
				      outbox__new_tcp(&r->to[r->nto].outbox, o->graphite_host,
						      o->graphite_port, QUEUE_BYTES));
	if (!err && o->output) {
		err = add_destination(
			r, o->output,
			outbox__new_fd(&r->to[r->nto].outbox, STDOUT_FILENO, QUEUE_BYTES));
		if (!err)
			err = add_fd(r, outbox__closed_fd(r->to[r->nto - 1].outbox));
	}
	return err;
}

static void self_figures(struct run *r, struct delta *d)
{
	u64 bytes = 0, dropped = 0, failures = 0, queued = 0;

	for (u32 i = 0; i < r->nto; i++) {
		struct outbox_stats st;

		outbox__stats(r->to[i].outbox, &st);
		bytes += st.bytes;
		dropped += st.dropped;
		failures += st.failures;
		queued += st.queued_bytes;
	}
	delta__self(d, "run", "overruns", r->overruns);
	delta__self(d, "run", "clock_steps", r->clock_steps);
	delta__self(d, "output", "lines", r->lines);
	delta__self(d, "output", "bytes", bytes);
	delta__self_gauge(d, "output", "queued_bytes", queued);
	delta__self(d, "output", "dropped_slots", dropped);
	delta__self(d, "output", "failures", failures);
	if (r->exporter)
		delta__self(d, "prometheus", "scrapes", exporter__scrapes(r->exporter));
}

static int open_exporter(struct run *r)
{
	const struct options *o = r->o;
	const struct exporter_opts opts = {.address = o->prometheus_address,
					   .port = o->prometheus_port,
					   .prefix = o->prefix,
					   .schema = o->prometheus_schema};
	int err;

	if (!o->prometheus_address)
		return 0;
	err = exporter__new(&r->exporter, &opts);
	if (err)
		log_error(
			"--prometheus: cannot listen on %s port %u: %s; choose another or end who has it",
			opts.address, opts.port, strerror(-err));
	return err;
}

static bool wants_totals(const struct run *r)
{
	if (r->exporter)
		return true;
	for (u32 i = 0; i < r->nto; i++)
		if (r->to[i].format->totals)
			return true;
	return false;
}

static int send_slot(struct run *r, u64 slot)
{
	const struct naming_scheme names = {.prefix = r->o->prefix, .host = r->o->host};
	struct budget budget = {};
	const struct delta *totals = NULL;
	struct delta *d;
	int err = session__take(r->session, &d);

	if (err)
		return err;
	d->slot = slot;
	d->interval = r->o->interval;
	d->stats = r->o->stats;
	self_figures(r, d);
	/* Two more figures than the budget is told of: its own. */
	err = budget__apply(&r->budget_state, d, r->o->max_series - 2, &budget);
	if (err)
		return err;
	d = budget.delta;
	delta__self_gauge(d, "budget", "folded_ops", budget.folded_ops);
	delta__self_gauge(d, "budget", "folded_services", budget.folded_services);
	r->lines += budget.series + 2;
	if (wants_totals(r))
		err = totals__add(&r->totals, d, r->o->max_series, &totals);
	if (!err && r->exporter)
		err = exporter__put(r->exporter, totals);
	if (err)
		return err;
	for (u32 i = 0; i < r->nto; i++) {
		struct destination *to = &r->to[i];

		text__clear(&to->text);
		to->format->format(&to->text, to->format->totals ? totals : d, &names);
		if (to->text.err)
			return to->text.err;
		err = outbox__put(to->outbox, to->text.data, to->text.size);
		if (err)
			return err;
	}
	return 0;
}

static int on_tick(struct run *r)
{
	u64 ticks, missed, slot;
	int err = 0;

	if (read(r->timer, &ticks, sizeof(ticks)) < 0 && errno == ECANCELED)
		r->clock_steps++;
	slot = slots__tick(&r->slots, wall_s(), &missed);
	r->overruns += missed;
	if (slot)
		err = send_slot(r, slot);
	return err ? err : arm(r);
}

static int output_error(const struct run *r)
{
	int error = 0;

	for (u32 i = 0; i < r->nto && !error; i++) {
		struct outbox_stats st;

		outbox__stats(r->to[i].outbox, &st);
		error = st.closed;
	}
	return error;
}

static int on_event(struct run *r, int fd)
{
	if (fd == r->timer)
		return on_tick(r);
	if (fd == session__fd(r->session)) {
		session__answer(r->session);
	} else {
		/* A signal, the end of --duration, or a standard output that takes no more. */
		if (fd != r->signals && fd != r->end_timer)
			r->output_ended = output_error(r);
		r->stop = true;
	}
	return 0;
}

static int loop(struct run *r)
{
	struct epoll_event ev[8];
	int err = 0;

	while (!r->stop && !err) {
		int n = epoll_wait(r->epoll, ev, 8, -1);

		if (n < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < n && !err; i++)
			err = on_event(r, ev[i].data.fd);
	}
	return err;
}

static int start_clocks(struct run *r)
{
	struct itimerspec end = {};

	if (r->o->duration) {
		end.it_value.tv_sec = r->o->duration / 1000000000;
		end.it_value.tv_nsec = r->o->duration % 1000000000;
		if (timerfd_settime(r->end_timer, 0, &end, NULL))
			return -errno;
	}
	slots__start(&r->slots, r->o->interval, wall_s());
	return arm(r);
}

static void close_destinations(struct run *r)
{
	for (u32 i = 0; i < r->nto; i++) {
		struct outbox_stats last = {};

		outbox__close(r->to[i].outbox, CLOSE_TIMEOUT_NS, &last);
		if (last.dropped && !last.closed)
			log_warn("%llu slots could not be delivered to %s",
				 (unsigned long long)last.dropped, r->to[i].format->name);
		text__free(&r->to[i].text);
	}
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

int cmd_run(const struct options *o)
{
	struct run r = {.o = o, .epoll = -1, .timer = -1, .end_timer = -1, .signals = -1};
	int err = open_events(&r), status;

	if (!err)
		err = open_destinations(&r);
	if (!err && open_exporter(&r)) {
		status = EXIT_FAILED;
		goto out;
	}
	status = err ? EXIT_FAILED : session__open(&r.session, o, NULL);
	if (!err && !status) {
		err = add_fd(&r, session__fd(r.session));
		if (!err)
			err = start_clocks(&r);
		log_info("attached");
		if (!err)
			err = loop(&r);
		session__detach(r.session);
		/* What is left belongs to the slot that is being filled. */
		if (!err && !r.output_ended)
			err = send_slot(&r, r.slots.current);
	}
	if (r.output_ended == EPIPE)
		log_info("standard output was closed by its reader; stopping");
	else if (r.output_ended)
		err = -r.output_ended;
	if (err) {
		log_error("%s%s", r.output_ended ? "standard output: " : "", strerror(-err));
		status = EXIT_FAILED;
	}
out:
	close_destinations(&r);
	exporter__free(r.exporter);
	session__close(r.session);
	budget__free(r.budget_state);
	totals__free(r.totals);
	close_fd(r.epoll);
	close_fd(r.timer);
	close_fd(r.end_timer);
	close_fd(r.signals);
	return status;
}
