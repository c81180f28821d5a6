// SPDX-License-Identifier: GPL-2.0-only
#include "terminal.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static u32 width(void)
{
	const char *columns = getenv("COLUMNS");
	long width = columns ? strtol(columns, NULL, 10) : 0;
	struct winsize size;

	if (width <= 0 && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		width = size.ws_col;
	return width > 0 && width < 10000 ? width : 80;
}

/* By what the environment says, not the C library: a host can lack the locale's files, and the
 * terminal shows it none the less. */
static bool is_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *value = NULL;

	for (int i = 0; i < 3 && !(value && *value); i++)
		value = getenv(names[i]);
	return value && (strcasestr(value, "utf-8") || strcasestr(value, "utf8"));
}

struct print_style terminal__style(bool ascii)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return (struct print_style){
		.width = width(),
		.utf8 = !ascii && is_utf8(),
		.colour = !ascii && isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
			  strcmp(term, "dumb"),
	};
}

bool terminal__use_utf8(bool ascii)
{
	if (ascii || !is_utf8())
		return false;
	if (setlocale(LC_CTYPE, "") && !strcmp(nl_langinfo(CODESET), "UTF-8"))
		return true;
	return setlocale(LC_CTYPE, "C.UTF-8") != NULL;
}
