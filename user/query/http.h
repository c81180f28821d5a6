/* SPDX-License-Identifier: GPL-2.0-only */
/* One HTTP request, with nothing believed of the answer. */
#ifndef SONDE_QUERY_HTTP_H
#define SONDE_QUERY_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "types.h"

struct http_request {
	const char *url;         /* may hold a user and a password */
	const char *path;        /* added to the URL's own */
	const char *const *name; /* parameters, NULL-terminated, and their values */
	const char *const *value;
	u32 timeout; /* s */
	/* Takes the body as it arrives, only of an answer that is JSON; a negative return ends it.
	 */
	int (*body)(void *ctx, const char *data, size_t size);
	void *ctx;
};

/* The URL without user and password, for messages. */
void http__display(const char *url, char *buf, size_t size);

/* Returns 0, what @body returned, or -EIO with a sentence in @why. */
int http__get(const struct http_request *r, char *why, size_t size);

#endif
