// SPDX-License-Identifier: GPL-2.0-only
#include "stacks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apart.h"
#include "hash.h"
#include "symbols.h"
#include "value_put.h"

/* Files whose symbols are kept. */
#define MAX_FILES 256
/* Of which so many are read at a time. */
#define MAX_READING 2
/* Bytes of what is known of a process's mappings: it may have as many as it likes. */
#define MAX_LISTING (4 << 20)

struct file_id {
	u64 inode;
	u32 major, minor;
};

struct file {
	struct file_id id;
	struct symbols *symbols; /* NULL: it has none */
	u64 reading;             /* number of the work that they may come from yet, 0: none */
	UT_hash_handle hh;
};

struct mapping {
	u64 from, to, offset;
	struct file_id id;
	const char *path;
};

struct process {
	u32 pid;
	bool stale; /* it has executed since its mappings were read */
	struct mapping *mapping;
	u32 n;
	char *listing; /* their paths are in */
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
	free(p->mapping);
	free(p->listing);
	p->mapping = NULL;
	p->listing = NULL;
	p->n = 0;
}

static void drop_process(struct stacks *s, struct process *p)
{
	drop_mappings(p);
	HASH_DEL(s->processes, p);
	free(p);
}

static void drop_file(struct file *f)
{
	apart__forget(f->reading);
	symbols__free(f->symbols);
	free(f);
}

static void drop_files(struct stacks *s)
{
	struct file *f, *tmp;

	HASH_ITER(hh, s->files, f, tmp) {
		HASH_DEL(s->files, f);
		drop_file(f);
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

/* Of what may be executed, each with its path behind it. */
static int list_mappings(int to, u32 pid, const void *path)
{
	FILE *f = fopen(path, "re"), *out = fdopen(dup(to), "w");
	size_t capacity = 0, left = MAX_LISTING;
	char *line = NULL;
	int err = f && out ? 0 : -errno;

	(void)pid;
	while (!err && getline(&line, &capacity, f) > 0) {
		struct mapping m = {};
		char rights[8];
		int at = 0;
		size_t n;

		line[strcspn(line, "\n")] = 0;
		if (sscanf(line, "%llx-%llx %7s %llx %x:%x %llu %n", (unsigned long long *)&m.from,
			   (unsigned long long *)&m.to, rights, (unsigned long long *)&m.offset,
			   &m.id.major, &m.id.minor, (unsigned long long *)&m.id.inode, &at) < 7 ||
		    rights[2] != 'x')
			continue;
		n = strlen(line + at) + 1;
		if (left < sizeof(m) + n)
			break;
		left -= sizeof(m) + n;
		fwrite(&m, sizeof(m), 1, out);
		fwrite(line + at, n, 1, out);
	}
	free(line);
	if (f)
		fclose(f);
	if (out && fclose(out) && !err)
		err = -EIO;
	return err;
}

static int add_mapping(struct process *p, const struct mapping *m, const char *path)
{
	struct mapping *more = realloc(p->mapping, (p->n + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	p->mapping = more;
	more[p->n] = *m;
	more[p->n++].path = path;
	return 0;
}

/* Of a process that is gone, or lets nobody in, the mappings that were read before are kept. */
static void read_mappings(struct stacks *s, struct process *p)
{
	char path[600], *at, *end;
	struct mapping m;
	off_t size;
	int fd;

	snprintf(path, sizeof(path), "%s/proc/%u/maps", s->root, p->pid);
	fd = apart__do(NULL, p->pid, list_mappings, path, strlen(path) + 1);
	if (fd != -EAGAIN && fd != -EBUSY)
		p->stale = false;
	size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
	at = size > 0 ? malloc(size) : NULL;
	if (!at || pread(fd, at, size, 0) != size) {
		free(at);
		return;
	}
	drop_mappings(p);
	p->listing = at;
	for (end = at + size; at + sizeof(m) < end; at += strlen(at) + 1) {
		memcpy(&m, at, sizeof(m));
		at += sizeof(m);
		if (add_mapping(p, &m, at))
			break;
	}
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

/* Where they may be, the better one first. */
struct places {
	char path[2][700];
};

static int read_symbols(int to, u32 pid, const void *in)
{
	const struct places *p = in;
	struct symbols *s;
	int err;

	(void)pid;
	if (symbols__read(&s, p->path[0]) && symbols__read(&s, p->path[1]))
		return -ENOEXEC;
	err = symbols__save(s, to);
	symbols__free(s);
	return err;
}

/* What takes long is there when it is asked for again. */
static const struct symbols *take_symbols(struct file *f, int fd)
{
	if (fd == -EAGAIN)
		return NULL;
	f->reading = 0;
	if (fd >= 0 && symbols__load(&f->symbols, fd))
		f->symbols = NULL;
	return f->symbols;
}

/* Each may hold as much memory as one file may take. */
static bool too_many_go_on(const struct stacks *s)
{
	u32 n = 0;

	for (const struct file *f = s->files; f; f = f->hh.next)
		n += !!f->reading;
	return n >= MAX_READING;
}

static const struct symbols *symbols_of(struct stacks *s, u32 pid, const struct mapping *m)
{
	struct places p;
	struct file *f;
	int fd;

	HASH_FIND(hh, s->files, &m->id, sizeof(m->id), f);
	if (f)
		return f->reading ? take_symbols(f, apart__later(f->reading)) : f->symbols;
	if (too_many_go_on(s))
		return NULL;
	if (HASH_COUNT(s->files) >= MAX_FILES)
		drop_files(s);
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->id = m->id;
	/* The very file, also if another one has its name by now. */
	snprintf(p.path[0], sizeof(p.path[0]), "%s/proc/%u/map_files/%llx-%llx", s->root, pid,
		 (unsigned long long)m->from, (unsigned long long)m->to);
	snprintf(p.path[1], sizeof(p.path[1]), "%s%s", s->root, m->path);
	fd = apart__do(&f->reading, pid, read_symbols, &p, sizeof(p));
	if (fd != -EBUSY) {
		HASH_ADD(hh, s->files, id, sizeof(f->id), f);
		if (hash_added(f))
			return take_symbols(f, fd);
	}
	drop_file(f);
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
