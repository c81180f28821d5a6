// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <string.h>

#include "frame_fields.h"
#include "frame_json.h"
#include "sink.h"

static void put(struct text *t, const char *s)
{
	text__put(t, s, strlen(s));
}

/* A comma, unless an object or array has just begun. */
static void put_comma(struct text *t)
{
	char last = t->size ? t->data[t->size - 1] : 0;

	if (last != '{' && last != '[')
		put(t, ",");
}

static void put_key(struct text *t, const char *key)
{
	put_comma(t);
	put(t, "\"");
	put(t, key);
	put(t, "\":");
}

/* JSON's readers have signed integers of 64 bits. */
static void put_number(struct text *t, u64 value)
{
	char *at = text__room(t, NUMBER_MAX);

	if (at)
		t->size = number__write(at, value > INT64_MAX ? INT64_MAX : value, SCALE_UNIT) -
			  t->data;
}

static void put_member(struct text *t, const char *key, u64 value)
{
	if (!value)
		return;
	put_key(t, key);
	put_number(t, value);
}

static void put_string(struct text *t, const char *key, const char *s, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	size_t len = strnlen(s, size);
	char *at;

	if (!len)
		return;
	put_key(t, key);
	at = text__room(t, 6 * len + 2);
	if (!at)
		return;
	*at++ = '"';
	for (size_t i = 0; i < len; i++) {
		unsigned char c = s[i];

		if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
			*at++ = c;
			continue;
		}
		memcpy(at, "\\u00", 4);
		at[4] = hex[c >> 4];
		at[5] = hex[c & 15];
		at += 6;
	}
	*at++ = '"';
	t->size = at - t->data;
}

static void put_time(struct text *t, const char *key, const u64 time[PARTS])
{
	u64 any = 0;

	for (u32 i = 0; i < PARTS; i++)
		any |= time[i];
	if (!any)
		return;
	put_key(t, key);
	put(t, "{");
	for (u32 i = 0; i < PARTS; i++)
		put_member(t, part_names[i], time[i]);
	put(t, "}");
}

static void put_dist(struct text *t, const char *key, const struct dist *d)
{
	if (!d)
		return;
	put_key(t, key);
	put(t, "{");
	put_member(t, "count", d->count);
	put_member(t, "errors", d->errors);
	put_member(t, "sum", d->sum);
	put_member(t, "max", d->max);
	put_member(t, "slo_ok", d->slo_ok);
	put_key(t, "buckets");
	put(t, "[");
	for (u32 i = 0; i < HIST_BUCKETS; i++) {
		if (!d->bucket[i])
			continue;
		put_comma(t);
		put_number(t, i);
		put(t, ",");
		put_number(t, d->bucket[i]);
	}
	put(t, "]}");
}

static void put_field(struct text *t, const struct field *field, const void *at)
{
	struct dist *dist;
	double value;
	char c[1];

	switch (field->type) {
	case FIELD_STRING:
		put_string(t, field->key, at, field->size);
		break;
	case FIELD_CHAR:
		memcpy(c, at, 1);
		put_string(t, field->key, c, 1);
		break;
	case FIELD_U32:
	case FIELD_SERVICE:
	case FIELD_SET:
		put_member(t, field->key, *(const u32 *)at);
		break;
	case FIELD_U64:
		put_member(t, field->key, *(const u64 *)at);
		break;
	case FIELD_DOUBLE:
		memcpy(&value, at, sizeof(value));
		put_key(t, field->key);
		text__printf(t, "%.2f", isfinite(value) ? value : 0);
		break;
	case FIELD_BOOL:
		if (!*(const bool *)at)
			break;
		put_key(t, field->key);
		put(t, "true");
		break;
	case FIELD_TIME:
		put_time(t, field->key, at);
		break;
	case FIELD_KIND:
		put_key(t, field->key);
		text__printf(t, "\"%s\"", kind_names[*(const enum op_kind *)at]);
		break;
	case FIELD_DIST:
		memcpy(&dist, at, sizeof(dist));
		put_dist(t, field->key, dist);
		break;
	}
}

int frame__write(struct text *out, const struct frame *f)
{
	text__printf(out, "{\"frame\":%d", FRAME_VERSION);
	for (const struct field *field = frame_fields; field->key; field++)
		put_field(out, field, (const char *)f + field->offset);
	for (const struct frame_array *a = frame_arrays; a->key; a++) {
		const u32 n = *(const u32 *)((const char *)f + a->count);
		const char *element;

		memcpy(&element, (const char *)f + a->data, sizeof(element));
		put_key(out, a->key);
		put(out, "[");
		for (u32 i = 0; i < n; i++, element += a->size) {
			put_comma(out);
			put(out, "{");
			for (const struct field *field = a->field; field->key; field++)
				put_field(out, field, element + field->offset);
			put(out, "}");
		}
		put(out, "]");
	}
	put(out, "}\n");
	return out->err;
}
