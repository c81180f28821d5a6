// SPDX-License-Identifier: GPL-2.0-only
/* What files are: modes, devices, stat and what is like it, directories. */
#include "arg_types.h"

#include <dirent.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

/* The kernel's struct stat; the C library's is the same on these architectures. */
_Static_assert(sizeof(struct stat) == (sizeof(long) == 8 && sizeof(nlink_t) == 8 ? 144 : 128),
	       "struct stat is the kernel's");

/* S_IFREG|S_ISUID|0644: in JSON a number. */
struct value *show_file_mode(struct decoder *d, const char *member, u32 mode)
{
	static const struct {
		u32 bit;
		const char *name;
	} special[] = {{S_ISUID, "S_ISUID"}, {S_ISGID, "S_ISGID"}, {S_ISVTX, "S_ISVTX"}};
	const char *type = mode & S_IFMT ? constant__name(&c_stat_type, mode & S_IFMT) : NULL;
	struct value *v = value__new(d->arena, VALUE_FLAGS, member, mode);
	u32 rest = mode;

	if (type) {
		value__add(v, value__named(d->arena, NULL, type, mode & S_IFMT));
		rest &= ~(u32)S_IFMT;
		for (u32 i = 0; i < 3; i++) {
			if (rest & special[i].bit)
				value__add(v, value__named(d->arena, NULL, special[i].name,
							   special[i].bit));
			rest &= ~special[i].bit;
		}
	}
	value__add(v, value__new(d->arena, VALUE_OCTAL, NULL, rest));
	return v;
}

static struct value *decode_file_mode(struct decoder *d, u32 i)
{
	return show_file_mode(d, NULL, (u16)d->ev->arg[i]);
}

const struct arg_type t_file_mode = {.decode = decode_file_mode};

static const char *hex_text(struct decoder *d, u32 n)
{
	return arena__print(d->arena, n ? "%#x" : "%u", n);
}

static struct value *show_device(struct decoder *d, const char *member, u32 major, u32 minor)
{
	return value__said(
		d->arena, member,
		arena__print(d->arena, "makedev(%s, %s)", hex_text(d, major), hex_text(d, minor)));
}

static struct value *decode_device(struct decoder *d, u32 i)
{
	dev_t dev = (u32)d->ev->arg[i];

	return show_device(d, NULL, major(dev), minor(dev));
}

const struct arg_type t_device = {.decode = decode_device};

static void add_device(struct decoder *d, struct value *v, const char *member, dev_t dev)
{
	value__add(v, show_device(d, member, major(dev), minor(dev)));
}

static void add_stat_time(struct decoder *d, struct value *v, const char *const name[2],
			  const struct timespec *t)
{
	add_signed(d, v, name[0], t->tv_sec);
	v->last->note = date_note(d, t->tv_sec, (u64)t->tv_nsec, 9);
	add_unsigned(d, v, name[1], (u64)t->tv_nsec);
}

static void show_stat(struct decoder *d, struct value *v, const void *memory)
{
	static const char *const times[3][2] = {{"st_atime", "st_atime_nsec"},
						{"st_mtime", "st_mtime_nsec"},
						{"st_ctime", "st_ctime_nsec"}};
	const struct stat *st = memory;
	bool device = S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
	bool all = d->opts->verbose;

	if (all) {
		add_device(d, v, "st_dev", st->st_dev);
		add_unsigned(d, v, "st_ino", st->st_ino);
	}
	value__add(v, show_file_mode(d, "st_mode", st->st_mode));
	if (all) {
		add_unsigned(d, v, "st_nlink", st->st_nlink);
		add_unsigned(d, v, "st_uid", st->st_uid);
		add_unsigned(d, v, "st_gid", st->st_gid);
		add_unsigned(d, v, "st_blksize", (u64)st->st_blksize);
		add_unsigned(d, v, "st_blocks", (u64)st->st_blocks);
	}
	if (device)
		add_device(d, v, "st_rdev", st->st_rdev);
	else
		add_unsigned(d, v, "st_size", (u64)st->st_size);
	v->cut = !all;
	if (all) {
		add_stat_time(d, v, times[0], &st->st_atim);
		add_stat_time(d, v, times[1], &st->st_mtim);
		add_stat_time(d, v, times[2], &st->st_ctim);
	}
}

DEFINE_OUT(t_stat, struct stat, show_stat);

static void add_statx_time(struct decoder *d, struct value *v, const char *member,
			   const struct statx_timestamp *t)
{
	struct value *time = value__add(v, value__new(d->arena, VALUE_STRUCT, member, 0));

	add_signed(d, time, "tv_sec", t->tv_sec);
	add_unsigned(d, time, "tv_nsec", t->tv_nsec);
	time->note = date_note(d, t->tv_sec, t->tv_nsec, 9);
}

static void show_statx_rest(struct decoder *d, struct value *v, const struct statx *st)
{
	add_unsigned(d, v, "stx_blocks", st->stx_blocks);
	add_flags(d, v, "stx_attributes_mask", &c_statx_attr, st->stx_attributes_mask);
	add_statx_time(d, v, "stx_atime", &st->stx_atime);
	if (st->stx_mask & STATX_BTIME)
		add_statx_time(d, v, "stx_btime", &st->stx_btime);
	add_statx_time(d, v, "stx_ctime", &st->stx_ctime);
	add_statx_time(d, v, "stx_mtime", &st->stx_mtime);
	add_unsigned(d, v, "stx_rdev_major", st->stx_rdev_major);
	add_unsigned(d, v, "stx_rdev_minor", st->stx_rdev_minor);
	add_unsigned(d, v, "stx_dev_major", st->stx_dev_major);
	add_unsigned(d, v, "stx_dev_minor", st->stx_dev_minor);
	add_hex(d, v, "stx_mnt_id", st->stx_mnt_id);
}

