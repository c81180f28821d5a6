/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory: mappings, advice, locks, other processes' memory. */
#include "lines.h"

#include <linux/mempolicy.h>
#include <sys/uio.h>

#define PAGE 4096

static void mappings(int fd)
{
	char *at, *other;

	at = (char *)sys(mmap, NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	line_pointer("mmap(NULL, 16384, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)");
	other = (char *)sys(mmap, NULL, PAGE, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, PAGE);
	line_pointer("mmap(NULL, 4096, PROT_READ, MAP_SHARED|MAP_POPULATE, %d, 0x1000)", fd);
	sys(mmap, at, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1,
	    0);
	line_pointer("mmap(%p, 4096, PROT_NONE, "
		     "MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS|MAP_NORESERVE, -1, 0)",
		     (void *)at);
	sys(mmap, at, PAGE, PROT_READ | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_GROWSDOWN | MAP_STACK, -1, 0);
	line_pointer(
		"mmap(%p, 4096, PROT_READ|PROT_EXEC, "
		"MAP_PRIVATE|MAP_ANONYMOUS|MAP_GROWSDOWN|MAP_STACK|MAP_FIXED_NOREPLACE, -1, 0)",
		(void *)at);
	sys(mmap, NULL, 0, PROT_READ, MAP_PRIVATE, -1, 0);
	line_pointer("mmap(NULL, 0, PROT_READ, MAP_PRIVATE, -1, 0)");
	sys(mmap, NULL, PAGE, PROT_WRITE, MAP_SHARED, 99, 0);
	line_pointer("mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, 99, 0)");
	sys(mprotect, at, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
	line("mprotect(%p, 4096, PROT_READ|PROT_WRITE|PROT_EXEC)", (void *)at);
	sys(mprotect, at + 1, PAGE, PROT_NONE);
	line("mprotect(%p, 4096, PROT_NONE)", (void *)(at + 1));
	sys(mremap, at, 4 * PAGE, 2 * PAGE, 0);
	line_pointer("mremap(%p, 16384, 8192, 0)", (void *)at);
	sys(mremap, other, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at + 2 * PAGE);
	line_pointer("mremap(%p, 4096, 4096, MREMAP_MAYMOVE|MREMAP_FIXED, %p)", (void *)other,
		     (void *)(at + 2 * PAGE));
	sys(mremap, NOWHERE, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
	line_pointer("mremap(%p, 4096, 8192, MREMAP_MAYMOVE)", NOWHERE);
	sys(munmap, at, 3 * PAGE);
	line("munmap(%p, 12288)", (void *)at);
	sys(munmap, 1, PAGE);
	line("munmap(0x1, 4096)");
}

static void ends_of_heap(void)
{
	long at = sys(brk, NULL);

	line_pointer("brk(NULL)");
	sys(brk, at + PAGE);
	line_pointer("brk(%#lx)", at + PAGE);
	sys(brk, at);
	line_pointer("brk(%#lx)", at);
	sys(brk, 0x1000);
	line_pointer("brk(0x1000)");
}

static void advice(char *at)
{
	unsigned char vec[4] = "";

	sys(madvise, at, PAGE, MADV_DONTNEED);
	line("madvise(%p, 4096, MADV_DONTNEED)", (void *)at);
	sys(madvise, at, PAGE, 999);
	line("madvise(%p, 4096, 0x3e7 /* MADV_??? */)", (void *)at);
	sys(madvise, 1, 1, MADV_HUGEPAGE);
	line("madvise(0x1, 1, MADV_HUGEPAGE)");
	at[0] = 'x';
	sys(msync, at, PAGE, MS_SYNC | MS_INVALIDATE);
	line("msync(%p, 4096, MS_SYNC|MS_INVALIDATE)", (void *)at);
	sys(msync, at, PAGE, MS_ASYNC | MS_SYNC);
	line("msync(%p, 4096, MS_SYNC|MS_ASYNC)", (void *)at);
	sys(mincore, at, 2 * PAGE, vec);
	line("mincore(%p, 8192, [1, 0])", (void *)at);
	sys(mincore, NOWHERE, PAGE, vec);
	line("mincore(%p, 4096, %p)", NOWHERE, (void *)vec);
	sys(mlock, at, PAGE);
	line("mlock(%p, 4096)", (void *)at);
	sys(mlock, NOWHERE, PAGE);
	line("mlock(%p, 4096)", NOWHERE);
	sys(mlock2, at, PAGE, 1);
	line("mlock2(%p, 4096, MLOCK_ONFAULT)", (void *)at);
	sys(munlock, at, PAGE);
	line("munlock(%p, 4096)", (void *)at);
	sys(mlockall, 0);
	line("mlockall(0)");
	sys(mlockall, 8 | 1);
	line("mlockall(MCL_CURRENT|0x8)");
	sys(munlockall);
	line("munlockall()");
	sys(remap_file_pages, at, 0, 1, 0, 0);
	line("remap_file_pages(%p, 0, PROT_READ, 0, MAP_FILE)", (void *)at);
}

static void keys(char *at)
{
	long key;

	key = sys(pkey_alloc, 0, 2);
	line("pkey_alloc(0, PKEY_DISABLE_WRITE)");
	if (!failed()) {
		sys(pkey_free, key);
		line("pkey_free(%ld)", key);
	}
	sys(pkey_free, 15);
	line("pkey_free(15)");
	sys(pkey_mprotect, at, PAGE, PROT_READ, 15);
	line("pkey_mprotect(%p, 4096, PROT_READ, 15)", (void *)at);
}

static void others(void)
{
	char from[] = "copied", to[16] = "";
	struct iovec local = {to, 6}, remote = {from, 6}, bad = {NOWHERE, 4};

	sys(process_vm_readv, tid, &local, 1, &remote, 1, 0);
	line("process_vm_readv(%d, [{iov_base=%s, iov_len=6}], 1, [{iov_base=%p, iov_len=6}], 1, 0)",
	     tid, out(to, "\"copied\""), (void *)from);
	sys(process_vm_readv, tid, &local, 1, &bad, 1, 0);
	line("process_vm_readv(%d, [{iov_base=%p, iov_len=6}], 1, [{iov_base=%p, iov_len=4}], 1, 0)",
	     tid, (void *)to, NOWHERE);
	sys(process_vm_writev, tid, &remote, 1, &local, 1, 0);
	line("process_vm_writev(%d, [{iov_base=\"copied\", iov_len=6}], 1, [{iov_base=%p, "
	     "iov_len=6}], 1, 0)",
	     tid, (void *)to);
	sys(process_madvise, -1, &local, 1, MADV_COLD, 0);
	line("process_madvise(-1, [{iov_base=%p, iov_len=6}], 1, MADV_COLD, 0)", (void *)to);
}

static void policies(char *at)
{
	int policy = -1;

	sys(membarrier, 1 << 3, 1, 0);
	line("membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED, MEMBARRIER_CMD_FLAG_CPU, 0)");
	sys(membarrier, 1 << 4, 0, 0);
	line("membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0)");
	sys(set_mempolicy, MPOL_DEFAULT, NULL, 0);
	line("set_mempolicy(MPOL_DEFAULT, NULL, 0)");
	sys(set_mempolicy, MPOL_INTERLEAVE | MPOL_F_STATIC_NODES, NULL, 0);
	line("set_mempolicy(MPOL_INTERLEAVE|MPOL_F_STATIC_NODES, NULL, 0)");
	sys(get_mempolicy, &policy, NULL, 0, at, MPOL_F_ADDR);
	line("get_mempolicy(%s, NULL, 0, %p, MPOL_F_ADDR)", out(&policy, "[MPOL_DEFAULT]"),
	     (void *)at);
	sys(mbind, at, PAGE, MPOL_PREFERRED, NULL, 0, MPOL_MF_STRICT | MPOL_MF_MOVE);
	line("mbind(%p, 4096, MPOL_PREFERRED, NULL, 0, MPOL_MF_STRICT|MPOL_MF_MOVE)", (void *)at);
}

int main(int argc, char **argv)
{
	char *at;
	int fd;

	lines_begin(argc, argv);
	fd = (int)sys(memfd_create, "memory", 0);
	line("memfd_create(\"memory\", 0)");
	sys(ftruncate, fd, 2 * PAGE);
	line("ftruncate(%d, 8192)", fd);
	at = (char *)sys(mmap, NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			 -1, 0);
	line_pointer("mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)");
	mappings(fd);
	ends_of_heap();
	advice(at);
	keys(at);
	others();
	policies(at);
	return lines_end();
}
