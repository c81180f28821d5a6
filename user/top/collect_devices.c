// SPDX-License-Identifier: GPL-2.0-only
#include "collect_devices.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR      512
#define MAX_DEVICES 256

/* What the kernel says of a disk; sums since it is there. */
struct disk {
	char name[32];
	u64 reads, writes, sectors_read, sectors_written, busy_ms;
	u32 inflight;
};

struct device_table {
	const char *root;
	struct disk last[MAX_DEVICES];
	u32 nlast;
};

int device_table__new(struct device_table **ret, const char *root)
{
	struct device_table *t = calloc(1, sizeof(*t));
	struct frame nothing = {};
	int err;

	if (!t)
		return -ENOMEM;
	t->root = root;
	err = device_table__fill(t, NULL, &nothing);
	frame__free(&nothing);
	*ret = t;
	return err;
}

void device_table__free(struct device_table *t)
{
	free(t);
}

/* Partitions are counted with their disks. */
static bool is_disk(const char *root, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/sys/block/%s", root, name);
	return !access(path, F_OK);
}

/* The fields are those of Documentation/admin-guide/iostats.rst. */
static u32 read_disks(const char *root, struct disk *disks)
{
	char path[256], line[512];
	u32 n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/proc/diskstats", root);
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (n < MAX_DEVICES && fgets(line, sizeof(line), f)) {
		unsigned long long reads, sectors_read, writes, sectors_written, busy;
		struct disk *d = &disks[n];

		if (sscanf(line, "%*u %*u %31s %llu %*u %llu %*u %llu %*u %llu %*u %u %llu",
			   d->name, &reads, &sectors_read, &writes, &sectors_written, &d->inflight,
			   &busy) != 7 ||
		    !is_disk(root, d->name))
			continue;
		d->reads = reads;
		d->sectors_read = sectors_read;
		d->writes = writes;
		d->sectors_written = sectors_written;
		d->busy_ms = busy;
		n++;
	}
	fclose(f);
	return n;
}

static const struct disk *last_of(const struct device_table *t, const struct disk *d)
{
	for (u32 i = 0; i < t->nlast; i++)
		/* One that has counted less is another one with its name. */
		if (!strcmp(t->last[i].name, d->name) && t->last[i].reads <= d->reads &&
		    t->last[i].writes <= d->writes)
			return &t->last[i];
	return NULL;
}

/* The p95 of an operation over all services; 0 if there was none. */
static u64 p95_of(const struct delta *d, const char *device, const char *op)
{
	struct dist sum = {};

	for (u32 i = 0; i < d->nsamples; i++) {
		const struct sample *s = &d->sample[i];

		if (s->dist && s->info.kind == OP_LATENCY && !strcmp(s->info.name, op) &&
		    !strcmp(s->info.device, device))
			dist__add(&sum, s->dist);
	}
	return dist__quantile(&sum, 0.95, UNIT_NS);
}

static u64 longer(u64 a, u64 b)
{
	return a > b ? a : b;
}

static int add_device(const struct disk *now, const struct disk *last, const struct delta *d,
		      struct frame *f)
{
	static const struct disk nothing;
	struct frame_device *out;

	last = last ? last : &nothing;
	if (now->reads == last->reads && now->writes == last->writes &&
	    now->busy_ms == last->busy_ms && !now->inflight)
		return 0;
	out = frame__add_device(f);
	if (!out)
		return -ENOMEM;
	snprintf(out->name, sizeof(out->name), "%s", now->name);
	out->busy = (now->busy_ms - last->busy_ms) * 1000000;
	out->reads = now->reads - last->reads;
	out->writes = now->writes - last->writes;
	out->read_bytes = (now->sectors_read - last->sectors_read) * SECTOR;
	out->written_bytes = (now->sectors_written - last->sectors_written) * SECTOR;
	out->inflight = now->inflight;
	if (!d)
		return 0;
	out->read_p95 = p95_of(d, now->name, "read_device");
	out->write_p95 = p95_of(d, now->name, "write_device");
	out->flush_p95 = p95_of(d, now->name, "flush_total");
	out->queue_p95 =
		longer(p95_of(d, now->name, "read_queue"), p95_of(d, now->name, "write_queue"));
	return 0;
}

int device_table__fill(struct device_table *t, const struct delta *d, struct frame *f)
{
	struct disk *now = calloc(MAX_DEVICES, sizeof(*now));
	int err = now ? 0 : -ENOMEM;
	u32 n = now ? read_disks(t->root, now) : 0;

	for (u32 i = 0; i < n && !err; i++)
		err = add_device(&now[i], last_of(t, &now[i]), d, f);
	if (now)
		memcpy(t->last, now, n * sizeof(*now));
	t->nlast = n;
	free(now);
	return err;
}
