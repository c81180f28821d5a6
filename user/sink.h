/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where deltas go: adding one means one file, a line in user/sinks/sinks.c and a golden file. A
 * sink knows no set, formats by a pure function, and delivers through an outbox, so that it never
 * waits.
 */
#ifndef SONDE_SINK_H
#define SONDE_SINK_H

#include <stddef.h>

#include "naming.h"
#include "snapshot.h"

/* How a value is to be read: whole units, or 1000^-n of one (ns where the unit is us). */
enum scale { SCALE_UNIT, SCALE_MILLI, SCALE_MICRO, SCALE_NANO };

/* How it behaves: an amount that adds up over slots, the state of one moment or slot, or buckets
 * with a sum and a count. */
enum stat_type { STAT_COUNTER, STAT_GAUGE, STAT_HISTOGRAM };

/* A growing piece of text, not terminated by NUL; starts as {}. */
struct text {
	char *data;
	size_t size, capacity;
	int err; /* -ENOMEM once something was left out: nothing more is added until text__clear */
};

void text__printf(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text__put(struct text *t, const void *data, size_t size);
/* Leaves out the first @size bytes, which are there. */
void text__drop(struct text *t, size_t size);
void text__clear(struct text *t);
void text__free(struct text *t);

/* Room for @size bytes at the end, which the caller fills and adds to t->size; NULL if there is no
 * memory. */
char *text__room(struct text *t, size_t size);

/* Writes @value in decimal, with no more decimals than it has ("0.4"), and returns the end; at most
 * NUMBER_MAX bytes, no NUL. */
#define NUMBER_MAX 24
char *number__write(char *at, u64 value, enum scale scale);

struct naming_scheme {
	const char *prefix; /* may hold dots */
	const char *host;   /* one node */
};

struct sink_format {
	const char *name;
	const char *header; /* what a file begins with; NULL: nothing */
	bool totals;        /* takes what totals__add gives, not the delta of a slot */
	/* Appends the whole of @d to @out; pure. */
	void (*format)(struct text *out, const struct delta *d, const struct naming_scheme *names);
};

/* The registry; ends with NULL. */
extern const struct sink_format *const sink_formats[];
const struct sink_format *sinks__find(const char *name);

/*
 * The values of one sample in the order in which they are sent, so that all sinks send the same.
 * @stat is "count", "p99_us", "le_ns.1000000000", "errno.ECONNREFUSED": a dot divides it into a
 * group and a member, and a group's members follow each other. Of @d its stats and interval matter.
 */
typedef void (*series_fn)(void *ctx, const char *stat, u64 value, enum scale scale,
			  enum stat_type type);
void series__each(const struct delta *d, const struct sample *s, series_fn fn, void *ctx);

/* How many values series__each gives. */
u32 series__count(const struct delta *d, const struct sample *s);

/* Which of struct dist's wait[] are among them, one bit each. */
u32 series__waits(const struct sample *s);

/* How many a sample with events has for that beside its buckets and waits. */
u32 series__busy_count(const struct delta *d, const struct sample *s);

/* The operation and its device ("" if it has none) as labels, sanitised. */
struct op_labels {
	char op[SERVICE_NAME_MAX], device[SERVICE_NAME_MAX];
};
void series__op_labels(const struct sample *s, struct op_labels *ret);

/* "vda_read_total" or "read": the OP node of a sample's name, sanitised; at most OP_NODE_MAX bytes
 * with the NUL. */
#define OP_NODE_MAX 128
void series__op(const struct sample *s, char *op, size_t size);

struct budget {
	struct delta *delta; /* what is to be sent; figures may be added to it */
	u32 folded_ops;      /* operations of services that stay, added to an _other */
	u32 folded_services; /* services added to the service _other */
	u32 series;          /* values in @delta, its own figures included */
};

/*
 * Keeps the number of values, sonde's own figures included, at or below @max. Figures that are
 * added afterwards are the caller's to subtract from @max.
 *
 * While all fits nothing changes, but that an _other that was sent once goes on, at 0. Where it
 * does not, the busiest services stay: as many as with all their operations folded take half of
 * @max. The others are added to the service _other. Of those that stay, the busiest operations keep
 * their names: latencies of the others are added to the operation _other of their service and set,
 * sizes to the same operation of the service _other; headlines (_all) and counters stay. Busy means
 * the share of the set's events, with half of the last interval's weight if it was sent then, so
 * that a newcomer has to be clearly busier to take a place; an operation with a threshold comes
 * before all that have none.
 *
 * Nothing is lost: counts, sums and buckets of a set add up to the same. The service _other always
 * stays, so that a very small @max may be exceeded.
 *
 * @d is not changed. @ret->delta belongs to *@state and refers to @d: it is good until the next
 * call, and while @d is. *@state is the caller's, starts as NULL and is freed by budget__free.
 * Returns 0 or -ENOMEM.
 */
struct budget_state;
int budget__apply(struct budget_state **state, const struct delta *d, u32 max, struct budget *ret);
void budget__free(struct budget_state *state);

#endif
