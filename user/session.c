// SPDX-License-Identifier: GPL-2.0-only
#include "session.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "commands.h"
#include "host.h"
#include "kernel.h"
#include "loader.h"
#include "log.h"
#include "services.h"
#include "store.h"

struct session {
	struct loader *loader;
	struct services *services;
	struct snapshots *snapshots;
	u64 events[MAX_SETS];
	u64 taken; /* snapshots */
	u64 map_bytes;
};

static void report_sets(struct session *s)
{
	for (u32 i = 0; probes[i]; i++) {
		const struct loaded *set = loader__set(s->loader, i);

		if (set && !set->running)
			log_warn("probe set %s cannot run here and is left out: %s",
				 probes[i]->name, set->reason);
	}
}

static int open_loader(struct session *s, const struct loader_opts *opts)
{
	char why[512] = "";
	int err = loader__new(&s->loader, opts, why, sizeof(why));

	if (!err) {
		services__set_map(s->services, loader__idents_fd(s->loader));
		err = snapshots__new(&s->snapshots, s->loader, s->services, opts);
	}
	if (!err)
		err = loader__attach(s->loader, why, sizeof(why));
	if (s->loader)
		report_sets(s);
	if (err) {
		log_error("%s; `sonde probes` says what this kernel can run",
			  why[0] ? why : strerror(-err));
		return err == -ENOMEM ? EXIT_FAILED : EXIT_UNABLE;
	}
	return 0;
}

int session__open(struct session **ret, const struct options *o, const bool *set)
{
	struct session *s = calloc(1, sizeof(*s));
	struct loader_opts *opts = calloc(1, sizeof(*opts));
	int status = EXIT_FAILED;
	char why[512];

	if (!s || !opts || services__new(&s->services, o->naming, o->root, o->max_services)) {
		log_error("out of memory");
		goto out;
	}
	opts->root = o->root;
	opts->btf = o->btf;
	opts->needs = naming__needs(o->naming);
	opts->services = services__limit(s->services);
	memcpy(opts->set, set ? set : o->set, sizeof(opts->set));
	memcpy(opts->slo, o->slo, sizeof(opts->slo));
	if (opts->needs & NAMING_BY_PROCESS && !host__has_processes(o->root))
		log_warn(
			"rules exe: and cmdline: match nothing: sonde is in a PID namespace of its own; " HOSTS_PROCESSES);
	if (host__refuses(o->btf, why, sizeof(why))) {
		log_error("%s", why);
		status = o->btf && access(o->btf, R_OK) ? EXIT_USAGE : EXIT_UNABLE;
	} else {
		status = open_loader(s, opts);
	}
out:
	free(opts);
	if (status) {
		session__close(s);
		return status;
	}
	/* Loading took several times the memory that the rest needs. */
	malloc_trim(0);
	*ret = s;
	return 0;
}

int session__fd(const struct session *s)
{
	return snapshots__news_fd(s->snapshots);
}

void session__answer(struct session *s)
{
	kernel__begin_maps(loader__kernel(s->loader));
	snapshots__answer(s->snapshots);
	kernel__end_maps(loader__kernel(s->loader));
}

static u64 resident_bytes(void)
{
	unsigned long long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");

	if (!f)
		return 0;
	if (fscanf(f, "%*u %llu", &pages) != 1)
		pages = 0;
	fclose(f);
	return pages * sysconf(_SC_PAGESIZE);
}

