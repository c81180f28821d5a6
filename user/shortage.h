/* SPDX-License-Identifier: GPL-2.0-only */
/* Errors that say nothing of what was asked for: it may be tried again as it is. */
#ifndef SONDE_SHORTAGE_H
#define SONDE_SHORTAGE_H

#include <errno.h>
#include <stdbool.h>

/* Whether @err, an -errno, says that memory or descriptors have run out, or that somebody came
 * between. */
static inline bool is_shortage(int err)
{
	return err == -ENOMEM || err == -EMFILE || err == -ENFILE || err == -EINTR ||
	       err == -EAGAIN;
}

#endif
