// SPDX-License-Identifier: GPL-2.0-only
#include "option_sinks.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "option_table.h"
#include "sink.h"
#include "units.h"

#define PORT_CARBON "2003"
#define PORT_STATSD "8125"

void option_sinks__defaults(struct options *o)
{
	o->send_offset = UINT64_MAX;
	o->spool_bytes = 256 << 20;
	o->spool_age = 5 * 3600;
	o->output_keep = 5;
}

static void free_destination(struct destination *d)
{
	free(d->host);
	free(d->port);
	free(d->format);
	free(d->path);
}

/* On the command line destinations of a kind take the place of those in the file. */
static void replace_file(struct options *o, enum destination_kind kind)
{
	u32 n = 0;

	for (u32 i = 0; i < o->nto; i++) {
		if (o->to[i].in_file && o->to[i].kind == kind)
			free_destination(&o->to[i]);
		else
			o->to[n++] = o->to[i];
	}
	o->nto = n;
}

static bool is_same(const struct destination *a, const struct destination *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind != TO_OUTPUT)
		return !strcmp(a->host, b->host) && !strcmp(a->port, b->port);
	return a->path && b->path ? !strcmp(a->path, b->path) : a->path == b->path;
}

/* Why @d cannot be added to the destinations of @o. Returns 0 or -EINVAL. */
static int refuse(const struct options *o, const struct destination *d, char *why, size_t size)
{
	u32 i = 0;

	while (i < o->nto && !is_same(&o->to[i], d))
		i++;
	if (i == MAX_DESTINATIONS)
		snprintf(why, size, "there are %d destinations already, no more are possible",
			 MAX_DESTINATIONS);
	else if (i == o->nto)
		return 0;
	else if (d->kind != TO_OUTPUT)
		snprintf(why, size, "the destination %s:%s is given twice", d->host, d->port);
	else if (d->path)
		snprintf(why, size, "%s is given twice", d->path);
	else
		snprintf(
			why, size,
			"only one format can go to standard output, others need a file: FORMAT:FILE");
	return -EINVAL;
}

/* Takes the strings of @d, whatever it returns. */
static int add(struct options *o, struct destination d, char *why, size_t size)
{
	int err;

	d.in_file = o->reading != NULL;
	if (!d.in_file)
		replace_file(o, d.kind);
	err = refuse(o, &d, why, size);
	if (err)
		free_destination(&d);
	else
		o->to[o->nto++] = d;
	return err;
}

struct address {
	const char *host;
	size_t len;
	bool bracket;     /* around an IPv6 address */
	const char *port; /* NULL: none is given */
};

/* NAME, NAME:PORT, :PORT, [V6], [V6]:PORT */
static bool split_address(const char *value, struct address *a)
{
	const char *end;

	a->bracket = value[0] == '[';
	a->host = value + a->bracket;
	end = a->bracket ? strchr(value, ']') : value + strcspn(value, ":");
	if (!end)
		return false;
	a->len = end - a->host;
	end += a->bracket;
	a->port = *end == ':' ? end + 1 : NULL;
	return !*end || a->port;
}

static int parse_address(const char *value, const char *port, struct destination *d, char *why,
			 size_t size)
{
	struct address a;
	bool good = split_address(value, &a);
	u64 number;

	if (good && !a.bracket && a.port && strchr(a.port, ':')) {
		snprintf(why, size, "an IPv6 address needs brackets: [%s]:%s", value, port);
		return -EINVAL;
	}
	if (good && a.port)
		port = a.port;
	if (!good || !a.len || units__number(port, 1, 65535, &number)) {
		snprintf(
			why, size,
			"expected HOST:PORT, such as carbon.example.com:%s, 127.0.0.1:%s or [::1]:%s",
			PORT_CARBON, PORT_CARBON, PORT_CARBON);
		return -EINVAL;
	}
	d->host = strndup(a.host, a.len);
	d->port = strdup(port);
	if (d->host && d->port)
		return 0;
	free_destination(d);
	return -ENOMEM;
}

static int add_address(struct options *o, enum destination_kind kind, const char *value,
		       const char *port, char *why, size_t size)
{
	struct destination d = {.kind = kind};
	int err = parse_address(value, port, &d, why, size);

	return err ? err : add(o, d, why, size);
}

int option_sinks__graphite(struct options *o, const char *value, char *why, size_t size)
{
	return add_address(o, TO_GRAPHITE, value, PORT_CARBON, why, size);
}

int option_sinks__victoria(struct options *o, const char *value, char *why, size_t size)
{
	return add_address(o, TO_VICTORIA, value, PORT_CARBON, why, size);
}

int option_sinks__statsd(struct options *o, const char *value, char *why, size_t size)
{
	return add_address(o, TO_STATSD, value, PORT_STATSD, why, size);
}

int option_sinks__graphite_tags(struct options *o, const char *value, char *why, size_t size)
{
	return option_table__switch(&o->graphite_tags, value, why, size);
}

