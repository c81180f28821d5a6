/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether this host lets BPF programs be loaded at all. */
#ifndef SONDE_HOST_H
#define SONDE_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* One thing that was looked at. */
struct finding {
	const char *name; /* such as "privileges" */
	bool good;
	char what[256];   /* what is so */
	char remedy[256]; /* what to do if that is not good, or if something fails for it; "" if
			     nothing */
};

#define FINDINGS 6

/* Looks at privileges, type information (@btf: that of --btf, NULL for the kernel's own), lockdown,
 * locked memory, cgroups and processes. @root: where the host's / is. */
void host__look(struct finding ret[FINDINGS], const char *btf, const char *root);

/* What keeps BPF programs from being loaded, with what to do about it, as a sentence in @why; false
 * if nothing is known to. */
bool host__refuses(const char *btf, char *why, size_t size);

/* The initial PID namespace, whose numbers the kernel side tells, has the same inode everywhere
 * (include/linux/proc_ns.h, PROC_PID_INIT_INO). */
#define PID_NS_INITIAL "pid:[4026531836]"

#define HOSTS_PROCESSES                                                                            \
	"start it in the host's (docker run --pid=host), or mount the host's / and name it with --root"

/* Whether the processes of /proc below @root are the host's, not those of a PID namespace; also
 * true where that is not to be found out. */
bool host__has_processes(const char *root);

/* What is behind @err, a failed load's -errno, of which the verifier or libbpf has @said something,
 * and what to do about it, in words; NULL if nothing is known. The text is static. */
const char *host__explain(int err, const char *said);

#endif
