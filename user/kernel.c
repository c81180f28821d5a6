// SPDX-License-Identifier: GPL-2.0-only
#include "kernel.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core_types.h"
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

static bool has(const struct btf *btf, const char *name, u32 kind)
{
	return btf__find_by_name_kind(btf, name, kind) > 0;
}

/* By trying: nothing in the kernel's types says which instructions it knows. */
static bool can_exchange(void)
{
	const struct bpf_insn insns[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K},
		{.code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = 10, .off = -8},
		{.code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = 10, .off = -8, .imm = BPF_XCHG},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "sonde_try", "GPL", insns,
			       sizeof(insns) / sizeof(insns[0]), NULL);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool has_enumerator(const struct btf *btf, const char *type, const char *name)
{
	int id = btf__find_by_name_kind(btf, type, BTF_KIND_ENUM);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, id) : NULL;

	for (u32 i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_enum(t)[i].name_off), name))
			return true;
	return false;
}

/* The value of an enumerator of any enum, with a name or without; @missing if there is none. */
static u32 enumerator(const struct btf *btf, const char *name, u32 missing)
{
	for (u32 id = 1; id < btf__type_cnt(btf); id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);

		if (!btf_is_enum(t))
			continue;
		for (u32 i = 0; i < btf_vlen(t); i++)
			if (!strcmp(btf__name_by_offset(btf, btf_enum(t)[i].name_off), name))
				return btf_enum(t)[i].val;
	}
	return missing;
}

/* How many arguments a tracepoint passes, 0 if there is none of that name. */
static u32 tracepoint_args(const struct btf *btf, const char *name)
{
	char type[128];
	const struct btf_type *t;
	int id;

	snprintf(type, sizeof(type), "btf_trace_%s", name);
	id = btf__find_by_name_kind(btf, type, BTF_KIND_TYPEDEF);
	t = id > 0 ? btf__type_by_id(btf, id) : NULL;
	t = t ? btf__type_by_id(btf, t->type) : NULL;
	t = t && btf_is_ptr(t) ? btf__type_by_id(btf, t->type) : NULL;
	/* The first one is the tracepoint's own. */
	return t && btf_is_func_proto(t) && btf_vlen(t) ? btf_vlen(t) - 1 : 0;
}

static bool has_need(const struct kernel *k, const char *name)
{
	const char *slash = strchr(name, '/');
	char plain[64];

	if (!strcmp(name, "block_io_start"))
		return k->compat.io_start;
	if (!strcmp(name, "probe_read"))
		return k->compat.probe_read;
	snprintf(plain, sizeof(plain), "%.*s", (int)strcspn(name, "/"), name);
	return tracepoint_args(k->btf, plain) >= (slash ? (u32)atoi(slash + 1) : 1);
}

static bool is_listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = list; p && (p = strstr(p, name)); p += n)
		if ((p == list || p[-1] == ',') && (!p[n] || p[n] == ','))
			return true;
	return false;
}

