// SPDX-License-Identifier: GPL-2.0-only
/* Programs, counters, filters, keys and modules that the kernel is given. */
#include "net_types.h"

#include <linux/keyctl.h>
#include <linux/landlock.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>

#define PERF_ATTR struct perf_event_attr

static const struct constants *perf_config(u32 type)
{
	return type == PERF_TYPE_HARDWARE   ? &c_perf_hw
	       : type == PERF_TYPE_SOFTWARE ? &c_perf_sw
					    : NULL;
}

static void show_perf_attr(struct decoder *d, struct value *v, const void *memory)
{
	static const struct member members[] = {
		MEMBER_IN(PERF_ATTR, sample_type, FLAGS, perf_sample),
		MEMBER_IN(PERF_ATTR, read_format, FLAGS, perf_read),
	};
	PERF_ATTR a;
	const struct constants *config;

	/* What every version of the structure has. */
	memset(&a, 0, sizeof(a));
	memcpy(&a, memory, PERF_ATTR_SIZE_VER0);
	config = perf_config(a.type);
	add_name(d, v, "type", &c_perf_type, a.type);
	add_unsigned(d, v, "size", a.size);
	if (config)
		add_name(d, v, "config", config, a.config);
	else
		add_hex(d, v, "config", a.config);
	add_unsigned(d, v, a.freq ? "sample_freq" : "sample_period", a.sample_period);
	SHOW_MEMBERS(d, v, memory, PERF_ATTR_SIZE_VER0, members);
	if (a.disabled)
		add_unsigned(d, v, "disabled", 1);
	if (a.inherit)
		add_unsigned(d, v, "inherit", 1);
	if (a.exclude_user)
		add_unsigned(d, v, "exclude_user", 1);
	if (a.exclude_kernel)
		add_unsigned(d, v, "exclude_kernel", 1);
	if (a.freq)
		add_unsigned(d, v, "freq", 1);
	v->cut = true;
}

static struct value *decode_perf_attr(struct decoder *d, u32 i)
{
	return show_struct_at(d, NULL, d->ev->arg[i], PERF_ATTR_SIZE_VER0, false, show_perf_attr);
}

static const struct arg_type t_perf_attr = {
	.fetch = {.kind = FETCH_STRUCT, .size = PERF_ATTR_SIZE_VER0},
	.decode = decode_perf_attr,
};

/* An action to ask for, sizes that are told, or a program. */
static struct value *decode_seccomp_args(struct decoder *d, u32 i)
{
	u64 addr = d->ev->arg[i];
	const char *p;
	struct value *v;

	switch ((u32)d->ev->arg[0]) {
	case SECCOMP_GET_ACTION_AVAIL:
		p = addr ? decode__memory(d, addr, sizeof(u32), false) : NULL;
		if (!p)
			return show_pointer(d, i);
		v = value__new(d->arena, VALUE_ARRAY, NULL, 0);
		add_name(d, v, NULL, &c_seccomp_action, get_u32(p));
		return v;
	case SECCOMP_GET_NOTIF_SIZES:
		p = decode__succeeded(d) ? decode__memory(d, addr, 6, true) : NULL;
		if (!p)
			return show_pointer(d, i);
		v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
		add_unsigned(d, v, "seccomp_notif", get_u16(p));
		add_unsigned(d, v, "seccomp_notif_resp", get_u16(p + 2));
		add_unsigned(d, v, "seccomp_data", get_u16(p + 4));
		return v;
	case SECCOMP_SET_MODE_FILTER:
		p = addr ? decode__memory(d, addr, 16, false) : NULL;
		if (!p)
			return show_pointer(d, i);
		v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
		add_unsigned(d, v, "len", get_u16(p));
		add_pointer(d, v, "filter", get_u64(p + 8));
		return v;
	default:
		return show_pointer(d, i);
	}
}

static struct value *decode_seccomp_flags(struct decoder *d, u32 i)
{
	u32 flags = (u32)d->ev->arg[i];

	if ((u32)d->ev->arg[0] != SECCOMP_SET_MODE_FILTER)
		return value__new(d->arena, VALUE_HEX, NULL, flags);
	return decode__flags(d, NULL, &c_seccomp_flags, flags);
}

