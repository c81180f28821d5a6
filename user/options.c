// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "help.h"
#include "hist_select.h"
#include "log.h"
#include "option_sinks.h"
#include "option_table.h"
#include "option_trace.h"

#define MAX_NAMES 64

static const struct {
	const char *name;
	enum command command;
} commands[] = {{"run", CMD_RUN},       {"top", CMD_TOP},     {"hist", CMD_HIST},
		{"probes", CMD_PROBES}, {"check", CMD_CHECK}, {"query", CMD_QUERY},
		{"trace", CMD_TRACE},   {"ctl", CMD_CTL}};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static const char *command_name(enum command command)
{
	size_t i = 0;

	while (i < NCOMMANDS - 1 && commands[i].command != command)
		i++;
	return commands[i].name;
}

/* One line: what was wrong, and the nearest thing that would have been right. */
static int refuse(const char *what, const char *word, const char *const *names, u32 n,
		  const char *remedy)
{
	char near[160];

	suggest__nearest(near, sizeof(near), word, names, n);
	log_error("unknown %s '%s'%s%s; %s", what, word, near[0] ? ", did you mean " : "", near,
		  remedy);
	return -EINVAL;
}

static int find_command(struct options *o, const char *word)
{
	const char *names[NCOMMANDS];

	for (size_t i = 0; i < NCOMMANDS; i++) {
		names[i] = commands[i].name;
		if (!strcmp(word, commands[i].name)) {
			o->command = commands[i].command;
			return 0;
		}
	}
	return refuse("command", word, names, NCOMMANDS, "`sonde --help` lists the commands");
}

static int refuse_option(const struct options *o, const char *arg)
{
	const char *names[MAX_NAMES];
	char word[64];
	u32 n = 0;

	for (const struct option_def *d = option_table; d->name; d++)
		if ((d->commands & o->command) && n < MAX_NAMES)
			names[n++] = d->name;
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(arg + 2, "="), arg + 2);
	if (strncmp(arg, "--", 2)) {
		log_error("unknown option '%s'; `sonde %s --help` lists the options", arg,
			  command_name(o->command));
		return -EINVAL;
	}
	return refuse("option", word, names, n, "--help lists the options");
}

/* Of all that can be wrong only a lack of memory is not the user's. */
static int blame(int err)
{
	return err && err != -ENOMEM ? -EINVAL : err;
}

static int apply(struct options *o, const struct option_def *d, const char *value)
{
	char why[400] = "";
	int err = d->parse(o, value, why, sizeof(why));

	if (err)
		log_error("--%s %s: %s", d->name, value ? value : "",
			  why[0] ? why : strerror(-err));
	return blame(err);
}

/* getopt's tables, made from ours. */
static u32 make_getopt(const struct options *o, struct option *long_opts, char *short_opts,
		       const struct option_def **by_index)
{
	u32 n = 0;

	/* '+' ends the options at the first word: what follows is a command's affair. ':' tells a
	 * missing value from an unknown option. */
	if (o->command == CMD_TRACE)
		*short_opts++ = '+';
	*short_opts++ = ':';
	for (const struct option_def *d = option_table; d->name && n < MAX_NAMES; d++) {
		if (!(d->commands & o->command))
			continue;
		long_opts[n] = (struct option){.name = d->name,
					       .has_arg = d->arg ? required_argument : no_argument};
		by_index[n++] = d;
		if (d->letter) {
			*short_opts++ = d->letter;
			if (d->arg)
				*short_opts++ = ':';
		}
	}
	*short_opts = 0;
	long_opts[n] = (struct option){};
	return n;
}

static const struct option_def *by_letter(const struct options *o, int letter)
{
	for (const struct option_def *d = option_table; d->name; d++)
		if (d->letter == letter && (d->commands & o->command))
			return d;
	return NULL;
}

/* Goes over the arguments; with @config_only nothing but --config, --help and --version is looked
 * at. */
