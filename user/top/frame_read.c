// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "frame_fields.h"
#include "frame_json.h"
#include "sink.h"

struct reader {
	struct frame *f;
	const char *array; /* that is being read */
	char *why;
	size_t why_size;
};

__attribute__((format(printf, 2, 3))) static int bad(const struct reader *r, const char *fmt, ...)
{
	va_list ap;
	int n = 0;

	if (r->array)
		n = snprintf(r->why, r->why_size, "%s: ", r->array);
	va_start(ap, fmt);
	vsnprintf(r->why + n, r->why_size - n, fmt, ap);
	va_end(ap);
	return -EBADMSG;
}

/* The other way round than the writer: a code point below 256 is one byte; others, which it does
 * not write, stay what they are in UTF-8. */
static void get_string(char *to, size_t size, const char *from)
{
	size_t n = 0;

	for (; *from && n + 1 < size; from++) {
		unsigned char c = *from;

		if (c == 0xc2 || c == 0xc3)
			c = (c & 3) << 6 | (*++from & 0x3f);
		to[n++] = c;
	}
	to[n] = 0;
}

static int get_number(const struct reader *r, const char *key, const json_t *value, u64 max,
		      u64 *ret)
{
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < 0 || (u64)n > max)
		return bad(r, "%.64s is not a number that it can be", key);
	*ret = n;
	return 0;
}

static int get_u32(const struct reader *r, const char *key, const json_t *value, u32 *ret)
{
	u64 n = 0;
	int err = get_number(r, key, value, UINT32_MAX, &n);

	*ret = n;
	return err;
}

static int get_time(const struct reader *r, json_t *value, u64 time[PARTS])
{
	int err = 0;

	if (!json_is_object(value))
		return bad(r, "time is not an object");
	for (void *i = json_object_iter(value); i && !err; i = json_object_iter_next(value, i)) {
		const char *key = json_object_iter_key(i);

		for (u32 part = 0; part < PARTS && !err; part++)
			if (!strcmp(key, part_names[part]))
				err = get_number(r, key, json_object_iter_value(i), INT64_MAX,
						 &time[part]);
	}
	return err;
}

static int get_buckets(const struct reader *r, json_t *pairs, struct dist *d)
{
	size_t n = json_array_size(pairs);
	u64 bucket = 0, count = 0;

	if (!json_is_array(pairs) || n % 2)
		return bad(r, "buckets are not pairs of number and count");
	for (size_t i = 0; i < n; i += 2) {
		if (get_number(r, "a bucket", json_array_get(pairs, i), HIST_BUCKETS - 1,
			       &bucket) ||
		    get_number(r, "a count", json_array_get(pairs, i + 1), INT64_MAX, &count))
			return -EBADMSG;
		d->bucket[bucket] = count;
	}
	return 0;
}

static int get_dist(const struct reader *r, json_t *value, void *at)
{
	static const struct {
		const char *key;
		size_t offset;
	} numbers[] = {{"count", offsetof(struct dist, count)},
		       {"errors", offsetof(struct dist, errors)},
		       {"sum", offsetof(struct dist, sum)},
		       {"max", offsetof(struct dist, max)},
		       {"slo_ok", offsetof(struct dist, slo_ok)}};
	struct dist *d = calloc(1, sizeof(*d));
	json_t *buckets;
	int err = 0;

	if (!d)
		return -ENOMEM;
	memcpy(at, &d, sizeof(d));
	if (!json_is_object(value))
		return bad(r, "dist is not an object");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && !err; i++) {
		json_t *number = json_object_get(value, numbers[i].key);

		if (number)
			err = get_number(r, numbers[i].key, number, INT64_MAX,
					 (u64 *)((char *)d + numbers[i].offset));
	}
	buckets = json_object_get(value, "buckets");
	return err || !buckets ? err : get_buckets(r, buckets, d);
}

