// SPDX-License-Identifier: GPL-2.0-only
/* A file in the spool. The last byte says which checksums are made right first. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "delivery/spool.h"
#include "fuzz.h"

/* Offsets in the file's header. */
enum { SLOT = 8, NUMBER = 16, LINES = 20, SIZE = 24, DATA_CRC = 28, HEADER_CRC = 36, HEADER = 40 };

static u32 crc_of(const void *data, size_t size)
{
	return crc32(crc32(0, NULL, 0), data, size);
}

static void mend(char *file, size_t size, u32 what)
{
	u32 body = size - HEADER, crc;

	if (what & 1)
		memcpy(file + SIZE, &body, sizeof(body));
	crc = crc_of(file + HEADER, body);
	if (what & 2)
		memcpy(file + DATA_CRC, &crc, sizeof(crc));
	crc = crc_of(file, HEADER_CRC);
	if (what & 4)
		memcpy(file + HEADER_CRC, &crc, sizeof(crc));
}

static int read_one(void *spool, const struct spool_entry *e)
{
	char *data = NULL;
	int err = spool__read(spool, e, &data);

	MUST(err || data);
	free(data);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct spool *s;
	char why[300], path[400], *file;
	unsigned int damaged;
	u64 slot = 0;
	u32 number = 0;
	int fd;

	if (!s)
		MUST(!spool__open(&s, directory__make(), "to", why, sizeof(why)));
	if (!size)
		return 0;
	file = text__of(data, --size);
	if (size >= HEADER) {
		mend(file, size, data[size]);
		memcpy(&slot, file + SLOT, sizeof(slot));
		memcpy(&number, file + NUMBER, sizeof(number));
	}
	snprintf(path, sizeof(path), "%s/%012llu-%06u.slot", spool__path(s),
		 (unsigned long long)slot, number);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	MUST(fd >= 0 && write(fd, file, size) == (ssize_t)size);
	close(fd);
	MUST(!spool__scan(s, read_one, s, &damaged));
	unlink(path);
	free(file);
	return 0;
}