/* A mount that has no place in any directory tree. Takes CAP_SYS_ADMIN. */
static int open_unmounted(const char *fs_name, const char *path)
{
	int fs = fsopen(fs_name, FSOPEN_CLOEXEC), mnt = -1, fd = -1;

	if (fs >= 0 && !fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mnt = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	if (mnt >= 0)
		fd = openat(mnt, path, O_RDONLY | O_CLOEXEC);
	if (mnt >= 0)
		close(mnt);
	if (fs >= 0)
		close(fs);
	return fd;
}

int kernel__read_private(const char *fs_name, const char *path, char *text, size_t size)
{
	char mounted[256];
	ssize_t n = -1;
	int fd;

	snprintf(mounted, sizeof(mounted), "/sys/kernel/%s/%s",
		 strcmp(fs_name, "tracefs") ? "security" : "tracing", path);
	fd = open(mounted, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = open_unmounted(fs_name, path);
	if (fd >= 0)
		n = read(fd, text, size - 1);
	if (n >= 0)
		text[n] = 0;
	else
		n = -errno;
	if (fd >= 0)
		close(fd);
	return n;
}

bool kernel__is_locked_down(void)
{
	char text[128];

	return kernel__read_private("securityfs", "lockdown", text, sizeof(text)) > 0 &&
	       strstr(text, "[confidentiality]");
}

/* The number of perf's event NAME (such as raw_syscalls/sys_enter), or -errno. */
static int event_id(const char *name)
{
	char path[256], text[32];
	int n, id;

	snprintf(path, sizeof(path), "events/%s/id", name);
	n = kernel__read_private("tracefs", path, text, sizeof(text));
	if (n < 0)
		return n;
	id = atoi(text);
	return id > 0 ? id : -ENOENT;
}

/* Kernels before 5.11 charge maps to this limit. Where it cannot be raised, a later one does not
 * need it. */
static void raise_memlock(void)
{
	struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
}

static void look(struct kernel *k)
{
	const char *without = getenv("SONDE_WITHOUT");
	struct compat *c = &k->compat;

	c->storage = has_enumerator(k->btf, "bpf_map_type", "BPF_MAP_TYPE_TASK_STORAGE");
#ifdef __x86_64__
	c->tail_calls = true;
#else
	/* d4609a5d8c70 ("bpf, arm64: Keep tail call count across bpf2bpf calls", 6.0) came with it.
	 */
	c->tail_calls = has(k->btf, "bpf_jit_supports_subprog_tailcalls", BTF_KIND_FUNC);
#endif
	/* Tracepoints are read under SRCU again, with preemption on. The first of these two went
	 * away with preemption off (6.13), and came back without; the other is younger than that.
	 */
	c->preemptible = has(k->btf, "tracepoint_srcu_srcu_data", BTF_KIND_VAR) &&
			 has(k->btf, "tracepoint_ext", BTF_KIND_STRUCT);
	c->probe_read = !kernel__is_locked_down();
	/* a54895fa057c ("block: remove the request_queue to argument request based tracepoints",
	 * 5.11, and 5.10 stable). */
	c->rq_second = tracepoint_args(k->btf, "block_rq_issue") == 2;
	c->flush_seq_bit = enumerator(k->btf, "__RQF_FLUSH_SEQ", 4);
	/* The function came in 6.12 with the new order of the flags, whose enum is in BTF only
	 * since 6.18. */
	c->dirty_pages = enumerator(k->btf, "I_DIRTY_PAGES",
				    has(k->btf, "inode_bit_waitqueue", BTF_KIND_FUNC) ? 32 : 4);
	c->io_start = tracepoint_args(k->btf, "block_io_start");
	c->exchange = can_exchange();
	c->task_regs = has_enumerator(k->btf, "bpf_func_id", "BPF_FUNC_task_pt_regs");
	/* THREAD_SIZE: 16 KiB, or a page where those are larger. */
	c->stack_bytes = sysconf(_SC_PAGESIZE) > 16384 ? sysconf(_SC_PAGESIZE) : 16384;
	c->switch_state = tracepoint_args(k->btf, "sched_switch") >= 4;
	c->any_context = has(k->btf, "bpf_mem_alloc", BTF_KIND_STRUCT);

	if (is_listed(without, "storage"))
		c->storage = false;
	if (is_listed(without, "tail_calls"))
		c->tail_calls = false;
	if (is_listed(without, "probe_read"))
		c->probe_read = false;
	if (is_listed(without, "io_start"))
		c->io_start = false;
	if (is_listed(without, "exchange"))
		c->exchange = false;
	if (is_listed(without, "task_regs"))
		c->task_regs = false;
	if (is_listed(without, "switch_state"))
		c->switch_state = false;
	if (is_listed(without, "any_context"))
		c->any_context = false;
	/* Whose absence is the feature. */
	if (is_listed(without, "preemptible"))
		c->preemptible = true;
	/* Not where tracefs is out of reach: better to lose some than not to run. */
	c->events = c->preemptible && event_id("raw_syscalls/sys_enter") > 0;
}

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

int kernel__open(struct kernel *k, const char *btf_path, char *why, size_t why_size)
{
	long err;

	memset(k, 0, sizeof(*k));
	k->types = -1;
	raise_memlock();
	k->policy = sched_getscheduler(0);
	k->btf_path = btf_path ? btf_path : "/sys/kernel/btf/vmlinux";
	k->btf = btf_path ? btf__parse(btf_path, NULL) : btf__load_vmlinux_btf();
	err = libbpf_get_error(k->btf);
	if (err) {
		k->btf = NULL;
		/* What libbpf says when there was no memory for it, too. */
		snprintf(why, why_size, "%s: %s",
			 btf_path ? btf_path : "the kernel's type information",
			 err == -ESRCH ? "cannot be read" : strerror(-err));
		return err;
	}
	look(k);
	k->own = btf_path ? btf__load_vmlinux_btf() : k->btf;
	if (libbpf_get_error(k->own))
		k->own = NULL;
	k->types = memfd_create("sonde-types", MFD_CLOEXEC);
	err = register_sections();
	if (err)
		snprintf(why, why_size, "libbpf: %s", strerror(-err));
	return err;
}

void kernel__free(struct kernel *k)
{
	if (k->own != k->btf)
		btf__free(k->own);
	if (k->btf && k->types >= 0)
		close(k->types);
	btf__free(k->btf);
	k->btf = k->own = NULL;
	k->types = -1;
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

	bpf_object__for_each_program(prog, obj)
		if (is_event(prog) && !strcmp(kernel__tracepoint(prog), tracepoint))
			return true;
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
	return has_need(k, tracepoint);
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

int kernel__open_object(const struct kernel *k, struct bpf_object **ret, const char *name,
			const unsigned char *bytes, size_t size)
{
	/* Named, lest libbpf looks through the modules' types for those that only other kernels
	 * have: that takes CAP_SYS_ADMIN. */
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = name,
		    .btf_custom_path = k->btf_path);
	char path[64];
	int err;

	attach_types = k->own;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", k->types);
	if (k->types >= 0 && !access(path, R_OK))
		opts.btf_custom_path = path;
	*ret = bpf_object__open_mem(bytes, size, &opts);
	if (!*ret)
		return -errno;
	err = adapt(k, *ret);
	if (!err && opts.btf_custom_path == path)
		err = core_types__write(k->types, k->btf, bpf_object__btf(*ret));
	return err;
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
	id = event_id(bpf_program__section_name(prog) + 3);
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

bool kernel__lacks(const struct kernel *k, const char *needs, char *name, size_t size)
{
	while (*needs) {
		size_t n = strcspn(needs, " ");
		bool found = false;

		for (const char *p = needs; p < needs + n && !found; p += strcspn(p, "| ") + 1) {
			snprintf(name, size, "%.*s", (int)strcspn(p, "| "), p);
			found = has_need(k, name);
		}
		if (!found)
			return true;
		needs += n + (needs[n] == ' ');
	}
	return false;
}

bool kernel__raises_priority(const struct kernel *k)
{
	return k->compat.events && k->policy == SCHED_OTHER;
}

void kernel__begin_maps(const struct kernel *k)
{
	struct sched_param param = {.sched_priority = 1};

	if (kernel__raises_priority(k))
		sched_setscheduler(0, SCHED_FIFO, &param);
}

void kernel__end_maps(const struct kernel *k)
{
	struct sched_param param = {};

	if (kernel__raises_priority(k))
		sched_setscheduler(0, SCHED_OTHER, &param);
}
