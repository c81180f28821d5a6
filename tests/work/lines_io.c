/* SPDX-License-Identifier: GPL-2.0-only */
/* Reading and writing: buffers, vectors, offsets. */
#include "lines.h"

#include <sys/uio.h>

static int file, in[2];
static char buf[4096];

static void plain(void)
{
	memset(buf, 0, sizeof(buf));
	sys(write, file, "hello, world\n", 13);
	line("write(%d, \"hello, world\\n\", 13)", file);
	sys(write, file, "a\tb\"c\\d\0e\1f\0331\377\200", 15);
	line("write(%d, \"a\\tb\\\"c\\\\d\\0e\\1f\\0331\\377\\200\", 15)", file);
	sys(write, file, "", 0);
	line("write(%d, \"\", 0)", file);
	sys(write, file, "0123456789abcdefghijklmnopqrstuvwxyz", 36);
	line("write(%d, \"0123456789abcdefghijklmnopqrstuv\"..., 36)", file);
	sys(write, file, "0123456789abcdefghijklmnopqrstuv", 32);
	line("write(%d, \"0123456789abcdefghijklmnopqrstuv\", 32)", file);
	sys(write, -1, "x", 1);
	line("write(-1, \"x\", 1)");
	sys(write, file, NULL, 5);
	line("write(%d, NULL, 5)", file);
	sys(write, file, NOWHERE, 5);
	line("write(%d, %p, 5)", file, NOWHERE);
	sys(lseek, file, 0, SEEK_SET);
	line("lseek(%d, 0, SEEK_SET)", file);
	sys(read, file, buf, 13);
	line("read(%d, \"hello, world\\n\", 13)", file);
	sys(read, file, buf, sizeof(buf));
	line("read(%d, \"a\\tb\\\"c\\\\d\\0e\\1f\\0331\\377\\2000123456789abcdefg\"..., 4096)",
	     file);
	sys(read, file, buf, sizeof(buf));
	line("read(%d, \"\", 4096)", file);
	sys(read, -1, buf, 10);
	line("read(-1, %p, 10)", (void *)buf);
	sys(read, in[0], buf, 10);
	line("read(%d, %p, 10)", in[0], (void *)buf);
	sys(read, file, NULL, 0);
	line("read(%d, NULL, 0)", file);
	sys(lseek, file, -5, SEEK_END);
	line("lseek(%d, -5, SEEK_END)", file);
	sys(lseek, file, 2, SEEK_CUR);
	line("lseek(%d, 2, SEEK_CUR)", file);
	sys(lseek, file, 0, SEEK_HOLE);
	line("lseek(%d, 0, SEEK_HOLE)", file);
	sys(lseek, file, 1000, SEEK_DATA);
	line("lseek(%d, 1000, SEEK_DATA)", file);
	sys(lseek, file, 0, 77);
	line("lseek(%d, 0, 0x4d /* SEEK_??? */)", file);
	sys(lseek, in[0], 0, SEEK_CUR);
	line("lseek(%d, 0, SEEK_CUR)", in[0]);
}

/* Memory that is not there before the call, and memory that ends within. */
static void pages(void)
{
	char *map, *edge;

	ends();
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
	edge = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED || edge == MAP_FAILED || munmap(edge + 4096, 4096))
		err(1, "mmap");
	memcpy(edge + 4092, "edge", 4);
	begins();
	sys(write, file, map, 5);
	line("write(%d, \"hello\", 5)", file);
	sys(write, in[1], edge, 4);
	line("write(%d, \"\\0\\0\\0\\0\", 4)", in[1]);
	sys(write, in[1], edge + 4092, 4);
	line("write(%d, \"edge\", 4)", in[1]);
	sys(pwrite64, file, edge + 4092, 8, 0);
	line("pwrite64(%d, %p, 8, 0)", file, (void *)(edge + 4092));
	sys(openat, AT_FDCWD, edge + 4092, O_RDONLY);
	line("openat(AT_FDCWD, %p, O_RDONLY)", (void *)(edge + 4092));
	sys(openat, AT_FDCWD, edge + 4096, O_RDONLY);
	line("openat(AT_FDCWD, %p, O_RDONLY)", (void *)(edge + 4096));
	sys(read, in[0], edge, 8);
	line("read(%d, \"\\0\\0\\0\\0edge\", 8)", in[0]);
}

