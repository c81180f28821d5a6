// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_object.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core_types.h"
#include "kernel.h"
#include "section.h"
#include "shared.h"

/* Maps that only one kind of kernel needs, by the kind. */
static const struct {
	const char *name;
	bool storage;
} variants[] = {
	{"tasks", true},
	{"conns", true},
	{"threads", false},
	{"sockets", false},
	{"listeners", false},
	{"no_task", false},
	{"callers", true},
	{"memories", true},
	{"callers_by_task", false},
	{"memories_by_task", false},
	{"no_memory", false},
};

/* Of the kernel whose object is being loaded. */
static const struct btf *attach_types;

/* What libbpf would do with the kernel's types read once more for each object. */
static int set_attach_type(struct bpf_program *prog, struct bpf_prog_load_opts *opts, long is_iter)
{
	char name[128];
	int id;

	if (!attach_types)
		return -ESRCH;
	snprintf(name, sizeof(name), "%s%s", is_iter ? "bpf_iter_" : "btf_trace_",
		 strchr(bpf_program__section_name(prog), '/') + 1);
	id = btf__find_by_name_kind(attach_types, name, is_iter ? BTF_KIND_FUNC : BTF_KIND_TYPEDEF);
	if (id < 0)
		return id;
	opts->attach_btf_id = id;
	return bpf_program__set_type(prog, BPF_PROG_TYPE_TRACING);
}

static int register_section(const char *name, enum bpf_attach_type type)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts, .prog_prepare_load_fn = set_attach_type,
		    .cookie = type == BPF_TRACE_ITER);
	/* Of another type until they are loaded: for tracing programs libbpf reads all types. */
	int id = libbpf_register_prog_handler(name, BPF_PROG_TYPE_RAW_TRACEPOINT, type, &opts);

	return id < 0 ? id : 0;
}

/* For good: libbpf before 1.3 frees its list twice when the last one goes. */
static int register_sections(void)
{
	static bool done;
	int err = 0;

	if (done)
		return 0;
	err = register_section("tp_btf/", BPF_TRACE_RAW_TP);
	if (!err)
		err = register_section("iter/", BPF_TRACE_ITER);
	done = !err;
	return err;
}

const char *kernel__tracepoint(const struct bpf_program *prog)
{
	const char *section = bpf_program__section_name(prog), *slash = strrchr(section, '/');

	if (!strncmp(section, "tp_btf/", 7) || !strncmp(section, "tp/", 3))
		return slash + 1;
	return NULL;
}

static bool is_event(const struct bpf_program *prog)
{
	return !strncmp(bpf_program__section_name(prog), "tp/", 3);
}

/* Whether there is a program for the same tracepoint as perf's event. */
static bool has_event_twin(const struct bpf_object *obj, const char *tracepoint)
{
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, obj) {
		const char *at = is_event(prog) ? kernel__tracepoint(prog) : NULL;

		if (at && !strcmp(at, tracepoint))
			return true;
	}
	return false;
}

/* Programs that can do nothing without reading any memory. */
static const char *const probing[] = {"accept_exit", "accept_exit_event", "seed"};

static bool is_variant(const struct bpf_program *prog, const char *ending)
{
	const char *name = bpf_program__name(prog);
	size_t n = strlen(name), k = strlen(ending);

	return n > k && !strcmp(name + n - k, ending);
}

/* Whether there is one that does the same without atomic exchanges. */
static bool has_plain_twin(const struct bpf_object *obj, const struct bpf_program *prog)
{
	char name[64];

	snprintf(name, sizeof(name), "%s_plain", bpf_program__name(prog));
	return bpf_object__find_program_by_name(obj, name);
}

static bool is_for(const struct kernel *k, const struct bpf_object *obj,
		   const struct bpf_program *prog)
{
	const char *tracepoint = kernel__tracepoint(prog);

	if (is_variant(prog, "_plain") ? k->compat.exchange
				       : !k->compat.exchange && has_plain_twin(obj, prog))
		return false;
	for (size_t i = 0; i < sizeof(probing) / sizeof(probing[0]); i++)
		if (!k->compat.probe_read && !strcmp(bpf_program__name(prog), probing[i]))
			return false;
	if (!tracepoint)
		return true;
	if (is_event(prog))
		return k->compat.events;
	if (k->compat.events && has_event_twin(obj, tracepoint))
		return false;
	if (!strcmp(tracepoint, "sched_process_free") && k->compat.storage)
		return false;
	if (!strcmp(tracepoint, "block_rq_insert") && k->compat.io_start)
		return false;
	return kernel__has(k, tracepoint);
}

static int adapt(const struct kernel *k, struct bpf_object *obj)
{
	struct compat *compat = section__initial(obj, ".rodata.compat", sizeof(*compat));
	struct bpf_program *prog;
	struct bpf_map *map;
	int err = 0;

	if (!compat)
		return -EINVAL;
	*compat = k->compat;
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]) && !err; i++) {
		map = bpf_object__find_map_by_name(obj, variants[i].name);
		if (map && variants[i].storage != !!k->compat.storage)
			err = bpf_map__set_autocreate(map, false);
	}
	/* What is only for who looks at single threads would be too much for tens of thousands. */
	map = bpf_object__find_map_by_name(obj, "threads");
	if (map && !err && !k->compat.storage)
		err = bpf_map__set_value_size(map, offsetof(struct task_state, time));
	bpf_object__for_each_program(prog, obj)
		if (!err && !is_for(k, obj, prog))
			err = bpf_program__set_autoload(prog, false);
	return err;
}

/* Named, lest libbpf looks through the modules' types for those that only other kernels have: that
 * takes CAP_SYS_ADMIN. */
static int open_fitted(const struct kernel *k, const char *types, struct bpf_object **ret,
		       const char *name, const unsigned char *bytes, size_t size)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = name, .btf_custom_path = types);

	*ret = bpf_object__open_mem(bytes, size, &opts);
	return *ret ? adapt(k, *ret) : -errno;
}

int kernel__open_object(const struct kernel *k, struct bpf_object **ret, const char *name,
			const unsigned char *bytes, size_t size)
{
	char types[64];
	int err = register_sections();

	if (err)
		return err;
	attach_types = k->own;
	snprintf(types, sizeof(types), "/proc/self/fd/%d", k->types);
	if (k->types >= 0 && !access(types, R_OK)) {
		err = open_fitted(k, types, ret, name, bytes, size);
		if (err || !core_types__write(k->types, k->btf, bpf_object__btf(*ret)))
			return err;
		bpf_object__close(*ret);
	}
	return open_fitted(k, k->btf_path, ret, name, bytes, size);
}

struct bpf_link *kernel__attach(const struct bpf_program *prog)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_TRACEPOINT,
				       .size = sizeof(attr),
				       .sample_period = 1,
				       .wakeup_events = 1};
	struct bpf_link *link;
	int id, fd;

	if (!is_event(prog))
		return bpf_program__attach_trace(prog);
	id = kernel__event_id(bpf_program__section_name(prog) + 3);
	if (id < 0) {
		errno = -id;
		return NULL;
	}
	attr.config = id;
	/* The program runs on all CPUs, wherever the event is. */
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return NULL;
	link = bpf_program__attach_perf_event(prog, fd);
	if (!link)
		close(fd);
	return link;
}
