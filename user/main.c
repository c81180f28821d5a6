// SPDX-License-Identifier: GPL-2.0-only
#include "commands.h"
#include "log.h"
#include "options.h"

int main(int argc, char **argv)
{
	struct options o = {};
	int err = options__parse(&o, argc, argv), status = EXIT_USAGE;

	if (err > 0)
		status = EXIT_DONE;
	if (!err) {
		if (o.verbose)
			log__set_level(LOG_DEBUG);
		switch (o.command) {
		case CMD_RUN:
			status = cmd_run(&o);
			break;
		case CMD_HIST:
			status = cmd_hist(&o);
			break;
		case CMD_PROBES:
			status = cmd_probes(&o);
			break;
		}
	}
	options__free(&o);
	return status;
}
