/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A decoded argument as a tree: what is printed as strace prints it, and as JSON.
 *
 * Nodes and their texts live in an arena that is emptied after each call.
 */
#ifndef SONDE_TRACE_VALUE_H
#define SONDE_TRACE_VALUE_H

#include <stdbool.h>
#include <stdio.h>

#include "types.h"

enum value_kind {
	VALUE_SIGNED,   /* num as s64 */
	VALUE_UNSIGNED, /* text, if there is one, is how it is written: 8192*1024 */
	VALUE_HEX,
	VALUE_OCTAL,
	VALUE_POINTER, /* NULL if 0 */
	VALUE_NAME,    /* a constant: text is its name, num its value */
	VALUE_FLAGS,   /* children are VALUE_NAMEs, what has none a VALUE_HEX; num is all of it */
	VALUE_BYTES,   /* text, len: a string; cut: there is more of it; num: enum show_hex */
	VALUE_STRUCT,  /* children with names; cut: members were left out */
	VALUE_ARRAY,   /* children; cut: elements were left out */
	VALUE_FD,      /* num as s32; text is what it is on, if that was wanted */
	VALUE_TEXT,    /* printed as it is: htons(80), num 1: without the member's name; in JSON its
			  child, or a string */
	VALUE_SET,     /* children without commas: [SIGINT SIGTERM]; num 1: ~[...] */
	VALUE_CWD,     /* AT_FDCWD, an FD with a name */
};

/* Bytes as hexadecimal: -x, -xx. */
enum show_hex { HEX_NEVER, HEX_NO_TEXT, HEX_ALWAYS };

struct value {
	enum value_kind kind;
	bool cut;
	bool named;  /* an argument that is shown with its name */
	bool absent; /* the call's arguments end before it: optional ones */
	u32 len;
	const char *name; /* of an argument or a member; static */
	u64 num;
	const char *text;
	const char *note;    /* printed behind it as a comment */
	struct value *after; /* what it was changed to by the call: [110 => 16], {...} => {...} */
	struct value *first, *last, *next;
};

struct arena;

int arena__new(struct arena **ret);
void arena__free(struct arena *a);
void arena__reset(struct arena *a);
/* Zeroed, aligned to 8. Never NULL: what does not fit ends the program after a line on the log. */
void *arena__get(struct arena *a, size_t size);
char *arena__print(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct value *value__new(struct arena *a, enum value_kind kind, const char *name, u64 num);
/* A VALUE_NAME, a VALUE_TEXT, a VALUE_BYTES. @text and @bytes live as long as the value. */
struct value *value__named(struct arena *a, const char *name, const char *text, u64 num);
struct value *value__said(struct arena *a, const char *name, const char *text);
struct value *value__bytes(struct arena *a, const char *name, const void *bytes, u32 len, bool cut);
/* Adds @child as the last one; returns it. */
struct value *value__add(struct value *parent, struct value *child);

/* As strace does. A byte that is no printable ASCII is escaped, always. */
void value__text(FILE *out, const struct value *v);
/* The same as a text in the arena. */
char *value__words(struct arena *a, const struct value *v);
/* As one JSON value: numbers, strings, {"flags": [...], "value": n}, ... : docs/trace.md. */
void value__json(FILE *out, const struct value *v);
/* The text between quotation marks, and the marks. */
void value__quote(FILE *out, const char *text, u32 len);

#endif
