/* SPDX-License-Identifier: GPL-2.0-only */
/* What the third argument of ioctl is, by request. */
#ifndef SONDE_TRACE_IOCTL_TYPES_H
#define SONDE_TRACE_IOCTL_TYPES_H

#include "net_types.h"

/* Bytes that are copied, whatever the request. */
#define IOCTL_BYTES 64

enum ioctl_kind {
	IOCTL_END,
	IOCTL_NONE,     /* there is none */
	IOCTL_INT,      /* a number */
	IOCTL_NAME,     /* with: one of these constants */
	IOCTL_FD,       /* a descriptor */
	IOCTL_CHAR,     /* points to one character */
	IOCTL_INT_IN,   /* points to an int */
	IOCTL_INT_OUT,  /* that the kernel writes */
	IOCTL_FLAGS_IN, /* with: of these constants */
	IOCTL_FLAGS_OUT,
	IOCTL_LONG_OUT,
	IOCTL_IN, /* points to a structure */
	IOCTL_OUT,
};

struct ioctl_desc {
	u32 request;
	u8 kind;
	u8 size; /* of a structure, at most IOCTL_BYTES */
	const struct constants *with;
	show_fn show;
	show_fn failed; /* OUT: what is shown of a call that failed; NULL: the pointer */
};

#define IOCTL(number, what, ...)                                                                   \
	{                                                                                          \
		.request = number, .kind = IOCTL_##what, __VA_ARGS__                               \
	}

/* One table per topic, each ends with IOCTL_END. */
extern const struct ioctl_desc *const ioctl_tables[];
extern const struct ioctl_desc ioctls_tty[], ioctls_net[], ioctls_other[];

#endif
