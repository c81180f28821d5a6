/* SPDX-License-Identifier: GPL-2.0-only */
/* What may be said to the daemon: by a viewer "process PID", a line each; by sonde ctl "ctl ...",
 * once. Pure. */
#ifndef SONDE_TOP_REQUEST_H
#define SONDE_TOP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "types.h"

#define REQUEST_MAX 64

struct request {
	char text[REQUEST_MAX]; /* of a line whose end has not come yet */
	size_t said;
	bool asks; /* no viewer: @text is what sonde ctl asks for, and nothing may follow */
};

/* Where the next bytes go, and how many there is room for; never none after request__take was
 * content. */
char *request__room(struct request *r, size_t *room);

/* @n more bytes are there. *@pid is the last process that was asked for, or left alone. Returns
 * false if that is no request, or too long for one. */
bool request__take(struct request *r, size_t n, u32 *pid);

#endif
