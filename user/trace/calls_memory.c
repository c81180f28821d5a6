// SPDX-License-Identifier: GPL-2.0-only
/* Memory. */
#include "net_types.h"

#include <linux/membarrier.h>
#include <linux/mman.h>

#define HUGETLB 0x40000u

static struct value *decode_map_flags(struct decoder *d, u32 i)
{
	u32 flags = (u32)d->ev->arg[i];

	return show_huge_flags(d, &c_map_flags, flags, HUGETLB, "MAP_HUGE_SHIFT");
}

static const struct arg_type t_map_flags = {.decode = decode_map_flags};

/* One byte per page. */
static struct value *decode_residency(struct decoder *d, u32 i)
{
	u64 pages = (d->ev->arg[1] + 4095) / 4096;

	if (!arg__readable(d, i))
		return show_pointer(d, i);
	return show_array_at(d, NULL, d->ev->arg[i], pages, 1, true, show_byte_element);
}

static const struct arg_type t_residency = {
	.fetch = {.kind = FETCH_ARRAY, .flags = FETCH_AT_EXIT, .size = 1, .most = 32},
	.decode = decode_residency,
};

/* Only one flag has a new address. */
static void adjust_mremap(struct decoder *d, struct value *args, struct value *ret)
{
	(void)ret;
	if (!(d->ev->arg[3] & (MREMAP_FIXED | MREMAP_DONTUNMAP)))
		args->last->absent = true;
}

/* A query returns commands. */
static void adjust_membarrier(struct decoder *d, struct value *args, struct value *ret)
{
	struct value *set;

	args->last->absent = !(d->ev->arg[1] & MEMBARRIER_CMD_FLAG_CPU);
	if (!decode__succeeded(d) || d->ev->arg[0] != MEMBARRIER_CMD_QUERY || !d->ev->ret)
		return;
	set = decode__flags(d, NULL, &c_membarrier_set, (u32)d->ev->ret);
	ret->kind = VALUE_HEX;
	ret->note = value__words(d->arena, set);
}

#define MEM    CALL_IS_MEMORY
#define NUMBER RETURNS_NUMBER

/* clang-format off */
const struct call_desc calls_memory[] = {
	CALL(brk, MEM, RETURNS_POINTER, NULL, ARG("addr", pointer)),
	CALL(get_mempolicy, MEM, NUMBER, NULL,
	     ARG_WITH("mode", name_out, c_mempolicy), ARG("nodemask", pointer), ARG("maxnode", ulong), ARG("addr", pointer), ARG_FLAGS("flags", mempolicy_get)),
	CALL(madvise, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("length", ulong), ARG_NAME("advice", madvise)),
	CALL(mbind, MEM, NUMBER, NULL,
	     ARG("addr", pointer), ARG("len", ulong), ARG_FLAGS("mode", mempolicy), ARG("nodemask", pointer), ARG("maxnode", ulong),
	     ARG_FLAGS("flags", mbind_flags)),
	CALL(membarrier, MEM, NUMBER, adjust_membarrier,
	     ARG_NAME("cmd", membarrier), ARG_FLAGS("flags", membarrier_fl), ARG("cpu_id", int)),
	CALL(mincore, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("length", ulong), ARG_LEN("vec", residency, 1)),
	CALL(mlock, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("len", ulong)),
	CALL(mlock2, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("len", ulong), ARG_FLAGS("flags", mlock2)),
	CALL(mlockall, MEM, NUMBER, NULL, ARG_FLAGS("flags", mlockall)),
	CALL(mmap, MEM | CALL_IS_DESC, RETURNS_POINTER, NULL,
	     ARG("addr", pointer), ARG("length", ulong), ARG_FLAGS("prot", prot), ARG("flags", map_flags), ARG("fd", fd), ARG("offset", hex)),
	CALL(mprotect, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("len", ulong), ARG_FLAGS("prot", prot)),
	CALL(mremap, MEM, RETURNS_POINTER, adjust_mremap,
	     ARG("old_address", pointer), ARG("old_size", ulong), ARG("new_size", ulong), ARG_FLAGS("flags", mremap),
	     ARG("new_address", pointer)),
	CALL(mseal, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("len", ulong), ARG("flags", hex)),
	CALL(msync, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("length", ulong), ARG_FLAGS("flags", msync)),
	CALL(munlock, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("len", ulong)),
	CALL(munlockall, MEM, NUMBER, NULL),
	CALL(munmap, MEM, NUMBER, NULL, ARG("addr", pointer), ARG("length", ulong)),
	CALL(pkey_alloc, 0, NUMBER, NULL, ARG("flags", hex), ARG_FLAGS("access_rights", pkey_rights)),
	CALL(pkey_free, 0, NUMBER, NULL, ARG("pkey", int)),
	CALL(pkey_mprotect, MEM, NUMBER, NULL,
	     ARG("addr", pointer), ARG("len", ulong), ARG_FLAGS("prot", prot), ARG("pkey", int)),
	CALL(process_madvise, MEM | CALL_IS_DESC, NUMBER, NULL,
	     ARG("pidfd", fd), ARG_LEN("iovec", iovec_bare, 2), ARG("vlen", ulong), ARG_NAME("advice", madvise), ARG("flags", uint)),
	CALL(remap_file_pages, MEM, NUMBER, NULL,
	     ARG("addr", pointer), ARG("size", ulong), ARG_FLAGS("prot", prot), ARG("pgoff", ulong), ARG("flags", map_flags)),
	CALL(set_mempolicy, MEM, NUMBER, NULL, ARG_FLAGS("mode", mempolicy), ARG("nodemask", pointer), ARG("maxnode", ulong)),
	{}
};
