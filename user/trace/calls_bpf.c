// SPDX-License-Identifier: GPL-2.0-only
/* bpf: of the union that it takes, the members that the command looks at. */
#include "net_types.h"

#include <linux/bpf.h>

#define ATTR      union bpf_attr
#define MAX_BYTES 144

static const struct member map_create[] = {
	MEMBER_IN(ATTR, map_type, NAME, bpf_map_type),
	MEMBER(ATTR, key_size, UNSIGNED),
	MEMBER(ATTR, value_size, UNSIGNED),
	MEMBER(ATTR, max_entries, UNSIGNED),
	MEMBER_IN(ATTR, map_flags, FLAGS, bpf_map_flags),
	MEMBER(ATTR, inner_map_fd, FD),
	MEMBER(ATTR, map_name, TEXT),
	MEMBER(ATTR, map_ifindex, UNSIGNED),
	MEMBER(ATTR, btf_fd, FD),
	MEMBER(ATTR, btf_key_type_id, UNSIGNED),
	MEMBER(ATTR, btf_value_type_id, UNSIGNED),
	MEMBER(ATTR, btf_vmlinux_value_type_id, UNSIGNED),
	MEMBER(ATTR, map_extra, UNSIGNED),
};
static const struct member element[] = {
	MEMBER(ATTR, map_fd, FD),
	MEMBER(ATTR, key, POINTER),
	MEMBER(ATTR, value, POINTER),
	MEMBER_IN(ATTR, flags, NAME, bpf_elem_flags),
};
static const struct member delete_element[] = {
	MEMBER(ATTR, map_fd, FD),
	MEMBER(ATTR, key, POINTER),
};
static const struct member next_key[] = {
	MEMBER(ATTR, map_fd, FD),
	MEMBER(ATTR, key, POINTER),
	MEMBER(ATTR, next_key, POINTER),
};
static const struct member prog_load[] = {
	MEMBER_IN(ATTR, prog_type, NAME, bpf_prog_type),
	MEMBER(ATTR, insn_cnt, UNSIGNED),
	MEMBER(ATTR, insns, POINTER),
	MEMBER(ATTR, license, POINTER),
	MEMBER(ATTR, log_level, UNSIGNED),
	MEMBER(ATTR, log_size, UNSIGNED),
	MEMBER(ATTR, log_buf, POINTER),
	MEMBER(ATTR, kern_version, HEX),
	MEMBER_IN(ATTR, prog_flags, FLAGS, bpf_prog_flags),
	MEMBER(ATTR, prog_name, TEXT),
	MEMBER(ATTR, prog_ifindex, UNSIGNED),
	MEMBER_IN(ATTR, expected_attach_type, NAME, bpf_attach),
	MEMBER(ATTR, prog_btf_fd, FD),
	MEMBER(ATTR, func_info_rec_size, UNSIGNED),
	MEMBER(ATTR, func_info, POINTER),
	MEMBER(ATTR, func_info_cnt, UNSIGNED),
	MEMBER(ATTR, line_info_rec_size, UNSIGNED),
	MEMBER(ATTR, line_info, POINTER),
	MEMBER(ATTR, line_info_cnt, UNSIGNED),
	MEMBER(ATTR, attach_btf_id, UNSIGNED),
	MEMBER(ATTR, attach_prog_fd, FD),
	MEMBER(ATTR, fd_array, POINTER),
};
static const struct member object[] = {
	MEMBER(ATTR, pathname, POINTER),
	MEMBER(ATTR, bpf_fd, FD),
	MEMBER(ATTR, file_flags, HEX),
};
static const struct member prog_attach[] = {
	MEMBER(ATTR, target_fd, FD),
	MEMBER(ATTR, attach_bpf_fd, FD),
	MEMBER_IN(ATTR, attach_type, NAME, bpf_attach),
	MEMBER(ATTR, attach_flags, HEX),
};
static const struct member next_id[] = {
	MEMBER(ATTR, start_id, UNSIGNED),
	MEMBER(ATTR, next_id, UNSIGNED),
	MEMBER(ATTR, open_flags, HEX),
};
static const struct member by_id[] = {
	MEMBER_AS(ATTR, "id", start_id, UNSIGNED, NULL),
	MEMBER(ATTR, next_id, UNSIGNED),
	MEMBER(ATTR, open_flags, HEX),
};
static const struct member info[] = {
	MEMBER_AS(ATTR, "bpf_fd", info.bpf_fd, FD, NULL),
	MEMBER_AS(ATTR, "info_len", info.info_len, UNSIGNED, NULL),
	MEMBER_AS(ATTR, "info", info.info, POINTER, NULL),
};
static const struct member raw_tracepoint[] = {
	MEMBER_AS(ATTR, "name", raw_tracepoint.name, POINTER, NULL),
	MEMBER_AS(ATTR, "prog_fd", raw_tracepoint.prog_fd, FD, NULL),
};
static const struct member btf_load[] = {
	MEMBER(ATTR, btf, POINTER),
	MEMBER(ATTR, btf_log_buf, POINTER),
	MEMBER(ATTR, btf_size, UNSIGNED),
	MEMBER(ATTR, btf_log_size, UNSIGNED),
	MEMBER(ATTR, btf_log_level, UNSIGNED),
};
static const struct member link_create[] = {
	MEMBER_AS(ATTR, "prog_fd", link_create.prog_fd, FD, NULL),
	MEMBER_AS(ATTR, "target_fd", link_create.target_fd, FD, NULL),
	MEMBER_AS(ATTR, "attach_type", link_create.attach_type, NAME, &c_bpf_attach),
	MEMBER_AS(ATTR, "flags", link_create.flags, HEX, NULL),
};
static const struct member map_fd_only[] = {MEMBER(ATTR, map_fd, FD)};

