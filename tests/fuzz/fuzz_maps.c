// SPDX-License-Identifier: GPL-2.0-only
/* /proc/PID/maps, for the stack of a call. */
#include "fuzz.h"
#include "trace/stacks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct {
		struct trace_event ev;
		struct trace_piece piece;
		u64 addr[3];
	} e = {.ev = {.type = TRACE_CALL, .bytes = sizeof(e), .pid = 7, .tid = 7},
	       .piece = {.bytes = sizeof(e.addr), .flags = PIECE_STACK},
	       .addr = {0x55d0c0de1234, 0x7f00c0de5678, 0}};
	struct stacks *s;
	char *text;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	MUST(out && !stacks__new(&s, "/nowhere"));
	files__are(data, size, NULL);
	stacks__see(s, &e.ev);
	stacks__print(s, out, &e.ev, false);
	stacks__print(s, out, &e.ev, true);
	files__end();
	stacks__free(s);
	fclose(out);
	free(text);
	return 0;
}
