/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cancellable output and connecting. Every function that may wait takes @cancel_fd, an eventfd that
 * is or becomes readable to end the wait with -ECANCELED. SIGPIPE is blocked in the calling thread.
 * Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef SONDE_NET_H
#define SONDE_NET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#define NET_FOREVER (-1)

uint64_t net__now_ns(void);

/* 0 when @fd has one of poll's @events or an error, -ETIMEDOUT, -ECANCELED. */
int net__wait(int fd, short events, int cancel_fd, int timeout_ms);

/*
 * Writes all of @data to a socket, pipe, terminal or file, blocking or not. Returns 0 or -errno,
 * -ETIMEDOUT when nothing of it was taken for @timeout_ms; part of it may be written then.
 */
int net__write(int fd, const void *data, size_t size, int cancel_fd, int timeout_ms);

/* The last address that worked, for when the resolver is gone; starts as {}. */
struct net_address {
	struct sockaddr_storage addr;
	socklen_t len;
};

/*
 * A socket of @type (SOCK_STREAM, SOCK_DGRAM) connected to @host (without brackets) and @port, each
 * address tried for up to 5 s. Returns it or -errno; -EADDRNOTAVAIL with *@gai_err set where the
 * name could not be resolved. Resolution itself cannot be cancelled and may take as long as the
 * resolver likes; -ECANCELED then comes after it.
 */
int net__connect(const char *host, const char *port, int type, struct net_address *good,
		 int *gai_err, int cancel_fd);

#endif
