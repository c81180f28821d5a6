// SPDX-License-Identifier: GPL-2.0-only
/* sonde probes: the sets and the definitions of their operations. */
#include <stdio.h>

#include "commands.h"
#include "options.h"
#include "probe.h"

static void print_row(const struct op_doc *d)
{
	printf("  %s\n", d->op);
	printf("      from     %s\n", d->start);
	printf("      to       %s\n", d->stop);
	printf("      seen in  %s\n", d->context);
	printf("      charged  %s\n", d->charged);
	printf("      unseen   %s\n", d->unseen);
}

static void print_markdown(void)
{
	printf("# What each operation means\n\nWritten by `sonde probes --markdown` from the program's own tables.\n");
	for (u32 i = 0; probes[i]; i++) {
		printf("\n## %s\n\n%s\n\n", probes[i]->name, probes[i]->help);
		printf("| operation | from | to | seen in | charged to | not seen |\n");
		printf("| --- | --- | --- | --- | --- | --- |\n");
		for (const struct op_doc *d = probes[i]->docs; d && d->op; d++)
			printf("| %s | %s | %s | %s | %s | %s |\n", d->op, d->start, d->stop,
			       d->context, d->charged, d->unseen);
	}
}

int cmd_probes(const struct options *o)
{
	if (o->markdown) {
		print_markdown();
		return EXIT_DONE;
	}
	for (u32 i = 0; probes[i]; i++) {
		printf("%s%s: %s\n", i ? "\n" : "", probes[i]->name, probes[i]->help);
		for (const struct op_doc *d = probes[i]->docs; d && d->op; d++)
			print_row(d);
	}
	return EXIT_DONE;
}