static void at_offsets(void)
{
	sys(pwrite64, file, "PQ", 2, 100);
	line("pwrite64(%d, \"PQ\", 2, 100)", file);
	sys(pread64, file, buf, 2, 100);
	line("pread64(%d, \"PQ\", 2, 100)", file);
	sys(pread64, file, buf, 100, 95);
	line("pread64(%d, \"vhellPQ\", 100, 95)", file);
	sys(pread64, file, buf, 5, -1L);
	line("pread64(%d, %p, 5, -1)", file, (void *)buf);
	sys(pwrite64, file, "x", 1, 1L << 40);
	line("pwrite64(%d, \"x\", 1, 1099511627776)", file);
	sys(pread64, in[0], buf, 1, 0);
	line("pread64(%d, %p, 1, 0)", in[0], (void *)buf);
}

static void vectors(void)
{
	char a[8] = "", b[40] = "";
	struct iovec put[] = {{"one", 3}, {"two\n", 4}, {"", 0}};
	struct iovec get[] = {{a, 5}, {b, 40}};
	struct iovec many[33], bad = {NOWHERE, 3};
	char text[2048] = "";

	sys(ftruncate, file, 0);
	line("ftruncate(%d, 0)", file);
	sys(lseek, file, 0, SEEK_SET);
	line("lseek(%d, 0, SEEK_SET)", file);
	sys(writev, file, put, 3);
	line("writev(%d, [{iov_base=\"one\", iov_len=3}, {iov_base=\"two\\n\", iov_len=4}, "
	     "{iov_base=\"\", iov_len=0}], 3)",
	     file);
	sys(writev, file, NULL, 0);
	line("writev(%d, NULL, 0)", file);
	sys(writev, file, put, 0);
	line("writev(%d, [], 0)", file);
	sys(writev, file, &bad, 1);
	line("writev(%d, [{iov_base=%p, iov_len=3}], 1)", file, NOWHERE);
	sys(writev, file, NOWHERE, 2);
	line("writev(%d, %p, 2)", file, NOWHERE);
	sys(lseek, file, 0, SEEK_SET);
	line("lseek(%d, 0, SEEK_SET)", file);
	sys(readv, file, get, 2);
	line("readv(%d, [{iov_base=\"onetw\", iov_len=5}, {iov_base=\"o\\n\", iov_len=40}], 2)",
	     file);
	sys(readv, -1, get, 2);
	line("readv(-1, [{iov_base=%p, iov_len=5}, {iov_base=%p, iov_len=40}], 2)", (void *)a,
	     (void *)b);
	sys(pwritev, file, put, 2, 50);
	line("pwritev(%d, [{iov_base=\"one\", iov_len=3}, {iov_base=\"two\\n\", iov_len=4}], 2, 50)",
	     file);
	sys(preadv, file, get, 2, 51);
	line("preadv(%d, [{iov_base=\"netwo\", iov_len=5}, {iov_base=\"\\n\", iov_len=40}], 2, 51)",
	     file);
	sys(preadv2, file, get, 2, 50, 0, 1);
	line("preadv2(%d, [{iov_base=\"onetw\", iov_len=5}, {iov_base=\"o\\n\", iov_len=40}], 2, "
	     "50, RWF_HIPRI)",
	     file);
	sys(pwritev2, file, put, 1, -1L, 0, 2 | 4);
	line("pwritev2(%d, [{iov_base=\"one\", iov_len=3}], 1, -1, RWF_DSYNC|RWF_SYNC)", file);
	for (int i = 0; i < 33; i++) {
		many[i] = put[0];
		strcat(text, i < 32 ? "{iov_base=\"one\", iov_len=3}, " : "...");
	}
	sys(writev, file, many, 33);
	line("writev(%d, [%s], 33)", file, text);
}

