// SPDX-License-Identifier: GPL-2.0-only
#include "loader.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cgroups.h"
#include "complaint.h"
#include "counters.h"
#include "kernel.h"
#include "log.h"
#include "store.h"

#define MAX_PROGS 64

extern const unsigned char base_object[], base_object_end[];

/* Made by the first object, handed to the others. */
static const char *const shared_maps[] = {
	"tasks",   "threads",   "idents",           "news",    "news_scratch", "early",
	"reserve", "zero_hist", "accept_exit_hook", "no_task", "peers",        "no_peer"};
#define NSHARED (sizeof(shared_maps) / sizeof(shared_maps[0]))

/* One BPF object: a set's, or the base that all sets need. */
struct object {
	struct bpf_object *obj;
	struct bpf_link *link[MAX_PROGS]; /* of each program in its order; NULL: not attached */
	struct control *control;
	const struct losses *losses;
};

struct loader {
	struct kernel kernel;
	struct object base;
	struct object object[MAX_SETS];
	struct loaded set[MAX_SETS];
	int shared_fd[NSHARED];
};

static void *map_memory(struct bpf_object *obj, const char *name, size_t size)
{
	int fd = bpf_object__find_map_fd_by_name(obj, name);
	void *p;

	if (fd < 0)
		return NULL;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	return p == MAP_FAILED ? NULL : p;
}

static int set_rodata(struct bpf_object *obj, const char *name, const void *value, size_t size)
{
	struct bpf_map *map = bpf_object__find_map_by_name(obj, name);
	size_t have;
	void *p;

	if (!map)
		return 0;
	p = (void *)bpf_map__initial_value(map, &have);
	if (!p || have < size)
		return -EINVAL;
	memcpy(p, value, size);
	return 0;
}

static int object__open(struct object *o, const struct kernel *kernel, const char *name,
			const unsigned char *bytes, size_t size, const struct config *config,
			const struct loader_opts *opts)
{
	int err;

	/* Named, lest libbpf looks through the modules' types for those that only other kernels
	 * have: that takes CAP_SYS_ADMIN. */
	LIBBPF_OPTS(bpf_object_open_opts, open_opts, .object_name = name,
		    .btf_custom_path = opts->btf ? opts->btf : "/sys/kernel/btf/vmlinux");

	o->obj = bpf_object__open_mem(bytes, size, &open_opts);
	if (!o->obj)
		return -errno;
	err = kernel__adapt(kernel, o->obj);
	return err ? err : set_rodata(o->obj, ".rodata.config", config, sizeof(*config));
}

static int object__share(struct loader *l, struct object *o)
{
	for (u32 i = 0; i < NSHARED; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(o->obj, shared_maps[i]);
		int err;

		if (!map || l->shared_fd[i] < 0)
			continue;
		err = bpf_map__reuse_fd(map, l->shared_fd[i]);
		if (err)
			return err;
	}
	return 0;
}

static int object__load(struct loader *l, struct object *o)
{
	int err = object__share(l, o);

	if (!err)
		err = bpf_object__load(o->obj);
	if (err)
		return err;
	for (u32 i = 0; i < NSHARED; i++) {
		int fd = bpf_object__find_map_fd_by_name(o->obj, shared_maps[i]);

		if (fd >= 0 && l->shared_fd[i] < 0)
			l->shared_fd[i] = dup(fd);
	}
	o->control = map_memory(o->obj, ".data.control", sizeof(struct control));
	o->losses = map_memory(o->obj, ".data.losses", sizeof(struct losses));
	return o->control && o->losses ? 0 : -ENOMEM;
}

static bool is_wanted(const struct bpf_program *prog)
{
	return bpf_program__autoload(prog) && bpf_program__autoattach(prog) &&
	       strncmp(bpf_program__section_name(prog), "iter", 4);
}

static void detach_program(struct object *o, u32 i)
{
	bpf_link__destroy(o->link[i]);
	o->link[i] = NULL;
}

/* Attaches the programs that are wanted and are not yet, and detaches those that are no more. */
static int object__attach(struct object *o)
{
	struct bpf_program *prog;
	u32 i = 0;

	bpf_object__for_each_program(prog, o->obj) {
		if (i == MAX_PROGS)
			return -E2BIG;
		if (!is_wanted(prog))
			detach_program(o, i);
		else if (!o->link[i] && !(o->link[i] = kernel__attach(prog)))
			return -errno;
		i++;
	}
	return 0;
}

static void object__detach(struct object *o)
{
	for (u32 i = MAX_PROGS; i > 0; i--)
		detach_program(o, i - 1);
}

