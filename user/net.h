/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cancellable output, and a TCP link that survives its receiver. Every function that may wait takes
 * @cancel_fd, an eventfd that is or becomes readable to end the wait with -ECANCELED. SIGPIPE is
 * blocked in the calling thread. Times are CLOCK_MONOTONIC nanoseconds.
 */
#ifndef SONDE_NET_H
#define SONDE_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NET_NEVER UINT64_MAX

uint64_t net__now_ns(void);

/*
 * Writes all of @data to a socket, pipe, terminal or file, blocking or not. Returns 0 or -errno;
 * part of it may be written then.
 */
int net__write(int fd, const void *data, size_t size, int cancel_fd);

/*
 * One receiver: its address, at most one connection, and when to try again. Whatever fails closes
 * the connection and starts the back-off; the log hears of it once per outage. For one thread.
 */
struct net_link;

/*
 * @host without brackets, @port a number or a service; nothing is resolved yet. @kept_bytes is what
 * the caller holds back at most during an outage, for the message. 0 or -ENOMEM.
 */
int net_link__new(struct net_link **ret, const char *host, const char *port, size_t kept_bytes);
void net_link__free(struct net_link *l);

bool net_link__connected(const struct net_link *l);

/* When there is something to do: to connect, or to check a connection that is still on trial. */
uint64_t net_link__due_ns(const struct net_link *l);

/* Forgets the back-off so far. */
void net_link__hurry(struct net_link *l);

/*
 * Resolves and tries each address for up to 5 s. Returns 0 or -errno. Resolution itself cannot be
 * cancelled and may take as long as the resolver likes; -ECANCELED then comes after it.
 */
int net_link__connect(struct net_link *l, int cancel_fd);

/* Whether the peer is still there; discards what it says. Returns 0 or -errno. */
int net_link__check(struct net_link *l);

int net_link__write(struct net_link *l, const void *data, size_t size, int cancel_fd);

/* Half-closes and waits until the peer, having read everything, closes as well. 0 or -errno. */
int net_link__finish(struct net_link *l, int cancel_fd);

#endif
