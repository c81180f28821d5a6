/* SPDX-License-Identifier: GPL-2.0-only */
/* deaf path|program DIR SECONDS */
/*
 * A process on a file system of its own, in the empty directory DIR of a mount namespace of its
 * own, that answers everything but reads: with `path` it opens a file whose name is in a page of
 * such a file; with `program` it calls getppid every 20 ms from a function in an ELF file whose
 * first page can be read, and no more. Says "ready pid=PID" before. Ends with 77 if this kernel
 * has no FUSE.
 *
 * Whoever reads that memory sleeps until the server is gone: that is after SECONDS in any case.
 * Its arguments are not there, so that others can go on looking at all processes.
 */
#include "work.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#define PAGES 4
#define CODE  256 /* where the function is in the file */

/* long call(long nr): a system call without arguments. */
extern const char call_begin[], call_end[];
#if defined(__x86_64__)
asm("call_begin: mov %rdi, %rax; syscall; ret; call_end:");
#elif defined(__aarch64__)
asm("call_begin: mov x8, x0; svc 0; ret; call_end:");
#endif

static long page;
static unsigned int seconds;

/* --- the server */

static void answer(int fd, const struct fuse_in_header *in, int error, const void *data,
		   size_t size)
{
	struct fuse_out_header out = {
		.len = sizeof(out) + size, .error = error, .unique = in->unique};
	struct iovec iov[] = {{&out, sizeof(out)}, {(void *)data, size}};

	/* Who asked may be gone. */
	if (writev(fd, iov, size ? 2 : 1) < 0 && errno != ENOENT)
		_exit(1);
}

static struct fuse_attr attr_of(uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.size = PAGES * page,
		.mode = node == FUSE_ROOT_ID ? S_IFDIR | 0755 : S_IFREG | 0755,
		.nlink = 1,
	};
}

/* The first page of a program: its header, whose sections are further behind, and the function. */
static void answer_program(int fd, const struct fuse_in_header *in)
{
	const Elf64_Ehdr h = {
		.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			    EV_CURRENT},
		.e_type = ET_DYN,
		.e_version = EV_CURRENT,
		.e_shoff = 2 * page,
		.e_ehsize = sizeof(h),
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = 4,
	};
	char *text = calloc(1, page);

	if (!text)
		_exit(1);
	memcpy(text, &h, sizeof(h));
	memcpy(text + CODE, call_begin, call_end - call_begin);
	answer(fd, in, 0, text, page);
	free(text);
}

static void serve_one(int fd, const struct fuse_in_header *in, bool program)
{
	const struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = 4096};
	const struct fuse_entry_out entry = {
		.nodeid = 2, .entry_valid = 1000, .attr_valid = 1000, .attr = attr_of(2)};
	const struct fuse_attr_out attr = {.attr_valid = 1000, .attr = attr_of(in->nodeid)};
	const struct fuse_open_out open = {.fh = 1};
	const struct fuse_read_in *asked = (const void *)(in + 1);

	switch (in->opcode) {
	case FUSE_INIT:
		answer(fd, in, 0, &init, sizeof(init));
		break;
	case FUSE_LOOKUP:
		answer(fd, in, 0, &entry, sizeof(entry));
		break;
	case FUSE_GETATTR:
		answer(fd, in, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		answer(fd, in, 0, &open, sizeof(open));
		break;
	case FUSE_READ:
		if (program && !asked->offset)
			answer_program(fd, in);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	default:
		answer(fd, in, -ENOSYS, NULL, 0);
	}
}

static void serve(int fd, bool program)
{
	static char buf[1 << 17] __attribute__((aligned(8)));

	alarm(seconds);
	for (;;) {
		ssize_t n = read(fd, buf, sizeof(buf));

		if (n < 0 && errno != EINTR && errno != ENOENT)
			_exit(0);
		if (n > 0)
			serve_one(fd, (void *)buf, program);
	}
}

/* --- the file system */

static void make_namespace(const char *dir)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", dir, "tmpfs", 0, NULL) || chdir(dir))
		err(1, "%s", dir);
	/* Others may not have put it into /dev. */
	if (mknod("fuse", S_IFCHR | 0600, makedev(10, 229)) || mkdir("files", 0755))
		err(1, "%s", dir);
}

/* Returns its file. */
static int mount_files(bool program)
{
	int fd = open("fuse", O_RDWR | O_CLOEXEC), file;
	pid_t parent = getpid();
	char options[100];

	if (fd < 0)
		exit(77);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0", fd);
	if (mount("deaf", "files", "fuse", MS_NOSUID | MS_NODEV, options)) {
		if (errno == ENODEV)
			exit(77);
		err(1, "mount");
	}
	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == parent)
			serve(fd, program);
		_exit(0);
	}
	close(fd);
	file = open("files/program", O_RDONLY | O_CLOEXEC);
	if (file < 0)
		err(1, "files/program");
	return file;
}

int main(int argc, char **argv)
{
	bool program = argc == 4 && !strcmp(argv[1], "program");
	struct line line = {.len = 0};
	long (*call)(long nr);
	char *map;
	int file;

	if (argc != 4 || (!program && strcmp(argv[1], "path")))
		errx(2, "usage: deaf path|program DIR SECONDS");
	seconds = number(argv[3]);
	page = sysconf(_SC_PAGESIZE);
	alarm(seconds + 1);
	make_namespace(argv[2]);
	file = mount_files(program);
	map = mmap(NULL, page, PROT_READ | (program ? PROT_EXEC : 0), MAP_PRIVATE, file, 0);
	if (map == MAP_FAILED)
		err(1, "mmap");
	line_add(&line, "ready pid=%d", getpid());
	say(&line);
	if (!program) {
		syscall(SYS_openat, AT_FDCWD, map, O_RDONLY, 0);
		return 0;
	}
	call = (long (*)(long))(map + CODE);
	for (;;) {
		call(SYS_getppid);
		sleep_until(now_ns() + 20 * NS_PER_MS);
	}
}
