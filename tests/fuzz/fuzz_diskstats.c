// SPDX-License-Identifier: GPL-2.0-only
/* /proc/diskstats, twice. */
#include "fuzz.h"
#include "top/collect_devices.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct device_table *t;
	struct frame f = {};

	files__are(data, size, NULL);
	MUST(!device_table__new(&t, ""));
	files__are(data, size / 2, NULL);
	MUST(!device_table__fill(t, NULL, &f));
	files__are(data, size, NULL);
	MUST(!device_table__fill(t, NULL, &f));
	files__end();
	frame__free(&f);
	device_table__free(t);
	return 0;
}
