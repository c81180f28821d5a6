// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"
#include "log.h"
#include "source.h"

int source__attach(struct source **ret, const struct options *o)
{
	(void)o;
	*ret = NULL;
	log_error("this build cannot ask a daemon; --replay FILE shows a recording");
	return EXIT_UNABLE;
}
