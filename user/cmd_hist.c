// SPDX-License-Identifier: GPL-2.0-only
/* sonde hist: histograms and heat maps of a short run, for a person. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "hist_groups.h"
#include "hist_report.h"
#include "log.h"
#include "session.h"
#include "terminal.h"

#define SEC_NS       1000000000ULL
#define HEADER_EVERY 20
#define LABEL_MIN    8
#define LABEL_MAX    24

struct hist_run {
	const struct options *o;
	struct selection select;
	struct session *session;
	struct groups *groups;
	struct delta *baseline; /* only its figures of itself */
	const struct delta *latest;
	int signals;
	bool progress;
	u64 start; /* monotonic, ns */

	/* heat map */
	u32 lines; /* since the last header; HEADER_EVERY: it is due */
	u32 label_width;
	enum unit unit;
};

/* --- the terminal */

static void show_progress(const struct hist_run *h)
{
	u64 seconds = (now_ns() - h->start + SEC_NS / 2) / SEC_NS;
	char count[AMOUNT_MAX];

	if (!h->progress)
		return;
	fprintf(stderr, "\r%llu", (unsigned long long)seconds);
	if (h->o->duration)
		fprintf(stderr, "/%llu",
			(unsigned long long)((h->o->duration + SEC_NS - 1) / SEC_NS));
	fprintf(stderr, " s, %s events%s\033[K", format__count(count, groups__events(h->groups)),
		h->o->duration ? "" : "; Ctrl-C ends it");
	fflush(stderr);
}

static void end_progress(const struct hist_run *h)
{
	if (h->progress)
		fputs("\r\033[K", stderr);
}

/* --- heat map */

/* The groups of a set that get a line each second: the busiest so far, waits only where they are
 * named. */
static int heat_groups(const struct hist_run *h, u32 set, struct group **group, int n)
{
	bool named = h->select.has_ops[set], sizes = n && group[0]->info.kind == OP_SIZE;
	int kept = 0;

	for (int i = 0; i < n; i++) {
		if (op_kind__is_sum(group[i]->info.kind) || !group[i]->total.count)
			continue;
		/* Times and sizes do not share columns. */
		if ((group[i]->info.wait && !named) || (group[i]->info.kind == OP_SIZE) != sizes)
			continue;
		if (named || kept < REPORT_GROUPS)
			group[kept++] = group[i];
	}
	return kept;
}

static void heat_header(struct hist_run *h, const struct print_style *style, u32 width,
			enum unit unit)
{
	if (h->lines < HEADER_EVERY && h->unit == unit && h->label_width == width)
		return;
	h->lines = 0;
	h->unit = unit;
	h->label_width = width;
	print_heat__bounds(stdout, style, width, unit);
}

static u32 label_width(const struct hist_run *h, struct group **group, int n)
{
	size_t width = h->label_width;

	for (int i = 0; i < n; i++)
		if (strlen(group[i]->title) > width)
			width = strlen(group[i]->title);
	return width < LABEL_MAX ? width : LABEL_MAX;
}

/* The sum of all operations goes by the name of its set. */
static const char *heat_label(const struct hist_run *h, const struct group *group)
{
	bool all = h->select.headline_only[group->set] && h->select.by == BY_OP;

	return all ? probes[group->set]->name : group->title;
}

static int heat_set(struct hist_run *h, u32 set, const char *when)
{
	static const struct dist nothing;
	const struct print_style style = terminal__style(h->o->ascii);
	struct group **group;
	int n = groups__sorted(h->groups, set, &group);

	if (n < 0)
		return n;
	n = heat_groups(h, set, group, n);
	heat_header(h, &style, label_width(h, group, n),
		    n && group[0]->info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS);
	if (!n)
		print_heat__line(stdout, &style, h->label_width, when, probes[set]->name, &nothing);
	for (int i = 0; i < n; i++)
		print_heat__line(stdout, &style, h->label_width, when, heat_label(h, group[i]),
				 &group[i]->last);
	h->lines += n ? n : 1;
	free(group);
	return 0;
}

static int show_heat(struct hist_run *h)
{
	time_t now = time(NULL);
	char when[16];
	struct tm tm;
	int err = 0;

	localtime_r(&now, &tm);
	strftime(when, sizeof(when), "%H:%M:%S", &tm);
	for (u32 i = 0; probes[i] && !err; i++)
		if (h->select.set[i])
			err = heat_set(h, i, when);
	if (fflush(stdout))
		return -errno;
	return err;
}

/* --- collecting */

