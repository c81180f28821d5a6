/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>
#include <stdio.h>

#include "naming_text.h"

#define SEPARATORS "-_.:@"
#define MARK_LEN   7
#define UUID_LEN   36

#define FNV_BASIS 2166136261u
#define FNV_PRIME 16777619u

static uint32_t fnv1a(uint32_t hash, const char *s)
{
	for (; *s; s++)
		hash = (hash ^ (unsigned char)*s) * FNV_PRIME;
	return hash;
}

uint32_t text__hash(const char *s)
{
	return fnv1a(FNV_BASIS, s);
}

void text__mark(char *s, size_t size, uint32_t hash)
{
	size_t len = strlen(s);

	if (size < MARK_LEN + 2)
		return;
	if (len > size - 1 - MARK_LEN)
		len = size - 1 - MARK_LEN;
	/* Folded, as FNV wants it when fewer bits are used than it has. */
	snprintf(s + len, size - len, "-%06x", (hash >> 24) ^ (hash & 0xffffff));
}

void text__init(struct text *t, char *buf, size_t size)
{
	*t = (struct text){.buf = buf, .size = size, .hash = FNV_BASIS};
	buf[0] = '\0';
}

void text__add(struct text *t, const char *s)
{
	size_t n = strlen(s), room = t->size - 1 - t->len;

	t->hash = fnv1a(t->hash, s);
	if (n > room) {
		n = room;
		t->cut = true;
	}
	memcpy(t->buf + t->len, s, n);
	t->len += n;
	t->buf[t->len] = '\0';
}

void text__end(struct text *t)
{
	if (t->cut)
		text__mark(t->buf, t->size, t->hash);
}

bool path__next(const char **path, char comp[NAME_MAX + 1])
{
	do {
		size_t n, len;

		*path += strspn(*path, "/");
		n = strcspn(*path, "/");
		if (!n)
			return false;
		len = n > NAME_MAX ? NAME_MAX : n;
		memcpy(comp, *path, len);
		comp[len] = '\0';
		*path += n;
	} while (!strcmp(comp, ".") || !strcmp(comp, ".."));
	/* The kernel's remark on a cgroup that was removed under its last process. */
	if (!**path)
		cut_suffix(comp, " (deleted)");
	return true;
}

bool cut_suffix(char *s, const char *suffix)
{
	size_t len = strlen(s), n = strlen(suffix);

	if (len <= n || strcmp(s + len - n, suffix))
		return false;
	s[len - n] = '\0';
	return true;
}

bool all_of(const char *s, const char *set)
{
	return *s && !s[strspn(s, set)];
}

bool is_uuid(const char *s)
{
	int i;

	for (i = 0; i < UUID_LEN; i++) {
		bool joint = i == 8 || i == 13 || i == 18 || i == 23;

		if (!s[i] || !strchr(joint ? "-_" : HEX_DIGITS "ABCDEF", s[i]))
			return false;
	}
	return true;
}

bool is_task_id(const char *s, size_t len)
{
	return len == 25 && strspn(s, DIGITS "abcdefghijklmnopqrstuvwxyz") >= len &&
	       strcspn(s, DIGITS) < len;
}

/* The next part of a name, up to a separator: @word bytes to keep, then @id bytes to drop. */
static void split(const char *s, size_t *word, size_t *id)
{
	size_t n = strcspn(s, SEPARATORS);
	const char *uuid = n >= 8 ? s + n - 8 : "";

	*word = n;
	*id = 0;
	if (is_uuid(uuid) && (!uuid[UUID_LEN] || strchr(SEPARATORS, uuid[UUID_LEN]))) {
		/* A word may be glued to it, as in pod<uuid>. */
		*word = n - 8;
		*id = UUID_LEN;
	} else if (is_task_id(s, n) ||
		   (n >= 8 && strspn(s, HEX_DIGITS "ABCDEF") == n && strcspn(s, DIGITS) < n)) {
		*word = 0;
		*id = n;
	}
}

static void strip_numbers(char *s)
{
	size_t len = strlen(s);

	while (len) {
		size_t n = len;

		while (n && strchr(DIGITS, s[n - 1]))
			n--;
		if (n == len || (n && !strchr(SEPARATORS, s[n - 1])))
			break;
		len = n ? n - 1 : 0;
	}
	s[len] = '\0';
}

void ids__strip(char *s, bool numbers)
{
	char *in = s, *out = s, separator = '\0';
	bool kept = false;

	for (;;) {
		size_t word, id;

		split(in, &word, &id);
		if (word || !id) {
			if (kept)
				*out++ = separator;
			memmove(out, in, word);
			out += word;
			kept = true;
		}
		in += word + id;
		if (!*in)
			break;
		separator = *in++;
	}
	*out = '\0';
	if (numbers)
		strip_numbers(s);
}
