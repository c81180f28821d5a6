// SPDX-License-Identifier: GPL-2.0-only
#include "loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroups.h"
#include "complaint.h"
#include "counters.h"
#include "kernel.h"
#include "kernel_object.h"
#include "object.h"
#include "section.h"
#include "store.h"

extern const unsigned char base_object[], base_object_end[];

struct loader {
	struct kernel kernel;
	struct object base;
	struct object object[MAX_SETS];
	struct loaded set[MAX_SETS];
	struct shared_maps shared;
};

/* Whether the kernel lacks something for each of the set's operations. */
static bool lacks_all(const struct kernel *k, const struct probe *p, char *name, size_t size)
{
	for (const struct op_doc *d = p->docs; d->op; d++)
		if (!kernel__lacks(k, d->needs, name, size))
			return false;
	return true;
}

static bool env_running(const void *ctx, const char *name)
{
	const struct loader *l = ctx;
	int set = probes__find(name);

	return set >= 0 && loaded__counts(&l->set[set]);
}

static int open_object(struct loader *l, struct object *o, const char *name,
		       const unsigned char *begin, const unsigned char *end,
		       const struct config *config)
{
	int err = kernel__open_object(&l->kernel, &o->obj, name, begin, end - begin);

	return err ? err : section__set(o->obj, ".rodata.config", config, sizeof(*config));
}

static int load_set(struct loader *l, u32 i, const struct config *config,
		    const struct loader_opts *opts)
{
	struct loaded *set = &l->set[i];
	const struct probe *p = set->probe;
	struct object *o = &l->object[i];
	char missing[64];
	int err;

	if (lacks_all(&l->kernel, p, missing, sizeof(missing))) {
		complaint__set("this kernel has no tracepoint %s", missing);
		return -ENOENT;
	}
	err = open_object(l, o, p->name, p->object, p->object_end, config);
	if (err)
		return err;
	set->env = (struct probe_env){.root = opts->root,
				      .obj = o->obj,
				      .compat = &l->kernel.compat,
				      .running = env_running,
				      .ctx = l};
	err = section__set(o->obj, ".rodata.slo", opts->slo[i], sizeof(opts->slo[i]));
	if (!err)
		err = store__size(o->obj, p, opts->services);
	if (!err)
		err = counters__size(o->obj, opts->services);
	if (!err && p->prepare)
		err = p->prepare(&set->env);
	if (!err)
		err = object__load(o, &l->shared);
	if (!err)
		err = store__new(&set->store, o->obj, p, opts->services);
	if (!err)
		err = counters__new(&set->counters, o->obj, opts->services);
	set->control = o->control;
	return err;
}

static bool any_slo(const struct loader_opts *opts, u32 set)
{
	for (u32 op = 0; op < MAX_OPS; op++)
		if (opts->slo[set][op])
			return true;
	return false;
}

/* Why no set could be loaded or attached: what they have in common is said once. */
static void list_reasons(const struct loader *l, const char *what, char *why, size_t size)
{
	size_t n = snprintf(why, size, "no probe set could be %s", what);
	const char *last = "";

	for (u32 i = 0; i < MAX_SETS && n < size; i++) {
		const struct loaded *set = &l->set[i];

		if (!set->probe || !strcmp(set->reason, last))
			continue;
		n += snprintf(why + n, size - n, "; %s: %s", set->probe->name, set->reason);
		last = set->reason;
	}
}

int loader__new(struct loader **ret, const struct loader_opts *opts, char *why, size_t why_size)
{
	struct loader *l = calloc(1, sizeof(*l));
	struct config config = {
		.self_tgid = getpid(),
		.by_comm = !!(opts->needs & NAMING_BY_COMM),
		.by_process = !!(opts->needs & NAMING_BY_PROCESS),
	};
	u32 loaded = 0;
	int err, last = 0;

	if (!l)
		return -ENOMEM;
	shared_maps__init(&l->shared);
	complaint__listen();

	complaint__clear();
	err = cgroups__v1_hierarchy(opts->root, &config.v1_hierarchy, NULL);
	if (!err)
		err = kernel__open(&l->kernel, opts->btf, why, why_size);
	if (err)
		goto fail;
	err = open_object(l, &l->base, "sonde", base_object, base_object_end, &config);
	if (!err)
		err = object__load(&l->base, &l->shared);
	if (err) {
		complaint__tell(why, why_size, err);
		goto fail;
	}
	for (u32 i = 0; probes[i]; i++) {
		if (!opts->set[i])
			continue;
		l->set[i].probe = probes[i];
		config.set = i;
		config.slo = any_slo(opts, i);
		complaint__clear();
		err = load_set(l, i, &config, opts);
		l->set[i].running = !err;
		if (err) {
			complaint__tell(l->set[i].reason, sizeof(l->set[i].reason), err);
			last = err;
		} else {
			loaded++;
		}
	}
	if (!loaded) {
		err = last ? last : -EINVAL;
		list_reasons(l, "loaded", why, why_size);
		goto fail;
	}
	kernel__forget_types(&l->kernel);
	*ret = l;
	return 0;
fail:
	loader__free(l);
	return err;
}

static int follow_others(struct loaded *set)
{
	return set->probe->follow ? set->probe->follow(&set->env) : 0;
}

