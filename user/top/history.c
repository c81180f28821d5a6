// SPDX-License-Identifier: GPL-2.0-only
#include "history.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "frame_json.h"

/* --- what is kept */

static void put_varint(struct text *t, u64 value)
{
	unsigned char *at = (unsigned char *)text__room(t, 10);

	if (!at)
		return;
	for (; value >= 0x80; value >>= 7, t->size++)
		*at++ = value | 0x80;
	*at = value;
	t->size++;
}

static u64 get_varint(const unsigned char **at)
{
	u64 value = 0;

	for (u32 shift = 0; shift < 64; shift += 7) {
		unsigned char c = *(*at)++;

		value |= (u64)(c & 0x7f) << shift;
		if (!(c & 0x80))
			break;
	}
	return value;
}

/* Pairs of bucket + 1 and count, ended by 0. */
static void add_hist(struct past *p, u64 id, const struct dist *d)
{
	if (!d || !d->count)
		return;
	p->hist[p->nhists++] = (struct past_hist){.id = id, .at = p->counts.size};
	for (u32 i = 0; i < DIST_COARSE; i++) {
		u64 n = dist__coarse(d, i);

		if (!n)
			continue;
		put_varint(&p->counts, i + 1);
		put_varint(&p->counts, n);
	}
	put_varint(&p->counts, 0);
}

static int add_hists(struct past *p, const struct frame *f, const struct sums *s)
{
	struct past_hist *smaller;

	p->hist = calloc(f->nops + f->nservices + s->ndevices + 1, sizeof(*p->hist));
	if (!p->hist)
		return -ENOMEM;
	for (u32 i = 0; i < f->nops; i++)
		if (f->op[i].kind != OP_COUNTER)
			add_hist(p, s->op[i], f->op[i].dist);
	for (u32 i = 0; i < f->nservices; i++)
		add_hist(p, s->service[i].id, &s->service[i].calls);
	for (u32 i = 0; i < s->ndevices; i++)
		add_hist(p, s->device[i].id, &s->device[i].device);
	smaller = realloc(p->hist, (p->nhists + 1) * sizeof(*p->hist));
	p->hist = smaller ? smaller : p->hist;
	return p->counts.err;
}

/* The fastest level: what it leaves is a tenth, and more effort would be seen in what top costs. */
static int pack(struct past *p, const struct frame *f)
{
	struct text text = {};
	uLongf size;
	int err = frame__write(&text, f);

	size = err ? 0 : compressBound(text.size);
	p->packed = err ? NULL : malloc(size);
	if (!p->packed || compress2(p->packed, &size, (Bytef *)text.data, text.size, 1) != Z_OK) {
		err = -ENOMEM;
	} else {
		unsigned char *smaller = realloc(p->packed, size);

		p->packed = smaller ? smaller : p->packed;
		p->packed_size = size;
		p->size = text.size;
	}
	text__free(&text);
	return err;
}

static int keep_verdicts(struct past *p, const char *const *verdict, u32 n)
{
	struct text text = {};

	for (u32 i = 0; i < n; i++)
		text__put(&text, verdict[i], strlen(verdict[i]) + 1);
	p->verdicts = text.data;
	p->nverdicts = text.err ? 0 : n;
	return text.err;
}

static size_t bytes_of(const struct past *p)
{
	return sizeof(*p) + p->packed_size + p->nhists * sizeof(*p->hist) + p->counts.capacity;
}

static void free_past(struct past *p)
{
	free(p->packed);
	free(p->hist);
	text__free(&p->counts);
	free(p->verdicts);
}

static void forget_old(struct history *h)
{
	u64 ns = 0;
	u32 old = 0;

	for (u32 i = h->n; i--;)
		ns += h->past[i].interval;
	while (old + 1 < h->n &&
	       (ns - h->past[old].interval >= HISTORY_NS || h->bytes > HISTORY_BYTES)) {
		ns -= h->past[old].interval;
		h->bytes -= bytes_of(&h->past[old]);
		free_past(&h->past[old++]);
	}
	if (old)
		memmove(h->past, h->past + old, (h->n - old) * sizeof(*h->past));
	h->n -= old;
}

int history__add(struct history *h, const struct frame *f, const struct sums *s,
		 const char *const *verdict, u32 nverdicts)
{
	struct past p = {.number = h->next, .taken = f->taken, .interval = f->interval};
	int err;

	if (h->n == h->room) {
		u32 room = h->room ? 2 * h->room : 64;
		struct past *bigger = realloc(h->past, room * sizeof(*bigger));

		if (!bigger)
			return -ENOMEM;
		h->past = bigger;
		h->room = room;
	}
	err = pack(&p, f);
	if (!err)
		err = add_hists(&p, f, s);
	if (!err)
		err = keep_verdicts(&p, verdict, nverdicts);
	if (err) {
		free_past(&p);
		return err;
	}
	h->past[h->n++] = p;
	h->next++;
	h->bytes += bytes_of(&p);
	forget_old(h);
	return 0;
}

struct frame *history__frame(const struct past *p)
{
	struct frame *f = malloc(sizeof(*f));
	char *text = malloc(p->size), why[64];
	uLongf size = p->size;

	if (!f || !text || uncompress((Bytef *)text, &size, p->packed, p->packed_size) != Z_OK ||
	    frame__read(f, text, size, why, sizeof(why))) {
		free(f);
		f = NULL;
	}
	free(text);
	return f;
}

/* --- heat maps */

static void add_past(struct heat_column *c, const struct past *p, u64 id)
{
	const unsigned char *at;
	u64 bucket;

	c->taken = p->taken;
	for (u32 i = 0; i < p->nhists; i++) {
		if (p->hist[i].id != id)
			continue;
		at = (const unsigned char *)p->counts.data + p->hist[i].at;
		while ((bucket = get_varint(&at))) {
			u64 n = get_varint(&at);

			c->count[bucket - 1] += n;
			c->total += n;
		}
		return;
	}
}

/* Which frames share a column depends on their numbers alone, so that columns move to the left as
 * time passes and do not change. */
int history__heat(const struct history *h, u64 id, u32 max, struct heat_column **ret)
{
	struct heat_column *column = calloc(max + 1, sizeof(*column));
	u64 step = 1;
	u32 n = 0;

	if (!column)
		return -ENOMEM;
	while (h->n && max && h->past[h->n - 1].number / step - h->past[0].number / step >= max)
		step++;
	for (u32 i = 0; i < h->n && max; i++) {
		if (!i || h->past[i].number / step != h->past[i - 1].number / step)
			n++;
		add_past(&column[n - 1], &h->past[i], id);
	}
	*ret = column;
	return n;
}

void history__free(struct history *h)
{
	for (u32 i = 0; i < h->n; i++)
		free_past(&h->past[i]);
	free(h->past);
	memset(h, 0, sizeof(*h));
}
