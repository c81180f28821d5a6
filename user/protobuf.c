// SPDX-License-Identifier: GPL-2.0-only
#include "protobuf.h"

#include <string.h>

enum wire { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES };

void protobuf__varint(struct text *out, u64 value)
{
	unsigned char buf[10];
	size_t n = 0;

	while (value >= 0x80) {
		buf[n++] = value | 0x80;
		value >>= 7;
	}
	buf[n++] = value;
	text__put(out, buf, n);
}

static void put_tag(struct text *out, u32 field, enum wire wire)
{
	protobuf__varint(out, (u64)field << 3 | wire);
}

void protobuf__uint(struct text *out, u32 field, u64 value)
{
	put_tag(out, field, WIRE_VARINT);
	protobuf__varint(out, value);
}

u64 protobuf__zigzag(s64 value)
{
	return (u64)value << 1 ^ (u64)(value < 0 ? -1 : 0);
}

void protobuf__sint(struct text *out, u32 field, s64 value)
{
	protobuf__uint(out, field, protobuf__zigzag(value));
}

/* Little endian, whatever this machine is. */
void protobuf__double(struct text *out, u32 field, double value)
{
	unsigned char buf[8];
	u64 bits;

	memcpy(&bits, &value, sizeof(bits));
	for (u32 i = 0; i < 8; i++)
		buf[i] = bits >> 8 * i;
	put_tag(out, field, WIRE_FIXED64);
	text__put(out, buf, sizeof(buf));
}

void protobuf__bytes(struct text *out, u32 field, const void *data, size_t size)
{
	put_tag(out, field, WIRE_BYTES);
	protobuf__varint(out, size);
	text__put(out, data, size);
}

void protobuf__string(struct text *out, u32 field, const char *value)
{
	protobuf__bytes(out, field, value, strlen(value));
}