static int attach_set(struct loader *l, u32 i)
{
	struct loaded *set = &l->set[i];
	int err = follow_others(set);

	if (!err)
		err = object__attach(&l->object[i]);
	if (!err && set->probe->attached)
		err = set->probe->attached(&set->env);
	return err;
}

/* After @except was switched: what the others attach may depend on it. */
static int adjust_others(struct loader *l, u32 except)
{
	int err = 0;

	for (u32 i = 0; i < MAX_SETS && !err; i++) {
		struct loaded *set = &l->set[i];

		if (i == except || !loaded__counts(set) || !set->probe->follow)
			continue;
		err = follow_others(set);
		if (!err)
			err = object__attach(&l->object[i]);
	}
	return err;
}

int loader__disable(struct loader *l, u32 i, char *why, size_t why_size)
{
	struct loaded *set = &l->set[i];
	int err;

	complaint__clear();
	set->off = true;
	set->drained = false;
	/* Before it is gone, so that they miss nothing. */
	err = adjust_others(l, i);
	if (err) {
		complaint__tell(why, why_size, err);
		set->off = false;
		adjust_others(l, i);
		return err;
	}
	object__detach(&l->object[i]);
	if (set->probe->settle)
		set->probe->settle(&set->env);
	if (set->probe->forget)
		set->probe->forget(&set->env);
	return 0;
}

int loader__enable(struct loader *l, u32 i, char *why, size_t why_size)
{
	struct loaded *set = &l->set[i];
	int err = 0;

	complaint__clear();
	/* Once more: a program that was under way on another CPU may have come after the first. */
	if (set->probe->forget)
		err = set->probe->forget(&set->env);
	l->object[i].control->round++;
	if (!err)
		err = attach_set(l, i);
	if (!err) {
		set->off = false;
		err = adjust_others(l, i);
	}
	if (!err)
		return 0;
	complaint__tell(why, why_size, err);
	set->off = true;
	object__detach(&l->object[i]);
	if (set->probe->forget)
		set->probe->forget(&set->env);
	adjust_others(l, i);
	return err;
}

int loader__attach(struct loader *l, char *why, size_t why_size)
{
	int err = object__attach(&l->base);
	u32 running = 0;

	for (u32 i = 0; probes[i] && !err; i++) {
		struct loaded *set = &l->set[i];
		int failed = 0;

		if (!set->running)
			continue;
		complaint__clear();
		failed = attach_set(l, i);
		if (failed) {
			complaint__tell(set->reason, sizeof(set->reason), failed);
			object__detach(&l->object[i]);
			set->running = false;
		} else {
			running++;
		}
	}
	if (err)
		complaint__tell(why, why_size, err);
	else if (!running)
		list_reasons(l, "attached", why, why_size);
	if (err || !running)
		return err ? err : -ENOTSUP;
	return 0;
}

void loader__detach(struct loader *l)
{
	for (u32 i = 0; i < MAX_SETS; i++)
		object__detach(&l->object[i]);
	object__detach(&l->base);
}

void loader__free(struct loader *l)
{
	if (!l)
		return;
	for (u32 i = 0; i < MAX_SETS; i++) {
		store__free(l->set[i].store);
		counters__free(l->set[i].counters);
		object__close(&l->object[i]);
	}
	object__close(&l->base);
	kernel__forget_types(&l->kernel);
	shared_maps__close(&l->shared);
	free(l);
}

struct loaded *loader__set(struct loader *l, u32 set)
{
	return set < MAX_SETS && l->set[set].probe ? &l->set[set] : NULL;
}

int loader__idents_fd(const struct loader *l)
{
	return shared_maps__fd(&l->shared, "idents");
}

int loader__early_fd(const struct loader *l, u32 which)
{
	return shared_maps__fd(&l->shared, which ? "reserve" : "early");
}

int loader__news_fd(const struct loader *l)
{
	return shared_maps__fd(&l->shared, "news");
}

const struct kernel *loader__kernel(const struct loader *l)
{
	return &l->kernel;
}

void loader__next_generation(struct loader *l)
{
	for (u32 i = 0; i < MAX_SETS; i++)
		if (l->object[i].control)
			__atomic_add_fetch(&l->object[i].control->gen, 1, __ATOMIC_SEQ_CST);
}

void loader__detail(struct loader *l, bool on)
{
	for (u32 i = 0; i < MAX_SETS; i++)
		if (l->object[i].control)
			l->object[i].control->detail = on;
}

int loader__peers_fd(const struct loader *l)
{
	return shared_maps__fd(&l->shared, "peers");
}

void loader__losses(struct loader *l, struct losses *ret, u64 *recursion)
{
	memset(ret, 0, sizeof(*ret));
	*recursion = 0;
	for (u32 i = 0; i <= MAX_SETS; i++) {
		const struct object *o = i < MAX_SETS ? &l->object[i] : &l->base;
		const struct probe *probe = i < MAX_SETS ? l->set[i].probe : NULL;

		for (u32 cause = 0; o->losses && cause < LOSS_MAX; cause++)
			ret->n[cause] += o->losses->n[cause];
		*recursion += object__recursion_misses(o, probe ? probe->catch_up : NULL);
	}
}

u64 loader__map_bytes(const struct loader *l)
{
	u64 bytes = object__map_bytes(&l->base) + shared_maps__map_bytes(&l->shared);

	for (u32 i = 0; i < MAX_SETS; i++)
		bytes += object__map_bytes(&l->object[i]);
	return bytes;
}
