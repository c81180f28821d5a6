/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `sonde top` shows, and what the keys do to it: frames and actions go in, rows of cells come
 * out. It knows no terminal, no clock and no kernel, so that tests drive it like a person does.
 */
#ifndef SONDE_MODEL_H
#define SONDE_MODEL_H

#include "columns.h"
#include "history.h"
#include "style.h"

/* From PAGE_HELP on they are lists that are gone up and down in. */
enum page { PAGE_TABLE, PAGE_HIST, PAGE_HEAT, PAGE_HELP, PAGE_COLUMNS, PAGE_SORT };

/* What is being typed. */
enum input { INPUT_NONE, INPUT_FILTER, INPUT_SEARCH, INPUT_INTERVAL };

enum action {
	ACT_NONE,
	ACT_QUIT,
	ACT_HELP,
	ACT_SEARCH,
	ACT_FILTER,
	ACT_HIST,
	ACT_HEAT,
	ACT_SORT,
	ACT_SORT_NEXT,
	ACT_SORT_PREVIOUS,
	ACT_REVERSE,
	ACT_FOLLOW,
	ACT_PAUSE,
	ACT_INTERVAL,
	ACT_SLOWER,
	ACT_FASTER,
	ACT_OLDER,
	ACT_NEWER,
	ACT_COLUMNS,
	ACT_UNITS,
	ACT_TAB_NEXT,
	ACT_TAB_PREVIOUS,
	ACT_TAB, /* and the tabs after it */
	ACT_TAB_LAST = ACT_TAB + TABS - 1,
	ACT_UP,
	ACT_DOWN,
	ACT_LEFT,
	ACT_RIGHT,
	ACT_PAGE_UP,
	ACT_PAGE_DOWN,
	ACT_HOME,
	ACT_END,
	ACT_ENTER,
	ACT_BACK,
	ACT_ERASE, /* the last character typed */
	ACT_TYPE,  /* a character */
};

/* One row of the table; strings and time belong to the frame. */
struct row {
	u64 id; /* the same as long as it is the same thing */
	const char *text[TEXTS];
	const u64 *time; /* by part; NULL: not known */
	double figure[FIGURES];
	enum unit unit; /* of its latencies */
	bool at_least;  /* its age is a lower bound */
	u32 pid;        /* process or thread, 0: neither */
};

struct cell {
	char text[192]; /* hostile bytes included */
	enum style style;
};

struct sorting {
	u32 column;
	bool reverse;
};

/* Where Enter came from, for Esc. */
struct place {
	enum view view;
	char service[FRAME_NAME]; /* only its rows; "": all */
	u32 pid;                  /* VIEW_THREADS: of that process */
	char filter[64];          /* only rows that have that somewhere */
	u64 selected;             /* id, 0: whatever comes first */
	u32 cursor, top;          /* rows: selected, first that is seen */
};
#define MAX_PLACES 4

#define MAX_VERDICTS 16
#define VERDICT_MAX  256

#define INTERVAL_MIN 100000000ULL
#define INTERVAL_MAX 3600000000000ULL

struct model {
	/* For whoever drives it. */
	bool quit;
	u64 interval;  /* ns, that is wanted */
	u32 process;   /* whose threads are wanted, 0: none */
	u32 page_rows; /* rows that the table has room for */
	bool ended;    /* no more frames will come */

	/* Frames. */
	struct history history;
	struct frame *latest; /* NULL: none yet */
	struct frame *shown;  /* the latest, or one of its own */
	u64 shown_number;
	struct sums sums; /* of what is shown */
	char verdict[MAX_VERDICTS][VERDICT_MAX];
	u32 nverdicts;
	char ran[8][16]; /* sets that have run, so that one that stops is noticed */
	u32 nran;
	bool paused;

	/* What is looked at. */
	struct place place[MAX_PLACES];
	u32 depth; /* of the place that is shown */
	enum page page;
	struct sorting sort[VIEWS];
	u64 hidden[VIEWS]; /* a bit per column */
	u32 skipped;       /* columns scrolled out at the left */
	bool fixed;        /* figures in one unit per column */
	bool unfollowed;   /* the selection stays in its line, not with its row */
	enum input input;
	char typed[64];
	char message[160];
	u32 menu; /* line of such a list */
	struct {
		u64 id;
		char title[192];
		enum unit unit;
	} subject;                   /* of PAGE_HIST, PAGE_HEAT */
	u32 heat_back, heat_row;     /* cursor: columns from the newest, bucket */
	u32 heat_width, heat_height; /* columns and lines that there is room for */

	struct row *row;
	u32 nrows, room;
	u32 unfiltered; /* rows before the filter */
};

int model__new(struct model **ret);
void model__free(struct model *m);

/*
 * Takes @f over, also when it fails, and shows it unless the user has stopped time. Returns 0 or
 * -ENOMEM.
 */
int model__put(struct model *m, struct frame *f, const char *const *verdict, u32 nverdicts);

/* @character of ACT_TYPE, a code point. */
void model__act(struct model *m, enum action action, u32 character);

/* As typed after --view, --sort and --filter; -EINVAL if there is none of that name. */
int model__set_view(struct model *m, const char *name);
int model__set_sort(struct model *m, const char *name);
void model__set_filter(struct model *m, const char *text);

static inline const struct place *model__place(const struct model *m)
{
	return &m->place[m->depth];
}

/* Moves the table so that the selected row is among the @rows that are seen. */
void model__fit(struct model *m, u32 rows);

/* For the mouse. */
void model__select(struct model *m, u32 row);
void model__sort_by(struct model *m, u32 column);

void model__cell(const struct model *m, const struct row *row, const struct column *c,
		 struct cell *ret);

/* The subject's distribution in the frame that is shown; NULL: there is nothing of it. */
const struct dist *model__dist(const struct model *m);

/* How long ago the frame that is shown was, in ns; 0: it is the latest. */
u64 model__behind(const struct model *m);

/* A heat map of the subject, as large as there is room for. */
struct heat {
	struct heat_column *column; /* to be freed */
	u32 n;
	u32 first, rows; /* lowest bucket; lines of @fold buckets each */
	u32 fold;
	u32 column_at, row_at; /* the cursor's, row_at from the lowest */
};
int model__heat(const struct model *m, struct heat *ret);
u64 heat__count(const struct heat *h, u32 column, u32 row);

/* --- between the model's files */

#define say(m, ...) snprintf((m)->message, sizeof((m)->message), __VA_ARGS__)

static inline struct place *here(struct model *m)
{
	return &m->place[m->depth];
}

/* Whether @text is in one of the row's texts, or its number. */
bool row__has(const struct row *r, const char *text);

/* Rows anew: of another frame, another place, sort order or filter. */
int model__make_rows(struct model *m);
void model__sort_rows(struct model *m);
/* Moves the cursor to the row that is selected, if it is there. */
void model__find_selected(struct model *m);

/* Shows the frame before or after the one that is shown, and stops time. */
void model__step(struct model *m, int by);
/* Stops time, or goes on with the latest frame. */
void model__pause(struct model *m);

void model__begin_typing(struct model *m, enum input input);
/* Whether the action was part of typing. */
bool model__type(struct model *m, enum action action, u32 character);
void model__change_interval(struct model *m, bool slower);

void model__move_in_heat(struct model *m, int columns, int rows);

#endif
