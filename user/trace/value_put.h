/* SPDX-License-Identifier: GPL-2.0-only */
/* Text and numbers into a stream that is not locked for each of them. */
#ifndef SONDE_TRACE_VALUE_PUT_H
#define SONDE_TRACE_VALUE_PUT_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "types.h"

static inline void put_char(FILE *out, char c)
{
	putc_unlocked(c, out);
}

static inline void put_bytes(FILE *out, const char *bytes, size_t n)
{
	if (n)
		fwrite_unlocked(bytes, 1, n, out);
}

static inline void put(FILE *out, const char *text)
{
	put_bytes(out, text, strlen(text));
}

static inline void put_unsigned(FILE *out, u64 n)
{
	char digits[20];
	u32 at = sizeof(digits);

	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	put_bytes(out, digits + at, sizeof(digits) - at);
}

static inline void put_signed(FILE *out, s64 n)
{
	if (n < 0)
		put_char(out, '-');
	put_unsigned(out, n < 0 ? -(u64)n : (u64)n);
}

/* In digits of @bits bits, behind @prefix. */
static inline void put_bits(FILE *out, const char *prefix, u64 n, u32 bits)
{
	char digits[22];
	u32 at = sizeof(digits);

	do
		digits[--at] = "0123456789abcdef"[n & ((1u << bits) - 1)];
	while (n >>= bits);
	put(out, prefix);
	put_bytes(out, digits + at, sizeof(digits) - at);
}

static inline void put_hex(FILE *out, u64 n)
{
	if (n)
		put_bits(out, "0x", n, 4);
	else
		put_char(out, '0');
}

/* As modes are written: three digits at least. */
static inline void put_octal(FILE *out, u64 n)
{
	put_bits(out, n < 010 ? "00" : "0", n, 3);
}

/* A JSON string; @text is UTF-8. */
void json_chars(FILE *out, const char *text, u32 len);
/* Any bytes: a string, {"bytes": base64} if they are no UTF-8, with "cut": true if there is more.
 */
void json_bytes(FILE *out, const char *text, u32 len, bool cut);
void json_text(FILE *out, const char *text);

#endif
