// SPDX-License-Identifier: GPL-2.0-only
#include "verdict_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sentence__begin(struct sentence *s, char *buf, const char *name)
{
	char shown[SHOWN_MAX];

	*s = (struct sentence){.text = buf};
	*buf = 0;
	say(s, "%s: ", put_name(shown, name));
}

void say(struct sentence *s, const char *fmt, ...)
{
	size_t room = SENTENCE_MAX + 1 - s->len;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(s->text + s->len, room, fmt, args);
	va_end(args);
	if (n > 0 && (size_t)n < room)
		s->len += n;
	s->text[s->len] = 0;
}

const char *put_name(char buf[SHOWN_MAX], const char *name)
{
	size_t len = strnlen(name, SHOWN_MAX);

	if (len <= NAME_SHOWN) {
		memcpy(buf, name, len);
		buf[len] = 0;
		return buf;
	}
	len = NAME_SHOWN - 2;
	while (len && (name[len] & 0xc0) == 0x80)
		len--;
	memcpy(buf, name, len);
	strcpy(buf + len, "..");
	return buf;
}

const char *put_time(char buf[TIME_MAX], u64 ns)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
	u32 i = 0;

	while (i < 3 && ns / units[i].ns >= 999.5)
		i++;
	snprintf(buf, TIME_MAX, "%.*f %s", i && ns / units[i].ns < 9.95, ns / units[i].ns,
		 units[i].name);
	return buf;
}
