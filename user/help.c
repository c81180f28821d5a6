// SPDX-License-Identifier: GPL-2.0-only
#include "help.h"

#include <string.h>

#include "option_table.h"

static const struct {
	enum command command;
	const char *usage, *what, *recipes;
} texts[] = {
	{CMD_RUN, "sonde run [OPTION]...",
	 "Streams latency histograms of system calls, TCP connections and block requests, per service.",
	 "  sonde run                                    Graphite lines on standard output\n"
	 "  sonde run --graphite carbon:2003             to a carbon\n"
	 "  sonde run --probes all,-block --interval 60\n"
	 "  sonde run --slo read:10ms --slo tcp.connect:200ms\n"
	 "  sonde run --service 'shop=cgroup:^/system\\.slice/shop-'\n"
	 "  sonde run --output json --duration 30s | jq .services.nginx\n"},
	{CMD_TOP, "sonde top [OPTION]...",
	 "Shows live which service loses time, where, and which process, operation, disk or peer it is; h lists the keys.",
	 "  sonde top                                    which layer is slow, and for whom?\n"
	 "  sonde top --view peers                       which dependency makes us wait?\n"
	 "  sonde top --batch -n 3 --sort p95            for a terminal that cannot draw, or a file\n"
	 "  sonde top --json -n 60 >incident             a record, which --replay incident shows\n"},
	{CMD_TRACE, "sonde trace [OPTION]... {-p PID | COMMAND...}",
	 "What strace tells, without stopping anything: a summary of a process's system calls, or each of them.",
	 "  sonde trace -p 4711                          what is it stuck on? live; Ctrl-C: final table\n"
	 "  sonde trace -c -f make                       which calls does it make, and what do they take?\n"
	 "  sonde trace -e openat -Z ./program           which files does it not find?\n"
	 "  sonde trace -p 4711 --min-duration 10ms -yy  what is slow, and with whom?\n"
	 "  sonde trace --service nginx -e %network -T   one service, call by call\n"
	 "  sonde trace -p 4711 --json -o calls          for programs: one object per call\n"},
	{CMD_HIST, "sonde hist [OPTION]... [SET [OPERATION]...]",
	 "Collects for a while and draws histograms; nothing is streamed. Ctrl-C prints what there is.",
	 "  sonde hist syscalls                          which calls take the time?\n"
	 "  sonde hist -d 10 block --by device           which disk is slow?\n"
	 "  sonde hist syscalls --service nginx read     how long do nginx's reads take?\n"
	 "  sonde hist tcp connect --by service          who connects slowly?\n"
	 "  sonde hist -d 60 syscalls fsync --heat       when was it slow?\n"},
	{CMD_PROBES, "sonde probes [--json | --markdown]",
	 "Lists the probe sets: what each operation measures, and whether this kernel has it.",
	 "  sonde probes                                 what can be measured here, and what does it mean?\n"},
	{CMD_CHECK, "sonde check [--json] [--config FILE]",
	 "Says what this host lets sonde do, and what to do about the rest; status 0 if all sets can run.",
	 "  sonde check                                  will it run here?\n"
	 "  sonde check --config /etc/sonde/sonde.conf   and is its configuration right?\n"},
	{CMD_CTL, "sonde ctl [OPTION]... COMMAND [SET[,SET...]]",
	 "Switches probe sets of a sonde run on and off while it runs: enable and disable with sets, or status. For root.",
	 "  sonde ctl status                             which sets does it run, and since when?\n"
	 "  sonde ctl disable syscalls                   the rest goes on; enable syscalls: again\n"},
	{CMD_QUERY, "sonde query --from-graphite URL [OPTION]...",
	 "Percentiles of many hosts, from a store or from files; needs no root.",
	 "  sonde query --from-graphite http://graphite --service nginx --op read --last 1h\n"},
};

#define NTEXTS (sizeof(texts) / sizeof(texts[0]))

void help__program(FILE *out)
{
	fputs("sonde: which layer is slow, for whom, and how slow.\n\n", out);
	for (size_t i = 0; i < NTEXTS; i++)
		fprintf(out, "  %-44s %s\n", texts[i].usage, texts[i].what);
	fputs("\n`sonde COMMAND --help` lists a command's options.\n\nRecipes:\n", out);
	for (size_t i = 0; i < NTEXTS; i++)
		fputs(texts[i].recipes, out);
}

/* Words up to the right margin, further lines indented. */
static void print_wrapped(FILE *out, const char *text, int indent)
{
	int column = indent;

	while (*text) {
		int n = strcspn(text, " ");

		if (column + n > 99) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		}
		fprintf(out, "%.*s ", n, text);
		column += n + 1;
		text += n + (text[n] == ' ');
	}
	fputc('\n', out);
}

void help__command(FILE *out, enum command command)
{
	size_t i = 0;

	while (i < NTEXTS - 1 && texts[i].command != command)
		i++;
	fprintf(out,
		"Usage: %s\n%s\n\nOptions (the long name is the key in the configuration file):\n",
		texts[i].usage, texts[i].what);
	for (const struct option_def *d = option_table; d->name; d++) {
		char name[40];

		if (!(d->commands & command))
			continue;
		snprintf(name, sizeof(name), "--%s%s%s", d->name, d->arg ? " " : "",
			 d->arg ? d->arg : "");
		/* Two blanks end a long name, too: scripts/options.awk wants them. */
		if (d->letter)
			fprintf(out, "  -%c, %-23s  ", d->letter, name);
		else
			fprintf(out, "      %-23s  ", name);
		print_wrapped(out, d->help, 31);
	}
	fprintf(out, "\nRecipes:\n%s", texts[i].recipes);
}