static void show_statx(struct decoder *d, struct value *v, const void *memory)
{
	const struct statx *st = memory;
	bool all = d->opts->verbose;

	add_flags(d, v, "stx_mask", &c_statx_mask, st->stx_mask);
	if (all)
		add_unsigned(d, v, "stx_blksize", st->stx_blksize);
	add_flags(d, v, "stx_attributes", &c_statx_attr, st->stx_attributes);
	if (all) {
		add_unsigned(d, v, "stx_nlink", st->stx_nlink);
		add_unsigned(d, v, "stx_uid", st->stx_uid);
		add_unsigned(d, v, "stx_gid", st->stx_gid);
	}
	value__add(v, show_file_mode(d, "stx_mode", st->stx_mode));
	if (all)
		add_unsigned(d, v, "stx_ino", st->stx_ino);
	add_unsigned(d, v, "stx_size", st->stx_size);
	v->cut = !all;
	if (all)
		show_statx_rest(d, v, st);
}

DEFINE_OUT(t_statx, struct statx, show_statx);

static void show_statfs(struct decoder *d, struct value *v, const void *memory)
{
	const struct statfs *st = memory;
	struct value *id;

	add_name(d, v, "f_type", &c_fs_magic, (u64)st->f_type);
	add_unsigned(d, v, "f_bsize", (u64)st->f_bsize);
	add_unsigned(d, v, "f_blocks", st->f_blocks);
	add_unsigned(d, v, "f_bfree", st->f_bfree);
	add_unsigned(d, v, "f_bavail", st->f_bavail);
	add_unsigned(d, v, "f_files", st->f_files);
	add_unsigned(d, v, "f_ffree", st->f_ffree);
	id = value__add(v, value__new(d->arena, VALUE_STRUCT, "f_fsid", 0));
	id = value__add(id, value__new(d->arena, VALUE_ARRAY, "val", 0));
	add_hex(d, id, NULL, (u32)st->f_fsid.__val[0]);
	add_hex(d, id, NULL, (u32)st->f_fsid.__val[1]);
	add_unsigned(d, v, "f_namelen", (u64)st->f_namelen);
	add_unsigned(d, v, "f_frsize", (u64)st->f_frsize);
	add_flags(d, v, "f_flags", &c_statfs_flags, (u64)st->f_flags);
}

DEFINE_OUT(t_statfs, struct statfs, show_statfs);

#define ENTRY_HEAD offsetof(struct dirent64, d_name)

/* The older structure has no type before the name but behind it, in the last byte. */
static struct value *show_entry(struct decoder *d, const struct dirent64 *e, bool old)
{
	struct value *v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	const char *name = old ? (const char *)&e->d_type : e->d_name;
	u32 room = e->d_reclen - (u32)(name - (const char *)e);

	add_unsigned(d, v, "d_ino", e->d_ino);
	add_signed(d, v, "d_off", e->d_off);
	add_unsigned(d, v, "d_reclen", e->d_reclen);
	if (!old)
		add_name(d, v, "d_type", &c_dirent_type, e->d_type);
	value__add(v, value__bytes(d->arena, "d_name", name, (u32)strnlen(name, room), false));
	if (old)
		add_name(d, v, "d_type", &c_dirent_type, ((const u8 *)e)[e->d_reclen - 1]);
	return v;
}

/* Whole entries of the first @len bytes into @v, as far as they go; returns how many. */
static u32 add_entries(struct decoder *d, struct value *v, const char *bytes, u32 len, bool old,
		       bool *whole)
{
	u32 at = 0, n = 0;

	while (len - at > ENTRY_HEAD) {
		const struct dirent64 *e = (const struct dirent64 *)(bytes + at);

		if (e->d_reclen <= ENTRY_HEAD || e->d_reclen > len - at || e->d_reclen % 8)
			break;
		if (v)
			value__add(v, show_entry(d, e, old));
		at += e->d_reclen;
		n++;
	}
	*whole = at == len;
	return n;
}

/* How many there are; which, if structures are wanted whole. */
static struct value *show_entries(struct decoder *d, u32 i, bool old)
{
	struct value *v = show_pointer(d, i);
	u64 want = (u64)d->ev->ret;
	u32 have = 0, n;
	bool whole;
	const char *bytes;

	if (!arg__readable(d, i))
		return v;
	bytes = want ? decode__some(d, d->ev->arg[i], &have, true) : "";
	if (!bytes)
		return v;
	if (have > want)
		have = (u32)want;
	if (d->opts->verbose)
		v->kind = VALUE_ARRAY;
	n = add_entries(d, d->opts->verbose ? v : NULL, bytes, have, old, &whole);
	if (!whole || have < want)
		v->cut = d->opts->verbose;
	if (!d->opts->verbose)
		v->note = arena__print(d->arena, "%u%s entries", n,
				       whole && have == want ? "" : " or more");
	return v;
}

static struct value *decode_dirents(struct decoder *d, u32 i)
{
	return show_entries(d, i, false);
}

static struct value *decode_dirents_old(struct decoder *d, u32 i)
{
	return show_entries(d, i, true);
}

/* Entries are longer than 16 bytes, and the call returns bytes: what is copied is too much for a
 * short directory and enough for most. */
#define FETCH_ENTRIES                                                                              \
	{                                                                                          \
		.kind = FETCH_ARRAY, .flags = FETCH_AT_EXIT | FETCH_RETURNED, .size = 16,          \
		.most = 255,                                                                       \
	}

const struct arg_type t_dirents = {.fetch = FETCH_ENTRIES, .decode = decode_dirents};
const struct arg_type t_dirents_old = {.fetch = FETCH_ENTRIES, .decode = decode_dirents_old};
