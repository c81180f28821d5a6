// SPDX-License-Identifier: GPL-2.0-only
/* An event of the kernel side: its pieces are memory of whoever is traced. */
#include "fuzz.h"
#include "trace/decode.h"
#include "trace/fds.h"

static union {
	struct trace_event ev;
	char bytes[sizeof(struct trace_event) + 2 * TRACE_MEMORY];
} made;

/* Sizes of pieces are the kernel side's own; what is in them, and the arguments, is not. */
static void make_event(const uint8_t *data, size_t size)
{
	size_t at = sizeof(made.ev);

	size = size < sizeof(made) ? size : sizeof(made);
	memset(&made, 0, sizeof(made));
	memcpy(&made, data, size);
	while (at + sizeof(struct trace_piece) <= size) {
		struct trace_piece *p = (struct trace_piece *)(made.bytes + at);

		if (p->bytes > size - at - sizeof(*p))
			p->bytes = size - at - sizeof(*p);
		at += sizeof(*p) + ((p->bytes + 7) & ~7);
	}
	made.ev.bytes = at < sizeof(made) ? at : sizeof(made);
	made.ev.type = TRACE_CALL;
	made.ev.comm[COMM_LEN - 1] = 0;
}

static void print(const struct decoded *r)
{
	char *text;
	size_t n;
	FILE *out = open_memstream(&text, &n);

	MUST(out);
	decode__args_text(out, r, 0, TRACE_ARGS);
	decode__result_text(out, r);
	value__json(out, r->args);
	decode__result_json(out, r);
	fclose(out);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena *arena;
	const struct fds_opts fd_opts = {.root = "/nowhere", .follow = true, .detail = true};
	struct decode_opts opts = {.string_limit = 32, .fd_name = fds__name};
	struct decoder d = {.ev = &made.ev, .opts = &opts};
	struct decoded r;
	struct fds *fds;

	if (size < sizeof(made.ev) || (!arena && arena__new(&arena)))
		return 0;
	make_event(data, size);
	opts.verbose = made.ev.flags & 0x100;
	opts.hex = made.ev.flags >> 9 & 1;
	MUST(!fds__new(&fds, &fd_opts));
	opts.fd_ctx = fds;
	arena__reset(arena);
	d.arena = arena;
	fds__before(fds, &made.ev);
	decode__event(&d, &r);
	print(&r);
	fds__after(fds, &made.ev);
	fds__free(fds);
	return 0;
}
