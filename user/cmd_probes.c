// SPDX-License-Identifier: GPL-2.0-only
/* sonde probes: the sets, the definitions of their operations, and which of them this kernel has.
 */
#include <jansson.h>
#include <stdio.h>

#include "abilities.h"
#include "commands.h"
#include "log.h"
#include "options.h"
#include "probe.h"

/* A sum has no context of its own. */
static void print_part(const char *name, const char *text)
{
	if (*text)
		printf("      %-8s %s\n", name, text);
}

static void print_op(const struct op_doc *d, const struct ability *can)
{
	printf("  %s%s\n", d->op, can->can ? "" : "   NOT HERE");
	if (!can->can)
		print_part("reason", can->reason);
	print_part("from", d->start);
	print_part("to", d->stop);
	print_part("seen in", d->context);
	print_part("charged", d->charged);
	print_part("unseen", d->unseen);
	print_part("needs", d->needs);
}

static void print_text(const struct abilities *a)
{
	for (u32 i = 0; probes[i]; i++) {
		printf("%s%s: %s\n", i ? "\n" : "", probes[i]->name, probes[i]->help);
		if (!a->set[i].can)
			printf("NOT HERE: %s\n", a->set[i].reason);
		for (const struct op_doc *d = probes[i]->docs; d && d->op; d++) {
			struct ability can = abilities__op(a, i, d);

			/* What is said of the whole set is not said of each operation again. */
			if (!a->set[i].can)
				can.can = true;
			print_op(d, &can);
		}
	}
}

static json_t *op_json(const struct op_doc *d, const struct ability *can)
{
	json_t *op = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "name", d->op, "from",
			       d->start, "to", d->stop, "seen_in", d->context, "charged_to",
			       d->charged, "not_seen", d->unseen, "tracepoints", d->needs,
			       "available", can->can);

	if (!can->can && json_object_set_new(op, "reason", json_string(can->reason))) {
		json_decref(op);
		return NULL;
	}
	return op;
}

/* Returns 0, or not: there was no memory for all of it. */
static int print_json(const struct abilities *a)
{
	json_t *sets = json_array();
	int err = 0;

	for (u32 i = 0; probes[i]; i++) {
		json_t *ops = json_array();

		for (const struct op_doc *d = probes[i]->docs; d && d->op; d++) {
			struct ability can = abilities__op(a, i, d);

			err |= json_array_append_new(ops, op_json(d, &can));
		}
		err |= json_array_append_new(sets, json_pack("{s:s, s:s, s:b, s:o}", "name",
							     probes[i]->name, "help",
							     probes[i]->help, "available",
							     a->set[i].can, "operations", ops));
	}
	if (!err)
		err = json_dumpf(sets, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(sets);
	return err;
}

static void print_markdown(void)
{
	printf("# What each operation means\n\nWritten by `sonde probes --markdown` from the program's own tables. Tracepoints: those that it needs; of a|b, one.\n");
	for (u32 i = 0; probes[i]; i++) {
		printf("\n## %s\n\n%s\n\n", probes[i]->name, probes[i]->help);
		printf("| operation | from | to | seen in | charged to | not seen | tracepoints |\n");
		printf("| --- | --- | --- | --- | --- | --- | --- |\n");
		for (const struct op_doc *d = probes[i]->docs; d && d->op; d++) {
			printf("| %s | %s | %s | %s | %s | %s | ", d->op, d->start, d->stop,
			       d->context, d->charged, d->unseen);
			for (const char *p = d->needs; *p; p++)
				printf(*p == '|' ? "\\%c" : "%c", *p);
			printf(" |\n");
		}
	}
}

int cmd_probes(const struct options *o)
{
	int status = EXIT_DONE;
	struct abilities a;

	if (o->markdown) {
		print_markdown();
		return EXIT_DONE;
	}
	abilities__find(&a, o);
	if (!o->json) {
		print_text(&a);
	} else if (print_json(&a)) {
		log_error("%s", ferror(stdout) ? "standard output takes no more" : "out of memory");
		status = EXIT_FAILED;
	}
	abilities__free(&a);
	return status;
}
