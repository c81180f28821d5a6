// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net.h"
#include "target.h"

struct fd_target {
	struct target t;
	char *header; /* NULL: was written */
};

static int deliver(struct target *t, const void *data, size_t size, int cancel_fd)
{
	struct fd_target *f = (struct fd_target *)t;
	int err = 0;

	if (f->header)
		err = net__write(t->fd, f->header, strlen(f->header), cancel_fd, NET_FOREVER);
	free(f->header);
	f->header = NULL;
	return err ? err : net__write(t->fd, data, size, cancel_fd, NET_FOREVER);
}

static void fd_free(struct target *t)
{
	struct fd_target *f = (struct fd_target *)t;

	close(t->fd);
	free(f->header);
	free(f);
}

static const struct target_ops ops = {.deliver = deliver, .free = fd_free, .final = true};

int target__fd(struct target **ret, int fd, const char *header)
{
	struct fd_target *f = calloc(1, sizeof(*f));
	int err = 0;

	if (!f)
		return -ENOMEM;
	f->t.ops = &ops;
	/* Our own, so that a thread stuck in a write never meets a number that was reused. */
	f->t.fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (f->t.fd < 0)
		err = -errno;
	else if (header && !(f->header = strdup(header)))
		err = -ENOMEM;
	if (!err) {
		*ret = &f->t;
		return 0;
	}
	if (f->t.fd >= 0)
		close(f->t.fd);
	free(f);
	return err;
}