#define LAYOUT(cmd, list) [cmd] = {list, sizeof(list) / sizeof((list)[0])}

static const struct layout {
	const struct member *list;
	u32 n;
} layouts[] = {
	LAYOUT(BPF_MAP_CREATE, map_create),
	LAYOUT(BPF_MAP_LOOKUP_ELEM, element),
	LAYOUT(BPF_MAP_UPDATE_ELEM, element),
	LAYOUT(BPF_MAP_DELETE_ELEM, delete_element),
	LAYOUT(BPF_MAP_GET_NEXT_KEY, next_key),
	LAYOUT(BPF_PROG_LOAD, prog_load),
	LAYOUT(BPF_OBJ_PIN, object),
	LAYOUT(BPF_OBJ_GET, object),
	LAYOUT(BPF_PROG_ATTACH, prog_attach),
	LAYOUT(BPF_PROG_DETACH, prog_attach),
	LAYOUT(BPF_PROG_GET_NEXT_ID, next_id),
	LAYOUT(BPF_MAP_GET_NEXT_ID, next_id),
	LAYOUT(BPF_BTF_GET_NEXT_ID, next_id),
	LAYOUT(BPF_LINK_GET_NEXT_ID, next_id),
	LAYOUT(BPF_PROG_GET_FD_BY_ID, by_id),
	LAYOUT(BPF_MAP_GET_FD_BY_ID, by_id),
	LAYOUT(BPF_BTF_GET_FD_BY_ID, by_id),
	LAYOUT(BPF_LINK_GET_FD_BY_ID, by_id),
	LAYOUT(BPF_OBJ_GET_INFO_BY_FD, info),
	LAYOUT(BPF_RAW_TRACEPOINT_OPEN, raw_tracepoint),
	LAYOUT(BPF_BTF_LOAD, btf_load),
	LAYOUT(BPF_MAP_LOOKUP_AND_DELETE_ELEM, element),
	LAYOUT(BPF_MAP_FREEZE, map_fd_only),
	LAYOUT(BPF_LINK_CREATE, link_create),
};

static struct value *decode_bpf_attr(struct decoder *d, u32 i)
{
	u32 cmd = (u32)d->ev->arg[0], size = (u32)d->ev->arg[2], have = 0;
	const void *p = d->ev->arg[i] ? decode__some(d, d->ev->arg[i], &have, false) : NULL;
	struct value *v, *inner;

	if (!p || cmd >= sizeof(layouts) / sizeof(layouts[0]) || !layouts[cmd].n)
		return show_pointer(d, i);
	v = value__new(d->arena, VALUE_STRUCT, NULL, 0);
	inner = v;
	if (layouts[cmd].list == info) {
		inner = value__new(d->arena, VALUE_STRUCT, "info", 0);
		value__add(v, inner);
	}
	show_members(d, inner, p, have < size ? have : size, layouts[cmd].list, layouts[cmd].n);
	return v;
}

static const struct arg_type t_bpf_attr = {
	.fetch = {.kind = FETCH_ARRAY, .most = MAX_BYTES, .size = 1},
	.decode = decode_bpf_attr,
};

/* clang-format off */
const struct call_desc calls_bpf[] = {
	CALL(bpf, CALL_IS_DESC, RETURNS_NUMBER, NULL,
	     ARG_NAME("cmd", bpf_cmd), ARG_LEN("attr", bpf_attr, 2), ARG("size", uint)),
	{}
};
