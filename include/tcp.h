/* SPDX-License-Identifier: GPL-2.0-only */
/* Probe set tcp: the operations. */
#ifndef SONDE_TCP_H
#define SONDE_TCP_H

#include "shared.h"

enum tcp_op {
	TCP_OP_CONNECT,
	TCP_OP_HANDSHAKE,
	TCP_OP_ACCEPT_WAIT,
	TCP_OP_RTT,
	TCP_OP_LIFETIME,
	TCP_OP_RETRANSMITS,
	TCP_OP_RESETS_SENT,
	TCP_OP_RESETS_RECEIVED,
	TCP_OP_BYTES_IN,
	TCP_OP_BYTES_OUT,
	TCP_OP_ABANDONED,   /* a connect whose socket was closed before it was decided */
	TCP_OP_ERRNO_OTHER, /* a connect that failed with an errno that the socket does not hold */
	TCP_OP_ERRNO = 128, /* + errno */
};

#define TCP_ERRNOS 256

_Static_assert((int)TCP_OP_ERRNO + TCP_ERRNOS <= (int)OP_OTHER, "the last operation is _other");

/* Numbers of the calls that accept a connection; set before load. */
struct accept_calls {
	u32 accept;
	u32 accept4;
};

#endif
