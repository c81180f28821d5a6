// SPDX-License-Identifier: GPL-2.0-only
#include "run.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "begun.h"
#include "clock.h"
#include "commands.h"
#include "log.h"
#include "sink.h"
#include "terminal.h"
#include "top/held_errors.h"
#include "top/tty.h"

#define MS_NS     1000000ULL
#define READ_MS   20
#define LOOK_MS   2 /* while what is asked of /proc may be gone soon */
#define FLUSH_NS  (100 * MS_NS)
#define SCAN_NS   (1000 * MS_NS)
#define TEXT_WIDE 120

/* --- signals */

int run__open_signals(struct trace_run *r)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGQUIT);
	sigaddset(&mask, SIGCHLD);
	sigprocmask(SIG_BLOCK, &mask, &r->mask);
	signal(SIGPIPE, SIG_IGN);
	r->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return r->signals < 0 ? -1 : 0;
}

/* The terminal gives its signals to the command, too; others are handed on. When that ends, so does
 * the trace. */
static void take_signals(struct trace_run *r)
{
	struct signalfd_siginfo si;

	while (read(r->signals, &si, sizeof(si)) == sizeof(si)) {
		if (si.ssi_signo == SIGCHLD)
			launch__ended(&r->command);
		else if (!r->command.pid)
			r->ending = true;
		else if (r->command.ended)
			r->ending = true;
		else if (si.ssi_code != SI_KERNEL)
			kill(r->command.pid, si.ssi_signo);
	}
}

/* --- what is due */

static void on_event(void *ctx, const struct trace_event *ev)
{
	struct trace_run *r = ctx;

	if (r->summary)
		summary__event(r->summary, ev);
	else
		printer__event(r->printer, ev);
}

static void flush(struct trace_run *r, u64 now)
{
	int err;

	if (!out__is_terminal(r->out) && now - r->flushed < FLUSH_NS)
		return;
	r->flushed = now;
	err = out__flush(r->out);
	if (err && !r->err)
		r->err = err;
}

static int read_events(struct trace_run *r, u64 now)
{
	int err = r->has_events ? tracer__read(r->tracer, on_event, r) : 0;

	if (r->printer)
		printer__tick(r->printer);
	flush(r, now);
	return err < 0 ? err : 0;
}

static void added(void *ctx, u32 pid)
{
	struct trace_run *r = ctx;

	if (r->fds)
		fds__prime(r->fds, pid);
}

static u64 interval(const struct trace_run *r)
{
	return r->o->refresh;
}

static int put_text(struct trace_run *r, const struct text *t)
{
	out__put(r->out, 0, t->data, t->size);
	return out__flush(r->out);
}

static int print_view(struct trace_run *r)
{
	const struct print_style style = terminal__style(r->o->ascii);
	struct text text = {};
	int err = view__text(&text, &r->screen, summary__view(r->summary),
			     isatty(STDOUT_FILENO) || getenv("COLUMNS") ? style.width : TEXT_WIDE);

	text__put(&text, "\n", 1);
	if (!err)
		err = text.err ? text.err : put_text(r, &text);
	text__free(&text);
	return err;
}

static int draw(struct trace_run *r)
{
	u32 width, height;

	tty__size(r->tty, &width, &height);
	r->changed = false;
	if (screen__resize(&r->screen, width, height))
		return -ENOMEM;
	view__draw(&r->screen, summary__view(r->summary));
	tty__draw(r->tty, &r->screen);
	return 0;
}

static int refresh(struct trace_run *r, u64 now)
{
	int err;

	if (!r->summary || now - r->refreshed < interval(r))
		return 0;
	r->refreshed = now;
	err = summary__refresh(r->summary);
	r->changed = true;
	if (!err && !r->tty && r->o->trace.interval_given)
		err = print_view(r);
	return err;
}

