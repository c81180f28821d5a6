// SPDX-License-Identifier: GPL-2.0-only
/* Probe set block. */
#include "block.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

extern const unsigned char block_object[], block_object_end[];

static const char *const actions[BLOCK_ACTIONS] = {
	[BLOCK_READ] = "read",
	[BLOCK_WRITE] = "write",
	[BLOCK_FLUSH] = "flush",
	[BLOCK_DISCARD] = "discard",
};

static const char *const kinds[BLOCK_KINDS] = {
	[BLOCK_QUEUE] = "queue",
	[BLOCK_DEVICE] = "device",
	[BLOCK_TOTAL] = "total",
	[BLOCK_SIZE] = "size",
};

/* Devices by our number, in the order in which they were first used. One that is below @ndevices
 * does not change any more, so that other threads can read it. */
static struct {
	char name[sizeof(((struct op_info *)0)->device)];
	u32 dev;
} devices[BLOCK_DEVICES] = {{.name = "other"}};
static u32 ndevices = 1;

static bool block_op(u32 op, struct op_info *ret)
{
	u32 device = op / BLOCK_OPS, action = op % BLOCK_OPS / BLOCK_KINDS, kind = op % BLOCK_KINDS;

	if (device >= __atomic_load_n(&ndevices, __ATOMIC_ACQUIRE))
		return false;
	/* A flush moves no bytes and is never issued itself. */
	if (action == BLOCK_FLUSH && kind != BLOCK_TOTAL)
		return false;
	memset(ret, 0, sizeof(*ret));
	snprintf(ret->name, sizeof(ret->name), "%s_%s", actions[action], kinds[kind]);
	memcpy(ret->device, devices[device].name, sizeof(ret->device));
	ret->kind = kind == BLOCK_SIZE ? OP_SIZE : OP_LATENCY;
	return true;
}

static u32 block_slo_op(u32 op)
{
	return op % BLOCK_OPS;
}

/* Where sysfs has the device of kernel number @dev. */
static void device_path(const struct probe_env *env, u32 dev, const char *file, char *path,
			size_t size)
{
	snprintf(path, size, "%s/sys/dev/block/%u:%u%s", env->root, dev >> BLOCK_MINOR_BITS,
		 dev & ((1U << BLOCK_MINOR_BITS) - 1), file);
}

