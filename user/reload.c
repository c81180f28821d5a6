// SPDX-License-Identifier: GPL-2.0-only
#include "reload.h"

#include <string.h>

/* What the kernel side was loaded with, what waits on a disk, and who looks. */
const char *reload__refused(const struct options *now, const struct options *next)
{
	const struct {
		const char *name;
		bool changed;
	} fixed[] = {
		{"interval", now->interval != next->interval},
		{"duration", now->duration != next->duration},
		{"probes", memcmp(now->set, next->set, sizeof(now->set))},
		{"slo", memcmp(now->slo, next->slo, sizeof(now->slo))},
		{"max-services", now->max_services != next->max_services},
		{"service (the first rule of its kind)",
		 naming__needs(next->naming) & ~naming__needs(now->naming)},
		{"confine", now->confine != next->confine},
		{"root", !same_value(now->root, next->root)},
		{"btf", !same_value(now->btf, next->btf)},
		{"socket", !same_value(now->socket, next->socket)},
		{"socket-mode", now->socket_mode != next->socket_mode},
		{"socket-group", !same_value(now->socket_group, next->socket_group)},
		{"spool", !same_value(now->spool, next->spool)},
		{"spool-size", now->spool_bytes != next->spool_bytes},
		{"spool-age", now->spool_age != next->spool_age},
		{"repeat", now->repeat != next->repeat},
		{"output-size", now->output_bytes != next->output_bytes},
		{"output-keep", now->output_keep != next->output_keep},
	};

	for (u32 i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		if (fixed[i].changed)
			return fixed[i].name;
	return NULL;
}

bool reload__renames(const struct options *now, const struct options *next)
{
	if (now->nrules != next->nrules)
		return true;
	for (u32 i = 0; i < now->nrules; i++)
		if (strcmp(now->rules[i], next->rules[i]))
			return true;
	return false;
}

#define SWAP(member)                                                                               \
	do {                                                                                       \
		__typeof__(now->member) was = now->member;                                         \
		now->member = next->member;                                                        \
		next->member = was;                                                                \
	} while (0)

void reload__take(struct options *now, struct options *next)
{
	if (reload__renames(now, next)) {
		SWAP(naming);
		SWAP(rules);
		SWAP(nrules);
	}
	for (u32 i = 0; i < MAX_DESTINATIONS; i++)
		SWAP(to[i]);
	SWAP(nto);
	SWAP(graphite_tags);
	SWAP(send_offset);
	SWAP(prometheus_address);
	SWAP(prometheus_port);
	SWAP(prometheus_schema);
	SWAP(prefix);
	SWAP(host);
	SWAP(stats);
	SWAP(max_series);
	SWAP(new_series);
	SWAP(verbose);
}
