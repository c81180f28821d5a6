// SPDX-License-Identifier: GPL-2.0-only
#ifdef SONDE_STATIC
#include <nss.h>
#endif

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "log.h"
#include "options.h"

/* Of commands that print: `sonde run` and `sonde trace` write for themselves. */
static int flush(int status)
{
	/* What has failed said so, and a reader may go away. */
	if (status || !fflush(stdout) || errno == EPIPE)
		return status;
	log_error("standard output: %s", strerror(errno));
	return EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct options o = {};
	int err, status = EXIT_USAGE;

#ifdef SONDE_STATIC
	/* These two are inside; what else nsswitch.conf may name would be loaded from the host's C
	 * library, which is another one. */
	__nss_configure_lookup("hosts", "files dns");
#endif
	err = options__parse(&o, argc, argv);
	if (err > 0)
		status = EXIT_DONE;
	if (err == -ENOMEM)
		status = EXIT_FAILED;
	if (!err) {
		if (o.verbose)
			log__set_level(LOG_DEBUG);
		switch (o.command) {
		case CMD_RUN:
			status = cmd_run(&o);
			break;
		case CMD_TOP:
			status = cmd_top(&o);
			break;
		case CMD_HIST:
			status = cmd_hist(&o);
			break;
		case CMD_PROBES:
			status = cmd_probes(&o);
			break;
		case CMD_CHECK:
			status = cmd_check(&o);
			break;
		case CMD_TRACE:
			status = cmd_trace(&o);
			break;
		case CMD_CTL:
			status = cmd_ctl(&o);
			break;
		case CMD_QUERY:
			status = cmd_query(&o);
			break;
		}
	}
	options__free(&o);
	return flush(status);
}
