/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The socket at which `sonde run` lets viewers see what it measures: frames as text (frame_json.h),
 * one a line, the same for all of them. All that a viewer can say is "process PID\n", of which it
 * is then shown the threads, too; 0 is none. Who says "ctl ...\n" is none: it gets one answer.
 */
#ifndef SONDE_SERVE_H
#define SONDE_SERVE_H

#include <stdbool.h>
#include <stddef.h>

#include "session.h"

#define SERVE_DEFAULT_PATH "/run/sonde/sonde.sock"

struct server;

/* @mode: of the socket. @group: whose it is, NULL for `sonde` if there is one. Returns 0, or -errno
 * with a sentence in @why. */
int server__open(struct server **ret, const char *path, unsigned int mode, const char *group,
		 char *why, size_t why_size);
void server__close(struct server *s);

/* Readable when server__work is wanted, which returns whether a reading for server__show is due: it
 * is time, and somebody watches. */
int server__fd(const struct server *s);
bool server__work(struct server *s, struct session *session, const char *root);

/* To be called now and then: lets in who had to wait for memory or descriptors. */
void server__resume(struct server *s);

/* @d was read for another purpose; it is in the next frame, too. */
void server__add(struct server *s, const struct delta *d);

/* Gives the viewers what came since the last frame, to which @d is the last. One that has not read
 * the frame before is let go. */
void server__show(struct server *s, const struct delta *d);

/* What somebody wants to be done, and who it is. */
struct server_request {
	u32 viewer;
	u32 uid, pid;
	char text[64]; /* what follows "ctl " */
};

/* The next one that waits for server__answer; false: there is none. */
bool server__request(const struct server *s, struct server_request *ret);

/* Gives it @text and lets it go. */
void server__answer(struct server *s, const struct server_request *r, const char *text,
		    size_t size);

/* Viewers now, and let go so far. */
void server__count(const struct server *s, u32 *viewers, u64 *dropped);

#endif
