# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# What is expected of a command in which something failed: `load helpers`, then `load faults/faults`.

# How many places or calls are left out before the next one is tried; without it each command has its own.
STRIDE=${STRIDE:-}
# What a command is run by: nsenter, where receivers are.
WITHIN=()

# hurt COMMAND...: runs it, with standard output in `out` and standard error in `err`, for LIMIT (60) seconds at most;
# its status is in HURT. Lines begin with their priority, as in the journal.
hurt() {
	HURT=0
	: >err
	JOURNAL_STREAM=$(stat -c %d:%i err) timeout --signal=KILL $((${LIMIT:-60} * SLOW)) "$@" >out 2>err </dev/null || HURT=$?
}

# sound WHAT GOOD: it neither crashed nor hung and ended as documented; if it failed, it said why in one line of an error,
# unless SAID holds: it could not, or said it elsewhere; if it did not, GOOD holds.
sound() {
	local n
	n=$(grep -cE '^(<3>|sonde: [^w])' err) || true
	case $HURT in
	0) [ "$n" = 0 ] && $2 || unsound "$1" "it says that all went well" ;;
	1 | 3 | 127) [ "$n" = 1 ] || { [ "$n" = 0 ] && ${SAID:-false}; } || { [ "$HURT" = 127 ] && the_librarys; } || unsound "$1" "status $HURT with $n lines of why" ;;
	124 | 137) unsound "$1" "it hung" ;;
	*) the_librarys || unsound "$1" "status $HURT" ;;
	esac
}

# The C library itself gives up without memory where it looks for how names are found, and for a thread's variables.
the_librarys() {
	[ -e where ] && grep -qE '\((getgrnam|getaddrinfo|__tls_get_addr)\+' where
}

# Goes on, so that one run tells of all.
unsound() {
	printf '%s: %s\n' "$1" "$2"
	sed 's/^/    says: /' err
	[ ! -e where ] || grep -v fail_alloc where | head -n 12 | sed 's/^/    at: /'
	echo "$1: $2" >>unsound
}

# all_sound OF TRIED HOW
all_sound() {
	echo "# $1: $2 failures tried, $3" >&3
	[ ! -e unsound ] || fail "$(wc -l <unsound) are not sound"
}

is_json() {
	[ -s out ] && jq . out >/dev/null 2>&1
}

# --- receivers

# A network where nobody receives.
receivers_none() {
	NETNS=sonde-faults-$$
	# shellcheck disable=SC2034 # For those that run a command in it.
	WITHIN=(nsenter "--net=/run/netns/$NETNS")
	netns_up "$NETNS"
}

receivers_start() {
	receivers_none
	start_bg in_netns "$NETNS" "$ROOT/tests/carbon/receiver" 2003 >received
	start_bg in_netns "$NETNS" "$ROOT/tests/carbon/statsd" 8125 >counted
	wait_for grep -q listening received
	wait_for grep -q listening counted
	set_stream
	# Somebody scrapes and somebody watches, whenever there is something.
	# shellcheck disable=SC2016 # Expanded there.
	start_bg in_netns "$NETNS" bash -c 'while sleep 0.3; do curl -s -m 2 127.0.0.1:9435/metrics; done' >/dev/null 2>&1
	# shellcheck disable=SC2016
	start_bg bash -c 'while sleep 0.3; do timeout 5 "$0" top --json -n 1 --socket "$1"; done' "$SONDE" "$PWD/socket" >/dev/null 2>&1
}

# With all kinds of outputs; in STREAM, since where they go is known in a test only.
set_stream() {
	# shellcheck disable=SC2034,SC2054
	STREAM=(run --probes syscalls,tcp --interval 1 --duration 1s --socket "$PWD/socket" --spool "$PWD/spool"
		--graphite 127.0.0.1:2003 --statsd 127.0.0.1:8125 --prometheus 9435 --output json:json)
}

fresh_stream() {
	rm -rf spool json
}

# Whole lines, and a line for each slot from the first to the last, unless it was said that some are missing.
stream_is_whole() {
	[ ! -s json ] || jq . json >/dev/null 2>&1 || return 1
	grep -q 'could not be delivered to output' err || jq -se '[.[].slot] | length == max - min + 1' json >/dev/null
}
