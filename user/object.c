// SPDX-License-Identifier: GPL-2.0-only
#include "object.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kernel_object.h"
#include "section.h"

static const char *const shared_names[NSHARED] = {
	"tasks",   "threads",   "idents",           "news",    "news_scratch", "early",
	"reserve", "zero_hist", "accept_exit_hook", "no_task", "peers",        "no_peer"};

void shared_maps__init(struct shared_maps *s)
{
	for (u32 i = 0; i < NSHARED; i++)
		s->fd[i] = -1;
}

void shared_maps__close(struct shared_maps *s)
{
	for (u32 i = 0; i < NSHARED; i++)
		if (s->fd[i] >= 0)
			close(s->fd[i]);
	shared_maps__init(s);
}

int shared_maps__fd(const struct shared_maps *s, const char *name)
{
	for (u32 i = 0; i < NSHARED; i++)
		if (!strcmp(shared_names[i], name))
			return s->fd[i];
	return -ENOENT;
}

static bool is_shared(const char *name)
{
	for (u32 i = 0; i < NSHARED; i++)
		if (!strcmp(shared_names[i], name))
			return true;
	return false;
}

static int reuse(const struct shared_maps *s, struct object *o)
{
	for (u32 i = 0; i < NSHARED; i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(o->obj, shared_names[i]);
		int err;

		if (!map || s->fd[i] < 0)
			continue;
		err = bpf_map__reuse_fd(map, s->fd[i]);
		if (err)
			return err;
	}
	return 0;
}

int object__load(struct object *o, struct shared_maps *s)
{
	int err = reuse(s, o);

	if (!err)
		err = bpf_object__load(o->obj);
	if (err)
		return err;
	for (u32 i = 0; i < NSHARED; i++) {
		int fd = bpf_object__find_map_fd_by_name(o->obj, shared_names[i]);

		if (fd >= 0 && s->fd[i] < 0)
			s->fd[i] = dup(fd);
	}
	o->control = section__map(o->obj, ".data.control", sizeof(struct control));
	o->losses = section__map(o->obj, ".data.losses", sizeof(struct losses));
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

int object__attach(struct object *o)
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

void object__detach(struct object *o)
{
	for (u32 i = MAX_PROGS; i > 0; i--)
		detach_program(o, i - 1);
}

void object__close(struct object *o)
{
	object__detach(o);
	if (o->control)
		munmap(o->control, sizeof(struct control));
	if (o->losses)
		munmap((void *)o->losses, sizeof(struct losses));
	bpf_object__close(o->obj);
	memset(o, 0, sizeof(*o));
}

static bool is_one_of(const char *name, const char *const *names)
{
	for (; names && *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

u64 object__recursion_misses(const struct object *o, const char *const *except)
{
	struct bpf_program *prog;
	u64 n = 0;

	if (!o->obj)
		return 0;
	bpf_object__for_each_program(prog, o->obj) {
		struct bpf_prog_info info = {};
		u32 size = sizeof(info);

		if (bpf_program__fd(prog) >= 0 && !is_one_of(bpf_program__name(prog), except) &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
			n += info.recursion_misses;
	}
	return n;
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

u64 object__map_bytes(const struct object *o)
{
	struct bpf_map *map;
	u64 bytes = 0;

	if (!o->obj)
		return 0;
	bpf_object__for_each_map(map, o->obj)
		if (bpf_map__fd(map) >= 0 && !is_shared(bpf_map__name(map)))
			bytes += map_bytes(bpf_map__fd(map));
	return bytes;
}

u64 shared_maps__map_bytes(const struct shared_maps *s)
{
	u64 bytes = 0;

	for (u32 i = 0; i < NSHARED; i++)
		if (s->fd[i] >= 0)
			bytes += map_bytes(s->fd[i]);
	return bytes;
}
