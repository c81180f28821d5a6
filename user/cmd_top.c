// SPDX-License-Identifier: GPL-2.0-only
/* sonde top: frames from a source to a terminal, or to standard output. */
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
#include "log.h"
#include "options.h"
#include "sink.h"
#include "terminal.h"
#include "top/batch.h"
#include "top/frame_json.h"
#include "top/held_errors.h"
#include "top/model.h"
#include "top/screen.h"
#include "top/serve.h"
#include "top/source.h"
#include "top/tty.h"
#include "top/verdict.h"

#define BATCH_WIDTH 200

struct top {
	const struct options *o;
	struct source *source;
	struct model *model;
	struct screen screen;
	struct tty *tty;
	struct verdict_state *verdicts;
	struct text out;
	int signals;
	u32 frames;
	u64 next; /* on the monotonic clock, of a source that cannot be polled */
	bool ended;
	bool said;    /* by the source: what went wrong */
	bool changed; /* since it was drawn */
	int errors;   /* where standard error went meanwhile, -1: it is where it was */
};

/* --- frames */

static int put_frame(struct top *t, struct frame *f)
{
	const char *text[MAX_VERDICTS];
	struct verdicts v = {};
	u32 n = 0;
	int err = verdict__judge(&t->verdicts, f, &v);

	if (err) {
		frame__free(f);
		free(f);
		return err;
	}
	for (; n < v.n && n < MAX_VERDICTS; n++)
		text[n] = v.line[n].text;
	return model__put(t->model, f, text, n);
}

/* Prints what is in @t->out. */
static int flush(struct top *t)
{
	if (t->out.err)
		return t->out.err;
	if (fwrite(t->out.data, 1, t->out.size, stdout) != t->out.size || fflush(stdout))
		return errno ? -errno : -EIO;
	text__clear(&t->out);
	return 0;
}

static int print_frame(struct top *t, struct frame *f)
{
	const char *columns = getenv("COLUMNS");
	u32 width = columns ? strtoul(columns, NULL, 10) : 0;
	int err;

	if (t->o->json) {
		err = frame__write(&t->out, f);
		frame__free(f);
		free(f);
	} else {
		err = put_frame(t, f);
		if (!err)
			err = batch__print(&t->out, &t->screen, t->model,
					   width && width < 10000 ? width : BATCH_WIDTH);
	}
	return err ? err : flush(t);
}

static bool enough(const struct top *t)
{
	return t->o->frames && t->frames >= t->o->frames;
}

/* All frames that there are. Returns 0 or -errno. */
static int take(struct top *t)
{
	struct frame *f;
	int n = 0, err = 0;

	while (!err && !enough(t) && (n = t->source->ops->next(t->source, &f)) > 0) {
		t->frames++;
		t->changed = true;
		err = t->tty ? put_frame(t, f) : print_frame(t, f);
	}
	if (n == -EPIPE) {
		t->ended = t->model->ended = t->changed = true;
		n = 0;
	}
	t->said = n < 0;
	return err ? err : n < 0 ? n : 0;
}

/* --- waiting */

static int open_signals(struct top *t)
{
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigprocmask(SIG_BLOCK, &mask, NULL);
	signal(SIGPIPE, SIG_IGN);
	t->signals = signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
	return t->signals < 0 ? -errno : 0;
}

/* How long poll may wait for a source that is asked once in an interval. */
static int patience(struct top *t, int fd)
{
	u64 now = now_ns();

	if (t->ended || fd >= 0)
		return -1;
	if (t->next <= now)
		return 0;
	return (t->next - now) / 1000000 + 1;
}

/* Returns 1 if a signal or the user ended it, 0 or -errno. */
static int wait_and_take(struct top *t)
{
	int fd = t->ended ? -1 : t->source->ops->fd(t->source);
	struct pollfd p[] = {{.fd = t->signals, .events = POLLIN},
			     {.fd = fd, .events = POLLIN},
			     {.fd = t->tty ? tty__fd(t->tty) : -1, .events = POLLIN}};
	int n = poll(p, 3, patience(t, fd)), err = 0;

	if (n < 0 && errno != EINTR)
		return -errno;
	if (n > 0 && p[0].revents)
		return 1;
	/* Interrupted: by a resize, which the terminal is asked for, too. */
	if (t->tty && (n < 0 || p[2].revents)) {
		err = tty__read(t->tty, &t->screen, t->model);
		t->changed = true;
	}
	if (err == -EPIPE || t->model->quit)
		return 1;
	if (n > 0 && p[1].revents)
		return take(t);
	if (!t->ended && fd < 0 && t->next <= now_ns()) {
		t->next = now_ns() + t->model->interval;
		return take(t);
	}
	return 0;
}