static int take(struct hist_run *h)
{
	struct delta *d;
	int err = session__take(h->session, false, &d);

	if (err)
		return err;
	h->latest = d;
	err = groups__add(h->groups, &h->select, d);
	if (!err && h->o->heat)
		err = show_heat(h);
	show_progress(h);
	return err;
}

/* What the loading itself took time for is not part of the run, so the rates are right. */
static int take_baseline(struct hist_run *h)
{
	struct delta *d;
	int err = session__take(h->session, false, &d);

	h->start = now_ns();
	if (err)
		return err;
	h->baseline = malloc(sizeof(*h->baseline));
	if (!h->baseline)
		return -ENOMEM;
	*h->baseline = *d;
	/* That one does not run has been said; nothing else is said of it. */
	for (u32 i = 0; probes[i]; i++)
		h->select.set[i] = h->select.set[i] &&
				   report__figure(d, probes[i]->name, "running");
	return 0;
}

/* Until @until on the monotonic clock. Returns 1 if a signal ended it, 0 or -errno. */
static int wait_until(struct hist_run *h, u64 until)
{
	struct pollfd p[] = {{.fd = h->signals, .events = POLLIN},
			     {.fd = session__fd(h->session), .events = POLLIN}};

	for (;;) {
		u64 now = now_ns(), left = until > now ? until - now : 0;
		struct timespec ts = {.tv_sec = left / SEC_NS, .tv_nsec = left % SEC_NS};
		int n = ppoll(p, 2, &ts, NULL);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0 && p[0].revents)
			return 1;
		if (n > 0)
			session__answer(h->session);
		if (now_ns() >= until)
			return 0;
	}
}

static int collect(struct hist_run *h, u64 *elapsed)
{
	u64 end = h->o->duration ? h->start + h->o->duration : UINT64_MAX;
	u64 next = h->start;
	int ended = 0, err = 0;

	show_progress(h);
	while (!ended && !err && next < end) {
		next += SEC_NS;
		/* After a pause (a stopped process) there is one late line, not a burst. */
		if (next + SEC_NS < now_ns())
			next = now_ns();
		ended = wait_until(h, next < end ? next : end);
		if (ended < 0)
			err = ended;
		*elapsed = now_ns() - h->start;
		if (ended || next >= end)
			session__detach(h->session);
		if (!err)
			err = take(h);
	}
	end_progress(h);
	return err;
}

/* --- the command */

static int open_signals(struct hist_run *h)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	h->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return h->signals < 0 ? -errno : 0;
}

static int print_results(struct hist_run *h, u64 elapsed)
{
	const struct print_style style = terminal__style(h->o->ascii);
	int err = 0;

	if (!h->o->heat || !groups__events(h->groups))
		err = report__print(stdout, &style, h->groups, &h->select, elapsed);
	if (!err)
		report__losses(stdout, h->baseline, h->latest);
	return err;
}

static int finish_output(int err)
{
	if (!err && (fflush(stdout) || ferror(stdout)))
		err = errno ? -errno : -EIO;
	if (err == -EPIPE) {
		log_info("standard output was closed by its reader; stopping");
		return EXIT_DONE;
	}
	if (err)
		log_error("%s", strerror(-err));
	return err ? EXIT_FAILED : EXIT_DONE;
}

static int run(struct hist_run *h)
{
	const struct print_style style = terminal__style(h->o->ascii);
	char why[512];
	u64 elapsed = 0;
	int err = take_baseline(h);

	/* For a script that waits for it; a person sees the progress. */
	if (!isatty(STDERR_FILENO))
		log_info("attached");
	if (!err && h->o->heat)
		print_heat__legend(stdout, &style);
	if (!err)
		err = collect(h, &elapsed);
	if (!err && select__check(&h->select, why, sizeof(why))) {
		log_error("%s", why);
		return EXIT_USAGE;
	}
	if (!err)
		err = print_results(h, elapsed);
	return finish_output(err);
}

int cmd_hist(const struct options *o)
{
	struct hist_run h = {
		.o = o, .signals = -1, .lines = HEADER_EVERY, .label_width = LABEL_MIN};
	char why[512];
	int status;

	if (select__parse(&h.select, o, why, sizeof(why))) {
		log_error("%s", why);
		return EXIT_USAGE;
	}
	h.progress = isatty(STDERR_FILENO) && !o->heat;
	if (open_signals(&h) || groups__new(&h.groups)) {
		log_error("%s", strerror(errno));
		status = EXIT_FAILED;
	} else {
		status = session__open(&h.session, o, h.select.set);
	}
	if (!status)
		status = run(&h);
	session__close(h.session);
	groups__free(h.groups);
	free(h.baseline);
	if (h.signals >= 0)
		close(h.signals);
	return status;
}
