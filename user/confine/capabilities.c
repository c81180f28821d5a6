// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/bpf.h>
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "confine.h"

#define NCAPABILITIES 64

static void lower(unsigned int cap)
{
	capng_update(CAPNG_DROP, CAPNG_EFFECTIVE, cap);
}

/* Since 5.19 who has a map may use it; before, bpf() looks at the caller first. */
static bool bpf_needs_privilege(void)
{
	char key[8];

	return bpf_map_get_next_key(-1, NULL, key) && errno == EPERM;
}

/* Whether the file @path, or a new one, can be written to, and renamed. */
static bool is_writable(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[4096];

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) + (slash == path) : 1,
		 slash ? path : ".");
	return !faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) &&
	       (!faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) || errno == ENOENT);
}

static bool all_writable(const char *const *path)
{
	for (; path && *path; path++)
		if (!is_writable(*path))
			return false;
	return true;
}

/* What cannot be told otherwise is tried without them. Leaves the effective ones as they are. */
static void try_without(const struct confine_needs *needs, bool *bpf, bool *override)
{
	void *all = capng_save_state();

	lower(CAP_SYS_ADMIN);
	lower(CAP_BPF);
	lower(CAP_DAC_OVERRIDE);
	lower(CAP_DAC_READ_SEARCH);
	capng_apply(CAPNG_SELECT_CAPS);
	*bpf = bpf_needs_privilege();
	*override = !all_writable(needs->writes);
	capng_restore_state(&all);
	capng_apply(CAPNG_SELECT_CAPS);
}

static bool has(unsigned int cap)
{
	return capng_have_capability(CAPNG_EFFECTIVE, cap) > 0;
}

static void find_wanted(const struct confine_needs *needs, bool want[NCAPABILITIES])
{
	bool bpf, override;

	try_without(needs, &bpf, &override);
	/* Which stands for CAP_BPF where that was not given. */
	want[has(CAP_BPF) ? CAP_BPF : CAP_SYS_ADMIN] = bpf;
	want[CAP_SYS_PTRACE] = needs->processes || needs->viewers;
	want[CAP_DAC_READ_SEARCH] = needs->viewers;
	want[CAP_DAC_OVERRIDE] = override;
	want[CAP_SYS_NICE] = needs->priority;
}

void confine__drop_capabilities(const struct confine_needs *needs, char *kept, size_t size)
{
	bool want[NCAPABILITIES] = {}, can_bound;

	snprintf(kept, size, "none");
	capng_get_caps_process();
	find_wanted(needs, want);
	can_bound = has(CAP_SETPCAP);
	for (unsigned int i = 0; i < NCAPABILITIES; i++)
		want[i] = want[i] && has(i);
	capng_clear(CAPNG_SELECT_ALL);
	for (unsigned int i = 0, n = 0; i < NCAPABILITIES; i++) {
		if (!want[i])
			continue;
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET, i);
		n += snprintf(kept + n, n < size ? size - n : 0, "%s%s", n ? "," : "",
			      capng_capability_to_name(i));
	}
	/* The bound is lowered with a capability that goes in the next step. */
	if (can_bound)
		capng_apply(CAPNG_SELECT_BOUNDS);
	capng_apply(CAPNG_SELECT_AMBIENT);
	capng_apply(CAPNG_SELECT_CAPS);
}