static void object__close(struct object *o)
{
	object__detach(o);
	if (o->control)
		munmap(o->control, sizeof(struct control));
	if (o->losses)
		munmap((void *)o->losses, sizeof(struct losses));
	bpf_object__close(o->obj);
	memset(o, 0, sizeof(*o));
}

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
	err = object__open(o, &l->kernel, p->name, p->object, p->object_end - p->object, config,
			   opts);
	if (err)
		return err;
	set->env = (struct probe_env){.root = opts->root,
				      .obj = o->obj,
				      .compat = &l->kernel.compat,
				      .running = env_running,
				      .ctx = l};
	err = set_rodata(o->obj, ".rodata.slo", opts->slo[i], sizeof(opts->slo[i]));
	if (!err)
		err = store__size(o->obj, p, opts->services);
	if (!err)
		err = counters__size(o->obj, opts->services);
	if (!err && p->prepare)
		err = p->prepare(&set->env);
	if (!err)
		err = object__load(l, o);
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
	for (u32 i = 0; i < NSHARED; i++)
		l->shared_fd[i] = -1;
	complaint__listen();

	complaint__clear();
	err = cgroups__v1_hierarchy(opts->root, &config.v1_hierarchy);
	if (!err)
		err = kernel__open(&l->kernel, opts->btf, why, why_size);
	if (err)
		goto fail;
	err = object__open(&l->base, &l->kernel, "sonde", base_object,
			   base_object_end - base_object, &config, opts);
	if (!err)
		err = object__load(l, &l->base);
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
	kernel__free(&l->kernel);
	for (u32 i = 0; i < NSHARED; i++)
		if (l->shared_fd[i] >= 0)
			close(l->shared_fd[i]);
	free(l);
}

struct loaded *loader__set(struct loader *l, u32 set)
{
	return set < MAX_SETS && l->set[set].probe ? &l->set[set] : NULL;
}

static int shared_fd(const struct loader *l, const char *name)
{
	for (u32 i = 0; i < NSHARED; i++)
		if (!strcmp(shared_maps[i], name))
			return l->shared_fd[i];
	return -ENOENT;
}

int loader__idents_fd(const struct loader *l)
{
	return shared_fd(l, "idents");
}

int loader__early_fd(const struct loader *l, u32 which)
{
	return shared_fd(l, which ? "reserve" : "early");
}

int loader__news_fd(const struct loader *l)
{
	return shared_fd(l, "news");
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
	return shared_fd(l, "peers");
}

static bool catches_up(const struct probe *probe, const struct bpf_program *prog)
{
	for (const char *const *p = probe ? probe->catch_up : NULL; p && *p; p++)
		if (!strcmp(*p, bpf_program__name(prog)))
			return true;
	return false;
}

static u64 recursion_misses(const struct object *o, const struct probe *probe)
{
	struct bpf_program *prog;
	u64 n = 0;

	if (!o->obj)
		return 0;
	bpf_object__for_each_program(prog, o->obj) {
		struct bpf_prog_info info = {};
		u32 size = sizeof(info);

		if (bpf_program__fd(prog) >= 0 && !catches_up(probe, prog) &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
			n += info.recursion_misses;
	}
	return n;
}

void loader__losses(struct loader *l, struct losses *ret, u64 *recursion)
{
	memset(ret, 0, sizeof(*ret));
	*recursion = 0;
	for (u32 i = 0; i <= MAX_SETS; i++) {
		const struct object *o = i < MAX_SETS ? &l->object[i] : &l->base;

		for (u32 cause = 0; o->losses && cause < LOSS_MAX; cause++)
			ret->n[cause] += o->losses->n[cause];
		*recursion += recursion_misses(o, i < MAX_SETS ? l->set[i].probe : NULL);
	}
}

/* As fdinfo says it: the kernel's own reckoning, per-CPU copies included. */
static u64 map_bytes(int fd)
{
	unsigned long long bytes = 0;
	char path[64], line[128];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "memlock: %llu", &bytes) == 1)
			break;
	fclose(f);
	return bytes;
}

static bool is_shared(const char *name)
{
	for (u32 i = 0; i < NSHARED; i++)
		if (!strcmp(shared_maps[i], name))
			return true;
	return false;
}

u64 loader__map_bytes(const struct loader *l)
{
	u64 bytes = 0;

	for (u32 i = 0; i <= MAX_SETS; i++) {
		const struct object *o = i < MAX_SETS ? &l->object[i] : &l->base;
		struct bpf_map *map;

		if (!o->obj)
			continue;
		bpf_object__for_each_map(map, o->obj) {
			if (bpf_map__fd(map) >= 0 && !is_shared(bpf_map__name(map)))
				bytes += map_bytes(bpf_map__fd(map));
		}
	}
	for (u32 i = 0; i < NSHARED; i++)
		if (l->shared_fd[i] >= 0)
			bytes += map_bytes(l->shared_fd[i]);
	return bytes;
}
