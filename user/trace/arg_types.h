/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Types of arguments, and what types are made of.
 *
 * A row names a type for each argument; where the type wants it, `with` and the number of the
 * argument that has the length.
 */
#ifndef SONDE_TRACE_ARG_TYPES_H
#define SONDE_TRACE_ARG_TYPES_H

#include "constants.h"
#include "decode.h"

/* A row: the call's name, its classes, what it returns, what makes it special or NULL, its
 * arguments.
 */
#define CALL(call, class_bits, result, special, ...)                                               \
	{                                                                                          \
		.name = #call, .classes = class_bits, .returns = result, .adjust = special,        \
		.nargs = sizeof((struct call_arg[]){__VA_ARGS__}) / sizeof(struct call_arg),       \
		.arg = {__VA_ARGS__},                                                              \
	}
#define ARG(text, what)                                                                            \
	{                                                                                          \
		.name = text, .type = &t_##what                                                    \
	}
#define ARG_LEN(text, what, number)                                                                \
	{                                                                                          \
		.name = text, .type = &t_##what, .len = number                                     \
	}
#define ARG_WITH(text, what, data)                                                                 \
	{                                                                                          \
		.name = text, .type = &t_##what, .with = &data                                     \
	}
/* Of c_x: one of its names; some of its bits. */
#define ARG_NAME(text, x)  ARG_WITH(text, name, c_##x)
#define ARG_FLAGS(text, x) ARG_WITH(text, flags, c_##x)

/* Numbers. */
extern const struct arg_type t_int;     /* 32 bits, signed */
extern const struct arg_type t_uint;    /* 32 bits */
extern const struct arg_type t_long;    /* 64 bits, signed: off_t, ssize_t */
extern const struct arg_type t_ulong;   /* 64 bits: size_t */
extern const struct arg_type t_hex;     /* 64 bits, as hexadecimal */
extern const struct arg_type t_mode;    /* permissions, octal */
extern const struct arg_type t_pointer; /* an address */

/* Constants; with: struct constants. 32 bits where the name does not say more. */
extern const struct arg_type t_name;
extern const struct arg_type t_flags;
extern const struct arg_type t_flags64;

/* Descriptors. */
extern const struct arg_type t_fd;
extern const struct arg_type t_dirfd; /* AT_FDCWD is one */

/* Memory. */
extern const struct arg_type t_path;    /* ends with a NUL; shown whole */
extern const struct arg_type t_string;  /* ends with a NUL; shown up to the string limit */
extern const struct arg_type t_buf_in;  /* bytes for the kernel; len: how many */
extern const struct arg_type t_buf_out; /* bytes from the kernel, as many as it returns; len */

/*
 * A structure at argument @i, which the kernel side has copied: @show adds its members to @v.
 * Memory that is not there is shown as the pointer, and so is what a failed call should have
 * written.
 */
typedef void (*show_fn)(struct decoder *d, struct value *v, const void *memory);
struct value *show_struct(struct decoder *d, u32 i, show_fn show);
/* The same for a structure of @size bytes at @addr: not only arguments point to some. */
struct value *show_struct_at(struct decoder *d, const char *member, u64 addr, u32 size,
			     bool at_exit, show_fn show);
/* An array of @n elements of @size bytes; @element makes one's value. */
typedef struct value *(*element_fn)(struct decoder *d, const void *element);
struct value *show_array_at(struct decoder *d, const char *member, u64 addr, u64 n, u32 size,
			    bool at_exit, element_fn element);
/* Bytes at @addr, @want of them in the target, shown up to the string limit. */
struct value *show_bytes_at(struct decoder *d, const char *member, u64 addr, u64 want,
			    bool at_exit);
/* A string at @addr that ends with a NUL, shown up to @limit. */
struct value *show_string_at(struct decoder *d, const char *member, u64 addr, u32 limit,
			     bool at_exit);

/* Argument @i as a pointer. */
struct value *show_pointer(struct decoder *d, u32 i);
/* What argument @i points to was written by a call that succeeded, or is read at entry: it can be
 * shown. */
bool arg__readable(const struct decoder *d, u32 i);
/* Which copy of it that is. */
bool arg__at_exit(const struct decoder *d, u32 i);

/* Members of a structure. */
void add_signed(struct decoder *d, struct value *v, const char *member, s64 n);
void add_unsigned(struct decoder *d, struct value *v, const char *member, u64 n);
void add_hex(struct decoder *d, struct value *v, const char *member, u64 n);
void add_octal(struct decoder *d, struct value *v, const char *member, u64 n);
void add_pointer(struct decoder *d, struct value *v, const char *member, u64 addr);
void add_name(struct decoder *d, struct value *v, const char *member, const struct constants *c,
	      u64 n);
void add_flags(struct decoder *d, struct value *v, const char *member, const struct constants *c,
	       u64 n);

/* A type that copies a structure of type @what: DEFINE_IN, DEFINE_OUT(t_stat, struct stat, show) */
#define DEFINE_STRUCT(type, what, fetch_flags, show)                                               \
	static struct value *decode_##type(struct decoder *d, u32 i)                               \
	{                                                                                          \
		return show_struct(d, i, show);                                                    \
	}                                                                                          \
	const struct arg_type type = {                                                             \
		.fetch = {.kind = FETCH_STRUCT, .flags = fetch_flags, .size = sizeof(what)},       \
		.decode = decode_##type,                                                           \
	}
#define DEFINE_IN(type, what, show)  DEFINE_STRUCT(type, what, 0, show)
#define DEFINE_OUT(type, what, show) DEFINE_STRUCT(type, what, FETCH_AT_EXIT, show)

#endif
