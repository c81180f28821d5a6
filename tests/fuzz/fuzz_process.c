// SPDX-License-Identifier: GPL-2.0-only
/* /proc/PID/status and comm, and /proc/locks. */
#include "fuzz.h"
#include "syscall_names.h"
#include "trace/on.h"
#include "trace/targets.h"

static bool is_thread(void *ctx, u32 tid)
{
	(void)ctx;
	return tid % 2;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char root[] = "", *words[] = {NULL}, text[128];
	struct options o = {.root = root, .words = words};
	struct trace_thread t = {.nr = -1, .pid = 4711, .tid = 4711, .arg = {3}};
	struct targets *targets;
	u32 pid = 4711;

	o.trace.pid = &pid;
	o.trace.npids = 1;
	files__are(data, size, "/var/lock/x");
	MUST(!targets__new(&targets, &o));
	targets__inner(targets, 4711);
	targets__name(targets, text, sizeof(text));
	targets__free(targets);
	on__describe("", &t, "flock", is_thread, NULL, text, sizeof(text));
	files__end();
	return 0;
}
