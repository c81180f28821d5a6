/* SPDX-License-Identifier: GPL-2.0-only */
/* Events that no kernel has sent. */
#ifndef SONDE_DECODE_EVENTS_H
#define SONDE_DECODE_EVENTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "syscall_names.h"
#include "trace/decode.h"

static union {
	struct trace_event ev;
	char bytes[sizeof(struct trace_event) + 2 * TRACE_MEMORY];
} made;

static struct arena *arena;
static struct decode_opts opts = {.string_limit = 32};

/* A call that has returned; -1: there is none of that name here. */
static inline int event__make(const char *name, s64 ret, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f)
{
	const u64 args[TRACE_ARGS] = {a, b, c, d, e, f};
	s32 nr = 0;

	memset(&made, 0, sizeof(made));
	while (nr < SYSCALL_NUMBERS &&
	       (!syscall_name((u32)nr) || strcmp(syscall_name((u32)nr), name)))
		nr++;
	made.ev.type = TRACE_CALL;
	made.ev.bytes = sizeof(made.ev);
	made.ev.pid = made.ev.tid = 7;
	made.ev.nr = nr;
	made.ev.ret = ret;
	memcpy(made.ev.arg, args, sizeof(args));
	return nr < SYSCALL_NUMBERS ? 0 : -1;
}

static inline void event__copy(u64 addr, const void *data, u32 len, bool at_exit)
{
	struct trace_piece *p = (struct trace_piece *)(made.bytes + made.ev.bytes);

	p->addr = addr;
	p->bytes = (u16)len;
	p->flags = at_exit ? PIECE_AT_EXIT : 0;
	memcpy(p->data, data, len);
	made.ev.bytes += sizeof(*p) + ((len + 7) & ~7u);
}

static inline void event__decode(struct decoder *d, struct decoded *r)
{
	if (!arena && arena__new(&arena))
		abort();
	arena__reset(arena);
	*d = (struct decoder){.arena = arena, .ev = &made.ev, .opts = &opts};
	decode__event(d, r);
}

/* "name(arguments) = result"; to be freed. */
static inline char *event__text(void)
{
	struct decoder d;
	struct decoded r;
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	event__decode(&d, &r);
	fprintf(f, "%s(", r.name);
	decode__args_text(f, &r, 0, TRACE_ARGS);
	fputs(") = ", f);
	decode__result_text(f, &r);
	fclose(f);
	return text;
}

/* {"args":[...],"ret":...}; to be freed. */
static inline char *event__json(size_t *size)
{
	struct decoder d;
	struct decoded r;
	char *text;
	FILE *f = open_memstream(&text, size);

	event__decode(&d, &r);
	fputs("{\"args\":", f);
	value__json(f, r.args);
	putc(',', f);
	decode__result_json(f, &r);
	putc('}', f);
	fclose(f);
	return text;
}

#endif