static int get_kind(const struct reader *r, const json_t *value, enum op_kind *ret)
{
	const char *name = json_string_value(value);

	for (u32 i = 0; name && i < sizeof(kind_names) / sizeof(kind_names[0]); i++) {
		if (!strcmp(name, kind_names[i])) {
			*ret = i;
			return 0;
		}
	}
	return bad(r, "there is no such kind");
}

static int get_text(const struct reader *r, const struct field *field, const json_t *value,
		    char *at)
{
	char one[2];

	if (!json_is_string(value))
		return bad(r, "%s is not a string", field->key);
	if (field->type == FIELD_STRING) {
		get_string(at, field->size, json_string_value(value));
	} else {
		get_string(one, sizeof(one), json_string_value(value));
		*at = one[0];
	}
	return 0;
}

static int get_field(const struct reader *r, const struct field *field, json_t *value, void *at)
{
	double number = json_number_value(value);

	switch (field->type) {
	case FIELD_STRING:
	case FIELD_CHAR:
		return get_text(r, field, value, at);
	case FIELD_U32:
	case FIELD_SERVICE:
	case FIELD_SET:
		return get_u32(r, field->key, value, at);
	case FIELD_U64:
		return get_number(r, field->key, value, INT64_MAX, at);
	case FIELD_DOUBLE:
		if (!json_is_number(value))
			return bad(r, "%s is not a number", field->key);
		memcpy(at, &number, sizeof(number));
		return 0;
	case FIELD_BOOL:
		*(bool *)at = json_is_true(value);
		return 0;
	case FIELD_TIME:
		return get_time(r, value, at);
	case FIELD_KIND:
		return get_kind(r, value, at);
	case FIELD_DIST:
		return get_dist(r, value, at);
	}
	return 0;
}

static int get_fields(const struct reader *r, const struct field *fields, json_t *object, void *to)
{
	int err = 0;

	for (void *i = json_object_iter(object); i && !err; i = json_object_iter_next(object, i)) {
		const char *key = json_object_iter_key(i);
		const struct field *field = fields;

		while (field->key && strcmp(field->key, key))
			field++;
		if (field->key)
			err = get_field(r, field, json_object_iter_value(i),
					(char *)to + field->offset);
	}
	return err;
}

/* --- element by element */

/*
 * Most of a frame is in its arrays. Their elements are cut out of the line and parsed one at a
 * time, which takes half the time of a tree of them all; what remains, with empty arrays, is parsed
 * as it is. Whatever is not balanced is no JSON for one of the two.
 */
struct cutter {
	const char *line;
	size_t done;                     /* up to there it has been put somewhere */
	size_t key, key_size;            /* the last string of the outermost object */
	const struct frame_array *array; /* that it is in */
	size_t start;                    /* of the element */
	u32 depth;
	struct text *rest; /* NULL: elements are parsed; else what remains is kept */
};

static int get_element(struct reader *r, const struct cutter *c, size_t end)
{
	json_error_t error;
	json_t *object = json_loadb(c->line + c->start, end - c->start, 0, &error);
	void *element;
	int err;

	r->array = c->array->key;
	if (!object)
		return bad(r, "not JSON: %.120s", error.text);
	element = c->array->add(r->f);
	err = element ? get_fields(r, c->array->field, object, element) : -ENOMEM;
	json_decref(object);
	return err;
}

static void keep(struct cutter *c, size_t end)
{
	if (c->rest)
		text__put(c->rest, c->line + c->done, end - c->done);
}

static const struct frame_array *find_array(const struct cutter *c)
{
	for (const struct frame_array *a = frame_arrays; a->key; a++)
		if (strlen(a->key) == c->key_size && !memcmp(a->key, c->line + c->key, c->key_size))
			return a;
	return NULL;
}

static void open_bracket(struct cutter *c, size_t i)
{
	if (++c->depth == 2 && c->line[i] == '[')
		c->array = find_array(c);
	if (c->depth == 3 && c->array && c->line[i] == '{') {
		keep(c, i);
		c->start = i;
	}
}

