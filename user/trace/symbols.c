// SPDX-License-Identifier: GPL-2.0-only
#include "symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_SEGMENTS 32

struct symbol {
	u64 start, size;
	u32 name; /* in names */
	u8 rank;  /* of several at one address the best known is taken */
};

struct segment {
	u64 offset, size, addr;
};

struct symbols {
	struct symbol *symbol;
	u32 n, capacity;
	char *names;
	size_t names_size, names_capacity;
	struct segment segment[MAX_SEGMENTS];
	u32 nsegments;
};

static int add(struct symbols *s, const GElf_Sym *sym, const char *name)
{
	size_t len = strlen(name) + 1;

	if (s->n == s->capacity) {
		u32 capacity = s->capacity ? 2 * s->capacity : 1024;
		struct symbol *more = realloc(s->symbol, capacity * sizeof(*more));

		if (!more)
			return -ENOMEM;
		s->symbol = more;
		s->capacity = capacity;
	}
	if (!s->names || s->names_capacity - s->names_size < len) {
		size_t capacity = 2 * s->names_capacity + len + 4096;
		char *more = realloc(s->names, capacity);

		if (!more)
			return -ENOMEM;
		s->names = more;
		s->names_capacity = capacity;
	}
	s->symbol[s->n++] = (struct symbol){
		.start = sym->st_value,
		.size = sym->st_size,
		.name = s->names_size,
		.rank = GELF_ST_BIND(sym->st_info) == STB_GLOBAL ? 2
			: GELF_ST_BIND(sym->st_info) == STB_WEAK ? 1
								 : 0,
	};
	memcpy(s->names + s->names_size, name, len);
	s->names_size += len;
	return 0;
}

static int read_table(struct symbols *s, Elf *elf, Elf_Scn *scn, const GElf_Shdr *head)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t n = head->sh_entsize ? head->sh_size / head->sh_entsize : 0;
	int err = 0;

	for (size_t i = 0; data && !err && i < n; i++) {
		const char *name;
		GElf_Sym sym;
		u32 type;

		if (!gelf_getsym(data, i, &sym))
			break;
		type = GELF_ST_TYPE(sym.st_info);
		if ((type != STT_FUNC && type != STT_GNU_IFUNC) || sym.st_shndx == SHN_UNDEF ||
		    !sym.st_value)
			continue;
		name = elf_strptr(elf, head->sh_link, sym.st_name);
		if (name && *name)
			err = add(s, &sym, name);
	}
	return err;
}

static void read_segments(struct symbols *s, Elf *elf)
{
	size_t n = 0;

	if (elf_getphdrnum(elf, &n))
		return;
	for (size_t i = 0; i < n && s->nsegments < MAX_SEGMENTS; i++) {
		GElf_Phdr p;

		if (!gelf_getphdr(elf, i, &p) || p.p_type != PT_LOAD)
			continue;
		s->segment[s->nsegments++] = (struct segment){p.p_offset, p.p_filesz, p.p_vaddr};
	}
}

/* By address, the best known first. */
static int compare(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return (int)y->rank - x->rank;
}

static int read_elf(struct symbols *s, Elf *elf)
{
	Elf_Scn *scn = NULL;
	int err = 0;

	if (elf_kind(elf) != ELF_K_ELF)
		return -ENOEXEC;
	read_segments(s, elf);
	while (!err && (scn = elf_nextscn(elf, scn))) {
		GElf_Shdr head;

		if (gelf_getshdr(scn, &head) &&
		    (head.sh_type == SHT_SYMTAB || head.sh_type == SHT_DYNSYM))
			err = read_table(s, elf, scn, &head);
	}
	if (s->n)
		qsort(s->symbol, s->n, sizeof(*s->symbol), compare);
	return err;
}

int symbols__read(struct symbols **ret, const char *path)
{
	struct symbols *s = calloc(1, sizeof(*s));
	int fd, err = s ? 0 : -ENOMEM;
	Elf *elf;

	if (err)
		return err;
	elf_version(EV_CURRENT);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		err = -errno;
	} else {
		/* Not mapped: whoever it belongs to may cut it meanwhile. */
		elf = elf_begin(fd, ELF_C_READ, NULL);
		err = elf ? read_elf(s, elf) : -ENOEXEC;
		elf_end(elf);
		close(fd);
	}
	if (err) {
		symbols__free(s);
		return err;
	}
	*ret = s;
	return 0;
}

void symbols__free(struct symbols *s)
{
	if (!s)
		return;
	free(s->symbol);
	free(s->names);
	free(s);
}

static u64 address_of(const struct symbols *s, u64 offset)
{
	for (u32 i = 0; i < s->nsegments; i++) {
		const struct segment *g = &s->segment[i];

		if (offset >= g->offset && offset - g->offset < g->size)
			return offset - g->offset + g->addr;
	}
	return 0;
}

const char *symbols__find(const struct symbols *s, u64 offset, u64 *into)
{
	u64 addr = address_of(s, offset);
	u32 low = 0, high = s->n;

	while (low < high) {
		u32 middle = low + (high - low) / 2;

		if (s->symbol[middle].start <= addr)
			low = middle + 1;
		else
			high = middle;
	}
	if (!addr || !low)
		return NULL;
	low--;
	while (low && s->symbol[low - 1].start == s->symbol[low].start)
		low--;
	*into = addr - s->symbol[low].start;
	if (s->symbol[low].size && *into >= s->symbol[low].size)
		return NULL;
	return s->names + s->symbol[low].name;
}
