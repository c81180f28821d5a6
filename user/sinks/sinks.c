// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "sink.h"

extern const struct sink_format graphite_format, graphite_tags_format, json_format, csv_format,
	statsd_format, victoria_format;

const struct sink_format *const sink_formats[] = {
	&graphite_format, &graphite_tags_format, &json_format, &csv_format,
	&statsd_format,   &victoria_format,      NULL,
};

const struct sink_format *sinks__find(const char *name)
{
	for (u32 i = 0; sink_formats[i]; i++)
		if (!strcmp(sink_formats[i]->name, name))
			return sink_formats[i];
	return NULL;
}
