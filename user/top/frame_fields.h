/* SPDX-License-Identifier: GPL-2.0-only */
/* The members of a frame as data: what writes frames and what reads them go by the same tables. */
#ifndef SONDE_FRAME_FIELDS_H
#define SONDE_FRAME_FIELDS_H

#include <stddef.h>

#include "frame.h"
#include "parts.h"

enum field_type {
	FIELD_STRING,
	FIELD_U32,
	FIELD_U64,
	FIELD_DOUBLE,
	FIELD_BOOL,
	FIELD_CHAR,
	FIELD_TIME,    /* u64[PARTS] */
	FIELD_KIND,    /* enum op_kind */
	FIELD_DIST,    /* struct dist * */
	FIELD_SERVICE, /* u32, an index in frame.service */
	FIELD_SET,     /* u32, an index in frame.set */
};

struct field {
	const char *key;
	enum field_type type;
	size_t offset, size;
};

/* One of a frame's arrays. */
struct frame_array {
	const char *key;
	size_t data, count, size; /* offsets of the pointer and of the length; of one element */
	void *(*add)(struct frame *f);
	const struct field *field; /* ends with a keyless one */
};

extern const struct field frame_fields[]; /* of struct frame itself */
/* Services and sets come first: the others refer to them. Ends with a keyless one. */
extern const struct frame_array frame_arrays[];

extern const char *const kind_names[3];

#endif
