// SPDX-License-Identifier: GPL-2.0-only
/* The configuration file, which may include others. */
#include "fuzz.h"
#include "options.h"

static bool say(void *data, const char *text)
{
	(void)data;
	MUST(text[0] && !strchr(text, '\n'));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	files__are(data, size, NULL);
	options__check_file("sonde.conf", say, NULL);
	files__end();
	return 0;
}