/* Returns 0 or -errno. */
static int do_due(struct trace_run *r)
{
	u64 now = now_ns();
	int err = read_events(r, now);

	tracer__drop_missed(r->tracer);
	if (!err && targets__grow(r->targets) && now - r->scanned >= SCAN_NS) {
		r->scanned = now;
		targets__add(r->targets, r->tracer, added, r);
	}
	if (!err)
		err = refresh(r, now);
	if (!err && r->tty && r->changed)
		err = draw(r);
	if (r->o->duration && now - r->ready >= r->o->duration)
		r->ending = true;
	return err;
}

/* --- waiting */

static int patience(const struct trace_run *r)
{
	u64 now = now_ns(), until = r->o->duration ? r->ready + r->o->duration : UINT64_MAX;
	int ms = r->stacks || (r->fds && !r->summary) ? LOOK_MS : r->has_events ? READ_MS : 200;

	if (until > now && (until - now) / MS_NS < (u64)ms)
		ms = (until - now) / MS_NS + 1;
	return ms;
}

static void on_key(void *ctx, u32 key)
{
	struct trace_run *r = ctx;

	view__key(summary__view(r->summary), key);
	r->changed = true;
}

static int wait_a_bit(struct trace_run *r)
{
	struct pollfd p[] = {{.fd = r->signals, .events = POLLIN},
			     {.fd = r->has_events ? tracer__fd(r->tracer) : -1, .events = POLLIN},
			     {.fd = r->tty ? tty__fd(r->tty) : -1, .events = POLLIN}};
	int n = poll(p, 3, patience(r));

	if (n < 0 && errno != EINTR)
		return -errno;
	if (n > 0 && p[0].revents)
		take_signals(r);
	if (r->tty && (n < 0 || p[2].revents)) {
		if (tty__keys(r->tty, on_key, r))
			r->ending = true;
		r->changed = true;
	}
	if (r->summary && summary__view(r->summary)->quit)
		r->ending = true;
	return 0;
}

static bool all_ended(struct trace_run *r)
{
	if (r->command.pid && !launch__ended(&r->command))
		return false;
	if (r->command.pid && !r->o->trace.follow)
		return true;
	return !targets__grow(r->targets) && !tracer__targets(r->tracer);
}

static int go_on(struct trace_run *r)
{
	int err = 0;

	while (!err && !r->err && !r->ending) {
		bool ended = all_ended(r);

		err = do_due(r);
		if (ended && !r->tty)
			break;
		if (ended)
			summary__view(r->summary)->ended = true;
		if (!err)
			err = wait_a_bit(r);
	}
	return err;
}

/* --- the end */

static u64 lost_in_ring(const struct trace_run *r)
{
	u64 lost[TRACE_LOST_MAX];

	tracer__losses(r->tracer, lost);
	return lost[TRACE_LOST_RING];
}

static void warn_of_losses(const struct trace_run *r)
{
	u64 lost[TRACE_LOST_MAX];

	tracer__losses(r->tracer, lost);
	if (lost[TRACE_LOST_THREAD])
		log_warn("%llu times there was no memory for a thread, whose calls were not seen",
			 (unsigned long long)lost[TRACE_LOST_THREAD]);
	if (lost[TRACE_LOST_TARGET])
		log_warn("%llu children could not be followed: there were too many processes",
			 (unsigned long long)lost[TRACE_LOST_TARGET]);
}

static int print_tables(struct trace_run *r)
{
	const struct trace_options *t = &r->o->trace;
	const struct print_style style = terminal__style(r->o->ascii);
	struct trace_sum *sums = calloc(TRACE_NRS, sizeof(*sums));
	struct table *table = calloc(1, sizeof(*table));
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	int err = sums && table && f ? tracer__sums(r->tracer, sums) : -ENOMEM;

	if (!err) {
		table__fill(table, sums, &t->pick);
		table__sort(table, t->sort ? trace_sort__find(t->sort) : SORT_TIME);
		if (r->o->json)
			table__json(f, table, now_ns() - r->start, lost_in_ring(r));
		else if (t->summary_only || t->summary_too)
			table__print(f, table);
		if (t->hist && !r->o->json)
			table__hist(f, &style, table, sums, now_ns() - r->start);
	}
	if (f && (fclose(f) || !text) && !err)
		err = -ENOMEM;
	if (!err) {
		out__put(r->out, 0, text, size);
		err = out__flush(r->out);
	}
	free(text);
	free(table);
	free(sums);
	return err;
}