static void between_files(void)
{
	struct iovec iov = {"spliced", 7};
	loff_t from = 1, to = 3;
	off_t offset = 2;

	sys(sendfile, in[1], file, &offset, 3);
	line("sendfile(%d, %d, [2] => [5], 3)", in[1], file);
	sys(sendfile, in[1], file, NULL, 0);
	line("sendfile(%d, %d, NULL, 0)", in[1], file);
	sys(sendfile, -1, file, &offset, 3);
	line("sendfile(-1, %d, [5], 3)", file);
	sys(read, in[0], buf, 3);
	line("read(%d, \"etw\", 3)", in[0]);
	sys(vmsplice, in[1], &iov, 1, 2);
	line("vmsplice(%d, [{iov_base=\"spliced\", iov_len=7}], 1, SPLICE_F_NONBLOCK)", in[1]);
	sys(splice, in[0], NULL, file, &to, 4, 1 | 4);
	line("splice(%d, NULL, %d, [3], 4, SPLICE_F_MOVE|SPLICE_F_MORE)", in[0], file);
	sys(splice, file, NULL, file, NULL, 4, 0);
	line("splice(%d, NULL, %d, NULL, 4, 0)", file, file);
	sys(tee, in[0], -1, 5, 2);
	line("tee(%d, -1, 5, SPLICE_F_NONBLOCK)", in[0]);
	sys(copy_file_range, file, &from, file, &to, 2, 0);
	line("copy_file_range(%d, [1], %d, [7], 2, 0)", file, file);
	sys(copy_file_range, in[0], NULL, file, NULL, 2, 0);
	line("copy_file_range(%d, NULL, %d, NULL, 2, 0)", in[0], file);
}

static void to_disk(void)
{
	sys(fsync, in[0]);
	line("fsync(%d)", in[0]);
	sys(fdatasync, -1);
	line("fdatasync(-1)");
	sys(syncfs, -1);
	line("syncfs(-1)");
	sys(sync_file_range, file, 0, 4096, 1 | 2 | 4);
	line("sync_file_range(%d, 0, 4096, SYNC_FILE_RANGE_WAIT_BEFORE|SYNC_FILE_RANGE_WRITE|"
	     "SYNC_FILE_RANGE_WAIT_AFTER)",
	     file);
	sys(sync_file_range, -1, 0, 0, 0);
	line("sync_file_range(-1, 0, 0, 0)");
	sys(fallocate, file, 1 | 2, 0, 100);
	line("fallocate(%d, FALLOC_FL_KEEP_SIZE|FALLOC_FL_PUNCH_HOLE, 0, 100)", file);
	sys(fallocate, file, 0, -1L, 100);
	line("fallocate(%d, 0, -1, 100)", file);
	sys(fadvise64, file, 0, 0, 3);
	line("fadvise64(%d, 0, 0, POSIX_FADV_WILLNEED)", file);
	sys(fadvise64, in[0], 0, 10, 2);
	line("fadvise64(%d, 0, 10, POSIX_FADV_SEQUENTIAL)", in[0]);
	sys(readahead, file, 0, 4096);
	line("readahead(%d, 0, 4096)", file);
	sys(readahead, -1, 1, 2);
	line("readahead(-1, 1, 2)");
	sys(ftruncate, file, 5);
	line("ftruncate(%d, 5)", file);
	sys(ftruncate, in[0], -1L);
	line("ftruncate(%d, 18446744073709551615)", in[0]);
}

int main(int argc, char **argv)
{
	lines_begin(argc, argv);
	file = (int)sys(openat, AT_FDCWD, "io", O_RDWR | O_CREAT, 0600);
	line("openat(AT_FDCWD, \"io\", O_RDWR|O_CREAT, 0600)");
	sys(pipe2, in, O_NONBLOCK);
	line("pipe2([%d, %d], O_NONBLOCK)", in[0], in[1]);
	plain();
	pages();
	at_offsets();
	vectors();
	between_files();
	to_disk();
	return lines_end();
}
