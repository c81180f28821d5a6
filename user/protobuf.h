/* SPDX-License-Identifier: GPL-2.0-only */
/* The wire format of protocol buffers, as far as it is written here: fields appended to a text. */
#ifndef SONDE_PROTOBUF_H
#define SONDE_PROTOBUF_H

#include "sink.h"

void protobuf__varint(struct text *out, u64 value);

/* Of types uint32, uint64, int32 of which none is negative, bool and enum. */
void protobuf__uint(struct text *out, u32 field, u64 value);
/* Of types sint32 and sint64. */
void protobuf__sint(struct text *out, u32 field, s64 value);
void protobuf__double(struct text *out, u32 field, double value);
/* Strings, messages and packed fields. */
void protobuf__bytes(struct text *out, u32 field, const void *data, size_t size);
void protobuf__string(struct text *out, u32 field, const char *value);

/* An element of a packed field of sint32 or sint64. */
u64 protobuf__zigzag(s64 value);

#endif
