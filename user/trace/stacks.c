// SPDX-License-Identifier: GPL-2.0-only
#include "stacks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "symbols.h"
#include "value_put.h"

/* Files whose symbols are kept. */
#define MAX_FILES 256

struct file_id {
	u64 inode;
	u32 major, minor;
};

struct file {
	struct file_id id;
	struct symbols *symbols; /* NULL: it has none */
	UT_hash_handle hh;
};

struct mapping {
	u64 from, to, offset;
	struct file_id id;
	char *path;
};

struct process {
	u32 pid;
	bool stale; /* it has executed since its mappings were read */
	struct mapping *mapping;
	u32 n;
	UT_hash_handle hh;
};

struct stacks {
	const char *root;
	struct process *processes;
	struct file *files;
};

int stacks__new(struct stacks **ret, const char *root)
{
	struct stacks *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->root = root;
	*ret = s;
	return 0;
}

static void drop_mappings(struct process *p)
{
	for (u32 i = 0; i < p->n; i++)
		free(p->mapping[i].path);
	free(p->mapping);
	p->mapping = NULL;
	p->n = 0;
}

static void drop_process(struct stacks *s, struct process *p)
{
	drop_mappings(p);
	HASH_DEL(s->processes, p);
	free(p);
}

static void drop_files(struct stacks *s)
{
	struct file *f, *tmp;

	HASH_ITER(hh, s->files, f, tmp) {
		HASH_DEL(s->files, f);
		symbols__free(f->symbols);
		free(f);
	}
}

void stacks__free(struct stacks *s)
{
	if (!s)
		return;
	while (s->processes)
		drop_process(s, s->processes);
	drop_files(s);
	free(s);
}

/* --- mappings */

static int add_mapping(struct process *p, const struct mapping *m, const char *path)
{
	struct mapping *more = realloc(p->mapping, (p->n + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	p->mapping = more;
	more[p->n] = *m;
	more[p->n].path = strdup(path);
	return more[p->n].path ? (p->n++, 0) : -ENOMEM;
}

/* Of a process that is gone the mappings that were read before are kept. */
static void read_mappings(struct stacks *s, struct process *p)
{
	char path[600], *line = NULL;
	size_t capacity = 0;
	bool first = true;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/%u/maps", s->root, p->pid);
	f = fopen(path, "re");
	while (f && getline(&line, &capacity, f) > 0) {
		struct mapping m = {};
		char rights[8];
		int at = 0;

		if (first)
			drop_mappings(p);
		first = false;
		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "%llx-%llx %7s %llx %x:%x %llu %n", (unsigned long long *)&m.from,
			   (unsigned long long *)&m.to, rights, (unsigned long long *)&m.offset,
			   &m.id.major, &m.id.minor, (unsigned long long *)&m.id.inode, &at) < 7)
			continue;
		if (rights[2] == 'x' && add_mapping(p, &m, at ? line + at : ""))
			break;
	}
	free(line);
	if (f)
		fclose(f);
	p->stale = false;
}

static struct process *process_of(struct stacks *s, u32 pid)
{
	struct process *p;

	HASH_FIND(hh, s->processes, &pid, sizeof(pid), p);
	if (p)
		return p;
	p = calloc(1, sizeof(*p));
	if (!p)
		return NULL;
	p->pid = pid;
	HASH_ADD(hh, s->processes, pid, sizeof(p->pid), p);
	if (!hash_added(p)) {
		free(p);
		return NULL;
	}
	read_mappings(s, p);
	return p;
}

static const struct mapping *find(const struct process *p, u64 addr)
{
	for (u32 i = 0; i < p->n; i++)
		if (addr >= p->mapping[i].from && addr < p->mapping[i].to)
			return &p->mapping[i];
	return NULL;
}

/* --- names */

