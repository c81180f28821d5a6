// SPDX-License-Identifier: GPL-2.0-only
#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* For wide characters; before the header. */
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <term.h>

#include "keys.h"

struct tty {
	SCREEN *screen;
	FILE *in; /* NULL: standard input */
	int fd;
	bool plain;  /* no colours are wanted */
	int colours; /* 0, 8 or 256 */
	u32 idle;    /* how often in a row there was input that was none */
};

/* --- styles */

struct look {
	short fg, bg;         /* of 256 colours; -1: the terminal's own */
	short fg8, bg8;       /* of 8 */
	attr_t with, without; /* attributes with and without colours */
};

static const struct look looks[STYLES] = {
	[STYLE_PLAIN] = {-1, -1, -1, -1, 0, 0},
	[STYLE_TITLE] = {-1, -1, -1, -1, A_BOLD, A_BOLD},
	[STYLE_DIM] = {244, -1, -1, -1, 0, 0},
	[STYLE_HEAD] = {16, 151, COLOR_BLACK, COLOR_GREEN, 0, A_REVERSE},
	[STYLE_SORTED] = {16, 81, COLOR_BLACK, COLOR_CYAN, 0, A_REVERSE | A_BOLD},
	[STYLE_TAB] = {16, 81, COLOR_BLACK, COLOR_CYAN, 0, A_REVERSE},
	[STYLE_GOOD] = {71, -1, COLOR_GREEN, -1, 0, 0},
	[STYLE_WARN] = {214, -1, COLOR_YELLOW, -1, 0, A_BOLD},
	[STYLE_ALARM] = {231, 160, COLOR_WHITE, COLOR_RED, A_BOLD, A_REVERSE | A_BOLD},
	[STYLE_KEY] = {81, -1, COLOR_CYAN, -1, 0, A_BOLD},
	[STYLE_CURSOR] = {16, 231, COLOR_BLACK, COLOR_WHITE, 0, A_REVERSE},
	[STYLE_PART + PART_USER] = {16, 71, COLOR_BLACK, COLOR_GREEN, 0, 0},
	[STYLE_PART + PART_KERNEL] = {231, 124, COLOR_WHITE, COLOR_RED, 0, 0},
	[STYLE_PART + PART_RUNQ] = {16, 208, COLOR_BLACK, COLOR_YELLOW, 0, 0},
	[STYLE_PART + PART_DISK] = {231, 26, COLOR_WHITE, COLOR_BLUE, 0, 0},
	[STYLE_PART + PART_RECV] = {231, 91, COLOR_WHITE, COLOR_MAGENTA, 0, 0},
	[STYLE_PART + PART_SEND] = {16, 176, COLOR_BLACK, COLOR_MAGENTA, 0, 0},
	[STYLE_PART + PART_LOCK] = {16, 221, COLOR_RED, COLOR_YELLOW, 0, 0},
	[STYLE_PART + PART_MEMORY] = {16, 80, COLOR_BLACK, COLOR_CYAN, 0, 0},
	[STYLE_PART + PART_OTHER] = {16, 246, COLOR_BLACK, COLOR_WHITE, 0, 0},
	[STYLE_SHADE + 1] = {17, 17, COLOR_BLUE, -1, 0, 0},
	[STYLE_SHADE + 2] = {19, 19, COLOR_BLUE, -1, 0, 0},
	[STYLE_SHADE + 3] = {55, 55, COLOR_BLUE, -1, 0, 0},
	[STYLE_SHADE + 4] = {91, 91, COLOR_CYAN, -1, 0, 0},
	[STYLE_SHADE + 5] = {127, 127, COLOR_CYAN, -1, 0, 0},
	[STYLE_SHADE + 6] = {161, 161, COLOR_GREEN, -1, 0, 0},
	[STYLE_SHADE + 7] = {196, 196, COLOR_YELLOW, -1, 0, 0},
	[STYLE_SHADE + 8] = {208, 208, COLOR_YELLOW, -1, 0, A_BOLD},
	[STYLE_SHADE + 9] = {226, 226, COLOR_RED, -1, 0, A_BOLD},
};