static void self_process(struct session *s, struct delta *d)
{
	struct rusage ru;

	getrusage(RUSAGE_SELF, &ru);
	delta__self(d, "process", "cpu_us",
		    (ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000ULL + ru.ru_utime.tv_usec +
			    ru.ru_stime.tv_usec);
	delta__self_gauge(d, "process", "rss_bytes", resident_bytes());
	/* A file to read for each of some forty maps, for a figure that hardly changes. */
	if (s->taken++ % 30 == 0)
		s->map_bytes = loader__map_bytes(s->loader);
	delta__self_gauge(d, "maps", "bytes", s->map_bytes);
	delta__self(d, "services", "folded", services__folded(s->services));
}

static void self_losses(struct session *s, struct delta *d)
{
	static const char *const cause[LOSS_MAX] = {
		[LOSS_UNSTARTED] = "unstarted",   [LOSS_STORAGE] = "storage",
		[LOSS_EARLY_FULL] = "early_full", [LOSS_ANNOUNCE] = "announce",
		[LOSS_TABLE_FULL] = "table_full", [LOSS_COMPLETION] = "completion",
	};
	struct losses losses;
	u64 recursion;

	loader__losses(s->loader, &losses, &recursion);
	for (u32 i = 0; probes[i]; i++) {
		struct loaded *set = loader__set(s->loader, i);

		if (set && loaded__counts(set) && set->probe->lost)
			losses.n[LOSS_COMPLETION] += set->probe->lost(&set->env);
	}
	for (u32 i = 0; i < LOSS_MAX; i++)
		delta__self(d, "lost", cause[i], losses.n[i]);
	delta__self(d, "lost", "recursion", recursion);
	delta__self(d, "lost", "memory", snapshots__lost(s->snapshots));
}

static void self_sets(struct session *s, struct delta *d)
{
	for (u32 i = 0; i < d->nsamples; i++)
		if (d->sample[i].dist && d->sample[i].op != OP_ALL)
			s->events[d->sample[i].set] += d->sample[i].dist->count;
	for (u32 i = 0; probes[i]; i++) {
		struct loaded *set = loader__set(s->loader, i);
		u32 used, total, folded;

		if (!set)
			continue;
		delta__self_gauge(d, probes[i]->name, "running", loaded__counts(set));
		if (!loaded__counts(set))
			continue;
		store__fill(set->store, &used, &total, &folded);
		delta__self(d, probes[i]->name, "events", s->events[i]);
		delta__self_gauge(d, probes[i]->name, "histograms_used", used);
		delta__self_gauge(d, probes[i]->name, "histograms_total", total);
		delta__self(d, probes[i]->name, "histograms_folded", folded);
	}
}

int session__take(struct session *s, bool partial, struct delta **ret)
{
	int err;

	kernel__begin_maps(loader__kernel(s->loader));
	err = snapshots__take(s->snapshots, partial, ret);
	if (!err) {
		self_sets(s, *ret);
		self_losses(s, *ret);
	}
	kernel__end_maps(loader__kernel(s->loader));
	if (!err)
		self_process(s, *ret);
	return err;
}

int session__threads(struct session *s, thread_fn fn, void *ctx)
{
	for (u32 i = 0; probes[i]; i++) {
		struct loaded *set = loader__set(s->loader, i);

		if (set && loaded__counts(set) && probes[i]->threads)
			return probes[i]->threads(&set->env, fn, ctx);
	}
	return 0;
}

int session__switch(struct session *s, u32 set, bool on, char *why, size_t size)
{
	return on ? loader__enable(s->loader, set, why, size)
		  : loader__disable(s->loader, set, why, size);
}

const struct loaded *session__set(const struct session *s, u32 set)
{
	return loader__set(s->loader, set);
}

bool session__raises_priority(const struct session *s)
{
	return kernel__raises_priority(loader__kernel(s->loader));
}

void session__detail(struct session *s, bool on)
{
	loader__detail(s->loader, on);
}

int session__peers_fd(const struct session *s)
{
	return loader__peers_fd(s->loader);
}

void session__rename(struct session *s, struct naming *naming)
{
	services__rename(s->services, naming);
	loader__next_generation(s->loader);
}

void session__detach(struct session *s)
{
	loader__detach(s->loader);
}

void session__close(struct session *s)
{
	if (!s)
		return;
	snapshots__free(s->snapshots);
	loader__free(s->loader);
	services__free(s->services);
	free(s);
}
