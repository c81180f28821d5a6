// SPDX-License-Identifier: GPL-2.0-only
#include "frame.h"

#include <stdlib.h>
#include <string.h>

void frame__free(struct frame *f)
{
	for (u32 i = 0; i < f->nops; i++)
		free(f->op[i].dist);
	free(f->set);
	free(f->loss);
	free(f->service);
	free(f->op);
	free(f->process);
	free(f->thread);
	free(f->peer);
	free(f->device);
	memset(f, 0, sizeof(*f));
}

/* An array's room is the next power of two of its length, so that it need not be kept. */
static void *grow(void *array, u32 *n, size_t size)
{
	char *at, *bigger;

	memcpy(&at, array, sizeof(at));
	if (!(*n & (*n - 1))) {
		bigger = realloc(at, (*n ? 2 * (size_t)*n : 1) * size);
		if (!bigger)
			return NULL;
		memcpy(array, &bigger, sizeof(bigger));
		at = bigger;
	}
	at += (*n)++ * size;
	memset(at, 0, size);
	return at;
}

struct frame_service *frame__add_service(struct frame *f)
{
	return grow(&f->service, &f->nservices, sizeof(*f->service));
}

struct frame_op *frame__add_op(struct frame *f)
{
	return grow(&f->op, &f->nops, sizeof(*f->op));
}

struct frame_process *frame__add_process(struct frame *f)
{
	return grow(&f->process, &f->nprocesses, sizeof(*f->process));
}

struct frame_thread *frame__add_thread(struct frame *f)
{
	return grow(&f->thread, &f->nthreads, sizeof(*f->thread));
}

struct frame_peer *frame__add_peer(struct frame *f)
{
	return grow(&f->peer, &f->npeers, sizeof(*f->peer));
}

struct frame_device *frame__add_device(struct frame *f)
{
	return grow(&f->device, &f->ndevices, sizeof(*f->device));
}

struct frame_set *frame__add_set(struct frame *f)
{
	return grow(&f->set, &f->nsets, sizeof(*f->set));
}

struct frame_loss *frame__add_loss(struct frame *f)
{
	return grow(&f->loss, &f->nlosses, sizeof(*f->loss));
}

struct dist *frame__copy_dist(const struct dist *d)
{
	struct dist *copy = malloc(sizeof(*copy));

	if (copy)
		*copy = *d;
	return copy;
}
