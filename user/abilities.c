// SPDX-License-Identifier: GPL-2.0-only
#include "abilities.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complaint.h"
#include "host.h"
#include "loader.h"

/* Few, since nothing is kept. */
#define SERVICES 16

static void try_sets(struct abilities *a, const struct options *o, char *why, size_t size)
{
	struct loader_opts *opts = calloc(1, sizeof(*opts));
	struct loader *l = NULL;
	int err;

	if (!opts) {
		snprintf(why, size, "out of memory");
		return;
	}
	opts->root = o->root;
	opts->btf = o->btf;
	opts->services = SERVICES;
	for (u32 i = 0; probes[i]; i++)
		opts->set[i] = true;
	err = loader__new(&l, opts, why, size);
	if (!err)
		err = loader__attach(l, why, size);
	for (u32 i = 0; probes[i] && l; i++) {
		const struct loaded *set = loader__set(l, i);

		a->set[i].can = set && set->running;
		if (set)
			snprintf(a->set[i].reason, sizeof(a->set[i].reason), "%s", set->reason);
	}
	if (err && !why[0])
		snprintf(why, size, "%s", strerror(-err));
	loader__free(l);
	free(opts);
}

void abilities__find(struct abilities *ret, const struct options *o)
{
	char why[512] = "";

	memset(ret, 0, sizeof(*ret));
	complaint__listen();
	if (!host__refuses(o->btf, why, sizeof(why)) &&
	    !kernel__open(&ret->kernel, o->btf, why, sizeof(why)))
		try_sets(ret, o, why, sizeof(why));
	for (u32 i = 0; probes[i]; i++) {
		if (!ret->set[i].can && !ret->set[i].reason[0])
			snprintf(ret->set[i].reason, sizeof(ret->set[i].reason), "%s", why);
		ret->can_any |= ret->set[i].can;
	}
}

void abilities__free(struct abilities *a)
{
	kernel__forget_types(&a->kernel);
}

struct ability abilities__op(const struct abilities *a, u32 set, const struct op_doc *d)
{
	struct ability ret = a->set[set];
	char missing[64], *slash;

	if (!ret.can || !kernel__lacks(&a->kernel, d->needs, missing, sizeof(missing)))
		return ret;
	ret.can = false;
	slash = strchr(missing, '/');
	if (slash)
		*slash = 0;
	if (!strcmp(missing, "probe_read"))
		snprintf(
			ret.reason, sizeof(ret.reason),
			"programs may not read the kernel's memory here (lockdown=confidentiality)");
	else
		snprintf(ret.reason, sizeof(ret.reason), "this kernel has no tracepoint %s%s",
			 missing, slash ? " that says enough" : "");
	return ret;
}
