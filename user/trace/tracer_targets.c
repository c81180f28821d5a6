// SPDX-License-Identifier: GPL-2.0-only
/* Which processes are traced. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "tracer_impl.h"

/* How often it is looked whether exits were missed. */
#define LOOK_NS 1000000000ULL

/* Whether @pid is a process of which some thread is alive; also where that cannot be found out,
 * since one that is dead is looked at again, and one that is taken for dead is lost. */
static bool is_alive(const struct tracer *t, u32 pid)
{
	char path[4096], line[256], state = 0;
	u32 tgid = 0, threads = 0;
	bool unknown;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/%u/status", t->root, pid);
	f = fopen(path, "re");
	if (!f)
		return errno != ENOENT && errno != ESRCH;
	while (fgets(line, sizeof(line), f)) {
		sscanf(line, "State: %c", &state);
		sscanf(line, "Tgid: %u", &tgid);
		sscanf(line, "Threads: %u", &threads);
	}
	unknown = ferror(f) && errno != ESRCH;
	fclose(f);
	if (unknown)
		return true;
	/* A leader that has ended stays, as a zombie, as long as there are others. */
	return tgid == pid && state && state != 'X' && (state != 'Z' || threads > 1);
}

static void count(struct tracer *t, u32 pid, int by)
{
	__atomic_add_fetch(&t->state->maybe[pid & (TRACE_SUSPECTS - 1)], by, __ATOMIC_SEQ_CST);
	__atomic_add_fetch(&t->state->targets, by, __ATOMIC_SEQ_CST);
}

static void forget(struct tracer *t, u32 pid)
{
	if (!bpf_map_delete_elem(t->targets_fd, &pid))
		count(t, pid, -1);
}

int tracer__add(struct tracer *t, u32 pid)
{
	struct trace_target target = {};
	int err;

	if (pid == (u32)getpid())
		return -EINVAL;
	if (!is_alive(t, pid))
		return -ESRCH;
	kernel__begin_maps(&t->kernel);
	count(t, pid, 1);
	err = bpf_map_update_elem(t->targets_fd, &pid, &target, BPF_NOEXIST) ? -errno : 0;
	if (err)
		count(t, pid, -1);
	/* Its end may have been before that. */
	if (!err && !is_alive(t, pid)) {
		forget(t, pid);
		err = -ESRCH;
	}
	kernel__end_maps(&t->kernel);
	if (err == -E2BIG)
		return -ENOSPC;
	return err == -EEXIST ? 0 : err;
}

u32 tracer__targets(const struct tracer *t)
{
	return __atomic_load_n(&t->state->targets, __ATOMIC_SEQ_CST);
}

void tracer__drop_dead(struct tracer *t)
{
	u32 pid, next;
	bool more;

	kernel__begin_maps(&t->kernel);
	more = !bpf_map_get_next_key(t->targets_fd, NULL, &next);
	while (more) {
		pid = next;
		more = !bpf_map_get_next_key(t->targets_fd, &pid, &next);
		if (!is_alive(t, pid))
			forget(t, pid);
	}
	kernel__end_maps(&t->kernel);
}

u64 tracer__misses(const struct tracer *t, const char *name)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(t->obj, name);
	struct bpf_prog_info info = {};
	u32 size = sizeof(info);

	if (!prog || bpf_program__fd(prog) < 0 ||
	    bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
		return 0;
	return info.recursion_misses;
}

void tracer__drop_missed(struct tracer *t)
{
	u64 now = now_ns();

	if (now - t->looked < LOOK_NS)
		return;
	t->looked = now;
	/* From the first one on: who is alive yet may be on the way out. */
	if (t->state->stuck || tracer__misses(t, "trace_exit") ||
	    tracer__misses(t, "trace_exit_event"))
		tracer__drop_dead(t);
}
