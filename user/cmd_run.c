// SPDX-License-Identifier: GPL-2.0-only
/* sonde run: streams the histograms of each slot to the sinks. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "confine/confine.h"
#include "ctl.h"
#include "log.h"
#include "merge.h"
#include "notify.h"
#include "outputs.h"
#include "reload.h"
#include "session.h"
#include "shortage.h"
#include "sink.h"
#include "slots.h"
#include "top/serve.h"

/* No use to fold more than that: the lines of _other and of sonde itself remain. */
#define BUDGET_MIN 500

struct run {
	struct options *o;
	struct session *session;
	struct slots slots;
	struct outputs *outputs;
	struct budget_state *budget_state;
	struct ctl ctl;
	struct server *server; /* NULL: viewers cannot see it */
	struct merge *merge;
	bool merging; /* part of the slot was read for viewers */
	bool unread;  /* the last slot, for want of memory or descriptors */
	u64 overruns, lines, clock_steps, nslots;
	int epoll, timer, end_timer, signals;
	int manager, watchdog; /* the service manager, and when it wants to hear of us; -1: none */
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

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	/* Without a file there is nothing to read again, and the terminal is gone. */
	if (r->o->config)
		sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	r->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (r->epoll < 0)
		return -errno;
	r->manager = notify__open();
	r->timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (add_fd(r, r->timer))
		return -errno;
	r->end_timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (add_fd(r, r->end_timer))
		return -errno;
	r->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return add_fd(r, r->signals);
}

static void self_figures(struct run *r, struct delta *d)
{
	u32 viewers = 0;
	u64 dropped = 0;

	if (r->server)
		server__count(r->server, &viewers, &dropped);
	delta__self_gauge(d, "viewers", "watching", viewers);
	delta__self(d, "viewers", "dropped", dropped);
	delta__self(d, "run", "overruns", r->overruns);
	delta__self(d, "run", "clock_steps", r->clock_steps);
	delta__self(d, "output", "lines", r->lines);
	outputs__self(r->outputs, d);
}

/* A carbon drops the points of series that it has no time to create, so the budget begins small. */
static u32 budget_now(struct run *r)
{
	const struct options *o = r->o;
	/* Those of a run just before ours are there. */
	bool resumed = outputs__former_slot(r->outputs) + o->spool_age > r->slots.current;
	u64 grown = (u64)o->new_series * o->interval * ++r->nslots / 60;

	for (u32 i = 0; i < o->nto && !resumed; i++)
		if (o->to[i].kind == TO_GRAPHITE && o->new_series && grown < o->max_series)
			return grown > BUDGET_MIN ? grown : BUDGET_MIN;
	return o->max_series;
}

/* What could not be read now comes with the next slot, unless there is none. */
static int forgive(struct run *r, int err)
{
	if (r->stop || !is_shortage(err))
		return err;
	if (!r->unread)
		log_warn("a slot could not be read: %s; what it counts comes with the next one",
			 strerror(-err));
	r->unread = true;
	r->overruns++;
	return 0;
}

static int send_slot(struct run *r, u64 slot)
{
	struct budget budget = {};
	struct delta *d;
	int err = session__take(r->session, false, &d);

	if (err)
		return forgive(r, err);
	if (r->unread)
		log_info("slots are read again");
	r->unread = false;
	if (r->server)
		server__add(r->server, d);
	if (r->merging)
		err = merge__add(&r->merge, d, &d);
	if (err)
		return err;
	d->slot = slot;
	d->interval = r->o->interval;
	d->stats = r->o->stats;
	self_figures(r, d);
	/* Two more figures than the budget is told of: its own. */
	err = budget__apply(&r->budget_state, d, budget_now(r) - 2, &budget);
	if (err)
		return err;
	d = budget.delta;
	delta__self_gauge(d, "budget", "folded_ops", budget.folded_ops);
	delta__self_gauge(d, "budget", "folded_services", budget.folded_services);
	r->lines += budget.series + 2;
	d->event = r->ctl.event;
	d->nevents = r->ctl.nevents;
	r->ctl.nevents = 0;
	err = outputs__put(r->outputs, d);
	merge__clear(r->merge);
	r->merging = false;
	return err;
}

