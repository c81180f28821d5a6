// SPDX-License-Identifier: GPL-2.0-only
/* sonde trace: the system calls of chosen processes, as lines or as a summary. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "host.h"
#include "log.h"
#include "trace/decode.h"
#include "trace/run.h"

#define RING_LINES   (64 << 20)
#define RING_SUMMARY (4 << 20)
#define RING_NONE    4096

static bool follows_fds(const struct trace_options *t)
{
	return t->calls && (t->fds || t->npaths);
}

/* Whether it is decided here, and not in the kernel, what is printed. */
static bool filters_here(const struct trace_options *t)
{
	return follows_fds(t) || t->pick.fds_given || t->pick.nerrors;
}

static void make_config(const struct options *o, struct trace_config *c)
{
	const struct trace_options *t = &o->trace;
	u32 status = follows_fds(t) ? STATUS_ALL : t->pick.status;

	*c = (struct trace_config){
		.events = !t->summary_only && !(t->hist && !t->calls),
		.follow = t->follow > 0,
		.string_limit = t->string_limit,
		.succeeded = !!(status & STATUS_SUCCESSFUL),
		.failed = !!(status & STATUS_FAILED),
		.stacks = t->stacks,
		.early = t->calls,
		/* A line that begins before it is known how it ends must be wanted whatever it is.
		 */
		.blocked = t->calls && !o->json && !filters_here(t) && !t->min_ns &&
			   t->pick.status == STATUS_ALL,
	};
}

static struct trace_plan *make_plan(const struct trace_options *t)
{
	struct trace_plan *plan = calloc(TRACE_NRS, sizeof(*plan));

	for (s32 nr = 0; plan && nr < TRACE_NRS; nr++) {
		decode__plan(nr, &plan[nr]);
		plan[nr].show = t->pick.call[nr] || (follows_fds(t) && fds__wants(nr));
	}
	return plan;
}

static int open_tracer(struct trace_run *r)
{
	const struct trace_options *t = &r->o->trace;
	struct tracer_opts opts = {.btf = r->o->btf, .root = r->o->root};
	struct trace_plan *plan = make_plan(t);
	char why[512] = "";
	int err = plan ? 0 : -ENOMEM;

	make_config(r->o, &opts.config);
	opts.plan = plan;
	opts.min_ns = !t->calls ? SUMMARY_MIN_NS : follows_fds(t) ? 0 : t->min_ns;
	opts.ring_bytes = !opts.config.events ? RING_NONE : t->calls ? RING_LINES : RING_SUMMARY;
	r->has_events = opts.config.events;
	r->shows_blocked = opts.config.blocked;
	if (!err)
		err = tracer__new(&r->tracer, &opts, why, sizeof(why));
	free(plan);
	if (!err)
		return 0;
	log_error("%s", why[0] ? why : strerror(-err));
	return err == -ENOMEM ? EXIT_FAILED : EXIT_UNABLE;
}

/* A command has standard output for itself. */
static int open_output(struct trace_run *r)
{
	const struct trace_options *t = &r->o->trace;
	const struct out_opts opts = {
		.path = t->file,
		.fd = r->o->words[0] ? STDERR_FILENO : STDOUT_FILENO,
		.append = t->append,
		.each = t->follow > 1 && t->file,
	};
	char why[4200] = "out of memory";

	if (!out__open(&r->out, &opts, why, sizeof(why)))
		return 0;
	log_error("%s", why);
	return EXIT_FAILED;
}

static int open_printer(struct trace_run *r)
{
	const struct trace_options *t = &r->o->trace;
	const struct fds_opts fds = {
		.root = r->o->root, .follow = follows_fds(t), .detail = t->fds > 1 || !t->calls};
	struct printer_opts opts = {
		.trace = t,
		.json = r->o->json,
		.out = r->out,
		.rate = t->rate_given || out__is_terminal(r->out) ? t->rate : 0,
		.min_ns = t->min_ns,
		.inner_pid = targets__inner,
		.ctx = r->targets,
	};
	int err = 0;

	if (!t->calls || follows_fds(t))
		err = fds__new(&r->fds, &fds);
	if (!err && t->stacks)
		err = stacks__new(&r->stacks, r->o->root);
	opts.fds = r->fds;
	opts.stacks = r->stacks;
	if (!err)
		err = printer__new(&r->printer, &opts);
	if (!err)
		return 0;
	log_error("%s", strerror(-err));
	return EXIT_FAILED;
}

