// SPDX-License-Identifier: GPL-2.0-only
/* Any bytes as JSON, without loss. */
#include "value_put.h"

#include <stdbool.h>

/* How many bytes the character at @text takes; 0: it is no UTF-8. */
static u32 utf8_len(const unsigned char *text, u32 left)
{
	static const u32 smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	u32 n = text[0] < 0x80   ? 1
		: text[0] < 0xc0 ? 0
		: text[0] < 0xe0 ? 2
		: text[0] < 0xf0 ? 3
		: text[0] < 0xf8 ? 4
				 : 0;
	u32 code;

	if (n < 2)
		return n;
	if (n > left)
		return 0;
	code = text[0] & (0x7fu >> n);
	for (u32 i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (text[i] & 0x3fu);
	}
	return code >= smallest[n] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? n : 0;
}

static bool is_utf8(const char *text, u32 len)
{
	for (u32 i = 0, n; i < len; i += n) {
		n = utf8_len((const unsigned char *)text + i, len - i);
		if (!n)
			return false;
	}
	return true;
}

/* Control characters that terminals obey are among U+0080 to U+009F, too: 0xc2 and the byte. */
static bool is_plain(const unsigned char *text, u32 left)
{
	if (text[0] == 0xc2 && left > 1 && text[1] < 0xa0)
		return false;
	return text[0] >= ' ' && text[0] != '"' && text[0] != '\\' && text[0] != 0x7f;
}

static const char hex_digits[] = "0123456789abcdef";

void json_chars(FILE *out, const char *text, u32 len)
{
	u32 plain = 0;

	put_char(out, '"');
	for (u32 i = 0; i < len; i++) {
		const unsigned char *c = (const unsigned char *)text + i;
		u32 n = 1 + (*c == 0xc2);

		if (is_plain(c, len - i))
			continue;
		put_bytes(out, text + plain, i - plain);
		if (*c == '"' || *c == '\\') {
			put_char(out, '\\');
			put_char(out, (char)*c);
		} else {
			put_bytes(out, "\\u00", 4);
			put_char(out, hex_digits[c[n - 1] >> 4]);
			put_char(out, hex_digits[c[n - 1] & 15]);
		}
		i += n - 1;
		plain = i + 1;
	}
	put_bytes(out, text + plain, len - plain);
	put_char(out, '"');
}

static void put_base64(FILE *out, const unsigned char *bytes, u32 len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	put_char(out, '"');
	for (u32 i = 0; i < len; i += 3) {
		u32 left = len - i;
		u32 bits = (u32)bytes[i] << 16 | (left > 1 ? (u32)bytes[i + 1] << 8 : 0) |
			   (left > 2 ? bytes[i + 2] : 0);
		char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63],
				left > 1 ? digits[bits >> 6 & 63] : '=',
				left > 2 ? digits[bits & 63] : '='};

		put_bytes(out, four, sizeof(four));
	}
	put_char(out, '"');
}

void json_bytes(FILE *out, const char *text, u32 len, bool cut)
{
	bool utf8 = is_utf8(text, len);

	if (utf8 && !cut) {
		json_chars(out, text, len);
		return;
	}
	put(out, utf8 ? "{\"string\":" : "{\"bytes\":");
	if (utf8)
		json_chars(out, text, len);
	else
		put_base64(out, (const unsigned char *)text, len);
	put(out, cut ? ",\"cut\":true}" : "}");
}

void json_text(FILE *out, const char *text)
{
	json_bytes(out, text, (u32)strlen(text), false);
}
