/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the printer share. */
#ifndef SONDE_TRACE_PRINT_LINE_H
#define SONDE_TRACE_PRINT_LINE_H

#include <stdio.h>

#include "decode.h"
#include "hash.h"
#include "print.h"

enum call_state {
	CALL_NONE,
	CALL_OPEN,       /* its line has begun and nothing else came since */
	CALL_UNFINISHED, /* its line was ended before it was */
};

struct printed_thread {
	u32 tid;
	u64 seq; /* of its last event */
	enum call_state state;
	u32 column;           /* of its open line */
	u32 nargs;            /* that are on it already */
	bool unfinished_args; /* there are more */
	bool compat;
	char call[40];
	UT_hash_handle hh;
};

struct printer {
	struct printer_opts opts;
	struct decode_opts decode;
	struct arena *arena;
	FILE *line; /* into @text */
	char *text;
	size_t size;
	struct printed_thread *threads;
	struct printed_thread *open; /* whose line is, NULL: none; not with a file for each */
	u32 first_tid;
	bool several;    /* threads were seen */
	u64 to_realtime; /* ns, added to the monotonic clock */
	u64 before;      /* ns, what -r counts from; 0: no line yet */
	u64 lines, told_lost;
	u64 second; /* on the monotonic clock, of which @in_second were printed */
	u32 in_second;
	u64 left_out;
};

/* What is in @line goes to the output of thread @tid. */
void print__put(struct printer *p, u32 tid);
/* Ends the open line, if there is one. */
void print__leave_open(struct printer *p);
/* What stands before each line; @when: ns, monotonic. */
void print__begin(struct printer *p, u32 pid, u32 tid, u64 when);
/* Up to the column of results; @begun: what was on the line before. */
void print__pad(struct printer *p, u32 begun);
/* Whether one more line may be printed in this second; it is counted either way. */
bool print__has_room(struct printer *p);
void print__other(struct printer *p, struct printed_thread *t, const struct trace_event *ev);
/* A thread that has executed goes on under another number. */
void print__changed(struct printer *p, struct printed_thread *t, const struct trace_event *ev);

/* Whether the options want it. */
bool printer__wants(struct printer *p, const struct trace_event *ev, const struct decoded *d);

/* As JSON. */
void print_json__call(struct printer *p, const struct trace_event *ev, const struct decoded *d);
void print_json__other(struct printer *p, const struct trace_event *ev);
void print_json__lost(struct printer *p, const struct trace_event *ev, u64 n);

/* Signals and exits, without what stands before them and without a newline. */
void print_signal__text(FILE *out, const struct trace_event *ev);
void print_exit__text(FILE *out, const struct trace_event *ev);
const char *signal_code__name(u32 number, s32 code);

#endif
