// SPDX-License-Identifier: GPL-2.0-only
#include "request.h"

#include <stdio.h>
#include <string.h>

char *request__room(struct request *r, size_t *room)
{
	*room = sizeof(r->text) - 1 - r->said;
	return r->text + r->said;
}

bool request__take(struct request *r, size_t n, u32 *pid)
{
	char *end;

	r->said += n;
	r->text[r->said] = 0;
	while (!r->asks && (end = strchr(r->text, '\n'))) {
		if (!strncmp(r->text, "ctl ", 4)) {
			*end = 0;
			r->asks = true;
			return true;
		}
		if (sscanf(r->text, "process %u\n", pid) != 1)
			return false;
		r->said -= end + 1 - r->text;
		memmove(r->text, end + 1, r->said + 1);
	}
	return r->said < sizeof(r->text) - 1;
}