static int close_bracket(struct reader *r, struct cutter *c, size_t i)
{
	int err = 0;

	if (c->depth == 3 && c->array && c->line[i] == '}' && c->start) {
		if (!c->rest)
			err = get_element(r, c, i + 1);
		c->done = i + 1;
		c->start = 0;
	}
	if (c->depth == 2)
		c->array = NULL;
	c->depth -= c->depth > 0;
	return err;
}

/* The end of the string that begins at @i. */
static size_t end_of_string(const char *line, size_t len, size_t i)
{
	for (i++; i < len && line[i] != '"'; i++)
		i += line[i] == '\\';
	return i;
}

static int cut(struct reader *r, const char *line, size_t len, struct text *rest)
{
	struct cutter c = {.line = line, .rest = rest};
	int err = 0;

	for (size_t i = 0; i < len && !err; i++) {
		size_t from = i;

		switch (line[i]) {
		case '"':
			i = end_of_string(line, len, i);
			if (c.depth == 1) {
				c.key = from + 1;
				c.key_size = i - from - 1;
			}
			break;
		case '{':
		case '[':
			open_bracket(&c, i);
			break;
		case '}':
		case ']':
			err = close_bracket(r, &c, i);
			break;
		case ',':
			if (c.depth != 2 || !c.array)
				break;
			keep(&c, i);
			c.done = i + 1;
			break;
		}
	}
	keep(&c, len);
	return err ? err : rest ? rest->err : 0;
}

/* --- all of it */

static int check_array(struct reader *r, const struct frame_array *a)
{
	const u32 n = *(const u32 *)((const char *)r->f + a->count);
	const char *element;

	memcpy(&element, (const char *)r->f + a->data, sizeof(element));
	r->array = a->key;
	for (u32 i = 0; i < n; i++, element += a->size) {
		for (const struct field *field = a->field; field->key; field++) {
			u32 index;

			if (field->type != FIELD_SERVICE && field->type != FIELD_SET)
				continue;
			memcpy(&index, element + field->offset, sizeof(index));
			if (index >= (field->type == FIELD_SET ? r->f->nsets : r->f->nservices))
				return bad(r, "there is no %s %u", field->key, index);
		}
	}
	r->array = NULL;
	return 0;
}

/* What remains of the line. */
static int get_frame(struct reader *r, json_t *root)
{
	json_t *version = json_object_get(root, "frame");

	if (!json_is_integer(version))
		return bad(r, "that is no frame of sonde top");
	if (json_integer_value(version) != FRAME_VERSION)
		return bad(r,
			   "the frame has version %lld and this program reads version %d; use the "
			   "same sonde on both sides",
			   (long long)json_integer_value(version), FRAME_VERSION);
	for (const struct frame_array *a = frame_arrays; a->key; a++) {
		json_t *array = json_object_get(root, a->key);

		if (!array || (json_is_array(array) && !json_array_size(array)))
			continue;
		r->array = a->key;
		return bad(r,
			   json_is_array(array) ? "an element is not an object" : "not an array");
	}
	return get_fields(r, frame_fields, root, r->f);
}

int frame__read(struct frame *f, const char *line, size_t len, char *why, size_t why_size)
{
	struct reader r = {.f = f, .why = why, .why_size = why_size};
	struct text rest = {};
	json_error_t error;
	json_t *root;
	int err;

	memset(f, 0, sizeof(*f));
	err = cut(&r, line, len, &rest);
	root = err ? NULL : json_loadb(rest.data ? rest.data : "", rest.size, 0, &error);
	text__free(&rest);
	if (!err)
		err = root ? get_frame(&r, root) : bad(&r, "not JSON: %.120s", error.text);
	json_decref(root);
	if (!err)
		err = cut(&r, line, len, NULL);
	for (const struct frame_array *a = frame_arrays; a->key && !err; a++)
		err = check_array(&r, a);
	if (err)
		frame__free(f);
	return err;
}