static const struct arg_type t_seccomp_flags = {.decode = decode_seccomp_flags};
static const struct arg_type t_seccomp_args = {
	.fetch = {.kind = FETCH_STRUCT, .flags = FETCH_BOTH, .size = 16},
	.decode = decode_seccomp_args,
};

/* A key's number, or a keyring by name. */
static struct value *show_key(struct decoder *d, u32 key)
{
	const char *name = constant__name(&c_key_special, key);

	return name ? value__named(d->arena, NULL, name, key)
		    : value__new(d->arena, VALUE_SIGNED, NULL, (u64)(s32)key);
}

static struct value *decode_key(struct decoder *d, u32 i)
{
	return show_key(d, (u32)d->ev->arg[i]);
}

static const struct arg_type t_key = {.decode = decode_key};

/* What arguments 1 to 4 of keyctl are: k a key, n a number, s a size, x hexadecimal, p an address.
 */
static const char *const keyctl_args[] = {
	[KEYCTL_GET_KEYRING_ID] = "kn",
	[KEYCTL_JOIN_SESSION_KEYRING] = "p",
	[KEYCTL_UPDATE] = "kps",
	[KEYCTL_REVOKE] = "k",
	[KEYCTL_CHOWN] = "knn",
	[KEYCTL_SETPERM] = "kx",
	[KEYCTL_DESCRIBE] = "kps",
	[KEYCTL_CLEAR] = "k",
	[KEYCTL_LINK] = "kk",
	[KEYCTL_UNLINK] = "kk",
	[KEYCTL_SEARCH] = "kppk",
	[KEYCTL_READ] = "kps",
	[KEYCTL_INSTANTIATE] = "kpsk",
	[KEYCTL_NEGATE] = "knk",
	[KEYCTL_SET_REQKEY_KEYRING] = "n",
	[KEYCTL_SET_TIMEOUT] = "kn",
	[KEYCTL_ASSUME_AUTHORITY] = "k",
	[KEYCTL_GET_SECURITY] = "kps",
	[KEYCTL_SESSION_TO_PARENT] = "",
	[KEYCTL_REJECT] = "knnk",
	[KEYCTL_INSTANTIATE_IOV] = "kpsk",
	[KEYCTL_INVALIDATE] = "k",
	[KEYCTL_GET_PERSISTENT] = "nk",
};

static struct value *decode_keyctl_arg(struct decoder *d, u32 i)
{
	u32 cmd = (u32)d->ev->arg[0];
	const char *kinds = cmd < sizeof(keyctl_args) / sizeof(keyctl_args[0]) ? keyctl_args[cmd]
									       : "xxxx";
	u64 arg = d->ev->arg[i];
	struct value *v;

	switch (strlen(kinds) >= i ? kinds[i - 1] : 0) {
	case 'k':
		return show_key(d, (u32)arg);
	case 'n':
		return value__new(d->arena, VALUE_SIGNED, NULL, (u64)(s32)arg);
	case 's':
		return value__new(d->arena, VALUE_UNSIGNED, NULL, arg);
	case 'x':
		return value__new(d->arena, VALUE_HEX, NULL, arg);
	case 'p':
		return show_pointer(d, i);
	default:
		v = show_pointer(d, i);
		v->absent = true;
		return v;
	}
}

static const struct arg_type t_keyctl_arg = {.decode = decode_keyctl_arg};

static struct value *decode_ruleset(struct decoder *d, u32 i)
{
	u64 addr = d->ev->arg[i];
	u32 have = 0;
	const char *p = addr ? decode__some(d, addr, &have, false) : NULL;
	struct value *v;

	if (!p || have < sizeof(u64))
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	add_flags(d, v, "handled_access_fs", &c_ll_access_fs, get_u64(p));
	if (have >= 2 * sizeof(u64))
		add_flags(d, v, "handled_access_net", &c_ll_access_net, get_u64(p + 8));
	if (have >= 3 * sizeof(u64))
		add_flags(d, v, "scoped", &c_ll_scope, get_u64(p + 16));
	return v;
}

static void show_path_rule(struct decoder *d, struct value *v, const void *memory)
{
	add_flags(d, v, "allowed_access", &c_ll_access_fs, get_u64(memory));
	add_fd(d, v, "parent_fd", (s32)get_u32((const char *)memory + 8));
}

