// SPDX-License-Identifier: GPL-2.0-only
#include "parts.h"

const char *const part_names[PARTS] = {
	[PART_USER] = "user", [PART_KERNEL] = "kernel", [PART_RUNQ] = "runq",
	[PART_DISK] = "disk", [PART_RECV] = "recv",     [PART_SEND] = "send",
	[PART_LOCK] = "lock", [PART_MEMORY] = "memory", [PART_OTHER] = "other",
	[PART_IDLE] = "idle",
};
