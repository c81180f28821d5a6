// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "frame_fields.h"
#include "frame_json.h"

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

/* A zero is left out, so this is looked at in any case. */
static int check_references(const struct reader *r, const struct frame_array *a,
			    const char *element)
{
	for (const struct field *field = a->field; field->key; field++) {
		u32 index;

		if (field->type != FIELD_SERVICE && field->type != FIELD_SET)
			continue;
		memcpy(&index, element + field->offset, sizeof(index));
		if (index >= (field->type == FIELD_SET ? r->f->nsets : r->f->nservices))
			return bad(r, "there is no %s %u", field->key, index);
	}
	return 0;
}

static int get_array(struct reader *r, const struct frame_array *a, json_t *array)
{
	size_t n = json_array_size(array);
	int err = 0;

	r->array = a->key;
	if (array && !json_is_array(array))
		return bad(r, "not an array");
	for (size_t i = 0; i < n && !err; i++) {
		json_t *object = json_array_get(array, i);
		void *element = a->add(r->f);

		if (!element)
			return -ENOMEM;
		if (!json_is_object(object))
			return bad(r, "element %zu is not an object", i);
		err = get_fields(r, a->field, object, element);
		if (!err)
			err = check_references(r, a, element);
	}
	r->array = NULL;
	return err;
}

static int get_frame(struct reader *r, json_t *root)
{
	json_t *version = json_object_get(root, "frame");
	int err;

	if (!json_is_integer(version))
		return bad(r, "that is no frame of sonde top");
	if (json_integer_value(version) != FRAME_VERSION)
		return bad(r,
			   "the frame has version %lld and this program reads version %d; use the "
			   "same sonde on both sides",
			   (long long)json_integer_value(version), FRAME_VERSION);
	err = get_fields(r, frame_fields, root, r->f);
	for (const struct frame_array *a = frame_arrays; a->key && !err; a++)
		err = get_array(r, a, json_object_get(root, a->key));
	return err;
}

int frame__read(struct frame *f, const char *line, size_t len, char *why, size_t why_size)
{
	struct reader r = {.f = f, .why = why, .why_size = why_size};
	json_error_t error;
	json_t *root = json_loadb(line, len, 0, &error);
	int err;

	memset(f, 0, sizeof(*f));
	if (!root && json_error_code(&error) == json_error_out_of_memory)
		return -ENOMEM;
	if (!root)
		return bad(&r, "not JSON: %.120s", error.text);
	err = get_frame(&r, root);
	json_decref(root);
	if (err)
		frame__free(f);
	return err;
}
