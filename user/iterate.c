// SPDX-License-Identifier: GPL-2.0-only
#include "iterate.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <unistd.h>

#define BUFFER 8192

int iterate(const struct bpf_object *obj, const char *name, size_t record,
	    void (*fn)(void *ctx, const void *data, size_t size), void *ctx)
{
	struct bpf_program *prog = bpf_object__find_program_by_name(obj, name);
	struct bpf_link *link = prog ? bpf_program__attach_iter(prog, NULL) : NULL;
	char buf[BUFFER] __attribute__((aligned(8)));
	size_t room = record ? sizeof(buf) / record * record : sizeof(buf);
	int fd, err = 0;
	ssize_t n;

	if (!link)
		return prog ? -errno : -ENOENT;
	fd = bpf_iter_create(bpf_link__fd(link));
	if (fd < 0)
		err = -errno;
	/* Past a million elements without output it wants to be asked again. */
	while (fd >= 0 &&
	       ((n = read(fd, buf, room)) > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR))))
		if (fn && n > 0)
			fn(ctx, buf, n);
	if (fd >= 0 && n < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return err;
}
