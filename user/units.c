// SPDX-License-Identifier: GPL-2.0-only
#include "units.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int units__duration(const char *text, u64 *ns)
{
	static const struct {
		const char *unit;
		double ns;
	} units[] = {{"", 1e9},  {"ns", 1},   {"us", 1e3},   {"ms", 1e6},
		     {"s", 1e9}, {"m", 6e10}, {"h", 3.6e12}, {"d", 8.64e13}};
	char *end;
	double value;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	value = strtod(text, &end);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(end, units[i].unit))
			continue;
		value *= units[i].ns;
		if (!isfinite(value) || value > 1e18)
			return -EINVAL;
		*ns = value + 0.5;
		return 0;
	}
	return -EINVAL;
}

int units__number(const char *text, u64 min, u64 max, u64 *ret)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	value = strtoull(text, &end, 10);
	if (*end || errno || value < min || value > max)
		return -EINVAL;
	*ret = value;
	return 0;
}