/* What `sonde ctl` asks for. */
static void obey(struct run *r)
{
	struct server_request request;
	struct text answer = {};

	while (server__request(r->server, &request)) {
		text__clear(&answer);
		ctl__do(&r->ctl, r->session, &request, &answer);
		server__answer(r->server, &request, answer.data, answer.size);
	}
	text__free(&answer);
}

/* A reading between two slots' ends, because somebody watches. */
static int show(struct run *r)
{
	bool due = server__work(r->server, r->session, r->o->root);
	struct delta *d, *sum;
	int err;

	obey(r);
	if (!due)
		return 0;
	err = session__take(r->session, true, &d);
	if (err)
		return is_shortage(err) ? 0 : err;
	server__show(r->server, d);
	r->merging = true;
	return merge__add(&r->merge, d, &sum);
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
	if (r->server)
		server__resume(r->server);
	return err ? err : arm(r);
}

/* Twice as often as the service manager wants to hear that this loop is alive. */
static int start_watchdog(struct run *r)
{
	u64 ns = notify__watchdog() / 2;
	struct timespec half = {ns / 1000000000, ns % 1000000000};
	struct itimerspec at = {half, half};

	if (!ns || r->manager < 0)
		return 0;
	r->watchdog = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (r->watchdog < 0 || timerfd_settime(r->watchdog, 0, &at, NULL))
		return -errno;
	return add_fd(r, r->watchdog);
}

static void on_watchdog(struct run *r)
{
	u64 ticks;

	if (read(r->watchdog, &ticks, sizeof(ticks)) > 0)
		notify__say(r->manager, "WATCHDOG=1");
}

/* What is asked for now; what cannot be, changes nothing. */
static int follow(struct run *r, struct options *next)
{
	const char *refused = reload__refused(r->o, next);
	bool renames = reload__renames(r->o, next);
	int was = outputs__ended_fd(r->outputs), fd, err;

	if (refused) {
		log_error("%s: %s has changed, which takes a restart", r->o->config, refused);
		return -EINVAL;
	}
	err = outputs__follow(&r->outputs, next);
	if (err)
		return err;
	reload__take(r->o, next);
	if (renames)
		session__rename(r->session, r->o->naming);
	log__set_level(r->o->verbose ? LOG_DEBUG : LOG_INFO);
	fd = outputs__ended_fd(r->outputs);
	if (fd == was)
		return 0;
	/* That it ends now is no reason to stop any more. */
	if (was >= 0)
		epoll_ctl(r->epoll, EPOLL_CTL_DEL, was, NULL);
	return fd < 0 ? 0 : add_fd(r, fd);
}

static void reload(struct run *r)
{
	struct options next;
	char state[64];
	int err;

	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%llu",
		 (unsigned long long)(now_ns() / 1000));
	notify__say(r->manager, state);
	err = options__parse(&next, r->o->argc, r->o->argv);
	if (!err)
		err = follow(r, &next);
	if (err)
		log_error("%s was not taken over; what was before goes on", r->o->config);
	else
		log_info("%s was read again", r->o->config);
	options__free(&next);
	notify__say(r->manager, "READY=1");
}

