// SPDX-License-Identifier: GPL-2.0-only
#include "host.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cgroups.h"
#include "kernel.h"

#define CAP_SYS_ADMIN_BIT 21
#define CAP_PERFMON_BIT   38
#define CAP_BPF_BIT       39

#define LOCKED_DOWN                                                                                \
	"the kernel is locked down (confidentiality), which refuses programs that read its memory through arbitrary pointers: boot it with lockdown=integrity or none"

/* All, where nothing can be read: the kernel says it then. */
static u64 effective_caps(void)
{
	unsigned long long caps = ~0ULL;
	char line[128];
	FILE *f = fopen("/proc/self/status", "re");

	if (!f)
		return caps;
	while (fgets(line, sizeof(line), f))
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	fclose(f);
	return caps;
}

static void look_at_privileges(struct finding *f)
{
	u64 caps = effective_caps();
	bool admin = caps >> CAP_SYS_ADMIN_BIT & 1;

	f->good = admin || ((caps >> CAP_BPF_BIT & 1) && (caps >> CAP_PERFMON_BIT & 1));
	snprintf(
		f->what, sizeof(f->what), "%s",
		admin ? "CAP_SYS_ADMIN"
		: f->good
			? "CAP_BPF and CAP_PERFMON"
			: "loading BPF programs needs root, or the capabilities CAP_BPF and CAP_PERFMON");
	if (!f->good)
		snprintf(f->remedy, sizeof(f->remedy), "run it with sudo");
}

static void look_at_btf(struct finding *f, const char *btf)
{
	static const char own[] = "/sys/kernel/btf/vmlinux";
	/* Programs are attached by the kernel's own, whatever else describes it. */
	const char *path = btf && !access(own, R_OK) ? btf : own;
	struct utsname uts;

	uname(&uts);
	f->good = !access(path, R_OK);
	if (f->good)
		snprintf(f->what, sizeof(f->what), "kernel %s %s, described by %s", uts.release,
			 uts.machine, path);
	else if (path == btf)
		snprintf(f->what, sizeof(f->what), "--btf %s: %s", btf, strerror(errno));
	else
		snprintf(f->what, sizeof(f->what), "kernel %s has no type information (%s: %s)",
			 uts.release, path, strerror(errno));
	if (!f->good)
		snprintf(f->remedy, sizeof(f->remedy), "%s",
			 path == btf ? "name a file with the kernel's BTF, or leave --btf out"
				     : "boot one built with CONFIG_DEBUG_INFO_BTF");
}

static void look_at_lockdown(struct finding *f)
{
	const char *level = NULL;
	char text[128];

	f->good = true;
	/* All levels, with the one that holds in brackets. */
	if (kernel__read_private("securityfs", "lockdown", text, sizeof(text)) > 0)
		level = strchr(text, '[');
	if (level)
		snprintf(f->what, sizeof(f->what), "%.*s", (int)strcspn(level + 1, "]"), level + 1);
	else
		snprintf(f->what, sizeof(f->what), "not known");
	if (kernel__is_locked_down())
		snprintf(
			f->what + strlen(f->what), sizeof(f->what) - strlen(f->what),
			": services go by command names, what is written back by who submits it, accepts are not seen; lockdown=integrity has none of that");
}

/* Kernels before 5.11 charge maps to this limit; later ones do not care. */
static void look_at_locked_memory(struct finding *f)
{
	struct rlimit limit = {};

	f->good = true;
	getrlimit(RLIMIT_MEMLOCK, &limit);
	if (limit.rlim_cur == RLIM_INFINITY)
		snprintf(f->what, sizeof(f->what), "unlimited");
	else
		snprintf(f->what, sizeof(f->what), "%llu KiB; kernels before 5.11 need more",
			 (unsigned long long)limit.rlim_cur >> 10);
}

static void look_at_cgroups(struct finding *f, const char *root)
{
	char path[512];
	u32 v1;
	int err = cgroups__v1_hierarchy(root, &v1, NULL);

	snprintf(path, sizeof(path), "%s/sys/fs/cgroup/cgroup.controllers", root);
	f->good = !err && (v1 || !access(path, R_OK));
	if (err) {
		snprintf(f->what, sizeof(f->what), "cannot be looked at: %s", strerror(-err));
	} else if (!f->good) {
		snprintf(f->what, sizeof(f->what), "none found");
		snprintf(f->remedy, sizeof(f->remedy),
			 "services go by command names; mount cgroup2 on /sys/fs/cgroup");
	} else if (v1) {
		snprintf(f->what, sizeof(f->what),
			 "v2 where tasks are in one, else v1 hierarchy %u", v1);
	} else {
		snprintf(f->what, sizeof(f->what), "v2");
	}
}

bool host__has_processes(const char *root)
{
	char path[512], link[64];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/proc/1/ns/pid", root);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return true;
	link[n] = 0;
	return !strcmp(link, PID_NS_INITIAL);
}

static void look_at_processes(struct finding *f, const char *root)
{
	f->good = host__has_processes(root);
	snprintf(
		f->what, sizeof(f->what), "%s",
		f->good ? "the host's"
			: "sonde is in a PID namespace of its own: rules exe: and cmdline: match "
			  "nothing, sonde trace finds nobody, sonde top does not say who waits for what");
	if (!f->good)
		snprintf(f->remedy, sizeof(f->remedy), HOSTS_PROCESSES);
}

void host__look(struct finding ret[FINDINGS], const char *btf, const char *root)
{
	static const char *const names[FINDINGS] = {"privileges",    "kernel",  "lockdown",
						    "locked memory", "cgroups", "processes"};

	memset(ret, 0, FINDINGS * sizeof(*ret));
	for (int i = 0; i < FINDINGS; i++)
		ret[i].name = names[i];
	look_at_privileges(&ret[0]);
	look_at_btf(&ret[1], btf);
	look_at_lockdown(&ret[2]);
	look_at_locked_memory(&ret[3]);
	look_at_cgroups(&ret[4], root);
	look_at_processes(&ret[5], root);
}

bool host__refuses(const char *btf, char *why, size_t size)
{
	struct finding f[2] = {};

	look_at_privileges(&f[0]);
	look_at_btf(&f[1], btf);
	for (int i = 0; i < 2; i++) {
		if (f[i].good)
			continue;
		snprintf(why, size, "%s; %s", f[i].what, f[i].remedy);
		return true;
	}
	return false;
}

const char *host__explain(int err, const char *said)
{
	struct rlimit limit = {};

	/* The verifier knows no such helper then, which is EINVAL. */
	if (strstr(said, "bpf_probe_read") && kernel__is_locked_down())
		return LOCKED_DOWN;
	if (err == -EPERM && !getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur != RLIM_INFINITY)
		return "not permitted: it needs more capabilities (run it as root), or on kernels before 5.11 more locked memory (ulimit -l unlimited, LimitMEMLOCK=infinity)";
	return NULL;
}
