// SPDX-License-Identifier: GPL-2.0-only
/* ELF files that were made to be expensive: what is read of them is bounded, and what is not
 * excessive keeps its names. */
#include "trace/symbols.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "clock.h"

#define BASE     0x1000
#define SECTIONS 4096 /* where their headers are in the file */
#define MIB      (1024L * 1024)
#define GIB      (1024L * MIB)

struct elf_file {
	int fd;
	char path[64];
	u32 sections;
};

static void put_at(const struct elf_file *f, const void *data, size_t size, u64 offset)
{
	if (pwrite(f->fd, data, size, offset) != (ssize_t)size)
		abort();
}

/* One segment, of all of the file, and as many sections as will be added. */
static struct elf_file begin(u32 sections)
{
	struct elf_file f = {.fd = memfd_create("symbols", MFD_CLOEXEC), .sections = 1};
	const Elf64_Ehdr h = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
			    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB,
			    EV_CURRENT},
		.e_type = ET_DYN,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(h),
		.e_shoff = SECTIONS,
		.e_ehsize = sizeof(h),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = 1,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = sections,
	};
	const Elf64_Phdr p = {.p_type = PT_LOAD, .p_vaddr = BASE, .p_filesz = GIB};
	const Elf64_Shdr none = {};

	if (f.fd < 0)
		abort();
	snprintf(f.path, sizeof(f.path), "/proc/self/fd/%d", f.fd);
	put_at(&f, &h, sizeof(h), 0);
	put_at(&f, &p, sizeof(p), sizeof(h));
	put_at(&f, &none, sizeof(none), SECTIONS);
	return f;
}

static void section(struct elf_file *f, u32 type, u64 offset, u64 size, u32 link)
{
	const Elf64_Shdr h = {
		.sh_type = type,
		.sh_offset = offset,
		.sh_size = size,
		.sh_link = link,
		.sh_entsize = type == SHT_STRTAB ? 0 : sizeof(Elf64_Sym),
	};

	put_at(f, &h, sizeof(h), SECTIONS + f->sections++ * sizeof(h));
}

/* @n functions of 16 bytes each, whose names are where @name times their number is. */
static u64 functions(const struct elf_file *f, u64 offset, u32 n, u32 name)
{
	Elf64_Sym *s = calloc(n, sizeof(*s));

	for (u32 i = 0; s && i < n; i++)
		s[i] = (Elf64_Sym){
			.st_name = 1 + i * name,
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			.st_shndx = 1,
			.st_value = BASE + 16 * (i + 1),
			.st_size = 16,
		};
	if (!s)
		abort();
	put_at(f, s, n * sizeof(*s), offset);
	free(s);
	return n * sizeof(*s);
}

/* One name of @size letters at @offset; @end: with the NUL that it ought to have. */
static u64 long_name(const struct elf_file *f, u64 offset, size_t size, bool end)
{
	char *text = malloc(size + 2);

	if (!text)
		abort();
	memset(text, 'A', size + 1);
	text[0] = text[size + 1] = 0;
	put_at(f, text, size + 1 + end, offset);
	free(text);
	return size + 1 + end;
}

/* What the most is that this program has had since it was asked last, in bytes. */
static long peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	if (fd >= 0 && write(fd, "5", 1) != 1)
		abort();
	close(fd);
	return u.ru_maxrss * 1024;
}

/* Reads it with at most @bytes more memory, and in no time; NULL if it is refused. */
static struct symbols *read_within(struct elf_file *f, long bytes, const char *what)
{
	struct symbols *s = NULL;
	u64 begun = now_ns();
	long before;

	peak();
	before = peak();
	if (symbols__read(&s, f->path))
		s = NULL;
	before = peak() - before;
	printf("%s: %ld MiB more, %llu ms\n", what, before / MIB,
	       (unsigned long long)(now_ns() - begun) / 1000000);
	CHECK_THAT(what, before <= bytes);
	CHECK_THAT(what, now_ns() - begun < 20000000000ULL);
	close(f->fd);
	return s;
}

static const char *name_at(const struct symbols *s, u64 offset)
{
	u64 into = 0;

	return s ? symbols__find(s, offset, &into) : NULL;
}

static void test_shared_name(void)
{
	struct elf_file f = begin(3);
	u64 table = 65536, strings = table + functions(&f, table, 2000, 0);
	struct symbols *s;

	section(&f, SHT_SYMTAB, table, strings - table, 2);
	section(&f, SHT_STRTAB, strings, long_name(&f, strings, MIB, true), 0);
	s = read_within(&f, 32 * MIB, "2,000 functions share a name of 1 MiB");
	CHECK(name_at(s, 16) && name_at(s, 16)[0] == 'A');
	CHECK(name_at(s, 16 * 2000) && !name_at(s, 16 * 2001));
	symbols__free(s);
}

