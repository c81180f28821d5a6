// SPDX-License-Identifier: GPL-2.0-only
/* sonde check: what this host lets sonde do, before it is relied on. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "abilities.h"
#include "commands.h"
#include "host.h"
#include "log.h"
#include "options.h"
#include "probe.h"

/* How the kernel differs from what costs least, in words; NULL at the end. */
struct difference {
	const char *name, *what;
};

static u32 differences(const struct kernel *k, struct difference ret[4])
{
	u32 n = 0;

	if (!k->btf)
		return 0;
	if (!k->compat.storage)
		ret[n++] = (struct difference){
			"storage",
			"nothing can be kept with tasks and sockets (before 5.11): up to 32,768 threads and 65,536 sockets, what is beyond is counted under lost.storage"};
	if (!k->compat.tail_calls)
		ret[n++] = (struct difference){
			"tail_calls",
			"accept is measured by a second program on each call's end (arm64 before 6.0)"};
	if (k->compat.preemptible)
		ret[n++] = (struct difference){
			"preemptible",
			k->compat.events
				? "programs on tracepoints can be interrupted (since 7.0): syscalls runs on perf's events instead; tcp and block can lose events on CPUs where tasks compete, which are counted under lost.recursion"
				: "programs on tracepoints can be interrupted (since 7.0), and perf's events are out of reach (tracefs): events can be lost on CPUs where tasks compete, and are counted under lost.recursion"};
	if (!k->compat.io_start)
		ret[n++] = (struct difference){
			"io_start",
			"block requests begin where they are allocated, and flushes are not seen (before 6.5)"};
	return n;
}

static void print_text(const struct abilities *a, const struct finding *findings,
		       const json_t *config, const char *file)
{
	struct difference diff[4];
	u32 n = differences(&a->kernel, diff);
	json_t *error;
	size_t at;

	if (config && !json_array_size(config))
		printf("ok   %-14s %s\n", "configuration", file);
	json_array_foreach(config, at, error)
		printf("BAD  %-14s %s\n", "configuration", json_string_value(error));
	for (int i = 0; i < FINDINGS; i++) {
		printf("%-4s %-14s %s\n", findings[i].good ? "ok" : "BAD", findings[i].name,
		       findings[i].what);
		if (!findings[i].good && findings[i].remedy[0])
			printf("     %-14s remedy: %s\n", "", findings[i].remedy);
	}
	for (u32 i = 0; i < n; i++)
		printf("note %-14s %s\n", diff[i].name, diff[i].what);
	for (u32 i = 0; probes[i]; i++) {
		printf("%-4s %-14s %s\n", a->set[i].can ? "ok" : "BAD", probes[i]->name,
		       a->set[i].can ? "loaded and attached" : a->set[i].reason);
		for (const struct op_doc *d = probes[i]->docs; d->op && a->set[i].can; d++) {
			struct ability op = abilities__op(a, i, d);

			if (!op.can)
				printf("note %-14s not here: %s: %s\n", probes[i]->name, d->op,
				       op.reason);
		}
	}
}

static json_t *set_json(const struct abilities *a, u32 set)
{
	json_t *missing = json_object();
	int err = 0;

	for (const struct op_doc *d = probes[set]->docs; d->op && !err; d++) {
		struct ability op = abilities__op(a, set, d);

		if (!op.can)
			err = json_object_set_new(missing, d->op, json_string(op.reason));
	}
	if (err) {
		json_decref(missing);
		return NULL;
	}
	return json_pack("{s:b, s:s, s:o}", "ok", a->set[set].can, "reason", a->set[set].reason,
			 "missing", missing);
}

/* Returns 0, or not: there was no memory for all of it. */
static int print_json(const struct abilities *a, const struct finding *findings, json_t *config)
{
	json_t *host = json_object(), *sets = json_object(), *notes = json_object(), *all;
	struct difference diff[4];
	u32 n = differences(&a->kernel, diff);
	int err = 0;

	for (int i = 0; i < FINDINGS; i++)
		err |= json_object_set_new(host, findings[i].name,
					   json_pack("{s:b, s:s, s:s}", "ok", findings[i].good,
						     "what", findings[i].what, "remedy",
						     findings[i].remedy));
	for (u32 i = 0; i < n; i++)
		err |= json_object_set_new(notes, diff[i].name, json_string(diff[i].what));
	for (u32 i = 0; probes[i]; i++)
		err |= json_object_set_new(sets, probes[i]->name, set_json(a, i));
	all = json_pack("{s:o, s:o, s:o}", "host", host, "notes", notes, "sets", sets);
	if (config)
		err |= json_object_set(all, "config_errors", config);
	if (all && !err)
		err = json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(all);
	return all ? err : -1;
}

struct config_errors {
	json_t *list;
	bool no_memory; /* for one of them */
};

static bool keep_error(void *data, const char *text)
{
	struct config_errors *errors = data;

	if (json_array_append_new(errors->list, json_string(text)))
		errors->no_memory = true;
	return true;
}

/* What is wrong in the configuration; NULL: none was named. Sets @status if anything is. Returns
 * -ENOMEM, which has been said, if that could not be found out. */
static int check_config(const struct options *o, json_t **ret, int *status)
{
	struct config_errors errors = {};
	int err = -ENOMEM;

	*ret = NULL;
	if (!o->config)
		return 0;
	errors.list = *ret = json_array();
	if (errors.list)
		err = options__check_file(o->config, keep_error, &errors);
	if (err == -ENOMEM || errors.no_memory) {
		log_error("out of memory");
		return -ENOMEM;
	}
	*status = err ? EXIT_USAGE : EXIT_DONE;
	return 0;
}

int cmd_check(const struct options *o)
{
	int status = EXIT_DONE;
	json_t *config;
	struct finding findings[FINDINGS];
	struct abilities a;

	if (check_config(o, &config, &status)) {
		json_decref(config);
		return EXIT_FAILED;
	}
	host__look(findings, o->btf, o->root);
	abilities__find(&a, o);
	if (!o->json) {
		print_text(&a, findings, config, o->config);
	} else if (print_json(&a, findings, config)) {
		log_error("%s", ferror(stdout) ? "standard output takes no more" : "out of memory");
		status = EXIT_FAILED;
	}
	for (u32 i = 0; probes[i]; i++)
		if (!status && !a.set[i].can)
			status = a.can_any ? EXIT_FAILED : EXIT_UNABLE;
	abilities__free(&a);
	json_decref(config);
	return status;
}
