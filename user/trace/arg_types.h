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

/* Numbers in memory: int, long; what the kernel reads, what it writes, and both: [5] => [15]. */
extern const struct arg_type t_int_in, t_int_out, t_uint_out, t_fd_out;
extern const struct arg_type t_name_out; /* an int that is a constant */
extern const struct arg_type t_long_in, t_long_out, t_long_both, t_pointer_out;

/* Time. */
extern const struct arg_type t_timespec_in, t_timespec_out, t_timeval_in, t_timeval_out;
extern const struct arg_type t_timespec_left; /* written only when a signal ended the sleep */
extern const struct arg_type t_itimerspec_in, t_itimerspec_out, t_itimerval_in, t_itimerval_out;
extern const struct arg_type t_timezone_in, t_timezone_out, t_time_out, t_timex;
extern const struct arg_type t_file_timespecs, t_file_timevals, t_utimbuf;

/* Signals; len: the argument with the size of a set, 0: there is none. */
extern const struct arg_type t_signal, t_sigset_in, t_sigset_out, t_sigaction_in, t_sigaction_out;
extern const struct arg_type t_siginfo_in, t_siginfo_out, t_stack_in, t_stack_out, t_sigevent;

/* Files. */
extern const struct arg_type t_path_out;  /* written by the kernel */
extern const struct arg_type t_random;    /* t_buf_out, shown as hexadecimal */
extern const struct arg_type t_file_mode; /* with the type of file */
extern const struct arg_type t_device;    /* makedev(major, minor) */
extern const struct arg_type t_fd_pair;   /* [3, 4], written by the kernel */
extern const struct arg_type t_stat, t_statx, t_statfs, t_dirents, t_dirents_old, t_open_how,
	t_memfd_flags;
extern const struct arg_type t_mount_flags, t_mount_attr, t_fcntl_third;

/* Processes. */
extern const struct arg_type t_uid;     /* of a user or a group; -1 for none */
extern const struct arg_type t_strings; /* a vector of strings: argv */
extern const struct arg_type t_environ; /* the same, only counted */
extern const struct arg_type t_wait_status, t_wait_rusage, t_rusage, t_rlimit_in, t_rlimit_out;
extern const struct arg_type t_utsname, t_sysinfo, t_tms;
extern const struct arg_type t_groups_in, t_groups_out;   /* len: how many */
extern const struct arg_type t_cpus_in, t_cpus_out;       /* len: how many bytes */
extern const struct arg_type t_clone_flags, t_clone_args; /* len: its size */
extern const struct arg_type t_sched_attr_in, t_sched_attr_out;
extern const struct arg_type t_cap_header, t_cap_data_in, t_cap_data_out;
extern const struct arg_type t_ioprio, t_personality, t_prctl_second, t_prctl_third, t_ptrace_data;

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

/* What @memory is, as one value: an element of an array, a member. */
struct value *show_number(struct decoder *d, const char *member, const void *memory, u32 size,
			  enum value_kind kind);
struct value *show_int_element(struct decoder *d, const void *element);
struct value *show_uint_element(struct decoder *d, const void *element);
struct value *show_byte_element(struct decoder *d, const void *element);
struct value *show_signal(struct decoder *d, const char *member, u32 number);
struct value *show_sigset(struct decoder *d, const char *member, u64 set);
struct value *show_file_mode(struct decoder *d, const char *member, u32 mode);
/* Flags of which bit @huge says that the highest bits are a size of pages. */
struct value *show_huge_flags(struct decoder *d, const struct constants *c, u32 flags, u32 huge,
			      const char *shift);
void show_timespec(struct decoder *d, struct value *v, const void *memory);
void show_timeval(struct decoder *d, struct value *v, const void *memory);
void show_siginfo(struct decoder *d, struct value *v, const void *memory);
void add_timeval(struct decoder *d, struct value *v, const char *member, const void *memory);
/* A date for a note; NULL for 0, which is none. */
char *date_note(struct decoder *d, s64 seconds, u64 fraction, u32 digits);

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

/* Of calls whose arguments depend on one of them. */
void adjust_clone(struct decoder *d, struct value *args, struct value *ret);
void adjust_fcntl(struct decoder *d, struct value *args, struct value *ret);
void adjust_ptrace(struct decoder *d, struct value *args, struct value *ret);
void adjust_prctl(struct decoder *d, struct value *args, struct value *ret);
const char *ioprio_text(struct decoder *d, u32 n);

#endif
