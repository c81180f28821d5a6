// SPDX-License-Identifier: GPL-2.0-only
/* A recording or what a daemon says, frame after frame, drawn in a viewer; the first line is what
 * somebody types meanwhile. */
#include <unistd.h>

#include "fuzz.h"
#include "options.h"
#include "sink.h"
#include "top/batch.h"
#include "top/keys.h"
#include "top/source.h"
#include "top/verdict.h"

#define FRAMES 8

struct viewer {
	struct model *m;
	struct screen s;
	struct verdict_state *state;
	const char *typed;
};

static void type(struct viewer *v)
{
	for (u32 i = 0; i < 4 && *v->typed; i++, v->typed++) {
		unsigned char c = *v->typed;
		u32 key = c < 0x80 ? c : KEY_CODE_UP + (c & 31);

		model__act(v->m, keys__action(key, v->m->input != INPUT_NONE), key);
	}
}

static void draw(struct viewer *v)
{
	struct text out = {};

	MUST(!screen__resize(&v->s, 100, 30) && !screen__draw(&v->s, v->m));
	for (u32 y = 0; y < v->s.height; y++)
		screen__text(&v->s, y, &out);
	for (size_t i = 0; i < out.size; i++)
		MUST((unsigned char)out.data[i] >= ' ' || out.data[i] == '\n');
	text__free(&out);
}

static void show(struct viewer *v, struct frame *f)
{
	const char *line[VERDICTS_MAX];
	struct verdicts verdicts;

	MUST(!verdict__judge(&v->state, f, &verdicts));
	for (u32 i = 0; i < verdicts.n; i++)
		line[i] = verdicts.line[i].text;
	MUST(!model__put(v->m, f, line, verdicts.n));
	type(v);
	draw(v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text__of(data, size), *line[2] = {NULL}, path[64];
	struct options o = {.replay = path};
	struct viewer v = {.s = {.utf8 = true}};
	struct source *source;
	struct frame *f;
	size_t start;
	int fd, status = 1;

	text__lines(text, line, 2);
	start = line[1] ? (size_t)(line[1] - text) : size;
	v.typed = line[0];
	fd = file__make(data + start, size - start, path, sizeof(path));
	MUST(!source__replay(&source, &o) && !model__new(&v.m));
	for (u32 i = 0; i < FRAMES && status >= 0; i++) {
		status = source->ops->next(source, &f);
		if (status > 0)
			show(&v, f);
	}
	source->ops->close(source);
	model__free(v.m);
	screen__free(&v.s);
	verdict__free(v.state);
	close(fd);
	free(text);
	return 0;
}
