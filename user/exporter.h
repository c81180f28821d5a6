/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A port where Prometheus scrapes the totals of the last slot. It has a thread of its own, in which
 * also the formatting is done, once per slot and format however many scrapers there are; whoever
 * hands over a slot waits for none of it.
 */
#ifndef SONDE_EXPORTER_H
#define SONDE_EXPORTER_H

#include "snapshot.h"

struct exporter;

struct exporter_opts {
	const char *address; /* IPv4, or IPv6 without brackets */
	u16 port;
	const char *prefix;
	u32 schema; /* of text: see exposition__format */
};

/* Listens. Returns 0 or -errno: what kept it from that. */
int exporter__new(struct exporter **ret, const struct exporter_opts *opts);

/* Begins to answer, in a thread of its own, if that was not done yet. Returns 0 or -ENOMEM. */
int exporter__start(struct exporter *x);
void exporter__free(struct exporter *x);

/* What is scraped from now on: a copy of @totals. Returns 0 or -ENOMEM. */
int exporter__put(struct exporter *x, const struct delta *totals);

/* Scrapes answered so far. */
u64 exporter__scrapes(const struct exporter *x);

#endif
