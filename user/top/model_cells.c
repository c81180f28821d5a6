// SPDX-License-Identifier: GPL-2.0-only
/* From a row's figures to what people read. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "print_hist.h"

/* From which age on a call that has not returned is conspicuous. */
#define AGE_WARN  1000000000ULL
#define AGE_ALARM 10000000000ULL

static void put_rate(char *to, double rate)
{
	static const char suffix[] = "MGTPE";
	u32 i = 0;

	if (rate >= 999999.5) {
		for (rate /= 1e6; rate >= 999.5 && i + 2 < sizeof(suffix); i++)
			rate /= 1000;
		snprintf(to, AMOUNT_MAX, "%.*f%c", rate < 9.995 ? 2 : rate < 99.95, rate,
			 suffix[i]);
		return;
	}
	if (rate > 0 && rate < 0.05)
		strcpy(to, "<0.1");
	else if (rate < 99.95)
		snprintf(to, AMOUNT_MAX, "%.1f", rate);
	else
		format__count(to, rate + 0.5);
}

/* In ms, whatever the amount: figures of one column compare at a glance. */
static void put_ns(const struct model *m, char *to, double ns)
{
	if (m->fixed)
		snprintf(to, AMOUNT_MAX, "%.*f", ns < 1e6 ? 3 : ns < 1e9 ? 2 : 0, ns / 1e6);
	else
		format__amount(to, ns, UNIT_NS);
}

static void put_bytes(const struct model *m, char *to, double bytes)
{
	if (m->fixed)
		snprintf(to, AMOUNT_MAX, "%.1f", bytes / 1024);
	else
		format__amount(to, bytes, UNIT_BYTES);
}

static void put_age(const struct model *m, const struct row *row, struct cell *ret, double age)
{
	char amount[AMOUNT_MAX];

	put_ns(m, amount, age);
	snprintf(ret->text, sizeof(ret->text), "%s%s", row->at_least ? ">" : "", amount);
	if (row->text[TEXT_STATE] && !strcmp(row->text[TEXT_STATE], "S"))
		return;
	if (age >= AGE_ALARM)
		ret->style = STYLE_ALARM;
	else if (age >= AGE_WARN)
		ret->style = STYLE_WARN;
}

static void put_figure(const struct model *m, const struct row *row, const struct column *c,
		       struct cell *ret)
{
	double value = row->figure[c->which];
	char *to = ret->text;

	switch (c->amount) {
	case AMOUNT_ERRORS:
		ret->style = value > 0 ? STYLE_WARN : STYLE_PLAIN;
		/* fall through */
	case AMOUNT_RATE:
		put_rate(to, value);
		break;
	case AMOUNT_COUNT:
		format__count(to, value);
		break;
	case AMOUNT_NUMBER:
		snprintf(to, AMOUNT_MAX, "%.0f", value);
		break;
	case AMOUNT_PERCENT:
		snprintf(to, AMOUNT_MAX, "%.*f", value < 999.95, value);
		break;
	case AMOUNT_THREADS:
		snprintf(to, AMOUNT_MAX, "%.*f", value < 99.995 ? 2 : 0, value);
		break;
	case AMOUNT_LATENCY:
		if (row->unit == UNIT_BYTES)
			put_bytes(m, to, value);
		else
			put_ns(m, to, value);
		break;
	case AMOUNT_NS:
		put_ns(m, to, value);
		break;
	case AMOUNT_AGE:
		put_age(m, row, ret, value);
		break;
	case AMOUNT_BYTES:
		put_bytes(m, to, value);
		break;
	case AMOUNT_TEXT:
	case AMOUNT_BAR:
		break;
	}
	/* Nothing has happened there: the eye need not stop. */
	if (!value && ret->style == STYLE_PLAIN)
		ret->style = STYLE_DIM;
}

void model__cell(const struct model *m, const struct row *row, const struct column *c,
		 struct cell *ret)
{
	ret->style = STYLE_PLAIN;
	ret->text[0] = 0;
	if (c->amount == AMOUNT_TEXT) {
		if (row->text[c->which])
			snprintf(ret->text, sizeof(ret->text), "%s", row->text[c->which]);
	} else if (isnan(row->figure[c->which])) {
		ret->style = STYLE_DIM;
		strcpy(ret->text, "-");
	} else {
		put_figure(m, row, c, ret);
	}
}
