// SPDX-License-Identifier: GPL-2.0-only
#include "tracer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "complaint.h"
#include "kernel_object.h"
#include "section.h"
#include "syscall_names.h"
#include "tracer_impl.h"

/* So much may wait for its reader before it is woken. */
#define WAKE_BYTES (256 * 1024)

extern const unsigned char trace_object[], trace_object_end[];

static struct bpf_map *find_map(const struct tracer *t, const char *name)
{
	return bpf_object__find_map_by_name(t->obj, name);
}

static bool executes(u32 nr)
{
	const char *name = syscall_name(nr);

	return name && !strncmp(name, "execve", 6);
}

/* What a call reads must be copied before the kernel writes there or the process has another
 * memory. */
static bool must_be_early(u32 nr, const struct trace_plan *plan)
{
	if (executes(nr))
		return true;
	for (u32 i = 0; i < TRACE_ARGS; i++)
		if (plan->arg[i].kind == FETCH_SOCKADDR_OUT || plan->arg[i].flags & FETCH_BOTH)
			return true;
	return false;
}

static u32 fetches(const struct trace_config *config, u32 nr, const struct trace_plan *plan)
{
	u32 ret = executes(nr) ? EXECUTES : 0;

	for (u32 i = 0; i < TRACE_ARGS; i++) {
		const struct trace_fetch *f = &plan->arg[i];

		if (!f->kind)
			continue;
		if (!(f->flags & FETCH_AT_EXIT) || f->kind == FETCH_SOCKADDR_OUT)
			ret |= FETCHES_AT_ENTRY;
		if (f->flags & (FETCH_AT_EXIT | FETCH_BOTH) || f->kind == FETCH_SOCKADDR_OUT)
			ret |= FETCHES_AT_EXIT;
	}
	if (ret & FETCHES_AT_ENTRY && !config->early && !config->blocked &&
	    !must_be_early(nr, plan))
		ret = (ret & ~FETCHES_AT_ENTRY) | FETCHES_LATE;
	return ret;
}

/* The number, from 1, of the argument that is the only one fetched, if that is one piece, once. */
static u32 only_piece(const struct trace_plan *plan)
{
	u32 only = 0;

	for (u32 i = 0; i < TRACE_ARGS; i++) {
		const struct trace_fetch *f = &plan->arg[i];

		if (!f->kind)
			continue;
		if (only || f->kind > FETCH_SOCKADDR || f->flags & FETCH_BOTH)
			return 0;
		only = i + 1;
	}
	return only;
}

static int set_plan(const struct tracer *t, const struct tracer_opts *opts)
{
	struct trace_plan *plan =
		section__initial(t->obj, ".rodata.plan", TRACE_NRS * sizeof(*plan));

	if (!plan)
		return -EINVAL;
	memcpy(plan, opts->plan, TRACE_NRS * sizeof(*plan));
	for (u32 nr = 0; nr < TRACE_NRS; nr++) {
		/* What these calls' arguments are is not known. */
		if (nr == TRACE_NR_COMPAT || nr == TRACE_NR_UNKNOWN)
			memset(plan[nr].arg, 0, sizeof(plan[nr].arg));
		plan[nr].fetches = plan[nr].show ? fetches(&opts->config, nr, &plan[nr]) : 0;
		plan[nr].only = only_piece(&plan[nr]);
	}
	return 0;
}

static int set_births(const struct tracer *t)
{
	static const char *const names[TRACE_BIRTHS] = {"clone", "clone3", "fork", "vfork"};
	struct trace_births *b = section__initial(t->obj, ".rodata.births", sizeof(*b));

	if (!b)
		return -EINVAL;
	for (u32 nr = 0; nr < SYSCALL_NUMBERS; nr++)
		for (u32 i = 0; i < TRACE_BIRTHS && syscall_name(nr); i++)
			if (!strcmp(syscall_name(nr), names[i]))
				b->nr[b->n++] = nr;
	return 0;
}

/* They make events only. */
static const char *const event_programs[] = {"trace_signal", "trace_send_signal", "trace_exec"};

