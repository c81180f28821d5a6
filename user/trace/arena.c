// SPDX-License-Identifier: GPL-2.0-only
#include "value.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

#define CHUNK_BYTES (256 << 10)

struct chunk {
	struct chunk *next;
	size_t size, used;
	char data[] __attribute__((aligned(8)));
};

struct arena {
	struct chunk *first; /* stays; what comes after it is freed by a reset */
	struct chunk *current;
};

static struct chunk *chunk__new(size_t size)
{
	struct chunk *c = malloc(sizeof(*c) + size);

	if (c) {
		c->next = NULL;
		c->size = size;
		c->used = 0;
	}
	return c;
}

int arena__new(struct arena **ret)
{
	struct arena *a = malloc(sizeof(*a));

	if (!a)
		return -ENOMEM;
	a->first = a->current = chunk__new(CHUNK_BYTES);
	if (!a->first) {
		free(a);
		return -ENOMEM;
	}
	*ret = a;
	return 0;
}

static void free_after(struct chunk *c)
{
	struct chunk *next = c->next;

	c->next = NULL;
	while (next) {
		c = next;
		next = c->next;
		free(c);
	}
}

void arena__free(struct arena *a)
{
	if (!a)
		return;
	free_after(a->first);
	free(a->first);
	free(a);
}

void arena__reset(struct arena *a)
{
	free_after(a->first);
	a->current = a->first;
	a->current->used = 0;
}

/* Not zeroed. */
static void *take(struct arena *a, size_t size)
{
	struct chunk *c = a->current;
	void *p;

	size = (size + 7) & ~(size_t)7;
	if (size > c->size - c->used) {
		c = chunk__new(size > CHUNK_BYTES ? size : CHUNK_BYTES);
		if (!c) {
			log_error("no memory to decode a system call");
			exit(1);
		}
		a->current->next = c;
		a->current = c;
	}
	p = c->data + c->used;
	c->used += size;
	return p;
}

void *arena__get(struct arena *a, size_t size)
{
	return memset(take(a, size), 0, size);
}

char *arena__print(struct arena *a, const char *format, ...)
{
	char small[256], *text;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(small, sizeof(small), format, ap);
	va_end(ap);
	if (n < 0)
		n = 0, small[0] = 0;
	text = take(a, (size_t)n + 1);
	if ((size_t)n < sizeof(small)) {
		memcpy(text, small, (size_t)n + 1);
		return text;
	}
	va_start(ap, format);
	vsnprintf(text, (size_t)n + 1, format, ap);
	va_end(ap);
	return text;
}