/* To reload, or to end. */
static void on_signal(struct run *r)
{
	struct signalfd_siginfo info;

	if (read(r->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP)
		reload(r);
	else
		r->stop = true;
}

static int on_event(struct run *r, int fd)
{
	if (fd == r->timer)
		return on_tick(r);
	if (r->server && fd == server__fd(r->server))
		return show(r);
	if (fd == session__fd(r->session)) {
		session__answer(r->session);
	} else if (fd == r->watchdog) {
		on_watchdog(r);
	} else if (fd == r->signals) {
		on_signal(r);
	} else {
		/* The end of --duration, or a standard output that takes no more. */
		if (fd != r->end_timer)
			r->output_ended = outputs__ended(r->outputs);
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
	slots__start(&r->slots, r->o->interval, wall_s(), outputs__former_slot(r->outputs));
	return arm(r);
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* From here to the end of the run. */
static int stream(struct run *r)
{
	int ended_fd = outputs__ended_fd(r->outputs);
	int err = ended_fd < 0 ? 0 : add_fd(r, ended_fd);

	if (!err)
		err = add_fd(r, session__fd(r->session));
	if (!err && r->server)
		err = add_fd(r, server__fd(r->server));
	if (!err)
		err = start_clocks(r);
	if (!err)
		err = start_watchdog(r);
	ctl__start(&r->ctl);
	log_info("attached");
	if (!err) {
		notify__say(r->manager, "READY=1");
		err = loop(r);
	}
	notify__say(r->manager, "STOPPING=1");
	session__detach(r->session);
	/* What is left belongs to the slot that is being filled. */
	if (!err && !r->output_ended)
		err = send_slot(r, r->slots.current);
	if (r->output_ended == EPIPE)
		log_info("standard output was closed by its reader; stopping");
	else if (r->output_ended)
		err = -r->output_ended;
	return err;
}

/* Viewers are welcome; if the default place is taken, another sonde run serves them there, and that
 * is said only if somebody wants to know. */
static int open_server(struct run *r)
{
	const char *path = r->o->socket ? r->o->socket : SERVE_DEFAULT_PATH;
	char why[256];
	int err;

	if (!strcmp(path, "none"))
		return 0;
	err = server__open(&r->server, path, r->o->socket_mode, r->o->socket_group, why,
			   sizeof(why));
	if (!err)
		return 0;
	if (r->o->socket || r->o->socket_group) {
		log_error("--socket %s: %s", path, why);
		return EXIT_FAILED;
	}
	if (err != -EADDRINUSE || r->o->verbose)
		log_warn("no viewer can watch at %s: %s", path, why);
	return 0;
}

/* All that takes privileges is done: sets are attached, ports and files are open. */
static void confine(const struct run *r)
{
	const struct options *o = r->o;
	const char *writes[MAX_DESTINATIONS + 3] = {};
	char last_slot[4096], kept[256];
	struct confine_needs needs = {.processes = naming__needs(o->naming) & NAMING_BY_PROCESS,
				      .viewers = r->server,
				      .priority = session__raises_priority(r->session),
				      .writes = writes};
	u32 n = 0;
	int err;

	if (!o->confine)
		return;
	for (u32 i = 0; i < o->nto; i++)
		if (o->to[i].path)
			writes[n++] = o->to[i].path;
	if (o->spool) {
		snprintf(last_slot, sizeof(last_slot), "%s/last-slot", o->spool);
		writes[n++] = last_slot;
	}
	if (r->server)
		writes[n++] = o->socket ? o->socket : SERVE_DEFAULT_PATH;
	err = confine__enter(&needs, kept, sizeof(kept));
	if (err)
		log_warn("system calls cannot be confined here: %s", strerror(-err));
	log_debug("confined; capabilities: %s", kept);
}

int cmd_run(struct options *o)
{
	struct run r = {.o = o,
			.epoll = -1,
			.timer = -1,
			.end_timer = -1,
			.signals = -1,
			.manager = -1,
			.watchdog = -1};
	int err = open_events(&r), status = EXIT_FAILED;

	if (!err && !outputs__open(&r.outputs, o))
		status = session__open(&r.session, o, NULL);
	if (!status)
		status = open_server(&r);
	if (!status) {
		confine(&r);
		/* Threads have what was left to this one. */
		status = outputs__start(r.outputs) ? EXIT_FAILED : 0;
	}
	if (!status)
		err = stream(&r);
	if (err) {
		log_error("%s%s", r.output_ended ? "standard output: " : "", strerror(-err));
		status = EXIT_FAILED;
	}
	server__close(r.server);
	outputs__close(r.outputs);
	merge__free(r.merge);
	session__close(r.session);
	budget__free(r.budget_state);
	close_fd(r.epoll);
	close_fd(r.timer);
	close_fd(r.end_timer);
	close_fd(r.signals);
	close_fd(r.watchdog);
	close_fd(r.manager);
	return status;
}