/* By who does not want to wait for what has been seen already. */
static bool is_told_again(const struct trace_run *r)
{
	struct signalfd_siginfo si;

	return read(r->signals, &si, sizeof(si)) == sizeof(si) && si.ssi_signo != SIGCHLD;
}

static int read_rest(struct trace_run *r)
{
	int err;

	do
		err = tracer__read(r->tracer, on_event, r);
	while (err > 0 && !is_told_again(r));
	if (err > 0)
		log_warn("told to end twice: what was not read yet is not shown");
	return err < 0 ? err : 0;
}

static int finish(struct trace_run *r)
{
	const struct trace_options *t = &r->o->trace;
	int err = 0;

	/* As it is now: afterwards nothing more is known of the threads. */
	if (r->summary && !summary__view(r->summary)->ended)
		summary__refresh(r->summary);
	tracer__detach(r->tracer);
	if (r->has_events)
		err = read_rest(r);
	if (r->summary) {
		summary__view(r->summary)->paused = false;
		summary__refresh(r->summary);
	} else if (t->calls) {
		printer__end(r->printer, lost_in_ring(r));
	}
	if (!err)
		err = out__flush(r->out);
	if (!err && r->summary)
		err = print_view(r);
	if (!err && (t->summary_only || t->summary_too || t->hist))
		err = print_tables(r);
	warn_of_losses(r);
	return err;
}

/* The command goes on by itself; its end is waited for. */
static void let_go(struct trace_run *r)
{
	if (!r->command.pid || r->command.ended)
		return;
	while (waitpid(r->command.pid, &r->command.status, 0) < 0 && errno == EINTR)
		;
	r->command.ended = true;
}

static int tell(struct trace_run *r, int err)
{
	if (err == -EPIPE) {
		log_info("%s was closed by its reader; stopping", out__name(r->out));
		return EXIT_DONE;
	}
	if (err)
		log_error("%s: %s; the trace ends here", out__name(r->out), strerror(-err));
	return err ? EXIT_FAILED : EXIT_DONE;
}

static int open_summary(struct trace_run *r)
{
	const struct trace_options *t = &r->o->trace;
	const struct tty_wants wants = {.plain = r->o->ascii};
	char title[160], why[256];
	int err;

	if (t->calls || t->summary_only || t->hist)
		return 0;
	targets__name(r->targets, title, sizeof(title));
	err = summary__new(&r->summary, r->o, r->tracer, r->printer, title);
	if (err)
		return err;
	r->screen.utf8 = terminal__use_utf8(r->o->ascii);
	if (out__is_terminal(r->out) && tty__open(&r->tty, &wants, why, sizeof(why)))
		log_info("%s", why);
	if (r->tty)
		r->errors = held_errors__begin();
	err = summary__refresh(r->summary);
	/* What it is stuck in shall not wait for the rest. */
	if (!err && r->tty)
		err = draw(r);
	summary__split(r->summary);
	return err;
}

int run__trace(struct trace_run *r)
{
	int err = open_summary(r);

	/* For a script that waits for it. */
	if (!r->command.pid && !isatty(STDERR_FILENO) && !r->o->trace.quiet)
		log_info("attached");
	r->ready = r->refreshed = r->scanned = now_ns();
	r->changed = true;
	if (!err && r->shows_blocked && !r->command.pid)
		err = begun__show(r->tracer, printer__event, r->printer);
	if (!err)
		err = go_on(r);
	if (r->tty) {
		tty__close(r->tty);
		r->tty = NULL;
		held_errors__release(r->errors);
	}
	if (!err && !r->err)
		err = finish(r);
	else
		tracer__detach(r->tracer);
	let_go(r);
	return tell(r, r->err ? r->err : err);
}

void run__close(struct trace_run *r)
{
	tty__close(r->tty);
	screen__free(&r->screen);
	summary__free(r->summary);
	out__close(r->out);
	if (r->signals >= 0)
		close(r->signals);
}
