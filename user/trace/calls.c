// SPDX-License-Identifier: GPL-2.0-only
/* Rows by number. */
#include "arg_types.h"

#include <string.h>

#include "syscall_names.h"

extern const struct call_desc calls_file[], calls_memory[], calls_path[], calls_process[],
	calls_signal[], calls_time[];
extern const struct call_desc calls_net[], calls_poll[], calls_vector[], calls_futex[],
	calls_ioctl[], calls_ipc[], calls_mqueue[], calls_uring[], calls_kernel[], calls_bpf[],
	calls_misc[];

const struct call_desc *const call_tables[] = {
	calls_file,   calls_path,  calls_memory, calls_process, calls_signal, calls_time,
	calls_net,    calls_poll,  calls_vector, calls_futex,   calls_ioctl,  calls_ipc,
	calls_mqueue, calls_uring, calls_kernel, calls_bpf,     calls_misc,   NULL,
};

/* Of calls that have no row of their own. */
static const struct call_desc default_calls[] = {
#include "default_calls.h"
	{},
};

/* Of a number that nobody knows. */
static const struct call_desc unknown_call = {
	.nargs = TRACE_ARGS,
	.arg = {ARG("arg0", hex), ARG("arg1", hex), ARG("arg2", hex), ARG("arg3", hex),
		ARG("arg4", hex), ARG("arg5", hex)},
};

static const struct call_desc *rows[SYSCALL_NUMBERS];

static const struct call_desc *find_in(const struct call_desc *row, const char *name)
{
	while (row->name && strcmp(row->name, name))
		row++;
	return row->name ? row : NULL;
}

static const struct call_desc *find_row(const char *name)
{
	const struct call_desc *row = NULL;

	for (const struct call_desc *const *table = call_tables; *table && !row; table++)
		row = find_in(*table, name);
	if (!row)
		row = find_in(default_calls, name);
	return row ? row : &unknown_call;
}

static void build(void)
{
	for (u32 nr = 0; nr < SYSCALL_NUMBERS; nr++) {
		const char *name = syscall_name(nr);

		rows[nr] = name ? find_row(name) : &unknown_call;
	}
}

const struct call_desc *decode__call_desc(s32 nr)
{
	if (!rows[0])
		build();
	return nr >= 0 && nr < SYSCALL_NUMBERS ? rows[nr] : &unknown_call;
}
