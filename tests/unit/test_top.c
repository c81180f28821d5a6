/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sonde top without a terminal: keys go in, and the screens that come out are held against golden
 * files: GOLDEN, or tests/golden. With "--write" they are written.
 */
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <time.h>

#include "check.h"
#include "sink.h"
#include "top/batch.h"
#include "top/frame_json.h"
#include "top/keys.h"
#include "top/model.h"
#include "top/screen.h"
#include "top_frames.h"

static bool writing;

/* --- driving it */

static struct model *new_model(void)
{
	struct model *m;

	if (model__new(&m))
		abort();
	return m;
}

static void put(struct model *m, struct frame *f)
{
	static const char *const verdicts[] = {"php-fpm: 96 % waiting in recv from 10.0.3.7:3306",
					       "vda: 97 % busy, of which backup 71 %"};

	if (model__put(m, f, verdicts, 2))
		abort();
}

/* Each character is a key; '^' and a letter are those that are none. */
static void press(struct model *m, const char *keys)
{
	for (; *keys; keys++) {
		u32 key = *keys;

		if (key == '^') {
			switch (*++keys) {
			case 'U':
				key = KEY_CODE_UP;
				break;
			case 'D':
				key = KEY_CODE_DOWN;
				break;
			case 'L':
				key = KEY_CODE_LEFT;
				break;
			case 'R':
				key = KEY_CODE_RIGHT;
				break;
			case 'E':
				key = KEY_CODE_ENTER;
				break;
			case 'X':
				key = KEY_CODE_ESCAPE;
				break;
			case 'B':
				key = KEY_CODE_BACKSPACE;
				break;
			case 'T':
				key = KEY_CODE_TAB;
				break;
			case 'P':
				key = KEY_CODE_PAGE_DOWN;
				break;
			case 'Z':
				key = KEY_CODE_END;
				break;
			}
		}
		model__act(m, keys__action(key, m->input != INPUT_NONE), key);
	}
}

static const char *selected(const struct model *m)
{
	return m->nrows ? m->row[model__place(m)->cursor].text[TEXT_NAME] : "";
}

static const struct row *row_of(const struct model *m, const char *name)
{
	static const struct row none;

	for (u32 i = 0; i < m->nrows; i++)
		if (!strcmp(m->row[i].text[TEXT_NAME], name))
			return &m->row[i];
	return &none;
}

static bool near(double a, double b)
{
	return fabs(a - b) < 1e-6 * (fabs(a) + 1);
}

/* --- golden screens */

static void print_styles(const struct screen *s, struct text *out)
{
	for (u32 y = 0; y < s->height; y++) {
		for (u32 x = 0; x < s->width; x++) {
			u8 style = s->glyph[y * s->width + x].style;
			u32 n = style & ~STYLE_SELECTED;

			text__printf(out, "%c",
				     style & STYLE_SELECTED ? '>'
				     : !n                   ? '.'
				     : n < 26               ? '@' + n
							    : 'a' + n - 26);
		}
		text__printf(out, "\n");
	}
}

static void draw(struct model *m, u32 width, u32 height, bool utf8, struct text *out)
{
	struct screen s = {.utf8 = utf8};

	if (screen__resize(&s, width, height) || screen__draw(&s, m))
		abort();
	text__printf(out, "--- %u x %u, %s\n", width, height, utf8 ? "UTF-8" : "ASCII");
	for (u32 y = 0; y < height; y++)
		screen__text(&s, y, out);
	if (width == 80 && utf8) {
		text__printf(out, "--- styles\n");
		print_styles(&s, out);
	}
	screen__free(&s);
}

