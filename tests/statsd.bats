#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Counters and gauges by datagrams, against what the same run printed as JSON.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers
load carbon/carbon

setup() {
	require root btf netns jq python3
	join_root_cgroups
	TOOLS=$ROOT/tests/carbon
	NETNS=sonde-statsd-$$
	STORED=stored-$$
	netns_up "$NETNS"
}

# run_with PORT: a run of four seconds that sends to that StatsD.
run_with() {
	sonde_start --statsd 127.0.0.1:"$1" --output json --interval 1 --duration 4s
	workload 300 5000
	wait_bg "$(sonde_pid)"
}

workload() {
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/$STORED"
	"$BATS_TEST_TMPDIR/$STORED" -n "$1" -d "$2" getppid
}

# printed_sum STAT: of all services, sets and operations, over the run.
printed_sum() {
	jq -n --arg stat "$1" '[inputs.services[][][] | .[$stat] // 0] | add' "$BATS_TEST_TMPDIR/out"
}

@test "datagrams: none too large, lines whole, and all counters add up to what was printed" {
	start_bg in_netns "$NETNS" "$TOOLS/statsd" 8125 >"$BATS_TEST_TMPDIR/statsd"
	STATSD_PID=$BG_PID
	wait_for grep -q listening "$BATS_TEST_TMPDIR/statsd"
	run_with 8125
	stop_bg "$STATSD_PID" INT
	equal "getppid" "$(field "sonde.$STORED.$(uname -n | cut -d. -f1).syscalls.getppid.count" "$BATS_TEST_TMPDIR/statsd")" 300
	equal "counts" "$(field sum_of_counts "$BATS_TEST_TMPDIR/statsd")" "$(printed_sum count)"
	equal "errors" "$(field sum_of_errors "$BATS_TEST_TMPDIR/statsd")" "$(printed_sum errors)"
	[ "$(field largest "$BATS_TEST_TMPDIR/statsd")" -le 1432 ]
	[ "$(field largest "$BATS_TEST_TMPDIR/statsd")" -gt 1300 ]
	equal "bad lines" "$(field bad "$BATS_TEST_TMPDIR/statsd")" 0
	grep -q 'could not be delivered' "$BATS_TEST_TMPDIR/err" && fail "something was dropped"
	true
}

@test "nobody has the port: one complaint, what was not sent is counted, status 0" {
	run_with 8126
	[ "$(grep -c '127.0.0.1:8126: .*refused; slots are lost' "$BATS_TEST_TMPDIR/err")" = 1 ]
	grep -qE 'could not be delivered to statsd' "$BATS_TEST_TMPDIR/err"
}

# The real one comes from npm, which not every machine that runs tests has: make test TAGS=npm.
# bats test_tags=npm
@test "the statsd server of npm has the same counts" {
	require npm node
	mkdir "$BATS_TEST_TMPDIR/npm"
	npm install --silent --prefix "$BATS_TEST_TMPDIR/npm" statsd@0.9.0 >/dev/null
	cat >"$BATS_TEST_TMPDIR/statsd.js" <<-END
		{ port: 8125, address: "127.0.0.1", mgmt_port: 8126, mgmt_address: "127.0.0.1", flushInterval: 3600000,
		  backends: ["./backends/console"], keyNameSanitize: false }
	END
	start_bg in_netns "$NETNS" node "$BATS_TEST_TMPDIR/npm/node_modules/statsd/stats.js" "$BATS_TEST_TMPDIR/statsd.js" \
		>"$BATS_TEST_TMPDIR/statsd" 2>&1
	wait_for grep -q 'server is up' "$BATS_TEST_TMPDIR/statsd"
	run_with 8125
	in_netns "$NETNS" bash -c 'exec 3<>/dev/tcp/127.0.0.1/8126; echo counters >&3; sed "/^END/q" <&3' |
		tr -d "'," >"$BATS_TEST_TMPDIR/counters"
	equal "getppid" "$(sed -n -E "s/.*\.$STORED\..*\.syscalls\.getppid\.count: ([0-9]+).*/\1/p" "$BATS_TEST_TMPDIR/counters")" 300
	equal "counts" "$(sed -n -E 's/.*\.count: ([0-9]+).*/\1/p' "$BATS_TEST_TMPDIR/counters" | awk '{ n += $1 } END { print n }')" \
		"$(printed_sum count)"
}