static int parse_args(struct options *o, int argc, char **argv, bool config_only)
{
	const struct option_def *by_index[MAX_NAMES];
	struct option long_opts[MAX_NAMES + 1];
	char short_opts[2 * MAX_NAMES + 3];
	int c, index, err = 0;

	make_getopt(o, long_opts, short_opts, by_index);
	opterr = 0;
	optind = 0;
	while (!err && (c = getopt_long(argc, argv, short_opts, long_opts, &index)) != -1) {
		const struct option_def *d = c ? by_letter(o, c) : by_index[index];

		if (c == ':') {
			log_error("%s needs a value; `--help` says of which kind",
				  argv[optind - 1]);
			return -EINVAL;
		}
		if (c == '?' || !d) {
			char letter[3] = {'-', optopt, 0};

			return refuse_option(o, optopt && strncmp(argv[optind - 1], "--", 2)
							? letter
							: argv[optind - 1]);
		}
		if (config_only == !!(d->flags & OPTION_FIRST))
			err = apply(o, d, optarg);
	}
	if (!err && !config_only)
		o->words = &argv[optind];
	return err;
}

static bool say_first(void *data, const char *text)
{
	(void)data;
	log_error("%s", text);
	return false;
}

/* What `sonde check` is told is no configuration of its own. */
static int apply_file(struct options *o)
{
	if (!o->config || o->command == CMD_CHECK)
		return 0;
	return config__read(o->config, o, say_first, NULL);
}

/* Rules were checked one by one; they are added when it is known where the host's files are. What
 * is wrong with trace's options or with words goes to the log. */
static int finish(struct options *o, config_error_fn *say, void *data)
{
	char why[400] = "";
	int err = naming__new(&o->naming, o->root);

	for (u32 i = 0; !err && i < o->nrules; i++)
		err = naming__add_rule(o->naming, o->rules[i], why, sizeof(why));
	if (!err)
		err = option_sinks__finish(o, why, sizeof(why));
	if (err) {
		say(data, why[0] ? why : strerror(-err));
		return blame(err);
	}
	if (o->command == CMD_TRACE && option_trace__finish(o))
		return -EINVAL;
	if (!(o->command & (CMD_HIST | CMD_TRACE | CMD_CTL)) && o->words[0]) {
		log_error("'%s' is not understood here; options begin with --", o->words[0]);
		return -EINVAL;
	}
	return 0;
}

/* The options of `sonde query` are its own affair. */
int options__parse(struct options *o, int argc, char **argv)
{
	static char help[] = "--help", *query_help[] = {help, NULL};
	int err;

	memset(o, 0, sizeof(*o));
	o->argc = argc;
	o->argv = argv;
	if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") ||
	    (!strcmp(argv[1], "help") && argc == 2)) {
		help__program(stdout);
		return 1;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("sonde %s\n", SONDE_VERSION);
		return 1;
	}
	if (!strcmp(argv[1], "help")) {
		err = find_command(o, argv[2]);
		if (!err && o->command == CMD_QUERY) {
			o->words = query_help;
			return 0;
		}
		if (!err)
			help__command(stdout, o->command);
		return err ? err : 1;
	}
	err = find_command(o, argv[1]);
	if (!err && o->command == CMD_QUERY) {
		o->words = argv + 2;
		return 0;
	}
	if (!err) {
		err = option_table__defaults(o);
		if (err)
			log_error("out of memory");
	}
	if (!err)
		err = parse_args(o, argc - 1, argv + 1, true);
	if (!err && o->answered)
		return 1;
	if (!err)
		err = apply_file(o);
	if (!err)
		err = parse_args(o, argc - 1, argv + 1, false);
	return err ? blame(err) : finish(o, say_first, NULL);
}

int options__check_file(const char *path, config_error_fn *say, void *data)
{
	char *no_words[] = {NULL};
	struct options o = {.command = CMD_RUN, .words = no_words};
	int err = option_table__defaults(&o), whole;

	if (!err)
		err = config__read(path, &o, say, data);
	if (err != -ENOMEM) {
		whole = finish(&o, say, data);
		err = err && whole != -ENOMEM ? err : whole;
	}
	options__free(&o);
	return err;
}

void options__free(struct options *o)
{
	naming__free(o->naming);
	for (u32 i = 0; i < o->nrules; i++)
		free(o->rules[i]);
	free(o->rules);
	free(o->prefix);
	free(o->host);
	option_sinks__free(o);
	option_trace__free(o);
	free(o->root);
	free(o->btf);
	free(o->config);
	free(o->service_filter);
	free(o->view);
	free(o->sort);
	free(o->filter);
	free(o->socket);
	free(o->socket_group);
	free(o->replay);
}
