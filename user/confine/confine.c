// SPDX-License-Identifier: GPL-2.0-only
#include "confine.h"

#include <errno.h>
#include <sys/prctl.h>

int confine__enter(const struct confine_needs *needs, char *kept, size_t size)
{
	confine__drop_capabilities(needs, kept, size);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return confine__filter_calls(needs->priority);
}
