// SPDX-License-Identifier: GPL-2.0-only
#include "screen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "sink.h"

int screen__resize(struct screen *s, u32 width, u32 height)
{
	struct glyph *bigger;

	width = width ? width : 1;
	height = height ? height : 1;
	bigger = realloc(s->glyph, (size_t)width * height * sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	s->glyph = bigger;
	s->width = width;
	s->height = height;
	return 0;
}

void screen__free(struct screen *s)
{
	free(s->glyph);
	memset(s, 0, sizeof(*s));
}

/* --- text */

/* A code point of UTF-8 and its length; 0 where there is none that is valid. */
static u32 decode(const char *text, u32 *c)
{
	static const u32 least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *at = (const unsigned char *)text;
	u32 n = *at < 0x80 ? 1 : *at >> 5 == 6 ? 2 : *at >> 4 == 14 ? 3 : *at >> 3 == 30 ? 4 : 0;

	if (!n)
		return 0;
	*c = n == 1 ? *at : *at & (0xff >> (n + 1));
	for (u32 i = 1; i < n; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (at[i] & 0x3f);
	}
	return *c >= least[n] && *c <= 0x10ffff && (*c < 0xd800 || *c > 0xdfff) ? n : 0;
}

static u32 encode(u32 c, char to[4])
{
	u32 n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1) {
		to[0] = c;
		return 1;
	}
	for (u32 i = n; --i; c >>= 6)
		to[i] = 0x80 | (c & 0x3f);
	to[0] = (0xf00 >> n) | c;
	return n;
}

/* Of one character of @text: what is shown for it, as @n glyphs. Returns its bytes. */
static u32 next_glyphs(const struct screen *s, const char *text, u32 glyph[4], u32 *n)
{
	static const unsigned char hex[] = "0123456789abcdef";
	u32 c = 0, len = decode(text, &c);
	int width = len ? wcwidth(c) : -1;

	*n = 1;
	if (len && c >= ' ' && c < 0x7f) {
		glyph[0] = c;
		return 1;
	}
	if (!len || c < ' ' || (c >= 0x7f && c < 0xa0)) {
		glyph[0] = '\\';
		glyph[1] = 'x';
		glyph[2] = hex[(*text >> 4) & 15];
		glyph[3] = hex[*text & 15];
		*n = 4;
		return 1;
	}
	if (!s->utf8 || width < 1) {
		glyph[0] = '?';
		return len;
	}
	glyph[0] = c;
	if (width == 2)
		glyph[(*n)++] = 0;
	return len;
}

static struct glyph *at(const struct screen *s, u32 x, u32 y)
{
	return &s->glyph[(size_t)y * s->width + x];
}

u32 screen__put(struct screen *s, u32 x, u32 y, u32 width, u8 style, const char *text)
{
	u32 taken = 0;

	if (y >= s->height || x >= s->width)
		return 0;
	if (width > s->width - x)
		width = s->width - x;
	while (*text) {
		u32 glyph[4], n;

		text += next_glyphs(s, text, glyph, &n);
		if (taken + n > width)
			break;
		for (u32 i = 0; i < n; i++)
			*at(s, x + taken++, y) = (struct glyph){.c = glyph[i], .style = style};
	}
	return taken;
}

void screen__fill(struct screen *s, u32 x, u32 y, u32 width, u8 style, u32 c)
{
	if (y >= s->height)
		return;
	for (; width-- && x < s->width; x++)
		*at(s, x, y) = (struct glyph){.c = c, .style = style};
}

void screen__mark(struct screen *s, u32 y)
{
	for (u32 x = 0; x < s->width && y < s->height; x++)
		at(s, x, y)->style |= STYLE_SELECTED;
}

void screen__text(const struct screen *s, u32 y, struct text *out)
{
	u32 width = s->width;
	char bytes[4];

	while (width && at(s, width - 1, y)->c == ' ')
		width--;
	for (u32 x = 0; x < width; x++)
		if (at(s, x, y)->c)
			text__put(out, bytes, encode(at(s, x, y)->c, bytes));
	text__put(out, "\n", 1);
}
