/* SPDX-License-Identifier: GPL-2.0-only */
/* Distributions for a person's eyes: figures with units, drawn histograms, heat maps. Pure: all
 * that a terminal decides is in struct print_style. */
#ifndef SONDE_PRINT_HIST_H
#define SONDE_PRINT_HIST_H

#include <stddef.h>
#include <stdio.h>

#include "dist.h"

struct print_style {
	u32 width;   /* columns */
	bool utf8;   /* blocks in eighths, else '#' */
	bool colour; /* escape sequences */
};

/* Enough for what the functions below write. */
#define AMOUNT_MAX 32

/* "812 ns", "1.23 ms", "4.00 KiB": three significant digits. Returns @buf. */
const char *format__amount(char buf[AMOUNT_MAX], u64 value, enum unit unit);

/* "12,345". Returns @buf. */
const char *format__count(char buf[AMOUNT_MAX], u64 n);

/* "12,345/s", "0.4/s"; @elapsed in ns. Returns @buf. */
const char *format__rate(char buf[AMOUNT_MAX], u64 n, u64 elapsed);

struct hist_head {
	const char *title;
	const char *note; /* NULL: none */
	u64 elapsed;      /* ns */
	u32 inflight;     /* begun and not ended at the end; 0: nothing is said */
	u64 inflight_age; /* ns, of the oldest */
};

/* Two lines: count, errors, rate and sum; percentiles and maximum. */
void print_hist__head(FILE *out, const struct print_style *style, const struct hist_head *head,
		      const struct dist *d, enum unit unit);

/*
 * At most 20 lines: bounds, count, share and bar of each row, four rows per octave or as few as it
 * takes. Neighbouring rows without a sample are one line of dots.
 */
void print_hist__rows(FILE *out, const struct print_style *style, const struct dist *d,
		      enum unit unit);

/*
 * A heat map: time down, latency across. The columns run from 1 us to 10 s (16 B to 188 MB)
 * whatever is seen, and a shade means the same number of events on every line, so that all lines
 * compare.
 */
void print_heat__legend(FILE *out, const struct print_style *style);

/* @label_width: columns that the lines' labels take. */
void print_heat__bounds(FILE *out, const struct print_style *style, u32 label_width,
			enum unit unit);

/* @when: "HH:MM:SS" */
void print_heat__line(FILE *out, const struct print_style *style, u32 label_width, const char *when,
		      const char *label, const struct dist *d);

#endif
