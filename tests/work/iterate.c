/* SPDX-License-Identifier: GPL-2.0-only */
/* iterate NAME N: reads the newest BPF iterator whose name begins with NAME to its end, N times. */
#include "work.h"

#include <linux/bpf.h>
#include <stdbool.h>
#include <sys/syscall.h>

static int bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

static bool has_name(int fd, const char *name)
{
	struct bpf_prog_info info = {};
	union bpf_attr attr = {
		.info = {.bpf_fd = fd, .info_len = sizeof(info), .info = (uintptr_t)&info}};

	if (bpf(BPF_OBJ_GET_INFO_BY_FD, &attr))
		err(3, "BPF_OBJ_GET_INFO_BY_FD");
	return !strncmp(info.name, name, strlen(name));
}

static int newest(const char *name)
{
	union bpf_attr next = {};
	int found = -1;

	while (!bpf(BPF_PROG_GET_NEXT_ID, &next)) {
		union bpf_attr one = {.prog_id = next.next_id};
		int fd = bpf(BPF_PROG_GET_FD_BY_ID, &one);

		next.start_id = next.next_id;
		/* It may have gone. */
		if (fd < 0)
			continue;
		if (has_name(fd, name)) {
			if (found >= 0)
				close(found);
			found = fd;
		} else {
			close(fd);
		}
	}
	if (found < 0)
		errx(3, "no program is called %s", name);
	return found;
}

int main(int argc, char **argv)
{
	union bpf_attr create = {}, iter = {};
	uint64_t n;
	int link;

	if (argc != 3)
		exit(2);
	create.link_create.prog_fd = newest(argv[1]);
	create.link_create.attach_type = BPF_TRACE_ITER;
	link = bpf(BPF_LINK_CREATE, &create);
	if (link < 0)
		err(3, "BPF_LINK_CREATE");
	iter.iter_create.link_fd = link;
	n = number(argv[2]);
	for (uint64_t i = 0; i < n; i++) {
		int fd = bpf(BPF_ITER_CREATE, &iter);
		char buf[4096];
		ssize_t len;

		if (fd < 0)
			err(3, "BPF_ITER_CREATE");
		while ((len = read(fd, buf, sizeof(buf))) > 0)
			;
		if (len)
			err(3, "reading %s", argv[1]);
		close(fd);
	}
	return 0;
}
