/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Batches on disk: one file each, which is whole or not there at all for everybody who reads the
 * directory, also after a kill at any moment. A power cut may damage files that were written last;
 * checksums tell. For one thread at a time, but that reading and writing may overlap.
 */
#ifndef SONDE_SPOOL_H
#define SONDE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A batch's name in the spool, and what is known without reading it. */
struct spool_entry {
	uint64_t slot;   /* s since 1970 */
	uint32_t number; /* tells batches of the same slot apart */
	uint32_t lines;
	uint32_t size; /* bytes */
};

struct spool;

/*
 * Opens DIR/@name and makes either directory where it is missing. One process at a time: the second
 * gets -EBUSY. Returns 0, or -errno and says in @why what is wrong and what to do.
 */
int spool__open(struct spool **ret, const char *dir, const char *name, char *why, size_t size);
void spool__close(struct spool *s);

/* DIR/NAME */
const char *spool__path(const struct spool *s);

/*
 * Calls @fn for each batch that is there, the oldest first; a nonzero answer ends it and is passed
 * on. What a killed process left half-written is removed; files that are no batches or were cut
 * short are removed and counted in *@damaged. Returns 0 or -errno.
 */
int spool__scan(struct spool *s, int (*fn)(void *ctx, const struct spool_entry *e), void *ctx,
		unsigned int *damaged);

/* Returns 0 or -errno, and then nothing is left of it. */
int spool__write(struct spool *s, const struct spool_entry *e, const void *data);

/* *@data is the caller's to free. Returns 0; -EBADMSG: it is not what was written; or -errno. */
int spool__read(struct spool *s, const struct spool_entry *e, char **data);

void spool__remove(struct spool *s, const struct spool_entry *e);

#endif