static void start_colours(struct tty *t)
{
	const char *no_color = getenv("NO_COLOR");

	if (t->plain || (no_color && *no_color) || !has_colors() || start_color() == ERR)
		return;
	use_default_colors();
	t->colours = COLORS >= 256 && COLOR_PAIRS > STYLES ? 256 : 8;
	for (int i = 0; i < STYLES; i++) {
		const struct look *l = &looks[i];
		/* What has no look is plain. */
		bool none = !l->fg && !l->bg && !l->fg8 && !l->bg8;

		if (t->colours == 256)
			init_pair(i + 1, none ? -1 : l->fg, none ? -1 : l->bg);
		else
			init_pair(i + 1, none ? -1 : l->fg8, none ? -1 : l->bg8);
	}
}

static attr_t look_of(const struct tty *t, u8 style, short *pair)
{
	const struct look *l = &looks[style & ~STYLE_SELECTED];
	attr_t attr = t->colours ? l->with : l->without;

	*pair = t->colours ? (style & ~STYLE_SELECTED) + 1 : 0;
	if (style & STYLE_SELECTED)
		attr ^= A_REVERSE;
	return attr;
}

/* --- opening and closing */

static int check_terminal(char *why, size_t size)
{
	const char *term = getenv("TERM");
	int err;

	if (!term || !*term) {
		snprintf(why, size, "TERM is not set; set it, such as TERM=xterm, or use --batch");
		return -ENOTTY;
	}
	if (setupterm(term, STDOUT_FILENO, &err) == ERR || !cursor_address) {
		snprintf(why, size,
			 "TERM=%.60s is no terminal that one can draw on, or not known here; set "
			 "another, such as TERM=xterm, or use --batch",
			 term);
		return -ENOTTY;
	}
	del_curterm(cur_term);
	return 0;
}

static void set_modes(struct tty *t)
{
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, TRUE);
	curs_set(0);
	set_escdelay(50);
	mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0);
	start_colours(t);
}

int tty__open(struct tty **ret, const struct tty_wants *wants, char *why, size_t why_size)
{
	struct tty *t;
	int err = check_terminal(why, why_size);

	if (err)
		return err;
	t = calloc(1, sizeof(*t));
	if (!t)
		return -ENOMEM;
	t->plain = wants->plain;
	t->fd = STDIN_FILENO;
	if (wants->keys_elsewhere || !isatty(STDIN_FILENO)) {
		t->in = fopen("/dev/tty", "re");
		t->fd = t->in ? fileno(t->in) : -1;
	}
	if (t->fd >= 0)
		t->screen = newterm(NULL, stdout, t->in ? t->in : stdin);
	if (!t->screen) {
		snprintf(why, why_size, "there is no terminal to read keys from; use --batch");
		if (t->in)
			fclose(t->in);
		free(t);
		return -ENOTTY;
	}
	set_modes(t);
	*ret = t;
	return 0;
}

void tty__close(struct tty *t)
{
	if (!t)
		return;
	endwin();
	delscreen(t->screen);
	if (t->in)
		fclose(t->in);
	free(t);
}

int tty__fd(const struct tty *t)
{
	return t->fd;
}

/* --- input */

static u32 key_of(bool special, wint_t c)
{
	static const struct {
		int from;
		u32 to;
	} keys[] = {
		{KEY_UP, KEY_CODE_UP},         {KEY_DOWN, KEY_CODE_DOWN},
		{KEY_LEFT, KEY_CODE_LEFT},     {KEY_RIGHT, KEY_CODE_RIGHT},
		{KEY_PPAGE, KEY_CODE_PAGE_UP}, {KEY_NPAGE, KEY_CODE_PAGE_DOWN},
		{KEY_HOME, KEY_CODE_HOME},     {KEY_END, KEY_CODE_END},
		{KEY_ENTER, KEY_CODE_ENTER},   {KEY_BACKSPACE, KEY_CODE_BACKSPACE},
		{KEY_BTAB, KEY_CODE_BACK_TAB},
	};

	if (special) {
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if ((int)c == keys[i].from)
				return keys[i].to;
		return c > KEY_F0 && c <= KEY_F(12) ? KEY_CODE_F + c - KEY_F0 : UINT32_MAX;
	}
	switch (c) {
	case '\r':
	case '\n':
		return KEY_CODE_ENTER;
	case '\t':
		return KEY_CODE_TAB;
	case 0x1b:
		return KEY_CODE_ESCAPE;
	case '\b':
	case 0x7f:
		return KEY_CODE_BACKSPACE;
	}
	return c;
}