static void test_no_end(void)
{
	struct elf_file f = begin(3);
	u64 table = 65536, strings = table + functions(&f, table, 200000, 0);
	struct symbols *s;

	section(&f, SHT_SYMTAB, table, strings - table, 2);
	section(&f, SHT_STRTAB, strings, long_name(&f, strings, 16 * MIB, false), 0);
	s = read_within(&f, 64 * MIB, "200,000 functions, and names that end nowhere");
	CHECK(name_at(s, 16) && strlen(name_at(s, 16)) == 16 * MIB);
	symbols__free(s);
}

static void test_same_table(void)
{
	struct elf_file f = begin(4000);
	u64 table = MIB, strings = table + functions(&f, table, 2000, 0);
	struct symbols *s;

	section(&f, SHT_STRTAB, strings, long_name(&f, strings, 100, true), 0);
	for (u32 i = 2; i < 4000; i++)
		section(&f, i % 2 ? SHT_SYMTAB : SHT_DYNSYM, table, strings - table, 1);
	s = read_within(&f, 32 * MIB, "4,000 sections are the same table");
	CHECK(name_at(s, 16) && strlen(name_at(s, 16)) == 100);
	symbols__free(s);
}

/* Three bytes of symbols, and the rest are holes. */
static void test_holes(void)
{
	struct elf_file f = begin(3);
	struct symbols *s;

	functions(&f, 65536, 10, 4);
	if (ftruncate(f.fd, 4 * GIB))
		abort();
	section(&f, SHT_SYMTAB, 65536, 2 * GIB, 2);
	section(&f, SHT_STRTAB, 65536 + 2 * GIB, 2 * GIB - 65536, 0);
	s = read_within(&f, 32 * MIB, "tables of 2 GiB");
	CHECK(!name_at(s, 16));
	symbols__free(s);

	f = begin(3);
	if (ftruncate(f.fd, 4 * GIB))
		abort();
	section(&f, SHT_SYMTAB, 65536, functions(&f, 65536, 10, 4), 2);
	section(&f, SHT_STRTAB, MIB, 2 * GIB, 0);
	s = read_within(&f, 32 * MIB, "names of 2 GiB");
	CHECK(!name_at(s, 16));
	symbols__free(s);
}

/* As of a file with more than 65,279 sections the number is in the first one. */
static void test_many_sections(void)
{
	struct elf_file f = begin(0);
	const Elf64_Shdr number = {.sh_size = 8 << 20};
	struct symbols *s;

	put_at(&f, &number, sizeof(number), SECTIONS);
	if (ftruncate(f.fd, GIB))
		abort();
	s = read_within(&f, 32 * MIB, "8 million sections");
	CHECK(!name_at(s, 16));
	symbols__free(s);
}

/* What is kept of all files together is bounded, and given back. */
static void test_many_files(void)
{
	struct symbols *s[12];
	u32 named = 0;

	if (sysconf(_SC_AVPHYS_PAGES) < 2 * GIB / sysconf(_SC_PAGESIZE)) {
		skipped++;
		return;
	}
	for (u32 round = 0; round < 2; round++) {
		named = 0;
		for (u32 i = 0; i < 12; i++) {
			struct elf_file f = begin(3);
			u64 table = 65536, strings = table + functions(&f, table, 10, 0);

			section(&f, SHT_SYMTAB, table, strings - table, 2);
			section(&f, SHT_STRTAB, strings, long_name(&f, strings, 100 * MIB, true),
				0);
			s[i] = read_within(&f, 110 * MIB, "100 MiB of names");
			named += !!name_at(s[i], 16);
		}
		CHECK(named == 5);
		for (u32 i = 0; i < 12; i++)
			symbols__free(s[i]);
	}
}

/* Some 700,000 functions, as of the largest programs. */
static void test_large(void)
{
	enum { N = 700000, EACH = 100 };
	struct elf_file f = begin(3);
	u64 table = 65536, strings = table + functions(&f, table, N, EACH);
	char *text = malloc(1 + (size_t)N * EACH);
	struct symbols *s;

	if (!text)
		abort();
	memset(text, 'x', 1 + (size_t)N * EACH);
	text[0] = 0;
	for (u32 i = 0; i < N; i++)
		snprintf(text + 1 + (size_t)i * EACH, EACH, "%099u", i);
	put_at(&f, text, 1 + (size_t)N * EACH, strings);
	free(text);
	section(&f, SHT_SYMTAB, table, strings - table, 2);
	section(&f, SHT_STRTAB, strings, 1 + (u64)N * EACH, 0);
	s = read_within(&f, 160 * MIB, "700,000 functions with names of 99 letters");
	for (u32 i = 0; i < N; i += 1000) {
		const char *name = name_at(s, 16 * (i + 1) + 5);

		CHECK(name && strlen(name) == EACH - 1 && (u32)atoi(name) == i);
	}
	symbols__free(s);
}

int main(void)
{
	/* A file that is believed may want all there is. */
	const struct rlimit most = {6 * GIB, 6 * GIB};

#ifndef __SANITIZE_ADDRESS__
	setrlimit(RLIMIT_AS, &most);
#else
	(void)most;
#endif
	test_shared_name();
	test_no_end();
	test_same_table();
	test_holes();
	test_many_sections();
	test_large();
	test_many_files();
	return report();
}
