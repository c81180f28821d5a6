// SPDX-License-Identifier: GPL-2.0-only
/* Terminals. */
#include "ioctl_types.h"

#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/tty.h>

struct rows_columns {
	u16 ws_row, ws_col, ws_xpixel, ws_ypixel;
};

static void show_winsize(struct decoder *d, struct value *v, const void *memory)
{
	static const struct member members[] = {
		MEMBER(struct rows_columns, ws_row, UNSIGNED),
		MEMBER(struct rows_columns, ws_col, UNSIGNED),
		MEMBER(struct rows_columns, ws_xpixel, UNSIGNED),
		MEMBER(struct rows_columns, ws_ypixel, UNSIGNED),
	};

	SHOW_MEMBERS(d, v, memory, sizeof(struct rows_columns), members);
}

/* The fields within c_oflag: each has a name and a number, shown even if that is 0. */
static const struct {
	u32 mask;
	const char *name;
} delays[] = {
	{NLDLY, "NL"}, {CRDLY, "CR"}, {TABDLY, "TAB"}, {BSDLY, "BS"}, {VTDLY, "VT"}, {FFDLY, "FF"},
};

static void add_rest(struct decoder *d, struct value *v, const struct constants *c, u32 rest)
{
	struct value *flags = decode__flags(d, NULL, c, rest);

	if (!rest)
		return;
	v->last->next = flags->first;
	v->last = flags->last;
}

static void add_output(struct decoder *d, struct value *v, u32 flags)
{
	struct value *shown = value__new(d->arena, VALUE_FLAGS, "c_oflag", flags);
	u32 rest = flags;

	for (u32 i = 0; i < sizeof(delays) / sizeof(delays[0]); i++) {
		u32 n = (flags & delays[i].mask) / (delays[i].mask & -delays[i].mask);
		const char *name = arena__print(d->arena, "%s%u", delays[i].name, n);

		value__add(shown, value__named(d->arena, NULL, name, flags & delays[i].mask));
		rest &= ~delays[i].mask;
	}
	add_rest(d, shown, &c_tty_output, rest);
	value__add(v, shown);
}

static void add_control(struct decoder *d, struct value *v, u32 flags)
{
	struct value *shown = value__new(d->arena, VALUE_FLAGS, "c_cflag", flags);

	add_name(d, shown, NULL, &c_tty_baud, flags & CBAUD);
	add_name(d, shown, NULL, &c_tty_size, flags & CSIZE);
	add_rest(d, shown, &c_tty_control, flags & ~(CBAUD | CSIZE));
	value__add(v, shown);
}

static void show_termios(struct decoder *d, struct value *v, const void *memory)
{
	struct termios t;
	struct value *keys;

	memcpy(&t, memory, sizeof(t));
	add_flags(d, v, "c_iflag", &c_tty_input, t.c_iflag);
	add_output(d, v, t.c_oflag);
	add_control(d, v, t.c_cflag);
	add_flags(d, v, "c_lflag", &c_tty_local, t.c_lflag);
	if (!d->opts->verbose) {
		v->cut = true;
		return;
	}
	add_unsigned(d, v, "c_line", t.c_line);
	keys = show_raw(d, "c_cc", (const char *)memory + offsetof(struct termios, c_cc),
			sizeof(t.c_cc));
	keys->num = 2;
	value__add(v, keys);
}

#define TERMIOS .size = sizeof(struct termios), .show = show_termios
#define WINSIZE .size = sizeof(struct rows_columns), .show = show_winsize

const struct ioctl_desc ioctls_tty[] = {
	IOCTL(TCGETS, OUT, TERMIOS),
	IOCTL(TCSETS, IN, TERMIOS),
	IOCTL(TCSETSW, IN, TERMIOS),
	IOCTL(TCSETSF, IN, TERMIOS),
	IOCTL(0x802c542a, OUT, TERMIOS), /* TCGETS2, which begins as the others do */
	IOCTL(0x402c542b, IN, TERMIOS),
	IOCTL(0x402c542c, IN, TERMIOS),
	IOCTL(0x402c542d, IN, TERMIOS),
	IOCTL(TIOCGWINSZ, OUT, WINSIZE),
	IOCTL(TIOCSWINSZ, IN, WINSIZE),
	IOCTL(TCFLSH, NAME, .with = &c_tty_flush),
	IOCTL(TCXONC, NAME, .with = &c_tty_flow),
	IOCTL(TCSBRK, INT),
	IOCTL(TCSBRKP, INT),
	IOCTL(TIOCSCTTY, INT),
	IOCTL(TIOCEXCL, NONE),
	IOCTL(TIOCNXCL, NONE),
	IOCTL(TIOCNOTTY, NONE),
	IOCTL(TIOCVHANGUP, NONE),
	IOCTL(TIOCSBRK, NONE),
	IOCTL(TIOCCBRK, NONE),
	IOCTL(TIOCSTI, CHAR),
	IOCTL(TIOCGPGRP, INT_OUT),
	IOCTL(TIOCSPGRP, INT_IN),
	IOCTL(TIOCGSID, INT_OUT),
	IOCTL(TIOCOUTQ, INT_OUT),
	IOCTL(TIOCGETD, INT_OUT),
	IOCTL(TIOCSETD, INT_IN),
	IOCTL(TIOCGPTN, INT_OUT),
	IOCTL(TIOCSPTLCK, INT_IN),
	IOCTL(TIOCGPTLCK, INT_OUT),
	IOCTL(TIOCPKT, INT_IN),
	IOCTL(TIOCGPKT, INT_OUT),
	IOCTL(TIOCGEXCL, INT_OUT),
	IOCTL(TIOCMGET, FLAGS_OUT, .with = &c_modem_lines),
	IOCTL(TIOCMSET, FLAGS_IN, .with = &c_modem_lines),
	IOCTL(TIOCMBIS, FLAGS_IN, .with = &c_modem_lines),
	IOCTL(TIOCMBIC, FLAGS_IN, .with = &c_modem_lines),
	{.kind = IOCTL_END},
};
