#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# As a service: what the service manager is told, what the journal gets, where the configuration is.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

setup() {
	require root btf
	conf=$BATS_TEST_TMPDIR/sonde.conf
	err=$BATS_TEST_TMPDIR/err
}

teardown() {
	helpers_teardown
}

# A service manager: each message on a line.
manager() {
	export NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify
	start_bg python3 -uc '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
while True:
    print(s.recv(4096).decode().replace("\n", " "), flush=True)
' "$NOTIFY_SOCKET" >"$BATS_TEST_TMPDIR/told"
	wait_for test -S "$NOTIFY_SOCKET"
}

told() {
	grep -c "^$1" "$BATS_TEST_TMPDIR/told"
}

@test "the manager is told when all is attached, that the loop lives, and the end" {
	manager
	export WATCHDOG_USEC=400000
	start_bg "$SONDE" run --probes syscalls --interval 1 --duration 2s --output graphite:/dev/null 2>"$err"
	wait_bg "$BG_PID"
	wait_for grep -q STOPPING "$BATS_TEST_TMPDIR/told"
	[ "$(head -n 1 "$BATS_TEST_TMPDIR/told")" = READY=1 ]
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/told")" = STOPPING=1 ]
	# Every 200 ms, and none is late enough to be killed for it: at least one in 400 ms.
	[ "$(told WATCHDOG=1)" -ge 5 ] || fail "$(cat "$BATS_TEST_TMPDIR/told")"
}

@test "a watchdog that is another process's, and no manager at all, are nothing to it" {
	manager
	WATCHDOG_USEC=400000 WATCHDOG_PID=1 "$SONDE" run --probes syscalls --interval 1 --duration 1s --output graphite:/dev/null 2>"$err"
	wait_for grep -q STOPPING "$BATS_TEST_TMPDIR/told"
	run ! told WATCHDOG=1
	NOTIFY_SOCKET=/nonexistent/notify "$SONDE" run --probes syscalls --interval 1 --duration 100ms --output graphite:/dev/null
}

@test "the journal gets priorities, others do not" {
	# Only if the descriptor is the one that JOURNAL_STREAM names.
	exec 9>"$err"
	stream=$(stat -L -c %d:%i /proc/self/fd/9)
	JOURNAL_STREAM=$stream "$SONDE" run --probes syscalls --interval 1 --duration 100ms --output graphite:/dev/null 2>&9
	exec 9>&-
	[ "$(cat "$err")" = "<6>sonde: attached" ] || fail "$(cat "$err")"
	JOURNAL_STREAM=1:1 "$SONDE" run --probes syscalls --interval 1 --duration 100ms --output graphite:/dev/null 2>"$err"
	[ "$(cat "$err")" = "sonde: attached" ] || fail "$(cat "$err")"
}

