/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From an event to names, flags, strings and structures.
 *
 * A call is a row of data: its arguments' names and types. A type says which memory the kernel side
 * copies for it and how that is decoded; that is all there is to know about an argument.
 */
#ifndef SONDE_TRACE_DECODE_H
#define SONDE_TRACE_DECODE_H

#include "trace.h"
#include "value.h"

/* Constants by name. Generated: scripts/gen-constants. */
struct constant {
	u64 value;
	const char *name;
};

struct constants {
	const char *prefix;          /* what a value without a name is said to be: "O_???" */
	const struct constant *list; /* names: by value; flags: those that contain others before
					them */
	u32 n;
	u64 field;   /* flags: these bits are one number, */
	u32 nfields; /* which the first so many of the list name */
};

/* What a descriptor is on: a path or an address, NULL if not known. */
typedef const char *(*fd_name_fn)(void *ctx, u32 pid, s32 fd);

struct decode_opts {
	u32 string_limit;   /* bytes of a string that are shown */
	bool verbose;       /* structures whole: -v */
	u8 hex;             /* enum show_hex */
	fd_name_fn fd_name; /* NULL: descriptors are numbers */
	void *fd_ctx;
};

struct decoder {
	struct arena *arena;
	const struct trace_event *ev;
	const struct call_desc *call;
	const struct decode_opts *opts;
};

struct call_arg;

struct arg_type {
	struct trace_fetch fetch;
	/* The value of argument @i. Memory that is not there is shown as the pointer. */
	struct value *(*decode)(struct decoder *d, u32 i);
};

struct call_arg {
	const char *name;
	const struct arg_type *type;
	const void *with; /* what the type needs to know: struct constants, mostly */
	u8 len;           /* the argument with its length: goes into the fetch */
};

enum call_classes {
	CALL_IS_FILE = 1, /* takes a path: %file */
	CALL_IS_DESC = 2, /* takes or returns a descriptor: %desc */
	CALL_IS_PROCESS = 4,
	CALL_IS_NETWORK = 8,
	CALL_IS_MEMORY = 16,
	CALL_IS_SIGNAL = 32,
	CALL_IS_IPC = 64,
	CALL_IS_CREDS = 128,
	CALL_IS_CLOCK = 256,
	CALL_IS_PURE = 512, /* always succeeds and takes nothing */
};

enum call_returns { RETURNS_NUMBER, RETURNS_FD, RETURNS_POINTER, RETURNS_NOTHING, RETURNS_OTHER };

struct call_desc {
	const char *name;
	u16 classes;
	u8 returns;
	u8 nargs;
	struct call_arg arg[TRACE_ARGS];
	/* Optional: changes how many arguments count, or the value and note of the result. */
	void (*adjust)(struct decoder *d, struct value *args, struct value *ret);
};

/* One table per topic, each ends with a nameless row: calls_file.c, calls_process.c, ... */
extern const struct call_desc *const call_tables[];

struct decoded {
	const char *name;   /* of the call */
	struct value *args; /* an array */
	struct value *ret;  /* text "?" of a call that has not returned; note: what stands behind it
			       in parentheses, mostly errno's text */
	const char *error;  /* "ENOENT", NULL: it did not fail */
};

/* Rows by number on this architecture; built once. Never NULL: an unknown number has a row of its
 * own with six hexadecimal arguments. */
const struct call_desc *decode__call_desc(s32 nr);

/* What the kernel side has to know of call @nr. */
void decode__plan(s32 nr, struct trace_plan *ret);

/* How many arguments of a call are known when it begins; those behind are shown when it returns. */
u32 decode__known_at_entry(const struct call_desc *call);

void decode__event(struct decoder *d, struct decoded *ret);

/* Arguments @from up to before @to, a comma behind each that is not the last of all: those behind
 * follow when the call returns. */
void decode__args_text(FILE *out, const struct decoded *r, u32 from, u32 to);
/* What stands behind the "= ": -1 ENOENT (No such file or directory). */
void decode__result_text(FILE *out, const struct decoded *r);
/* As members of a JSON object: "ret":-1,"error":"ENOENT","note":"No such file or directory" */
void decode__result_json(FILE *out, const struct decoded *r);

/* For types: memory of the event, at least @len bytes from @addr, as it was at entry or exit; NULL
 * if it was not copied. decode__some gives what there is, *len bytes. */
const void *decode__memory(const struct decoder *d, u64 addr, u32 len, bool at_exit);
const void *decode__some(const struct decoder *d, u64 addr, u32 *len, bool at_exit);

/* decode__some where there is no arena: what overlaps another argument is not aligned. */
const void *decode__bytes(const struct trace_event *ev, u64 addr, u32 *len, bool at_exit);

/* For types: a constant or flags by name. */
struct value *decode__name(struct decoder *d, const char *member, const struct constants *c, u64 v);
struct value *decode__flags(struct decoder *d, const char *member, const struct constants *c,
			    u64 v);
struct value *decode__fd(struct decoder *d, const char *member, s32 fd);
/* The same, where AT_FDCWD means the working directory. */
struct value *decode__dirfd(struct decoder *d, const char *member, s32 fd);
/* The name of a value in a list of names; NULL if it has none. */
const char *constant__name(const struct constants *c, u64 v);
/* The call has returned and did not fail: what the kernel wrote is good. */
bool decode__succeeded(const struct decoder *d);

const char *errno__name(u32 error);
const char *signal__name(u32 number);

#endif