static const struct symbols *symbols_of(struct stacks *s, u32 pid, const struct mapping *m)
{
	struct file *f;
	char path[700];

	HASH_FIND(hh, s->files, &m->id, sizeof(m->id), f);
	if (f)
		return f->symbols;
	if (HASH_COUNT(s->files) >= MAX_FILES)
		drop_files(s);
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->id = m->id;
	/* The very file, also if another one has its name by now. */
	snprintf(path, sizeof(path), "%s/proc/%u/map_files/%llx-%llx", s->root, pid,
		 (unsigned long long)m->from, (unsigned long long)m->to);
	if (symbols__read(&f->symbols, path)) {
		snprintf(path, sizeof(path), "%s%s", s->root, m->path);
		if (symbols__read(&f->symbols, path))
			f->symbols = NULL;
	}
	HASH_ADD(hh, s->files, id, sizeof(f->id), f);
	if (hash_added(f))
		return f->symbols;
	symbols__free(f->symbols);
	free(f);
	return NULL;
}

/* "/usr/lib/libc.so.6(read+0x1d) [0xf1e5d]": the address is one in the file. */
static void format_frame(struct stacks *s, struct process *p, u64 addr, char *text, size_t size)
{
	const struct mapping *m = find(p, addr);
	const struct symbols *symbols;
	const char *name = NULL;
	u64 offset, into = 0;

	if (!m) {
		snprintf(text, size, "[%#llx]", (unsigned long long)addr);
		return;
	}
	offset = addr - m->from + m->offset;
	symbols = m->id.inode ? symbols_of(s, p->pid, m) : NULL;
	if (symbols)
		name = symbols__find(symbols, offset, &into);
	if (name)
		snprintf(text, size, "%s(%.*s+%#llx) [%#llx]", m->path, SYMBOL_NAME_MAX, name,
			 (unsigned long long)into, (unsigned long long)offset);
	else
		snprintf(text, size, "%s() [%#llx]", m->path[0] ? m->path : "[anonymous]",
			 (unsigned long long)offset);
}

/* Paths and names are what somebody has chosen. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = *text;

		if (c < ' ' || c >= 0x7f)
			fprintf(out, "\\%03o", c);
		else
			putc_unlocked(c, out);
	}
}

void stacks__see(struct stacks *s, const struct trace_event *ev)
{
	struct process *p;

	if (ev->type == TRACE_EXIT && ev->pid == ev->tid) {
		HASH_FIND(hh, s->processes, &ev->pid, sizeof(ev->pid), p);
		if (p)
			drop_process(s, p);
		return;
	}
	p = process_of(s, ev->pid);
	if (p && ev->type == TRACE_EXEC)
		p->stale = true;
}

static const struct trace_piece *find_piece(const struct trace_event *ev)
{
	const char *end = (const char *)ev + ev->bytes, *at = (const char *)(ev + 1);

	while (at + sizeof(struct trace_piece) <= end) {
		const struct trace_piece *p = (const void *)at;

		if (p->bytes > (size_t)(end - at) - sizeof(*p))
			break;
		if (p->flags & PIECE_STACK)
			return p;
		at += sizeof(*p) + ((p->bytes + 7u) & ~7u);
	}
	return NULL;
}

void stacks__print(struct stacks *s, FILE *out, const struct trace_event *ev, bool json)
{
	const struct trace_piece *piece = find_piece(ev);
	struct process *p = piece ? process_of(s, ev->pid) : NULL;
	u32 n = piece ? piece->bytes / sizeof(u64) : 0;
	const u64 *addr = piece ? (const u64 *)piece->data : NULL;
	bool missing = false;
	char text[5000];

	if (!p)
		return;
	/* What has been mapped since: libraries, mostly. */
	for (u32 i = 0; i < n && addr[i]; i++)
		missing |= !find(p, addr[i]);
	if (p->stale || missing)
		read_mappings(s, p);
	if (json)
		put(out, ",\"stack\":[");
	/* Where nothing is mapped the program keeps no frames, and what was found is no caller. */
	for (u32 i = 0; i < n && addr[i] && (!i || find(p, addr[i])); i++) {
		format_frame(s, p, addr[i], text, sizeof(text));
		put(out, !json ? " > " : i ? "," : "");
		if (json)
			json_text(out, text);
		else
			put_escaped(out, text);
		if (!json)
			put_char(out, '\n');
	}
	put_char(out, json ? ']' : '\n');
}