static void added(void *ctx, u32 pid)
{
	struct trace_run *r = ctx;

	if (r->fds)
		fds__prime(r->fds, pid);
}

static int start_command(struct trace_run *r)
{
	char why[4200];
	int err = launch__prepare(&r->command, r->o->words, &r->mask, why, sizeof(why));
	u32 pid;

	if (err) {
		log_error("%s", why);
		return err == -ENOENT ? 127 : err == -EACCES ? 126 : EXIT_FAILED;
	}
	pid = targets__outer(r->targets, r->command.pid);
	if (!pid) {
		log_error("%s: sonde is in a PID namespace of its own; " HOSTS_PROCESSES,
			  r->o->words[0]);
		return EXIT_UNABLE;
	}
	added(r, pid);
	err = tracer__add(r->tracer, pid);
	if (err)
		log_error("%s: %s", r->o->words[0], strerror(-err));
	return err ? EXIT_FAILED : 0;
}

/* Nothing is there yet: a service may start later, a number means somebody. */
static int add_targets(struct trace_run *r)
{
	int n = targets__add(r->targets, r->tracer, added, r);

	if (n > 0)
		return 0;
	if (!n && targets__grow(r->targets)) {
		log_info("nothing runs there yet; waiting for it");
		return 0;
	}
	if (n == -ESRCH)
		log_error("the process has just ended");
	else if (n == -ENOSPC)
		log_error("too many processes to trace; name fewer");
	else
		log_error("%s", strerror(-n));
	return EXIT_FAILED;
}

static int attach(struct trace_run *r)
{
	char why[512];
	int status, err;

	/* The command stands still until all is attached. */
	status = r->o->words[0] ? start_command(r) : add_targets(r);
	if (status)
		return status;
	err = tracer__attach(r->tracer, why, sizeof(why));
	if (err) {
		log_error("%s", why);
		return EXIT_UNABLE;
	}
	r->start = now_ns();
	if (r->o->words[0])
		launch__go(&r->command);
	return 0;
}

static int open_all(struct trace_run *r)
{
	char why[512];
	int status, err = targets__new(&r->targets, r->o);

	if (err) {
		log_error("%s", strerror(-err));
		return EXIT_FAILED;
	}
	status = targets__check(r->targets);
	if (!status && host__refuses(r->o->btf, why, sizeof(why))) {
		log_error("%s", why);
		status = r->o->btf && access(r->o->btf, R_OK) ? EXIT_USAGE : EXIT_UNABLE;
	}
	if (!status)
		status = open_output(r);
	if (!status)
		status = open_printer(r);
	if (!status)
		status = open_tracer(r);
	if (!status && run__open_signals(r)) {
		log_error("%s", strerror(errno));
		status = EXIT_FAILED;
	}
	return status ? status : attach(r);
}

static void close_all(struct trace_run *r)
{
	run__close(r);
	tracer__free(r->tracer);
	printer__free(r->printer);
	stacks__free(r->stacks);
	fds__free(r->fds);
	targets__free(r->targets);
	launch__cancel(&r->command);
}

int cmd_trace(const struct options *o)
{
	struct trace_run *r = calloc(1, sizeof(*r));
	struct launched command;
	int status;

	if (!r) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	r->o = o;
	r->signals = -1;
	status = open_all(r);
	if (!status)
		status = run__trace(r);
	close_all(r);
	command = r->command;
	free(r);
	/* A trace that ran gives the command's own end back. */
	if (!status && command.pid)
		return launch__status(&command);
	return status;
}
