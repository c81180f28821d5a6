// SPDX-License-Identifier: GPL-2.0-only
#include "core_types.h"

#include <bpf/btf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct names {
	char **name;
	__u32 n;
};

struct subset {
	const struct btf *from;
	struct btf *to;
	__u32 *number; /* of what is in @to already, by its number in @from */
	int pointer;
};

static bool is_fitted_to(const struct btf_type *t)
{
	return t->name_off && (btf_is_composite(t) || btf_is_any_enum(t));
}

/* Without what follows ___, by which a program tells its own idea of a type from another one. */
static char *essential(const char *name)
{
	const char *flavour = strstr(name + 1, "___");

	return strndup(name, flavour ? (size_t)(flavour - name) : strlen(name));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void names__free(struct names *names)
{
	for (__u32 i = 0; i < names->n; i++)
		free(names->name[i]);
	free(names->name);
}

static int names__of(struct names *names, const struct btf *object)
{
	__u32 types = btf__type_cnt(object);

	*names = (struct names){.name = calloc(types, sizeof(*names->name))};
	if (!names->name)
		return -ENOMEM;
	for (__u32 id = 1; id < types; id++) {
		const struct btf_type *t = btf__type_by_id(object, id);

		if (!is_fitted_to(t))
			continue;
		names->name[names->n] = essential(btf__name_by_offset(object, t->name_off));
		if (!names->name[names->n++])
			return -ENOMEM;
	}
	qsort(names->name, names->n, sizeof(*names->name), by_text);
	return 0;
}

static bool names__have(const struct names *names, const char *name)
{
	return bsearch(&name, names->name, names->n, sizeof(*names->name), by_text);
}

static int add(struct subset *s, __u32 id);

static int add_composite(struct subset *s, __u32 id, const struct btf_type *t)
{
	int made = btf__add_type(s->to, s->from, t);

	if (made < 0)
		return made;
	s->number[id] = made;
	for (__u32 i = 0; i < btf_vlen(t); i++) {
		int member = add(s, btf_members(t)[i].type);
		struct btf_type *copy;

		if (member < 0)
			return member;
		/* It moves when something is added. */
		copy = (struct btf_type *)btf__type_by_id(s->to, made);
		btf_members(copy)[i].type = member;
	}
	return made;
}

static int add_array(struct subset *s, const struct btf_type *t)
{
	int element = add(s, btf_array(t)->type);
	int index = element < 0 ? element : add(s, btf_array(t)->index_type);

	return index < 0 ? index : btf__add_array(s->to, index, element, btf_array(t)->nelems);
}

/* Returns the number that it has now, or -errno. */
static int add(struct subset *s, __u32 id)
{
	const struct btf_type *t = btf__type_by_id(s->from, id);
	int made = 0;

	while (t && (btf_is_mod(t) || btf_is_typedef(t)))
		t = btf__type_by_id(s->from, id = t->type);
	if (!t)
		return -EINVAL;
	if (!id || s->number[id])
		return s->number[id];
	if (btf_is_ptr(t))
		return s->pointer;
	if (btf_is_composite(t))
		return add_composite(s, id, t);
	if (btf_is_array(t))
		made = add_array(s, t);
	else if (!btf_is_func_proto(t))
		made = btf__add_type(s->to, s->from, t);
	if (made > 0)
		s->number[id] = made;
	return made;
}

static int add_named(struct subset *s, const struct names *names)
{
	__u32 types = btf__type_cnt(s->from);

	for (__u32 id = 1; id < types; id++) {
		const struct btf_type *t = btf__type_by_id(s->from, id);
		int err;

		if (!is_fitted_to(t) ||
		    !names__have(names, btf__name_by_offset(s->from, t->name_off)))
			continue;
		err = add(s, id);
		if (err < 0)
			return err;
	}
	return 0;
}

static int write_out(int fd, const struct btf *btf)
{
	__u32 size = 0;
	const char *data = btf__raw_data(btf, &size);

	if (!data)
		return -ENOMEM;
	if (ftruncate(fd, 0))
		return -errno;
	for (__u32 done = 0; done < size;) {
		ssize_t n = pwrite(fd, data + done, size - done, done);

		if (n < 0)
			return -errno;
		done += n;
	}
	return 0;
}

int core_types__write(int fd, const struct btf *kernel, const struct btf *object)
{
	struct subset s = {
		.from = kernel,
		.to = btf__new_empty(),
		.number = calloc(btf__type_cnt(kernel), sizeof(*s.number)),
	};
	struct names names = {};
	int err = -ENOMEM;

	if (s.to && s.number)
		err = names__of(&names, object);
	if (!err) {
		s.pointer = btf__add_ptr(s.to, 0);
		err = s.pointer < 0 ? s.pointer : add_named(&s, &names);
	}
	if (!err)
		err = write_out(fd, s.to);
	names__free(&names);
	free(s.number);
	btf__free(s.to);
	return err;
}
