// SPDX-License-Identifier: GPL-2.0-only
#include "kernel.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

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

bool kernel__has(const struct kernel *k, const char *name)
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

int kernel__event_id(const char *name)
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
	c->events = c->preemptible && kernel__event_id("raw_syscalls/sys_enter") > 0;
}

int kernel__open(struct kernel *k, const char *btf_path, char *why, size_t why_size)
{
	long err;

	memset(k, 0, sizeof(*k));
	k->types = -1;
	raise_memlock();
	k->policy = sched_getscheduler(0) & ~SCHED_RESET_ON_FORK;
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
	return 0;
}

void kernel__forget_types(struct kernel *k)
{
	if (k->own != k->btf)
		btf__free(k->own);
	if (k->btf && k->types >= 0)
		close(k->types);
	btf__free(k->btf);
	k->btf = k->own = NULL;
	k->types = -1;
}

bool kernel__lacks(const struct kernel *k, const char *needs, char *name, size_t size)
{
	while (*needs) {
		size_t n = strcspn(needs, " ");
		bool found = false;

		for (const char *p = needs; p < needs + n && !found; p += strcspn(p, "| ") + 1) {
			snprintf(name, size, "%.*s", (int)strcspn(p, "| "), p);
			found = kernel__has(k, name);
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

	/* Not for threads that are started meanwhile. */
	if (kernel__raises_priority(k))
		sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param);
}

void kernel__end_maps(const struct kernel *k)
{
	struct sched_param param = {};

	if (kernel__raises_priority(k))
		sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &param);
}