static int set_up(struct tracer *t, const struct tracer_opts *opts)
{
	struct trace_config *config = section__initial(t->obj, ".rodata.config", sizeof(*config));
	struct bpf_program *block = bpf_object__find_program_by_name(t->obj, "trace_block");
	int err;

	if (!config || !block)
		return -EINVAL;
	*config = opts->config;
	if (config->string_limit > TRACE_PIECE)
		config->string_limit = TRACE_PIECE;
	err = set_plan(t, opts);
	if (!err)
		err = set_births(t);
	if (!err && !(config->events && config->blocked))
		err = bpf_program__set_autoload(block, false);
	for (size_t i = 0; i < sizeof(event_programs) / sizeof(event_programs[0]); i++) {
		struct bpf_program *prog =
			bpf_object__find_program_by_name(t->obj, event_programs[i]);

		if (!err && !config->events)
			err = prog ? bpf_program__set_autoload(prog, false) : -EINVAL;
	}
	if (!err)
		err = bpf_map__set_max_entries(find_map(t, "ring"), opts->ring_bytes);
	if (!err)
		err = bpf_map__set_max_entries(find_map(t, "sums"), TRACE_NRS * t->cpus);
	return err;
}

static int load(struct tracer *t, const struct tracer_opts *opts)
{
	int err = kernel__open_object(&t->kernel, &t->obj, "trace", trace_object,
				      trace_object_end - trace_object);

	if (!err)
		err = set_up(t, opts);
	if (!err)
		err = bpf_object__load(t->obj);
	if (err)
		return err;
	t->state = section__map(t->obj, ".data.state", sizeof(*t->state));
	t->control = section__map(t->obj, ".data.control", sizeof(*t->control));
	t->sums = section__map(t->obj, "sums", tracer__sums_bytes(t));
	if (!t->state || !t->control || !t->sums)
		return -ENOMEM;
	t->control->min_ns = opts->min_ns;
	t->control->wake_bytes = opts->ring_bytes / 4 < WAKE_BYTES ? opts->ring_bytes / 4
								   : WAKE_BYTES;
	t->targets_fd = bpf_map__fd(find_map(t, "targets"));
	return tracer__open_ring(t, bpf_map__fd(find_map(t, "ring")));
}

int tracer__new(struct tracer **ret, const struct tracer_opts *opts, char *why, size_t why_size)
{
	struct tracer *t = calloc(1, sizeof(*t));
	int err;

	if (!t) {
		snprintf(why, why_size, "out of memory");
		return -ENOMEM;
	}
	t->cpus = libbpf_num_possible_cpus();
	t->root = opts->root ? opts->root : "";
	complaint__listen();
	complaint__clear();
	err = kernel__open(&t->kernel, opts->btf, why, why_size);
	if (!err) {
		err = load(t, opts);
		if (err)
			complaint__tell(why, why_size, err);
	}
	kernel__forget_types(&t->kernel);
	if (err)
		tracer__free(t);
	else
		*ret = t;
	return err;
}

int tracer__attach(struct tracer *t, char *why, size_t why_size)
{
	struct bpf_program *prog;

	complaint__clear();
	bpf_object__for_each_program(prog, t->obj) {
		if (!bpf_program__autoload(prog) ||
		    !strncmp(bpf_program__section_name(prog), "iter", 4))
			continue;
		t->link[t->nlinks] = t->nlinks < TRACER_LINKS ? kernel__attach(prog) : NULL;
		if (!t->link[t->nlinks]) {
			int err = -errno;

			complaint__tell(why, why_size, err);
			tracer__detach(t);
			return err;
		}
		t->nlinks++;
	}
	tracer__drop_dead(t);
	return 0;
}

void tracer__detach(struct tracer *t)
{
	while (t->nlinks)
		bpf_link__destroy(t->link[--t->nlinks]);
}

void tracer__free(struct tracer *t)
{
	if (!t)
		return;
	tracer__detach(t);
	tracer__close_ring(t);
	if (t->state)
		munmap(t->state, sizeof(*t->state));
	if (t->control)
		munmap(t->control, sizeof(*t->control));
	if (t->sums)
		munmap((void *)t->sums, tracer__sums_bytes(t));
	bpf_object__close(t->obj);
	free(t);
}

void tracer__min_ns(struct tracer *t, u64 ns)
{
	t->control->min_ns = ns;
}
