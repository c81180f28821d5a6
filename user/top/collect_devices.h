/* SPDX-License-Identifier: GPL-2.0-only */
/* The disks of this host from one reading to the next. */
#ifndef SONDE_COLLECT_DEVICES_H
#define SONDE_COLLECT_DEVICES_H

#include "frame.h"
#include "snapshot.h"

struct device_table;

int device_table__new(struct device_table **ret, const char *root);
void device_table__free(struct device_table *t);

/* Adds to @f the disks that did something or were asked to, with the latencies of @d. Returns 0 or
 * -ENOMEM. */
int device_table__fill(struct device_table *t, const struct delta *d, struct frame *f);

#endif
