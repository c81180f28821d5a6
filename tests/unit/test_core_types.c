// SPDX-License-Identifier: GPL-2.0-only
/* What is left of the kernel's types is as the kernel has it, and all that the objects ask for. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "core_types.h"
#include "probe.h"

extern const unsigned char trace_object[], trace_object_end[];

static const struct btf_type *resolved(const struct btf *btf, __u32 id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	while (btf_is_mod(t) || btf_is_typedef(t))
		t = btf__type_by_id(btf, t->type);
	return t;
}

static const char *name(const struct btf *btf, __u32 offset)
{
	return btf__name_by_offset(btf, offset);
}

static bool same(const struct btf *a, __u32 id_a, const struct btf *b, __u32 id_b);

static bool same_members(const struct btf *a, const struct btf_type *s, const struct btf *b,
			 const struct btf_type *t)
{
	for (__u32 i = 0; i < btf_vlen(s); i++) {
		const struct btf_member *m = &btf_members(s)[i], *n = &btf_members(t)[i];

		if (m->offset != n->offset || strcmp(name(a, m->name_off), name(b, n->name_off)) ||
		    !same(a, m->type, b, n->type))
			return false;
	}
	return true;
}

static bool same_values(const struct btf *a, const struct btf_type *s, const struct btf *b,
			const struct btf_type *t)
{
	for (__u32 i = 0; i < btf_vlen(s); i++)
		if (btf_enum(s)[i].val != btf_enum(t)[i].val ||
		    strcmp(name(a, btf_enum(s)[i].name_off), name(b, btf_enum(t)[i].name_off)))
			return false;
	return true;
}

static bool same(const struct btf *a, __u32 id_a, const struct btf *b, __u32 id_b)
{
	const struct btf_type *s = resolved(a, id_a), *t = resolved(b, id_b);

	if (btf_kind(s) != btf_kind(t))
		return false;
	if (btf_is_ptr(s))
		return !t->type;
	if (btf_is_array(s))
		return btf_array(s)->nelems == btf_array(t)->nelems &&
		       same(a, btf_array(s)->type, b, btf_array(t)->type);
	if (s->info != t->info || s->size != t->size ||
	    strcmp(name(a, s->name_off), name(b, t->name_off)))
		return false;
	if (btf_is_composite(s))
		return same_members(a, s, b, t);
	return !btf_is_enum(s) || same_values(a, s, b, t);
}

/* Whether a type of @id's name and kind is among the @few, with all that it contains. */
static bool is_there(const struct btf *kernel, __u32 id, const struct btf *few)
{
	const struct btf_type *s = btf__type_by_id(kernel, id);

	for (__u32 i = 1; i < btf__type_cnt(few); i++) {
		const struct btf_type *t = btf__type_by_id(few, i);

		if (btf_kind(t) == btf_kind(s) &&
		    !strcmp(name(few, t->name_off), name(kernel, s->name_off)) &&
		    same(kernel, id, few, i))
			return true;
	}
	return false;
}

static bool is_known(const struct btf *object, const char *wanted)
{
	for (__u32 id = 1; id < btf__type_cnt(object); id++) {
		const struct btf_type *t = btf__type_by_id(object, id);
		const char *have = name(object, t->name_off);
		size_t n = strlen(wanted);

		if ((btf_is_composite(t) || btf_is_any_enum(t)) && !strncmp(have, wanted, n) &&
		    (!have[n] || !strncmp(have + n, "___", 3)))
			return true;
	}
	return false;
}

static void check_type(const struct btf *kernel, __u32 id, const char *which, const struct btf *few)
{
	char what[200];

	snprintf(what, sizeof(what), "%s: %s is there, and as the kernel has it", which,
		 name(kernel, btf__type_by_id(kernel, id)->name_off));
	CHECK_THAT(what, is_there(kernel, id, few));
}

static void check_object(const struct btf *kernel, const char *which, const unsigned char *begin,
			 const unsigned char *end)
{
	struct bpf_object *obj = bpf_object__open_mem(begin, end - begin, NULL);
	int fd = memfd_create("types", 0);
	char path[32];
	struct btf *few;
	__u32 wanted = 0;

	/* It takes the place of what was there. */
	CHECK(write(fd, "rubbish", 7) == 7);
	CHECK(!core_types__write(fd, kernel, bpf_object__btf(obj)));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	few = btf__parse(path, NULL);
	CHECK_THAT(which, few);
	for (__u32 id = 1; few && id < btf__type_cnt(kernel); id++) {
		const struct btf_type *t = btf__type_by_id(kernel, id);

		if (!t->name_off || !(btf_is_composite(t) || btf_is_any_enum(t)) ||
		    !is_known(bpf_object__btf(obj), name(kernel, t->name_off)))
			continue;
		wanted++;
		check_type(kernel, id, which, few);
	}
	CHECK_THAT(which, wanted >= 3);
	CHECK_THAT("there are few", few && btf__type_cnt(few) * 10 < btf__type_cnt(kernel));
	btf__free(few);
	close(fd);
	bpf_object__close(obj);
}

int main(void)
{
	struct btf *kernel = btf__load_vmlinux_btf();

	if (libbpf_get_error(kernel)) {
		skipped++;
		return report();
	}
	for (u32 i = 0; probes[i]; i++)
		check_object(kernel, probes[i]->name, probes[i]->object, probes[i]->object_end);
	check_object(kernel, "trace", trace_object, trace_object_end);
	btf__free(kernel);
	return report();
}
