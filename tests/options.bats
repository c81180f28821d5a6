#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Bad input gets one clear line that says what to do, and status 2; help and configuration come from one table.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

# refused WORDS ARG...: the program ends with 2, says nothing on standard output and one line with WORDS on standard error.
refused() {
	run -2 --separate-stderr timeout 5 "$SONDE" "${@:2}"
	[ -z "$output" ] || fail "standard output: $output"
	[ "${#stderr_lines[@]}" = 1 ] || fail "not one line: $stderr"
	[[ $stderr == *"$1"* ]] || fail "no '$1' in: $stderr"
}

@test "unknown commands, options and values are refused in one line" {
	refused "did you mean run" rum
	refused "did you mean interval" run --intervall 5
	refused "unknown option '-Z'" run -Z
	refused "needs a value" run --interval
	refused "there are syscalls, tcp, block" run --probes syscalls,disk
	refused "leaves no probe set" run --probes all,-syscalls,-tcp,-block,-sched
	refused "whole seconds" run --interval 0
	refused "whole seconds" run --interval 1.5
	refused "whole seconds" run --interval 7200
	refused "duration" run --duration soon
	refused "nodes" run --prefix 'a b'
	refused "nodes" run --prefix a..b
	refused "graphite, graphite-tags, json, csv, statsd, victoria" run --output xml
	refused "buckets, percentiles and statsd" run --stats buckets,mean
	refused "buckets, percentiles and statsd" run --stats ''
	refused "1 to 1000" run --max-services 0
	refused "500" run --max-series 10
	refused "not understood" run tcp
}

@test "addresses: name, IPv4, [IPv6], a port in range" {
	refused "HOST:PORT" run --graphite carbon:99999
	refused "HOST:PORT" run --graphite :2003
	refused "HOST:PORT" run --graphite '[::1:2003'
	refused "needs brackets" run --graphite ::1:2003
	refused "HOST:PORT" run --graphite carbon:
	for address in '' : localhost:9435 ::1:9435 0.0.0.0 1.2.3:9435 127.0.0.1:0 127.0.0.1:65536 '[::1:9435' '[]:9435'; do
		refused "[ADDRESS:]PORT" run --prometheus "$address"
	done
	refused "0, 1, 2 or 3" run --prometheus-buckets 4
}

@test "rules and thresholds" {
	refused "NAME=KIND:REGEX" run --service nginx
	refused "unknown kind" run --service web=path:x
	refused "cgroup" run --service 'web=cgroup:('
	refused "OP:DURATION" run --slo read
	refused "OP:DURATION" run --slo read:10
	refused "no latency operation 'raed'" run --slo raed:10ms
	refused "unknown probe set 'disk'" run --slo disk.read:10ms
	refused "no latency operation" run --slo tcp.retransmits:10ms
}

@test "the configuration file: its keys are the options, errors name file and line" {
	conf=$BATS_TEST_TMPDIR/sonde.conf
	refused "No such file" run --config /nonexistent/sonde.conf
	printf '# a comment\n\ninterval = 5\nintervall = 5\n' >"$conf"
	refused "$conf:4: unknown key 'intervall'" run --config "$conf"
	printf 'interval 5\n' >"$conf"
	refused "$conf:1: expected" run --config "$conf"
	printf 'slo = read:10ms\nservice.web = cgroup:(\n' >"$conf"
	refused "$conf:2: service" run --config "$conf"
	refused "Is a directory" run --config "$BATS_TEST_TMPDIR"
}

@test "the configuration file counts, and the command line wins over it" {
	require root btf
	conf=$BATS_TEST_TMPDIR/sonde.conf
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/conf-calls"
	printf 'probes = syscalls\ninterval = 1\nprefix = from.file\nhost = a.b\nduration = 1s\nservice.ruled = comm:^conf-\n' >"$conf"
	start_bg "$SONDE" run --prefix line --config "$conf" --duration 3s --max-series 100000 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	wait_for grep -q attached "$BATS_TEST_TMPDIR/err"
	"$BATS_TEST_TMPDIR/conf-calls" -n 31 getppid
	wait_bg "$BG_PID"
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '^line\.ruled\.a_b\.syscalls\.getppid\.count$')" = 31 ]
	[ "$(grep -c '\.self\.tcp\.' "$BATS_TEST_TMPDIR/out")" = 0 ]
}

@test "the example configuration is valid and has every key" {
	sed 's/^#\([a-z]\)/\1/' "$ROOT/dist/sonde.conf" >"$BATS_TEST_TMPDIR/all.conf"
	run -2 --separate-stderr timeout 5 "$SONDE" run --config "$BATS_TEST_TMPDIR/all.conf" --interval nonsense
	[[ $stderr == *"--interval nonsense"* ]]
	"$SONDE" run --help | sed -n -E 's/^ +(-., )?--([a-z-]+).*/\2/p' |
		grep -vxE 'config|help|version' >"$BATS_TEST_TMPDIR/keys"
	while read -r key; do
		grep -qE "^#?$key(\.[a-z]+)? *=" "$ROOT/dist/sonde.conf" || fail "no $key in dist/sonde.conf"
	done <"$BATS_TEST_TMPDIR/keys"
}

@test "help ends in recipes, for each command; version" {
	for args in --help "run --help" "top --help" "trace --help" "hist --help" "probes --help" "help run"; do
		run -0 --separate-stderr "$SONDE" $args
		[[ $output == *Recipes:* ]]
		[ -z "$stderr" ]
	done
	run -0 "$SONDE" --version
	[[ $output =~ ^sonde\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "docs/metrics.md is what the program says" {
	"$SONDE" probes --markdown | diff - "$ROOT/docs/metrics.md"
}