static void mouse(const struct screen *s, struct model *m)
{
	MEVENT e;

	if (getmouse(&e) != OK)
		return;
	if (e.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED)) {
		model__act(m, e.bstate & BUTTON4_PRESSED ? ACT_UP : ACT_DOWN, 0);
		return;
	}
	if (m->page != PAGE_TABLE || !s->nheads)
		return;
	for (u32 i = 0; i < s->nheads && (u32)e.y + 1 == s->table_y; i++)
		if ((u32)e.x >= s->head[i].from && (u32)e.x < s->head[i].to)
			model__sort_by(m, s->head[i].column);
	if ((u32)e.y >= s->table_y && (u32)e.y < s->table_y + s->table_rows)
		model__select(m, s->table_first + e.y - s->table_y);
}

/* Returns -EPIPE if nobody is there any more; @any: something was typed. */
static int check_end(struct tty *t, bool any)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};

	if (poll(&p, 1, 0) > 0 && p.revents & (POLLHUP | POLLERR | POLLNVAL))
		return -EPIPE;
	/* The end of a file looks like input for ever. */
	t->idle = any || !(p.revents & POLLIN) ? 0 : t->idle + 1;
	return t->idle > 3 ? -EPIPE : 0;
}

int tty__keys(struct tty *t, void (*fn)(void *ctx, u32 key), void *ctx)
{
	bool any = false;
	MEVENT e;
	wint_t c;
	int kind;

	while ((kind = get_wch(&c)) != ERR) {
		bool special = kind == KEY_CODE_YES;

		any = true;
		if (!special && c == ('L' & 31))
			clearok(curscr, TRUE);
		else if (special && c == KEY_MOUSE)
			getmouse(&e);
		else if (!special || c != KEY_RESIZE)
			fn(ctx, key_of(special, c));
	}
	return check_end(t, any);
}

int tty__read(struct tty *t, const struct screen *s, struct model *m)
{
	bool any = false;
	wint_t c;
	int kind;

	while ((kind = get_wch(&c)) != ERR && !m->quit) {
		bool special = kind == KEY_CODE_YES;
		u32 key = key_of(special, c);

		any = true;
		/* Whatever else has written there. */
		if (!special && c == ('L' & 31))
			clearok(curscr, TRUE);
		else if (special && c == KEY_MOUSE)
			mouse(s, m);
		else if (!special || c != KEY_RESIZE)
			model__act(m, keys__action(key, m->input != INPUT_NONE), key);
	}
	return check_end(t, any);
}

/* --- output */

void tty__size(const struct tty *t, u32 *width, u32 *height)
{
	struct winsize size;

	(void)t;
	/* While the program was stopped nobody told it. */
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col && size.ws_row &&
	    (size.ws_col != COLS || size.ws_row != LINES))
		resizeterm(size.ws_row, size.ws_col);
	*width = COLS > 0 ? COLS : 1;
	*height = LINES > 0 ? LINES : 1;
}

void tty__draw(struct tty *t, const struct screen *s)
{
	erase();
	for (u32 i = 0; i < s->width * s->height; i++) {
		const struct glyph *g = &s->glyph[i];
		wchar_t text[2] = {g->c, 0};
		attr_t attr;
		short pair;
		cchar_t cell;

		if (!g->c)
			continue;
		attr = look_of(t, g->style, &pair);
		/* What erase() has left there already. */
		if (g->c == ' ' && !attr && (!pair || g->style == STYLE_PLAIN))
			continue;
		setcchar(&cell, text, attr, pair, NULL);
		mvadd_wch(i / s->width, i % s->width, &cell);
	}
	refresh();
}