static struct value *decode_landlock_rule(struct decoder *d, u32 i)
{
	if ((u32)d->ev->arg[1] != LANDLOCK_RULE_PATH_BENEATH)
		return show_pointer(d, i);
	return show_struct_at(d, NULL, d->ev->arg[i], 12, false, show_path_rule);
}

static const struct arg_type t_ruleset = {
	.fetch = {.kind = FETCH_ARRAY, .most = 64, .size = 1},
	.decode = decode_ruleset,
};
static const struct arg_type t_landlock_rule = {
	.fetch = {.kind = FETCH_STRUCT, .size = 12},
	.decode = decode_landlock_rule,
};

/* clang-format off */
#define DESC CALL_IS_DESC

const struct call_desc calls_kernel[] = {
	CALL(perf_event_open, DESC, RETURNS_FD, NULL,
	     ARG("attr", perf_attr), ARG("pid", int), ARG("cpu", int), ARG("group_fd", fd), ARG_FLAGS("flags", perf_flags)),
	CALL(seccomp, 0, RETURNS_NUMBER, NULL,
	     ARG_NAME("op", seccomp_op), ARG("flags", seccomp_flags), ARG("args", seccomp_args)),
	CALL(add_key, 0, RETURNS_NUMBER, NULL,
	     ARG("type", string), ARG("description", string), ARG_LEN("payload", buf_in, 3), ARG("plen", ulong),
	     ARG("keyring", key)),
	CALL(request_key, 0, RETURNS_NUMBER, NULL,
	     ARG("type", string), ARG("description", string), ARG("callout_info", string), ARG("keyring", key)),
	CALL(keyctl, 0, RETURNS_NUMBER, NULL,
	     ARG_NAME("op", keyctl), ARG("arg2", keyctl_arg), ARG("arg3", keyctl_arg), ARG("arg4", keyctl_arg),
	     ARG("arg5", keyctl_arg)),
	CALL(landlock_create_ruleset, DESC, RETURNS_FD, NULL,
	     ARG_LEN("attr", ruleset, 1), ARG("size", ulong), ARG_FLAGS("flags", ll_create)),
	CALL(landlock_add_rule, DESC, RETURNS_NUMBER, NULL,
	     ARG("ruleset_fd", fd), ARG_NAME("rule_type", ll_rule), ARG("rule_attr", landlock_rule), ARG("flags", hex)),
	CALL(landlock_restrict_self, DESC, RETURNS_NUMBER, NULL, ARG("ruleset_fd", fd), ARG_FLAGS("flags", ll_restrict)),
	CALL(init_module, 0, RETURNS_NUMBER, NULL,
	     ARG("module_image", pointer), ARG("len", ulong), ARG("param_values", string)),
	CALL(finit_module, DESC, RETURNS_NUMBER, NULL,
	     ARG("fd", fd), ARG("param_values", string), ARG_FLAGS("flags", module_init)),
	CALL(delete_module, 0, RETURNS_NUMBER, NULL, ARG("name", string), ARG_FLAGS("flags", module_delete)),
	CALL(userfaultfd, DESC, RETURNS_FD, NULL, ARG_FLAGS("flags", userfaultfd)),
	CALL(kexec_load, 0, RETURNS_NUMBER, NULL,
	     ARG("entry", pointer), ARG("nr_segments", ulong), ARG("segments", pointer), ARG_FLAGS("flags", kexec_flags)),
	CALL(kexec_file_load, DESC, RETURNS_NUMBER, NULL,
	     ARG("kernel_fd", fd), ARG("initrd_fd", fd), ARG("cmdline_len", ulong), ARG("cmdline", string),
	     ARG_FLAGS("flags", kexec_file)),
	CALL(lsm_get_self_attr, 0, RETURNS_NUMBER, NULL,
	     ARG_NAME("attr", lsm_attr), ARG("ctx", pointer), ARG("size", pointer), ARG("flags", hex)),
	CALL(lsm_set_self_attr, 0, RETURNS_NUMBER, NULL,
	     ARG_NAME("attr", lsm_attr), ARG("ctx", pointer), ARG("size", uint), ARG("flags", hex)),
	CALL(lsm_list_modules, 0, RETURNS_NUMBER, NULL, ARG("ids", pointer), ARG("size", pointer), ARG("flags", hex)),
	{}
};