/* --- as text */

static int run_batch(struct top *t)
{
	int err = 0;

	while (!err && !t->ended && !enough(t))
		err = wait_and_take(t);
	return err < 0 ? err : 0;
}

/* --- on a terminal */

static int draw(struct top *t)
{
	u32 width, height;
	int err;

	tty__size(t->tty, &width, &height);
	t->changed = false;
	err = screen__resize(&t->screen, width, height);
	if (!err)
		err = screen__draw(&t->screen, t->model);
	if (!err)
		tty__draw(t->tty, &t->screen);
	return err;
}

/* What the user has asked the source for. */
static int ask_source(struct top *t, u64 *interval, u32 *process)
{
	const struct source_ops *ops = t->source->ops;
	int err = 0;

	if (t->model->interval != *interval)
		err = ops->set_interval(t->source, t->model->interval);
	if (!err && t->model->process != *process)
		err = ops->open_process(t->source, t->model->process);
	*interval = t->model->interval;
	*process = t->model->process;
	return err;
}

static int run_terminal(struct top *t)
{
	u64 interval = 0;
	u32 process = 0;
	int err = 0;

	t->errors = held_errors__begin();
	t->changed = true;
	while (!err && !enough(t)) {
		err = t->ended ? 0 : ask_source(t, &interval, &process);
		if (!err && t->changed)
			err = draw(t);
		if (!err)
			err = wait_and_take(t);
	}
	tty__close(t->tty);
	t->tty = NULL;
	held_errors__release(t->errors);
	return err < 0 ? err : 0;
}

/* --- the command */

static int open_model(struct top *t)
{
	const struct options *o = t->o;
	char names[400] = "";

	if (model__new(&t->model)) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	t->model->interval = o->refresh;
	if (o->view)
		model__set_view(t->model, o->view);
	if (o->filter)
		model__set_filter(t->model, o->filter);
	if (!o->sort || !model__set_sort(t->model, o->sort))
		return 0;
	for (u32 i = 0; i < views[t->model->place[0].view].ncolumns; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? ", " : "", views[t->model->place[0].view].column[i].name);
	log_error("--sort %s: these have no such column; there are %s", o->sort, names);
	return EXIT_USAGE;
}

static int open_source(struct top *t)
{
	if (t->o->replay)
		return source__replay(&t->source, t->o);
	if (t->o->socket)
		return source__attach(&t->source, t->o->socket, false);
	/* Who asks for certain sets wants them loaded. */
	if (!t->o->probes_given) {
		int status = source__attach(&t->source, SERVE_DEFAULT_PATH, true);

		if (status != EXIT_FAILED)
			return status;
	}
	return source__live(&t->source, t->o);
}

static int open_terminal(struct top *t)
{
	const struct options *o = t->o;
	const struct tty_wants wants = {
		.plain = o->ascii,
		.keys_elsewhere = o->replay && !strcmp(o->replay, "-"),
	};
	char why[256] = "out of memory";

	if (o->batch || o->json)
		return 0;
	if (!isatty(STDOUT_FILENO)) {
		log_info("standard output is no terminal: printing as with --batch");
		return 0;
	}
	if (!tty__open(&t->tty, &wants, why, sizeof(why)))
		return 0;
	log_error("%s", why);
	return EXIT_USAGE;
}

static int run(struct top *t)
{
	int err = t->tty ? run_terminal(t) : run_batch(t);

	if (err == -EPIPE) {
		log_info("standard output was closed by its reader; stopping");
		return EXIT_DONE;
	}
	if (err && !t->said)
		log_error("%s", strerror(-err));
	return err ? EXIT_FAILED : EXIT_DONE;
}

int cmd_top(const struct options *o)
{
	struct top t = {.o = o, .signals = -1, .errors = -1};
	int status = open_model(&t);

	t.screen.utf8 = terminal__use_utf8(o->ascii);
	if (!status && open_signals(&t)) {
		log_error("%s", strerror(errno));
		status = EXIT_FAILED;
	}
	if (!status)
		status = open_source(&t);
	if (!status)
		status = open_terminal(&t);
	if (!status)
		status = run(&t);
	tty__close(t.tty);
	if (t.source)
		t.source->ops->close(t.source);
	model__free(t.model);
	screen__free(&t.screen);
	text__free(&t.out);
	verdict__free(t.verdicts);
	if (t.signals >= 0)
		close(t.signals);
	return status;
}
