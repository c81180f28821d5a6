// SPDX-License-Identifier: GPL-2.0-only
#include "symbols.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_SEGMENTS 32

/*
 * Whoever is traced may have made the file, and a file that is mostly holes can claim any size for
 * nothing. The largest programs have a million symbols and 100 MB of names.
 */
#define MAX_SYMBOLS (4 << 20)
#define MAX_NAMES   (256U << 20)
/* Of all files together. */
#define MAX_KEPT (512UL << 20)

#define CHUNK 1024 /* symbols that are read at once */

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
	char *names; /* tables of strings as they are in the file, each with a NUL behind it */
	size_t names_size;
	size_t kept; /* bytes of all that */
	struct segment segment[MAX_SEGMENTS];
	u32 nsegments;
};

static atomic_size_t kept;

/* Whether so many bytes more may be kept. */
static bool keep(struct symbols *s, size_t bytes)
{
	if (atomic_fetch_add(&kept, bytes) + bytes > MAX_KEPT) {
		atomic_fetch_sub(&kept, bytes);
		return false;
	}
	s->kept += bytes;
	return true;
}

static bool read_at(int fd, void *to, size_t size, u64 offset)
{
	char *at = to;

	while (size) {
		ssize_t n = pread(fd, at, size, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		offset += n;
		size -= n;
	}
	return true;
}

/* -EFBIG: there are too many, and the table is left out. */
static int add(struct symbols *s, const GElf_Sym *sym, u32 name)
{
	if (s->n == s->capacity) {
		u32 capacity = s->capacity ? 2 * s->capacity : 1024;
		struct symbol *more;

		if (capacity > MAX_SYMBOLS ||
		    !keep(s, (capacity - s->capacity) * sizeof(*s->symbol)))
			return -EFBIG;
		more = realloc(s->symbol, capacity * sizeof(*more));
		if (!more)
			return -ENOMEM;
		s->symbol = more;
		s->capacity = capacity;
	}
	s->symbol[s->n++] = (struct symbol){
		.start = sym->st_value,
		.size = sym->st_size,
		.name = name,
		.rank = GELF_ST_BIND(sym->st_info) == STB_GLOBAL ? 2
			: GELF_ST_BIND(sym->st_info) == STB_WEAK ? 1
								 : 0,
	};
	return 0;
}

/* As they are: what many symbols share is there once. */
static int read_names(struct symbols *s, int fd, const GElf_Shdr *head)
{
	char *more;

	if (head->sh_type != SHT_STRTAB || head->sh_size >= MAX_NAMES - s->names_size ||
	    !keep(s, head->sh_size + 1))
		return -EFBIG;
	more = realloc(s->names, s->names_size + head->sh_size + 1);
	if (!more)
		return -ENOMEM;
	s->names = more;
	if (!read_at(fd, more + s->names_size, head->sh_size, head->sh_offset))
		return -ENOEXEC;
	s->names_size += head->sh_size;
	s->names[s->names_size++] = 0;
	return 0;
}

static void get_symbol(GElf_Sym *to, const void *table, size_t i, bool narrow)
{
	const Elf32_Sym *s = (const Elf32_Sym *)table + i;

	if (narrow)
		*to = (GElf_Sym){
			.st_name = s->st_name,
			.st_info = s->st_info,
			.st_shndx = s->st_shndx,
			.st_value = s->st_value,
			.st_size = s->st_size,
		};
	else
		*to = ((const Elf64_Sym *)table)[i];
}

static int add_symbols(struct symbols *s, int fd, const GElf_Shdr *head, size_t names)
{
	bool narrow = head->sh_entsize == sizeof(Elf32_Sym);
	u64 n = head->sh_size / head->sh_entsize;
	Elf64_Sym chunk[CHUNK];
	int err = 0;

	for (u64 i = 0; !err && i < n; i++) {
		u64 left = n - i, at = head->sh_offset + i * head->sh_entsize;
		GElf_Sym sym;
		u32 type;

		if (i % CHUNK == 0 &&
		    !read_at(fd, chunk, (left < CHUNK ? left : CHUNK) * head->sh_entsize, at))
			return -ENOEXEC;
		get_symbol(&sym, chunk, i % CHUNK, narrow);
		type = GELF_ST_TYPE(sym.st_info);
		if ((type != STT_FUNC && type != STT_GNU_IFUNC) || sym.st_shndx == SHN_UNDEF ||
		    !sym.st_value)
			continue;
		if (sym.st_name < s->names_size - names && s->names[names + sym.st_name])
			err = add(s, &sym, names + sym.st_name);
	}
	return err;
}

/* All of a table or nothing: a function that is left out would be taken for the one before it. */
static int read_table(struct symbols *s, int fd, Elf *elf, const GElf_Shdr *head)
{
	size_t entry = gelf_getclass(elf) == ELFCLASS32 ? sizeof(Elf32_Sym) : sizeof(Elf64_Sym);
	size_t names = s->names_size;
	GElf_Shdr strings;
	u32 n = s->n;
	int err;

	if (head->sh_entsize != entry || head->sh_size / entry > MAX_SYMBOLS ||
	    !gelf_getshdr(elf_getscn(elf, head->sh_link), &strings))
		return 0;
	err = read_names(s, fd, &strings);
	if (!err)
		err = add_symbols(s, fd, head, names);
	if (err)
		s->n = n;
	return err == -ENOMEM ? err : 0;
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

/* The first that is best known of each address. */
static void sort(struct symbols *s)
{
	u32 n = 0;

	if (s->n)
		qsort(s->symbol, s->n, sizeof(*s->symbol), compare);
	for (u32 i = 0; i < s->n; i++)
		if (!n || s->symbol[i].start != s->symbol[n - 1].start)
			s->symbol[n++] = s->symbol[i];
	s->n = n;
}

/* As programs have one at most; a table of each kind. */
static int read_elf(struct symbols *s, int fd, Elf *elf)
{
	bool done[2] = {};
	Elf_Scn *scn = NULL;
	int err = 0;

	if (elf_kind(elf) != ELF_K_ELF)
		return -ENOEXEC;
	read_segments(s, elf);
	while (!err && (scn = elf_nextscn(elf, scn))) {
		GElf_Shdr head;
		bool dynamic;

		if (!gelf_getshdr(scn, &head) ||
		    (head.sh_type != SHT_SYMTAB && head.sh_type != SHT_DYNSYM))
			continue;
		dynamic = head.sh_type == SHT_DYNSYM;
		if (!done[dynamic])
			err = read_table(s, fd, elf, &head);
		done[dynamic] = true;
	}
	sort(s);
	return err;
}

/* A file of this host's byte order. Numbers of sections and segments that do not fit into the
 * header, which no program has, may be any, and libelf would believe them. */
static bool is_program(int fd)
{
	const u8 order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB;
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr narrow;
		Elf64_Ehdr wide;
	} h = {};
	bool narrow;

	if (!read_at(fd, &h, sizeof(h.narrow), 0) || memcmp(h.ident, ELFMAG, SELFMAG) ||
	    h.ident[EI_DATA] != order)
		return false;
	narrow = h.ident[EI_CLASS] == ELFCLASS32;
	if (!narrow && !read_at(fd, &h, sizeof(h.wide), 0))
		return false;
	return narrow ? h.narrow.e_shnum && h.narrow.e_phnum != PN_XNUM
		      : h.wide.e_shnum && h.wide.e_phnum != PN_XNUM;
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
		elf = is_program(fd) ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
		err = elf ? read_elf(s, fd, elf) : -ENOEXEC;
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

/* --- from one process to another */

static int write_all(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		ssize_t n = write(fd, at, size);

		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		at += n;
		size -= n;
	}
	return 0;
}

int symbols__save(const struct symbols *s, int fd)
{
	int err = write_all(fd, s, sizeof(*s));

	if (!err)
		err = write_all(fd, s->symbol, s->n * sizeof(*s->symbol));
	if (!err)
		err = write_all(fd, s->names, s->names_size);
	return err;
}

static int load(struct symbols *s, int fd)
{
	size_t size = s->n * sizeof(*s->symbol);

	s->capacity = s->n;
	s->kept = 0;
	s->symbol = NULL;
	s->names = NULL;
	if (!keep(s, size + s->names_size))
		return -EFBIG;
	s->symbol = malloc(size ? size : 1);
	s->names = malloc(s->names_size ? s->names_size : 1);
	if (!s->symbol || !s->names)
		return -ENOMEM;
	return read_at(fd, s->symbol, size, sizeof(*s)) &&
			       read_at(fd, s->names, s->names_size, sizeof(*s) + size)
		       ? 0
		       : -EIO;
}

int symbols__load(struct symbols **ret, int fd)
{
	struct symbols *s = calloc(1, sizeof(*s));
	int err = s ? 0 : -ENOMEM;

	if (!err && !read_at(fd, s, sizeof(*s), 0)) {
		free(s);
		return -EIO;
	}
	if (!err)
		err = load(s, fd);
	/* As much memory as it is bytes. */
	if (!err && ftruncate(fd, 0))
		err = -errno;
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
	atomic_fetch_sub(&kept, s->kept);
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
	*into = addr - s->symbol[low].start;
	if (s->symbol[low].size && *into >= s->symbol[low].size)
		return NULL;
	return s->names + s->symbol[low].name;
}
