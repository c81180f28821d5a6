/* SPDX-License-Identifier: GPL-2.0-only */
/* A delta that tests fill, one sample of each kind for golden files, and the counting of checks. */
#ifndef SONDE_TEST_SAMPLES_H
#define SONDE_TEST_SAMPLES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "sink.h"

enum { SYSCALLS, TCP, BLOCK, SCHED, SETS };
#define SERVICES 140

static char service_names[SERVICES][16];
static const char *service[SERVICES];
static struct delta delta;
static const struct naming_scheme names = {.prefix = "test.prefix", .host = "web1"};

static void begin(void)
{
	static const char *const first[] = {NULL, "_other", "kernel", "sonde", "nginx", "postgres"};

	for (u32 i = 0; i < delta.nsamples; i++)
		free(delta.sample[i].dist);
	free(delta.sample);
	delta = (struct delta){.slot = 1700000010,
			       .interval = 10,
			       .since = 1700000010,
			       .taken = 1700000020,
			       .stats = STATS_BUCKETS | STATS_PERCENTILES,
			       .service = service};
	for (u32 i = 0; i < SERVICES; i++) {
		snprintf(service_names[i], sizeof(service_names[i]), "svc-%u", i);
		service[i] = i < 6 ? first[i] : service_names[i];
	}
}

static struct sample *sample(u32 set, u32 svc, u32 op, const char *name, enum op_kind kind)
{
	struct sample *s;

	delta.sample = realloc(delta.sample, (delta.nsamples + 1) * sizeof(*s));
	s = &delta.sample[delta.nsamples++];
	*s = (struct sample){.set = set, .svc = svc, .op = op, .info.kind = kind};
	snprintf(s->info.name, sizeof(s->info.name), "%s", name);
	return s;
}

static void add(struct sample *s, u64 value, u64 n)
{
	enum unit unit = s->info.kind == OP_SIZE ? UNIT_BYTES : UNIT_NS;

	if (!s->dist)
		s->dist = calloc(1, sizeof(*s->dist));
	s->dist->sum += value * n;
	if (op_kind__is_sum(s->info.kind))
		return;
	s->dist->count += n;
	s->dist->bucket[dist__bucket_of(value, unit)] += n;
	if (value > s->dist->max)
		s->dist->max = value;
}

/* One sample of each kind. */
static inline void fill_golden(void)
{
	struct sample *s;

	begin();
	s = sample(SYSCALLS, 4, 0, "read", OP_LATENCY);
	add(s, 400, 90);
	add(s, 1000001, 9);
	add(s, 3000000000, 1);
	s->dist->errors = 2;
	s->dist->slo_ok = 99;
	s->slo = true;
	s->inflight = 3;
	s->inflight_age = 2500000500;
	s->dist->wait[0] = 1500;
	s->dist->wait[1] = 2500000000;
	s = sample(SCHED, 4, 3, "disk", OP_TIME);
	strcpy(s->info.stat, "ms");
	add(s, 2500001234, 1);
	s = sample(TCP, 4, 0, "connect", OP_LATENCY);
	add(s, 1000000000, 3);
	add(s, 200000000000, 1);
	s->dist->errors = 1;
	sample(SYSCALLS, 4, 7, "poll", OP_LATENCY)->slo = true;
	s = sample(SYSCALLS, SVC_OTHER, OP_OTHER, "_other", OP_LATENCY);
	add(s, 59, 1);
	s = sample(SYSCALLS, 4, OP_ALL, "_all", OP_LATENCY);
	add(s, 1234567, 1);
	s = sample(TCP, 4, 9, "connect", OP_COUNTER);
	strcpy(s->info.stat, "errno.ETIMEDOUT");
	s = sample(TCP, 4, 8, "connect", OP_COUNTER);
	strcpy(s->info.stat, "errno.ECONNREFUSED");
	add(s, 5, 1);
	s = sample(TCP, 4, 10, "retransmit", OP_COUNTER);
	strcpy(s->info.stat, "segments");
	add(s, 9007199254740992, 1);
	s = sample(BLOCK, 5, 0, "read_size", OP_SIZE);
	strcpy(s->info.device, "sda");
	add(s, 4096, 7);
	add(s, 1048576, 1);
	s = sample(BLOCK, 5, 1, "read_total", OP_LATENCY);
	strcpy(s->info.device, "nvme0n1");
	add(s, 81920, 1);
	s = sample(BLOCK, 5, 2, "_all", OP_LATENCY);
	strcpy(s->info.device, "x y");
	sample(BLOCK, 6, 0, "flush_total", OP_LATENCY);
	delta__self(&delta, "events", "syscalls", 123);
	delta__self(&delta, "lost", "unstarted", 4);
	delta__self(&delta, "events", "tcp", 0);
}

static inline char *read_golden(const char *path)
{
	char *data = calloc(1, 1 << 20);
	FILE *f = fopen(path, "r");

	if (!f) {
		perror(path);
		exit(1);
	}
	if (fread(data, 1, (1 << 20) - 1, f) == 0)
		exit(1);
	fclose(f);
	return data;
}

#endif