static void compare(int line, const char *name, const struct text *text)
{
	const char *dir = getenv("GOLDEN");
	char path[4096], *want = must(malloc(text->size + 1));
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/top-%s", dir ? dir : "tests/golden", name);
	f = fopen(path, writing ? "w" : "r");
	if (f && writing)
		n = fwrite(text->data, 1, text->size, f);
	else if (f)
		n = fread(want, 1, text->size + 1, f);
	if (f)
		fclose(f);
	check(__FILE__, line, path, n == text->size && (writing || !memcmp(want, text->data, n)));
	if (n != text->size || (!writing && memcmp(want, text->data, n)))
		printf("got\n%.*s\n", (int)text->size, text->data);
	free(want);
}

/* @keys lead to what is shown, from the web host in second 6 on. */
static void test_golden(int line, const char *name, const char *keys)
{
	static const u32 size[][2] = {{80, 24}, {200, 60}, {20, 5}};
	struct model *m = new_model();
	struct text text = {};

	for (u32 i = 0; i < 7; i++)
		put(m, frames__web(i));
	press(m, keys);
	for (u32 i = 0; i < 6; i++)
		draw(m, size[i / 2][0], size[i / 2][1], !(i % 2), &text);
	compare(line, name, &text);
	text__free(&text);
	model__free(m);
}

