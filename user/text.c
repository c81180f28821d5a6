// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

char *text__room(struct text *t, size_t size)
{
	size_t capacity = t->capacity ? t->capacity : 4096;
	char *data;

	if (t->err)
		return NULL;
	if (t->data && size <= t->capacity - t->size)
		return t->data + t->size;
	while (capacity - t->size < size)
		capacity *= 2;
	data = realloc(t->data, capacity);
	if (!data) {
		t->err = -ENOMEM;
		return NULL;
	}
	t->data = data;
	t->capacity = capacity;
	return data + t->size;
}

void text__put(struct text *t, const void *data, size_t size)
{
	char *at = text__room(t, size);

	if (!at)
		return;
	memcpy(at, data, size);
	t->size += size;
}

void text__printf(struct text *t, const char *fmt, ...)
{
	va_list args;
	char *at;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	at = n < 0 ? NULL : text__room(t, n + 1);
	if (!at)
		return;
	va_start(args, fmt);
	vsnprintf(at, n + 1, fmt, args);
	va_end(args);
	t->size += n;
}

void text__drop(struct text *t, size_t size)
{
	t->size -= size;
	if (size && t->size)
		memmove(t->data, t->data + size, t->size);
}

void text__clear(struct text *t)
{
	t->size = 0;
	t->err = 0;
}

void text__free(struct text *t)
{
	free(t->data);
	*t = (struct text){};
}

static char *write_whole(char *at, u64 value)
{
	char digits[NUMBER_MAX], *p = digits + sizeof(digits);
	size_t n;

	do {
		*--p = '0' + value % 10;
		value /= 10;
	} while (value);
	n = digits + sizeof(digits) - p;
	memcpy(at, p, n);
	return at + n;
}

char *number__write(char *at, u64 value, enum scale scale)
{
	static const u64 one[] = {1, 1000, 1000000, 1000000000};
	u64 rest = value % one[scale];

	at = write_whole(at, value / one[scale]);
	if (!rest)
		return at;
	*at++ = '.';
	for (u64 unit = one[scale] / 10; rest; rest %= unit, unit /= 10)
		*at++ = '0' + rest / unit;
	return at;
}
