// SPDX-License-Identifier: GPL-2.0-only
#include "outage.h"

#include <ctype.h>
#include <sys/random.h>

#include "log.h"
#include "net.h"

#define SEC_NS         UINT64_C(1000000000)
#define BACKOFF_MIN_NS (SEC_NS / 2)
#define BACKOFF_MAX_NS (30 * SEC_NS)

void outage__fail(struct outage *o, const char *what, const char *why)
{
	uint64_t now = net__now_ns();
	uint32_t random = 0;

	if (!o->down_ns) {
		o->down_ns = now;
		log_warn("%s: %s%c%s; slots %s, retrying", o->name, what,
			 tolower((unsigned char)why[0]), why + 1, o->kept);
	}
	if (!o->backoff_ns)
		o->backoff_ns = BACKOFF_MIN_NS;
	/* 75 to 125 %, so that hosts that lost the same receiver do not come back together. */
	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		random = (uint32_t)now;
	o->retry_ns = now + o->backoff_ns / 100 * (75 + random % 51);
	o->backoff_ns = o->backoff_ns * 2 < BACKOFF_MAX_NS ? o->backoff_ns * 2 : BACKOFF_MAX_NS;
}

void outage__end(struct outage *o)
{
	if (o->down_ns)
		log_info("%s: %s after %.0f s", o->name, o->back,
			 (double)(net__now_ns() - o->down_ns) / SEC_NS);
	o->down_ns = 0;
	outage__hurry(o);
}

void outage__hurry(struct outage *o)
{
	o->retry_ns = 0;
	o->backoff_ns = 0;
}
