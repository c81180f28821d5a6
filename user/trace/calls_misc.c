// SPDX-License-Identifier: GPL-2.0-only
/* Quotas, the kernel's log, handles of files, and what few programs do. */
#include "net_types.h"

#include <linux/quota.h>
#include <linux/reboot.h>

#define SUBCMD(cmd) ((cmd) >> SUBCMDSHIFT)

static struct value *decode_quota_cmd(struct decoder *d, u32 i)
{
	u32 cmd = (u32)d->ev->arg[i];
	struct value *v = value__said(
		d->arena, NULL,
		arena__print(
			d->arena, "QCMD(%s, %s)",
			value__words(d->arena, decode__name(d, NULL, &c_quota_cmd, SUBCMD(cmd))),
			value__words(d->arena,
				     decode__name(d, NULL, &c_quota_type, cmd & SUBCMDMASK))));

	value__add(v, value__new(d->arena, VALUE_UNSIGNED, NULL, cmd));
	return v;
}

/* A format when quotas are turned on, else a user or group; len: the argument with the command. */
static struct value *decode_quota_id(struct decoder *d, u32 i)
{
	u32 cmd = (u32)d->ev->arg[d->call->arg[i].len];

	if (SUBCMD(cmd) == (u32)Q_QUOTAON)
		return decode__name(d, NULL, &c_quota_format, (u32)d->ev->arg[i]);
	return value__new(d->arena, VALUE_UNSIGNED, NULL, (u32)d->ev->arg[i]);
}

/* Nothing follows the device. */
static void adjust_quotactl(struct decoder *d, struct value *args, struct value *ret)
{
	(void)ret;
	if (SUBCMD((u32)d->ev->arg[0]) == (u32)Q_SYNC)
		nth(args, 2)->absent = nth(args, 3)->absent = true;
}

static struct value *decode_syslog_action(struct decoder *d, u32 i)
{
	u32 action = (u32)d->ev->arg[i];
	struct value *v = value__new(d->arena, VALUE_SIGNED, NULL, (u64)(s32)action);

	v->note = constant__name(&c_syslog_action, action);
	if (!v->note)
		v->note = c_syslog_action.prefix;
	return v;
}

enum { LOG_READ = 2, LOG_READ_ALL, LOG_READ_CLEAR, LOG_LEVEL = 8, LOG_KNOWN = 10 };

/* Only what reads has a buffer, and one a level. */
static void adjust_syslog(struct decoder *d, struct value *args, struct value *ret)
{
	u32 action = (u32)d->ev->arg[0];

	(void)ret;
	if (action > LOG_KNOWN || (action >= LOG_READ && action <= LOG_READ_CLEAR))
		return;
	nth(args, 1)->absent = true;
	nth(args, 2)->absent = action != LOG_LEVEL;
}

/* What the kernel says of a handle is how long it has to be, then what it is. */
static struct value *decode_handle(struct decoder *d, u32 i)
{
	u64 addr = d->ev->arg[i];
	bool out = d->call->arg[i].type->fetch.flags & FETCH_BOTH;
	const void *before = addr ? decode__memory(d, addr, sizeof(u32), false) : NULL;
	u32 have = 0, bytes;
	const char *p = before && (!out || decode__succeeded(d)) ? decode__some(d, addr, &have, out)
								 : NULL;
	struct value *v, *size;

	if (!before)
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	size = value__add(v, value__new(d->arena, VALUE_UNSIGNED, "handle_bytes", get_u32(before)));
	if (!p || have < 2 * sizeof(u32))
		return v;
	bytes = get_u32(p);
	if (bytes != get_u32(before))
		size->after = value__new(d->arena, VALUE_UNSIGNED, NULL, bytes);
	add_signed(d, v, "handle_type", (s32)get_u32(p + 4));
	have -= 2 * sizeof(u32);
	p += 2 * sizeof(u32);
	size = value__add(v, value__bytes(d->arena, "f_handle", p, bytes < have ? bytes : have,
					  bytes > have));
	size->num = 2;
	return v;
}

static const struct arg_type t_quota_cmd = {.decode = decode_quota_cmd};
static const struct arg_type t_quota_id = {.decode = decode_quota_id};
static const struct arg_type t_syslog_action = {.decode = decode_syslog_action};
static const struct arg_type t_handle = {
	.fetch = {.kind = FETCH_STRUCT, .size = 40},
	.decode = decode_handle,
};
static const struct arg_type t_handle_out = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = 40},
	.decode = decode_handle,
};

/* clang-format off */
#define DESC CALL_IS_DESC
#define PATH CALL_IS_FILE

const struct call_desc calls_misc[] = {
	CALL(quotactl, PATH, RETURNS_NUMBER, adjust_quotactl,
	     ARG("cmd", quota_cmd), ARG("special", path), ARG_LEN("id", quota_id, 0), ARG("addr", pointer)),
	CALL(quotactl_fd, DESC, RETURNS_NUMBER, NULL,
	     ARG("fd", fd), ARG("cmd", quota_cmd), ARG_LEN("id", quota_id, 1), ARG("addr", pointer)),
	CALL(syslog, 0, RETURNS_NUMBER, adjust_syslog,
	     ARG("type", syslog_action), ARG_LEN("buf", buf_out, 2), ARG("len", int)),
	CALL(reboot, 0, RETURNS_NUMBER, NULL,
	     ARG_NAME("magic", reboot_magic), ARG_NAME("magic2", reboot_magic), ARG_NAME("op", reboot_cmd)),
	CALL(name_to_handle_at, DESC | PATH, RETURNS_NUMBER, NULL,
	     ARG("dirfd", dirfd), ARG("pathname", path), ARG("handle", handle_out), ARG("mount_id", int_out),
	     ARG_FLAGS("flags", handle_flags)),
	CALL(open_by_handle_at, DESC, RETURNS_FD, NULL,
	     ARG("mount_fd", dirfd), ARG("handle", handle), ARG_FLAGS("flags", open_flags)),
	CALL(process_mrelease, DESC, RETURNS_NUMBER, NULL, ARG("pidfd", fd), ARG("flags", hex)),
	CALL(memfd_secret, DESC, RETURNS_FD, NULL, ARG_FLAGS("flags", secret_flags)),
	CALL(map_shadow_stack, CALL_IS_MEMORY, RETURNS_POINTER, NULL, ARG("addr", pointer), ARG("size", ulong), ARG("flags", hex)),
	CALL(sysfs, 0, RETURNS_NUMBER, NULL, ARG("option", int), ARG("arg1", hex), ARG("arg2", hex)),
	CALL(ustat, 0, RETURNS_NUMBER, NULL, ARG("dev", device), ARG("ubuf", pointer)),
	CALL(migrate_pages, CALL_IS_MEMORY, RETURNS_NUMBER, NULL,
	     ARG("pid", int), ARG("maxnode", ulong), ARG("old_nodes", pointer), ARG("new_nodes", pointer)),
	CALL(move_pages, CALL_IS_MEMORY, RETURNS_NUMBER, NULL,
	     ARG("pid", int), ARG("count", ulong), ARG("pages", pointer), ARG("nodes", pointer), ARG("status", pointer),
	     ARG_FLAGS("flags", mbind_flags)),
	CALL(set_mempolicy_home_node, CALL_IS_MEMORY, RETURNS_NUMBER, NULL,
	     ARG("start", pointer), ARG("len", ulong), ARG("home_node", ulong), ARG("flags", hex)),
	{}
};
