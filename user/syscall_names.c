// SPDX-License-Identifier: GPL-2.0-only
#include "syscall_names.h"

#include <stddef.h>

static const char *const names[SYSCALL_NUMBERS] = {
#define SYSCALL(nr, name) [nr] = #name,
#if defined(__x86_64__)
#include "syscall_names_x86_64.h"
#elif defined(__aarch64__)
#include "syscall_names_aarch64.h"
#else
#error "no table of system calls for this architecture"
#endif
#undef SYSCALL
};

const char *syscall_name(u32 nr)
{
	return nr < SYSCALL_NUMBERS ? names[nr] : NULL;
}