@test "check --config names every error with file and line, also in files that are included" {
	mkdir "$BATS_TEST_TMPDIR/conf.d"
	printf 'interval = 5\nintervall = 3\ninclude = conf.d/*.conf\nspool-size = 3\n' >"$conf"
	printf '# fine\n\nprobes = tcp,foo\n' >"$BATS_TEST_TMPDIR/conf.d/1.conf"
	printf 'nonsense\ninclude = gone.conf\n' >"$BATS_TEST_TMPDIR/conf.d/2.conf"
	printf 'ignored: another suffix\n' >"$BATS_TEST_TMPDIR/conf.d/3.conf.bak"
	run -2 "$SONDE" check --config "$conf"
	grep ^BAD <<<"$output" >"$BATS_TEST_TMPDIR/bad"
	for error in "$conf:2: unknown key 'intervall'" "$BATS_TEST_TMPDIR/conf.d/1.conf:3: probes: unknown probe set 'foo'" \
		"$BATS_TEST_TMPDIR/conf.d/2.conf:1: expected" "conf.d/2.conf:2: include: .*gone.conf: No such file" \
		"$conf:4: spool-size: expected a size"; do
		grep -q "$error" "$BATS_TEST_TMPDIR/bad" || fail "no '$error' in: $output"
	done
	[ "$(wc -l <"$BATS_TEST_TMPDIR/bad")" = 5 ] || fail "$output"
	"$SONDE" check --config "$conf" --json | jq -e '.config_errors | length == 5'
	# What is only wrong beside another line.
	printf 'send-offset = 5s\noutput = json\noutput = csv\ninclude = conf.d/4.conf\n' >"$conf"
	printf 'graphite = a:1\n\ngraphite = b\ngraphite = a:1\ninterval = 5\n' >"$BATS_TEST_TMPDIR/conf.d/4.conf"
	run -2 --separate-stderr "$SONDE" check --config "$conf"
	[ "$(sed -n "s/^BAD  configuration  //p" <<<"$output")" = "$conf:3: output: only one format can go to standard output, others need a file: FORMAT:FILE
$BATS_TEST_TMPDIR/conf.d/4.conf:4: graphite: the destination a:1 is given twice
$conf:1: send-offset: must be shorter than the interval of 5 s" ] || fail "$output"
	[ -z "$stderr" ]
	run -2 --separate-stderr "$SONDE" run --config "$conf" --output json --graphite c
	[ "$stderr" = "sonde: $conf:3: output: only one format can go to standard output, others need a file: FORMAT:FILE" ] || fail "$stderr"
	run -2 --separate-stderr "$SONDE" run --graphite a:1 --send-offset 1h --graphite a:1
	[ "$stderr" = "sonde: --graphite a:1: the destination a:1 is given twice" ] || fail "$stderr"
	run -2 --separate-stderr "$SONDE" run --send-offset 1h
	[ "$stderr" = "sonde: --send-offset must be shorter than the interval of 10 s" ] || fail "$stderr"
	printf 'interval = 5\n' >"$conf"
	run -0 "$SONDE" check --config "$conf"
	[[ $output == *"ok   configuration"* ]]
}

@test "included files count in the order of their names, and what comes later wins" {
	mkdir "$BATS_TEST_TMPDIR/conf.d"
	printf 'prefix = first\nhost = h\nprobes = syscalls\ninterval = 1\nduration = 100ms\ninclude = conf.d/*.conf\ninclude = none.d/*.conf\n' >"$conf"
	printf 'prefix = second\n' >"$BATS_TEST_TMPDIR/conf.d/20.conf"
	printf 'prefix = third\ninclude = ../*.conf.d/*\n' >"$BATS_TEST_TMPDIR/conf.d/10.conf"
	"$SONDE" run --config "$conf" >"$BATS_TEST_TMPDIR/out" 2>"$err"
	grep -q '^second\.' "$BATS_TEST_TMPDIR/out"
	run ! grep -qv '^second\.' "$BATS_TEST_TMPDIR/out"
	# A file that includes itself.
	printf 'include = sonde.conf\n' >"$conf"
	run -2 "$SONDE" run --config "$conf"
	[[ $output == *"include each other"* ]]
	[ "${#lines[@]}" = 1 ]
}

# The file as the service rule NAME and the other lines want it; then the reload has been answered so often.
reload() {
	printf 'probes = syscalls\ninterval = 1\nmax-series = 100000\nconfine = true\noutput = json:%s\nservice.%s = comm:^reloaded$\n' "$BATS_TEST_TMPDIR/kept" "$1" >"$conf.new"
	printf '%s\n' "${@:3}" >>"$conf.new"
	mv "$conf.new" "$conf"
	[ "$2" = 0 ] || kill -HUP "$BG_PID"
	[ "$2" = 0 ] || wait_for eval "[ \$(grep -cE 'read again|not taken over' '$err') = $2 ]"
}

# sum_of SERVICE...: their calls of getppid in the file that was there all the time.
sum_of() {
	jq -s --args 'map(.services[$ARGS.positional[]].syscalls.getppid.count // 0) | add // 0' "$@" <"$BATS_TEST_TMPDIR/kept"
}

slots() {
	wc -l <"$BATS_TEST_TMPDIR/kept"
}

@test "a reload loses no count and no slot, and destinations and names change at once" {
	extra=$BATS_TEST_TMPDIR/extra
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/reloaded"
	reload one 0
	start_bg "$SONDE" run --config "$conf" 2>"$err"
	local sonde=$BG_PID
	wait_for grep -q attached "$err"
	wait_for test -s "$BATS_TEST_TMPDIR/kept"
	start_bg "$BATS_TEST_TMPDIR/reloaded" -n 30000 -t 2 -d 200 getppid
	local work=$BG_PID
	BG_PID=$sonde
	local n seen
	for n in 1 2 3 4 5 6; do
		# Every other time with another name and one destination more.
		if [ $((n % 2)) = 1 ]; then reload two "$n" "output = graphite:$extra"; else reload one "$n"; fi
		seen=$(slots)
		wait_for eval "[ \$(slots) -gt $seen ]"
	done
	wait_bg "$work"
	BG_PID=$sonde
	kill -TERM "$sonde"
	wait_bg "$sonde"
	[ "$(sum_of one two)" = 60000 ] || fail "one $(sum_of one), two $(sum_of two)"
	[ "$(sum_of one)" -gt 0 ]
	[ "$(sum_of two)" -gt 0 ]
	[ "$(graphite_sum "$extra" '\.two\..*\.getppid\.count$')" -gt 0 ]
	[ "$(graphite_sum "$extra" '\.two\..*\.getppid\.count$')" -le "$(sum_of two)" ]
	# Each second from the first to the last, but for those that it says it was too late for.
	jq -s '(map(.slot) | unique) as $slots | $slots[-1] - $slots[0] + 1 - (.[-1].self.run.overruns - .[0].self.run.overruns) == ($slots | length)' \
		"$BATS_TEST_TMPDIR/kept" | grep -qx true || fail "$(jq -c '[.slot, .self.run.overruns]' "$BATS_TEST_TMPDIR/kept")"
	[ "$(grep -c 'read again' "$err")" = 6 ]
}

no_entries() {
	[ "$(bpftool -j map dump id "$1" | jq length)" = 0 ]
}

@test "what cgroups that are gone had counted before a reload leaves the kernel after it" {
	require bpftool jq
	local dir map n
	dir=$(own_cgroup sondetest-reload)
	reload one 0
	start_bg "$SONDE" run --config "$conf" 2>"$err"
	local sonde=$BG_PID
	wait_for grep -q attached "$err"
	map=$(map_of "$sonde" early)
	for n in 1 2 3 4 5; do
		"$WORK/cgstorm" -p 'reloadjob-%d.scope' "$dir" 20 "$WORK/short" -n 3 -q
		BG_PID=$sonde
		if [ $((n % 2)) = 1 ]; then reload two "$n"; else reload one "$n"; fi
	done
	DEADLINE=20 wait_for no_entries "$map"
	kill -TERM "$sonde"
	wait_bg "$sonde"
	n=$(sum_of reloadjob)
	[ "$n" = 300 ] || fail "$n calls of 300"
}

@test "what is wrong in the new configuration, or takes a restart, is said, and the old one goes on" {
	reload one 0
	start_bg "$SONDE" run --config "$conf" 2>"$err"
	wait_for grep -q attached "$err"
	local sonde=$BG_PID
	reload one 1 "intervall = 3"
	grep -q "$conf:7: unknown key 'intervall'" "$err"
	reload one 2 "interval = 2"
	grep -q "interval has changed, which takes a restart" "$err"
	reload one 3 "confine = false"
	grep -q "confine has changed, which takes a restart" "$err"
	start_bg python3 -c 'import socket, time; s = socket.create_server(("127.0.0.1", 9436)); time.sleep(99)'
	BG_PID=$sonde
	wait_for eval "ss -ltn | grep -q ':9436 '"
	reload one 4 "output = graphite:$BATS_TEST_TMPDIR/extra" "prometheus = 127.0.0.1:9436"
	grep -q "cannot listen on 127.0.0.1 port 9436" "$err"
	reload one 5 "output = graphite:$BATS_TEST_TMPDIR/extra" "prometheus = 127.0.0.1:9437"
	wait_for curl -sf http://127.0.0.1:9437/metrics -o /dev/null
	reload one 6 "prometheus = 127.0.0.1:9437" "prefix = other"
	wait_for eval "curl -sf http://127.0.0.1:9437/metrics | grep -q '^other_'"
	reload one 7
	run ! curl -sf http://127.0.0.1:9437/metrics
	alive "$BG_PID"
	wait_for grep -q sonde "$BATS_TEST_TMPDIR/kept"
	kill -TERM "$BG_PID"
	wait_bg "$BG_PID"
	# Without a file there is nothing to read, and a terminal that hangs up ends it.
	start_bg "$SONDE" run --probes syscalls --interval 1 --output graphite:/dev/null 2>"$err"
	wait_for grep -q attached "$err"
	kill -HUP "$BG_PID"
	run ! wait_bg "$BG_PID"
	dead "$BG_PID"
}