/* Returns false if there is no such device any more. */
static bool device_name(const struct probe_env *env, u32 dev, char *name, size_t size)
{
	char path[PATH_MAX], target[PATH_MAX];
	const char *base;
	ssize_t n;

	device_path(env, dev, "", path, sizeof(path));
	n = readlink(path, target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = 0;
	base = strrchr(target, '/');
	snprintf(name, size, "%.*s", (int)size - 1, base ? base + 1 : target);
	return true;
}

/* Our number for kernel number @dev, a new one if there is one left; 0 if not. */
static u32 number_device(u32 dev, const char *name)
{
	for (u32 i = 1; i < ndevices; i++)
		if (devices[i].dev == dev && !strcmp(devices[i].name, name))
			return i;
	if (ndevices == BLOCK_DEVICES)
		return 0;
	snprintf(devices[ndevices].name, sizeof(devices[ndevices].name), "%s", name);
	devices[ndevices].dev = dev;
	__atomic_store_n(&ndevices, ndevices + 1, __ATOMIC_RELEASE);
	return ndevices - 1;
}

static u32 block_resolve(struct probe_env *env, u64 raw)
{
	int map = bpf_object__find_map_fd_by_name(env->obj, "devices");
	u32 dev = (raw & ~BLOCK_RAW) >> BLOCK_RAW_DEV_SHIFT, op = raw & (BLOCK_OPS - 1), device;
	char name[sizeof(devices[0].name)];

	if (!(raw & BLOCK_RAW))
		return OP_OTHER;
	if (!bpf_map_lookup_elem(map, &dev, &device) && device < ndevices)
		return device * BLOCK_OPS + op;
	if (!device_name(env, dev, name, sizeof(name)))
		return op;
	device = number_device(dev, name);
	bpf_map_update_elem(map, &dev, &device, BPF_ANY);
	return device * BLOCK_OPS + op;
}

/* A request that was issued and of which no end was seen. */
struct pending {
	u64 key;
	u64 start;
	u32 dev;
};

#define BATCH 512

struct batch {
	u64 key[BATCH];
	struct block_io io[BATCH];
};

/* Requests that are not used now stay, for they are used again; but those of devices and queues
 * that are gone would fill the table some day. One that is taken up at that moment is counted as
 * one whose start was not seen. */
#define CROWDED (BLOCK_REQUESTS / 4 * 3)

struct requests {
	struct pending *pending;
	u32 npending, all;
	bool drop_idle;
};

static int add_pending(struct requests *r, u64 key, const struct block_io *io)
{
	struct pending *p = realloc(r->pending, (r->npending + 1) * sizeof(*p));

	if (!p)
		return -ENOMEM;
	r->pending = p;
	p[r->npending++] = (struct pending){key, io->start, io->dev};
	return 0;
}

/* Finds those that are live. Returns 0 or -errno. */
static int find_pending(int map, struct batch *b, struct requests *r)
{
	u32 out, *in = NULL;
	int err, failed = 0;

	do {
		u32 count = BATCH;

		err = bpf_map_lookup_batch(map, in, &out, b->key, b->io, &count, NULL);
		if (err && errno != ENOENT)
			return -errno;
		for (u32 i = 0; i < count && !failed; i++) {
			const struct block_io *io = &b->io[i];

			/* What waits to be issued, or for a flush, is not in flight for the kernel
			 * either. */
			if (io->start && io->issue && !io->ended)
				failed = add_pending(r, b->key[i], io);
			else if (!io->start && r->drop_idle)
				bpf_map_delete_elem(map, &b->key[i]);
		}
		r->all += count;
		in = &out;
	} while (!err && !failed);
	return failed;
}

static int by_device(const void *a, const void *b)
{
	const struct pending *x = a, *y = b;

	return x->dev < y->dev ? -1 : x->dev > y->dev;
}

/* Whether the kernel says that nothing is in flight on @dev. A device that is gone has nothing in
 * flight. */
static bool is_quiet(const struct probe_env *env, u32 dev)
{
	unsigned int reads = 0, writes = 0;
	char path[PATH_MAX];
	FILE *f;

	device_path(env, dev, "/inflight", path, sizeof(path));
	f = fopen(path, "re");
	if (!f)
		return true;
	if (fscanf(f, "%u %u", &reads, &writes) != 2)
		reads = 1;
	fclose(f);
	return !reads && !writes;
}

/*
 * Requests whose end no program has seen, and that are not used again yet, which is when the kernel
 * side finds them: they are live although their device had nothing in flight after they were seen,
 * and live still.
 */
static u64 block_lost(struct probe_env *env)
{
	int map = bpf_object__find_map_fd_by_name(env->obj, "requests");
	static bool crowded;
	struct batch *b = malloc(sizeof(*b));
	struct requests r = {.drop_idle = crowded};
	struct pending *p;
	struct block_io io;
	bool quiet = false;
	u64 lost = 0;

	if (b && !find_pending(map, b, &r))
		crowded = r.all > CROWDED && !crowded;
	p = r.pending;
	if (p)
		qsort(p, r.npending, sizeof(*p), by_device);
	for (u32 i = 0; p && i < r.npending; i++) {
		/* The kernel goes through all requests of a device to say it. */
		if (!i || p[i].dev != p[i - 1].dev)
			quiet = is_quiet(env, p[i].dev);
		lost += quiet && !bpf_map_lookup_elem(map, &p[i].key, &io) &&
			io.start == p[i].start;
	}
	free(p);
	free(b);
	return lost;
}

static int block_forget(struct probe_env *env)
{
	probe__clear_map(env, "requests");
	return 0;
}

#define CHARGED                                                                                    \
	"writes of cached pages: the task that made the file's pages dirty last; else the task that submits; of a kernel thread: the bio's cgroup, else kernel"
#define UNSEEN                                                                                     \
	"devices without requests (device mapper, md, zram: see the disks below them); requests in flight at attach; bios merged into a request count with it"

#define BEGINS "block_io_start|block_rq_insert"

#define ROW(action, what)                                                                                   \
	{action "_queue",                                                                                   \
	 "the block layer accepts the " what " (before 6.5: allocates it)",                                 \
	 "it is issued to the driver for the first time",                                                   \
	 "the submitter, then whoever issues",                                                              \
	 CHARGED,                                                                                           \
	 UNSEEN,                                                                                            \
	 BEGINS " block_rq_issue block_rq_complete"},                                                       \
		{action "_device",                                                                          \
		 "the " what " is issued to the driver for the first time",                                 \
		 "the driver has completed all of it",                                                      \
		 "interrupt",                                                                               \
		 CHARGED,                                                                                   \
		 UNSEEN,                                                                                    \
		 BEGINS " block_rq_issue block_rq_complete"},                                               \
		{action "_total",                                                                           \
		 "the block layer accepts the " what,                                                       \
		 "all of it is done, with the flush that it asked for; whoever waits for it is woken next", \
		 "interrupt",                                                                               \
		 CHARGED,                                                                                   \
		 UNSEEN,                                                                                    \
		 BEGINS " block_rq_issue block_rq_complete"},                                               \
	{                                                                                                   \
		action "_size", "", "the " what " is done; bytes when it was issued", "interrupt",          \
			CHARGED, UNSEEN, BEGINS " block_rq_issue block_rq_complete"                         \
	}

static const struct op_doc docs[] = {
	ROW("read", "read request"),
	ROW("write", "write request"),
	ROW("discard", "discard request"),
	{"flush_total", "the block layer accepts a request to flush the device's cache",
	 "it is done", "interrupt",
	 "the task that submits; kernel for a kernel thread without a cgroup",
	 "flushes of devices that have no volatile cache, which end at once",
	 "block_io_start block_rq_complete"},
	{},
};

const struct probe block_probe = {
	.name = "block",
	.node = "block",
	.help = "block requests by device: queue, device and total time, sizes; read, write, flush, discard",
	.object = block_object,
	.object_end = block_object_end,
	.hists = 1024,
	.docs = docs,
	.op = block_op,
	.slo_op = block_slo_op,
	.forget = block_forget,
	.resolve = block_resolve,
	.lost = block_lost,
};