static void test_screens(void)
{
	static const char *const rows[][2] = {
		{"services", ""},
		{"processes", "2^D"},
		{"operations", "3"},
		{"devices", "4"},
		{"peers", "5"},
		{"service", "^E3"},
		{"service-devices", "^D^E4"},
		{"threads", "^E/4711^E^E"},
		{"histogram", "3/pread64^ED"},
		{"heat", "3^EH^L^U"},
		{"help", "h"},
		{"columns", "c^D^D^D "},
		{"sort", "s^D"},
		{"filter", "2\\php"},
		{"fixed", "u"},
		{"past", "[["},
		{"scrolled", "^R^R^R"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		test_golden(__LINE__, rows[i][0], rows[i][1]);
}

static void test_other_screens(void)
{
	struct text text = {};
	struct model *m = new_model();

	draw(m, 80, 24, true, &text);
	compare(__LINE__, "empty", &text);
	text__clear(&text);
	put(m, frames__lossy(0));
	put(m, frames__lossy(1));
	draw(m, 80, 24, true, &text);
	draw(m, 20, 5, false, &text);
	compare(__LINE__, "lossy", &text);
	model__free(m);
	text__clear(&text);
	m = new_model();
	put(m, frames__hostile());
	draw(m, 80, 24, true, &text);
	draw(m, 80, 24, false, &text);
	press(m, "2");
	draw(m, 120, 24, true, &text);
	press(m, "5");
	draw(m, 120, 24, true, &text);
	compare(__LINE__, "hostile", &text);
	model__free(m);
	text__clear(&text);
	m = new_model();
	put(m, frames__many(200, 5000));
	draw(m, 80, 24, true, &text);
	press(m, "^P^P^D");
	draw(m, 200, 60, false, &text);
	press(m, "2^Z");
	draw(m, 80, 24, false, &text);
	press(m, "^P");
	draw(m, 200, 60, true, &text);
	compare(__LINE__, "many", &text);
	text__free(&text);
	model__free(m);
}

/* --- figures */

static void test_sums(void)
{
	static const u64 time[PARTS] = {100, 50, 30, 20, 0, 0, 0, 0, 0, 800};
	struct frame *f = frames__new(0);
	struct model *m = new_model();
	const struct row *r;

	frames__all_sets(f);
	for (u32 with_headline = 0; with_headline < 2; with_headline++) {
		u32 s = frames__service(f, with_headline ? "with" : "without", 1, 1, time);

		frames__call(f, s, "read", 100, 1000, 2000, 3);
		frames__call(f, s, "write", 50, 4000, 8000, 4);
		frames__wait(f, s, "epoll_wait", 1000);
		f->op[f->nops - 3].inflight = 2;
		f->op[f->nops - 3].inflight_age = 7 * SEC;
		if (with_headline)
			frames__headline(f, s);
		/* Latencies of other layers are not calls. */
		frames__block(f, s, "vda", "read", 10, MS, 2 * MS, 4096);
		frames__counter(f, s, "bytes_in", 12345);
	}
	put(m, f);
	for (u32 i = 0; i < 2; i++) {
		r = row_of(m, i ? "with" : "without");
		CHECK_THAT("calls", near(r->figure[FIG_CALLS], 150));
		CHECK_THAT("errors", near(r->figure[FIG_ERRORS], 7));
		CHECK_THAT("max", near(r->figure[FIG_MAX], 8000));
		CHECK_THAT("p50", r->figure[FIG_P50] < 2100 && r->figure[FIG_P50] > 1000);
		CHECK_THAT("in flight", near(r->figure[FIG_INFLIGHT], 2));
		CHECK_THAT("oldest", near(r->figure[FIG_OLDEST], 7e9));
		CHECK_THAT("lost", near(r->figure[FIG_LOST], .05));
		CHECK_THAT("cpu", near(r->figure[FIG_CPU], 15));
		CHECK_THAT("in", near(r->figure[FIG_IN], 12345));
		CHECK_THAT("out is not known", isnan(r->figure[FIG_OUT]));
		CHECK_THAT("read", r->figure[FIG_READ] > 10 * 4096);
	}
	press(m, "3");
	CHECK_THAT("no headline among the operations", !row_of(m, "_all")->id);
	CHECK_THAT("what waits is not spent", isnan(row_of(m, "epoll_wait")->figure[FIG_SPENT]));
	model__free(m);
}

static void test_off(void)
{
	struct frame *f = frames__lossy(0);
	struct model *m = new_model();

	put(m, f);
	CHECK_THAT("lost is not known without sched", isnan(m->row[0].figure[FIG_LOST]));
	press(m, "4");
	CHECK_THAT("no devices", !m->nrows);
	model__free(m);
}

/* --- selecting, sorting, filtering */

static void test_follow(void)
{
	struct model *m = new_model();

	put(m, frames__web(0));
	CHECK_THAT("what loses most is first", !strcmp(selected(m), "php-fpm"));
	press(m, "^D");
	CHECK_THAT("second", !strcmp(selected(m), "mysqld"));
	press(m, ">>>");
	CHECK_THAT("followed when sorted", !strcmp(selected(m), "mysqld"));
	CHECK_THAT("moved", model__place(m)->cursor == 3);
	press(m, "I");
	CHECK_THAT("followed when reversed", !strcmp(selected(m), "mysqld"));
	CHECK_THAT("moved", model__place(m)->cursor == 1);
	put(m, frames__web(6));
	CHECK_THAT("followed to the next frame", !strcmp(selected(m), "mysqld"));
	put(m, frames__hostile());
	put(m, frames__web(7));
	CHECK_THAT("found again after it was gone", !strcmp(selected(m), "mysqld"));
	press(m, "F");
	press(m, "I");
	CHECK_THAT("in its line", strcmp(selected(m), "mysqld"));
	model__free(m);
}

static void test_sorting(void)
{
	struct model *m = new_model();

	put(m, frames__web(0));
	CHECK_THAT("set by name",
		   !model__set_sort(m, "calls") && !strcmp(m->row[0].text[0], "php-fpm"));
	CHECK_THAT("no such column", model__set_sort(m, "waited") == -EINVAL);
	press(m, "I");
	CHECK_THAT("reversed, what is not known still last",
		   !strcmp(m->row[0].text[0], "postgres") && !strcmp(m->row[5].text[0], "kernel"));
	CHECK_THAT("by name",
		   !model__set_sort(m, "service") && !strcmp(m->row[0].text[0], "backup"));
	press(m, "s");
	CHECK_THAT("a list", m->page == PAGE_SORT);
	press(m, "^D^D^E");
	CHECK_THAT("by the third", m->sort[VIEW_SERVICES].column == 2 && m->page == PAGE_TABLE);
	press(m, "c^D^D ");
	CHECK_THAT("what is sorted by stays", !m->hidden[VIEW_SERVICES] && m->message[0]);
	press(m, "^D ");
	CHECK_THAT("hidden", m->hidden[VIEW_SERVICES] == 1 << 3);
	press(m, "^X>");
	CHECK_THAT("passed over", m->sort[VIEW_SERVICES].column == 4);
	model__free(m);
}

static void test_filter(void)
{
	struct model *m = new_model();

	put(m, frames__web(0));
	press(m, "2\\PHP-f");
	CHECK_THAT("as it is typed", m->nrows == 20 && m->unfiltered == 28);
	press(m, "^B^B^E");
	CHECK_THAT("kept", m->nrows == 20 && m->input == INPUT_NONE);
	put(m, frames__web(1));
	CHECK_THAT("of the next frame", m->nrows == 20);
	press(m, "\\q^E");
	CHECK_THAT("added to, and q is a letter", m->nrows == 0 && !m->quit);
	press(m, "^X");
	CHECK_THAT("ended", m->nrows == 28);
	press(m, "/tar");
	CHECK_THAT("found", !strcmp(selected(m), "tar"));
	press(m, "^X/ngin");
	CHECK_THAT("found", !strcmp(selected(m), "nginx"));
	u32 before = model__place(m)->cursor;
	model__act(m, ACT_SEARCH, 0);
	CHECK_THAT("the next",
		   !strcmp(selected(m), "nginx") && model__place(m)->cursor == before + 1);
	press(m, "zzz");
	CHECK_THAT("not found", m->message[0] && !strcmp(selected(m), "nginx"));
	press(m, "^Xq");
	CHECK_THAT("quit", m->quit);
	model__free(m);
}

static void test_places(void)
{
	struct model *m = new_model();

	put(m, frames__web(0));
	press(m, "^D^E");
	CHECK_THAT("mysqld's processes", m->nrows == 1 && !strcmp(selected(m), "mysqld"));
	press(m, "3");
	CHECK_THAT("its operations", m->nrows == 12 && model__place(m)->view == VIEW_OPS);
	press(m, "^T");
	CHECK_THAT("its devices", m->nrows == 1 && model__place(m)->view == VIEW_DEVICES);
	CHECK_THAT("its share of it", near(m->row[0].figure[FIG_READS], 800));
	press(m, "^T^T");
	CHECK_THAT("round", model__place(m)->view == VIEW_PROCESSES);
	press(m, "^X");
	CHECK_THAT("back where it was",
		   model__place(m)->view == VIEW_SERVICES && !strcmp(selected(m), "mysqld"));
	press(m, "2/4711^E^E");
	CHECK_THAT("threads", m->process == 4711 && m->nrows == 5);
	CHECK_THAT("the oldest first", near(m->row[0].figure[FIG_OLDEST], 12e9));
	press(m, "^X");
	CHECK_THAT("no more", m->process == 0 && model__place(m)->view == VIEW_PROCESSES);
	press(m, "^E3");
	CHECK_THAT("a tab leads out of threads", model__place(m)->view == VIEW_OPS && !m->depth);
	press(m, "2H");
	CHECK_THAT("none of a process", m->page == PAGE_TABLE && m->message[0]);
	model__free(m);
}

/* --- time */

static void test_time(void)
{
	struct model *m = new_model();
	struct text before = {}, after = {};

	for (u32 i = 0; i < 5; i++)
		put(m, frames__web(i));
	frame__write(&before, m->shown);
	press(m, " ");
	put(m, frames__web(5));
	put(m, frames__web(6));
	CHECK_THAT("stopped", m->shown->taken == 1795241004 && model__behind(m) == 2 * SEC);
	press(m, "]");
	CHECK_THAT("a step", m->shown->taken == 1795241005);
	press(m, "]]]");
	CHECK_THAT("to the latest", m->shown == m->latest && !model__behind(m) && m->message[0]);
	press(m, "[[");
	frame__write(&after, m->shown);
	CHECK_THAT("as it was",
		   before.size == after.size && !memcmp(before.data, after.data, before.size));
	CHECK_THAT("its verdicts", m->nverdicts == 2 && strstr(m->verdict[0], "recv"));
	press(m, "[[[[[");
	CHECK_THAT("not before the first", m->shown->taken == 1795241000 && m->message[0]);
	press(m, "p");
	CHECK_THAT("goes on", m->shown == m->latest && m->shown->taken == 1795241006);
	put(m, frames__web(7));
	CHECK_THAT("and on", m->shown->taken == 1795241007);
	press(m, "-");
	CHECK_THAT("faster", m->interval == 500000000);
	press(m, "+++");
	CHECK_THAT("slower", m->interval == 5 * SEC);
	press(m, "d250ms^E");
	CHECK_THAT("typed", m->interval == 250000000);
	press(m, "d1ms^E");
	CHECK_THAT("too fast", m->interval == 250000000 && strstr(m->message, "100ms"));
	text__free(&before);
	text__free(&after);
	model__free(m);
}

static void test_five_minutes(void)
{
	struct model *m = new_model();

	for (u32 i = 0; i < 400; i++)
		put(m, frames__web(i % 10));
	CHECK_THAT("five minutes", m->history.n == 300);
	CHECK_THAT("a web host in little", m->history.bytes < 8 << 20);
	printf("web host, %u frames: history %.1f MiB\n", m->history.n,
	       m->history.bytes / 1048576.0);
	press(m, "[");
	for (u32 i = 0; i < 320; i++)
		put(m, frames__web(i % 10));
	CHECK_THAT("what is shown is kept beyond them", model__behind(m) == 300 * SEC);
	press(m, "]");
	CHECK_THAT("and stepping goes on from the oldest", model__behind(m) == 298 * SEC);
	model__free(m);
}

static void test_memory(void)
{
	struct model *m = new_model();
	size_t most = 0;

	for (u32 i = 0; i < 12; i++)
		put(m, frames__many(200, 5000));
	printf("200 services, 5,000 processes: %.0f KiB a frame, %.1f MiB for five minutes\n",
	       m->history.bytes / 12 / 1024.0, m->history.bytes / 12 * 300 / 1048576.0);
	/* As if each frame were large. */
	m->history.bytes += HISTORY_BYTES;
	put(m, frames__many(20, 50));
	CHECK_THAT("the oldest go first", m->history.n == 1);
	m->history.bytes -= HISTORY_BYTES;
	for (u32 i = 0; i < 3; i++) {
		put(m, frames__many(20, 500));
		most = m->history.bytes > most ? m->history.bytes : most;
	}
	CHECK_THAT("bounded", most < HISTORY_BYTES && m->history.n == 4);
	model__free(m);
}

static void test_heat(void)
{
	struct model *m = new_model();
	u64 total = 0, drawn = 0;
	struct heat h;

	for (u32 i = 0; i < 100; i++)
		put(m, frames__web(i % 12));
	press(m, "3/pread64^EH");
	CHECK_THAT("heat", m->page == PAGE_HEAT && !strcmp(m->subject.title, "mysqld: pread64"));
	for (u32 width = 1; width < 130; width += 7) {
		m->heat_width = width;
		m->heat_height = 1 + width % 20;
		total = drawn = 0;
		CHECK_THAT("made", !model__heat(m, &h));
		for (u32 c = 0; c < h.n; c++) {
			total += h.column[c].total;
			for (u32 row = 0; row < h.rows; row++)
				drawn += heat__count(&h, c, row);
		}
		CHECK_THAT("as many as it takes", h.n <= width && h.rows <= m->heat_height && h.n);
		CHECK_THAT("nothing is lost", total == 100 * 800 && drawn == total);
		free(h.column);
	}
	m->heat_width = 100;
	m->heat_height = 20;
	press(m, "^L^L^L");
	CHECK_THAT("cursor", m->heat_back == 3);
	press(m, "^R^R^R^R^R");
	CHECK_THAT("no further", m->heat_back == 0);
	press(m, "D");
	CHECK_THAT("histogram of the same", m->page == PAGE_HIST && model__dist(m)->count == 800);
	press(m, "^X");
	CHECK_THAT("back", m->page == PAGE_TABLE);
	model__free(m);
}

/* --- whatever happens */

static bool harmless(const struct screen *s)
{
	for (u32 i = 0; i < s->width * s->height; i++) {
		u32 c = s->glyph[i].c;

		if ((c && c < ' ') || (c >= 0x7f && c < 0xa0) || (!s->utf8 && c > 0x7e) ||
		    (s->glyph[i].style & ~STYLE_SELECTED) >= STYLES)
			return false;
		/* Half a wide character, or one without its second half. */
		if (!c && i % s->width == 0)
			return false;
	}
	return true;
}

/* Someone's cat walks over the keyboard of each size. */
static void test_monkey(void)
{
	static const char *const typed[] = {"q", "\\", "/", "^E", "^X", "a", "n", "1"};
	struct model *m = new_model();
	struct screen s = {};
	bool good = true;

	srand(7);
	for (u32 i = 0; i < 20000; i++) {
		u32 what = rand();

		if (i % 20 == 0)
			put(m, what % 7 == 0   ? frames__hostile()
			       : what % 5 == 0 ? frames__lossy(what % 2)
					       : frames__web(what % 12));
		if (what % 11 == 0)
			press(m, typed[what / 11 % 8]);
		else
			model__act(m, what % (ACT_TYPE + 1), 'a' + what / 64 % 26);
		if (i % 10)
			continue;
		s.utf8 = what & 64;
		if (screen__resize(&s, what % 13 ? rand() % 120 : rand() % 500,
				   what % 13 ? rand() % 40 : rand() % 200) ||
		    screen__draw(&s, m))
			abort();
		good &= harmless(&s);
	}
	CHECK_THAT("harmless", good);
	screen__free(&s);
	model__free(m);
}

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1e3 + ts.tv_nsec / 1e6;
}

static void test_speed(void)
{
	double putting = 1e9, drawing = 1e9;
	struct model *m = new_model();
	struct screen s = {.utf8 = true};

	press(m, "2");
	for (u32 i = 0; i < 10; i++) {
		struct frame *f = frames__many(200, 5000);
		double start = now_ms(), end;

		put(m, f);
		end = now_ms();
		putting = end - start < putting ? end - start : putting;
		start = now_ms();
		model__make_rows(m);
		if (screen__resize(&s, 200, 60) || screen__draw(&s, m))
			abort();
		end = now_ms();
		drawing = end - start < drawing ? end - start : drawing;
	}
	printf("5,000 processes: %.1f ms to take a frame, %.1f ms to sort and draw it\n", putting,
	       drawing);
	/* Ten times slower in an emulated machine or with sanitizers. */
	CHECK_THAT("slow", putting < 500 && drawing < 100);
	screen__free(&s);
	model__free(m);
}

static void test_batch(void)
{
	struct model *m = new_model();
	struct screen s = {};
	struct text text = {};
	u32 lines = 0;

	put(m, frames__many(200, 5000));
	press(m, "2");
	CHECK_THAT("printed", !batch__print(&text, &s, m, 120));
	for (size_t i = 0; i < text.size; i++)
		lines += text.data[i] == '\n';
	/* Title, sets, verdicts, tabs, head; an empty line at the end. */
	CHECK_THAT("all rows", lines == 5000 + 7);
	screen__free(&s);
	text__free(&text);
	model__free(m);
}

int main(int argc, char **argv)
{
	writing = argc > 1 && !strcmp(argv[1], "--write");
	setlocale(LC_CTYPE, "C.UTF-8");
	test_screens();
	test_other_screens();
	test_sums();
	test_off();
	test_follow();
	test_sorting();
	test_filter();
	test_places();
	test_time();
	test_five_minutes();
	test_memory();
	test_heat();
	test_monkey();
	test_speed();
	test_batch();
	return report();
}