int option_sinks__output(struct options *o, const char *value, char *why, size_t size)
{
	size_t len = strcspn(value, ":");
	struct destination d = {.kind = TO_OUTPUT, .format = strndup(value, len)};

	if (!d.format)
		return -ENOMEM;
	if (!sinks__find(d.format)) {
		snprintf(why, size, "unknown format; there are");
		for (u32 i = 0; sink_formats[i]; i++)
			snprintf(why + strlen(why), size - strlen(why), "%s %s", i ? "," : "",
				 sink_formats[i]->name);
		free_destination(&d);
		return -EINVAL;
	}
	if (value[len] && !value[len + 1]) {
		snprintf(why, size,
			 "expected a file after the colon, such as json:/var/log/sonde.json");
		free_destination(&d);
		return -EINVAL;
	}
	if (value[len]) {
		d.path = strdup(value + len + 1);
		if (!d.path) {
			free_destination(&d);
			return -ENOMEM;
		}
	}
	return add(o, d, why, size);
}

/* PORT, :PORT, ADDRESS:PORT, [V6]:PORT; without an address only this host can connect. */
int option_sinks__prometheus(struct options *o, const char *value, char *why, size_t size)
{
	char address[64] = "127.0.0.1";
	unsigned char binary[16];
	struct address a;
	bool good = split_address(value, &a);
	u64 number;

	if (good && !a.port && !a.bracket)
		a = (struct address){.port = value};
	if (good && (a.len || a.bracket))
		snprintf(address, sizeof(address), "%.*s", (int)a.len, a.host);
	if (!good || !a.port || units__number(a.port, 1, 65535, &number) ||
	    inet_pton(a.bracket ? AF_INET6 : AF_INET, address, binary) != 1) {
		snprintf(
			why, size,
			"expected [ADDRESS:]PORT, such as 9435 (this host only), 0.0.0.0:9435 or [::]:9435");
		return -EINVAL;
	}
	o->prometheus_port = number;
	return option_table__string(&o->prometheus_address, address);
}

int option_sinks__prometheus_buckets(struct options *o, const char *value, char *why, size_t size)
{
	u64 n;

	if (units__number(value, 0, 3, &n)) {
		snprintf(why, size, "expected 0, 1, 2 or 3: 1, 2, 4 or 8 buckets per power of two");
		return -EINVAL;
	}
	o->prometheus_schema = n;
	return 0;
}

static int parse_size(const char *value, u64 min, u64 *ret, char *why, size_t size)
{
	char *end;
	double n = strtod(value, &end);
	u64 factor = 1;

	switch (toupper((unsigned char)*end)) {
	case 'G':
		factor <<= 10;
		/* fallthrough */
	case 'M':
		factor <<= 10;
		/* fallthrough */
	case 'K':
		factor <<= 10;
		end++;
	}
	if (end == value || *end || !isdigit((unsigned char)value[0]) || n * factor < min ||
	    n * factor > 1e15) {
		snprintf(why, size, "expected a size such as 100M or 2G, at least %llu bytes",
			 (unsigned long long)min);
		return -EINVAL;
	}
	*ret = n * factor;
	return 0;
}

int option_sinks__output_size(struct options *o, const char *value, char *why, size_t size)
{
	return parse_size(value, 4096, &o->output_bytes, why, size);
}

int option_sinks__output_keep(struct options *o, const char *value, char *why, size_t size)
{
	u64 n;

	if (units__number(value, 0, 1000, &n)) {
		snprintf(why, size, "expected a number from 0 to 1000");
		return -EINVAL;
	}
	o->output_keep = n;
	return 0;
}

int option_sinks__spool(struct options *o, const char *value, char *why, size_t size)
{
	if (value[0] == '/')
		return option_table__string(&o->spool, value);
	snprintf(why, size, "expected the absolute path of a directory, such as /var/lib/sonde");
	return -EINVAL;
}

int option_sinks__spool_size(struct options *o, const char *value, char *why, size_t size)
{
	return parse_size(value, 4096, &o->spool_bytes, why, size);
}

int option_sinks__spool_age(struct options *o, const char *value, char *why, size_t size)
{
	u64 ns;

	if (units__duration(value, &ns) || ns < 1000000000) {
		snprintf(why, size, "expected a duration such as 5h or 90m");
		return -EINVAL;
	}
	o->spool_age = ns / 1000000000;
	return 0;
}

int option_sinks__repeat(struct options *o, const char *value, char *why, size_t size)
{
	u64 n;

	if (units__number(value, 0, 10, &n)) {
		snprintf(why, size, "expected a number of slots from 0 to 10");
		return -EINVAL;
	}
	o->repeat = n;
	return 0;
}

int option_sinks__send_offset(struct options *o, const char *value, char *why, size_t size)
{
	if (units__duration(value, &o->send_offset)) {
		snprintf(why, size, "expected a duration such as 500ms, or 0s");
		return -EINVAL;
	}
	if (o->reading)
		return option_table__string(&o->send_offset_at, o->reading);
	free(o->send_offset_at);
	o->send_offset_at = NULL;
	return 0;
}

int option_sinks__finish(struct options *o, char *why, size_t size)
{
	const char *at = o->send_offset_at;

	if (o->command != CMD_RUN)
		return 0;
	if (o->send_offset != UINT64_MAX && o->send_offset >= o->interval * 1000000000) {
		snprintf(why, size, "%s%s must be shorter than the interval of %llu s",
			 at ? at : "", at ? ": send-offset:" : "--send-offset",
			 (unsigned long long)o->interval);
		return -EINVAL;
	}
	if (o->nto || o->prometheus_address)
		return 0;
	return option_sinks__output(o, "graphite", why, size);
}

void option_sinks__free(struct options *o)
{
	for (u32 i = 0; i < o->nto; i++)
		free_destination(&o->to[i]);
	free(o->send_offset_at);
	free(o->spool);
	free(o->prometheus_address);
}
