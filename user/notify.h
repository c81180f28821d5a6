/* SPDX-License-Identifier: GPL-2.0-only */
/* What systemd is told of a service of Type=notify, see sd_notify(3) for the protocol. */
#ifndef SONDE_NOTIFY_H
#define SONDE_NOTIFY_H

#include "types.h"

/* A socket to the service manager; -1 if there is none, which notify__say() takes. */
int notify__open(void);

/* @state: such as "READY=1", or several with newlines between them. What cannot be told is not. */
void notify__say(int fd, const char *state);

/* ns within which the manager wants to hear WATCHDOG=1 of this process, 0: it does not. */
u64 notify__watchdog(void);

#endif
