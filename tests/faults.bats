#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Bad days: two at once, SIGKILL, closed output, stopped, no privileges, clock set.

load helpers

setup() {
	require root btf
	join_root_cgroups
}

# bats test_tags=user
@test "two at once count the same, and SIGKILL of one leaves nothing attached" {
	require bpftool jq
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/twice"
	sonde_start --probes syscalls,tcp --interval 1
	SONDE_ID=b sonde_start --probes syscalls --interval 1
	"$BATS_TEST_TMPDIR/twice" -n 1234 getppid
	SONDE_ID=b sonde_stop
	all_sent() { [ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.twice\..*getppid.count$')" = 1234 ]; }
	wait_for all_sent
	held=$(held_by "$(sonde_pid)")
	[ "$(grep -c prog <<<"$held")" -gt 3 ]
	[ "$(comm -12 <(echo "$held") <(present | sort) | wc -l)" = "$(wc -l <<<"$held")" ]
	rc=0
	stop_bg "$(sonde_pid)" KILL || rc=$?
	[ $rc = 137 ]
	all_sent
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out.b" '\.twice\..*getppid.count$')" = 1234 ]
	gone() { [ -z "$(comm -12 <(echo "$held") <(present | sort))" ]; }
	wait_for gone
}

# bats test_tags=user
@test "a reader that goes away ends the run cleanly" {
	run -0 bash -o pipefail -c '"$SONDE" run --probes syscalls --interval 1 2>"$0" | head -n 5' \
		"$BATS_TEST_TMPDIR/err"
	grep -q 'standard output was closed' "$BATS_TEST_TMPDIR/err"
}

# bats test_tags=user
@test "a full disk ends the run with its reason and status 1" {
	run -1 bash -c '"$SONDE" run --probes syscalls --interval 1 2>&1 >/dev/full'
	[[ $output == *"standard output: No space left on device"* ]]
}

# bats test_tags=user
@test "a stopped reader delays no slot" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	# A reader that has the pipe open and reads nothing until it is told.
	exec 7<>"$BATS_TEST_TMPDIR/pipe"
	# Full, so that not even the first line finds room, however little there is to say.
	yes '' | dd of="$BATS_TEST_TMPDIR/pipe" bs=4096 iflag=fullblock oflag=nonblock status=none 2>/dev/null || true
	start_bg "$SONDE" run --probes syscalls --interval 1 >"$BATS_TEST_TMPDIR/pipe" 2>"$BATS_TEST_TMPDIR/err"
	pid=$BG_PID
	wait_for grep -q attached "$BATS_TEST_TMPDIR/err"
	"$WORK/calls" -n 200 -d 20000 getppid
	timeout 3 cat <&7 >"$BATS_TEST_TMPDIR/out" || true
	kill -s INT "$pid"
	timeout 2 cat <&7 >>"$BATS_TEST_TMPDIR/out" || true
	wait_bg "$pid"
	exec 7<&-
	# Every second from the first to the last has its slot.
	awk '/\.self\.process\.cpu_us / { if (last && $3 != last + 1) exit 1; last = $3; n++ }
		END { exit n < 4 }' "$BATS_TEST_TMPDIR/out"
}

# bats test_tags=user
@test "a run that was stopped and goes on loses no count and says how many slots it missed" {
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/paused"
	sonde_start --probes syscalls --interval 1
	wait_for grep -q overruns "$BATS_TEST_TMPDIR/out"
	kill -s STOP "$(sonde_pid)"
	"$BATS_TEST_TMPDIR/paused" -n 300 -d 10000 getppid
	kill -s CONT "$(sonde_pid)"
	wait_for grep -qE 'paused.*getppid.count [1-9]' "$BATS_TEST_TMPDIR/out"
	sonde_stop
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.paused\..*getppid.count$')" = 300 ]
	tail -n 200 "$BATS_TEST_TMPDIR/out" | grep -qE '\.self\.run\.overruns [1-9]'
}

# As a host that sleeps: the clock has gone on when the process does.
# bats test_tags=host
@test "a run that stands still while the clock leaps by an hour: no count is lost, no slot is twice" {
	require jq
	local out=$BATS_TEST_TMPDIR/out
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/slept"
	export LEAP=$BATS_TEST_TMPDIR/leap
	echo 0 >"$LEAP"
	ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$WORK/leap.so sonde_start --probes syscalls --interval 1 --output json
	"$BATS_TEST_TMPDIR/slept" -n 100 getppid
	wait_for grep -q '"slept"' "$out"
	"$BATS_TEST_TMPDIR/slept" -n 30 getppid
	kill -s STOP "$(sonde_pid)"
	"$BATS_TEST_TMPDIR/slept" -n 300 getppid
	echo 3600 >"$LEAP"
	kill -s CONT "$(sonde_pid)"
	"$BATS_TEST_TMPDIR/slept" -n 7 getppid
	awoke() { jq -e -s 'last.self.run.overruns > 3590' "$out" >/dev/null; }
	wait_for awoke
	sonde_stop
	[ "$(jq -n '[inputs.services.slept.syscalls.getppid.count // 0] | add' "$out")" = 437 ]
	# One gap, of an hour, that is counted; nothing has a time that was slept through.
	[ "$(jq -n -r '[inputs.slot] | [range(1; length) as $i | .[$i] - .[$i - 1]] | unique | map(select(. != 1)) | length' "$out")" = 1 ]
	jq -n -e '[inputs | {slot, missed: .self.run.overruns}] | last.slot - first.slot + 1 - length == last.missed - first.missed' "$out"
	jq -n -e 'all(inputs.services[].syscalls[]?; (.max_us // 0) < 600000000)' "$out" >/dev/null
}

@test "without privileges: one line that says what would help, status 3" {
	run -3 --separate-stderr setpriv --bounding-set -all --inh-caps -all --reuid 65534 --regid 65534 \
		--clear-groups "$SONDE" run
	[ "${#stderr_lines[@]}" = 1 ]
	[[ $stderr == *root*CAP_BPF* ]]
	[ -z "$output" ]
}

# bats test_tags=user
@test "no type information: status 3; a wrong --btf file: one line" {
	run -2 --separate-stderr "$SONDE" run --btf /nonexistent
	[[ $stderr == *"/nonexistent"* ]]
	head -c 100 /dev/zero >"$BATS_TEST_TMPDIR/btf"
	run -3 --separate-stderr "$SONDE" run --btf "$BATS_TEST_TMPDIR/btf"
	[ -n "$stderr" ]
}

# bats test_tags=user
@test "SIGTERM flushes the partial slot and ends with 0, --duration ends by itself" {
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/partial"
	sonde_start --probes syscalls --interval 60
	"$BATS_TEST_TMPDIR/partial" -n 77 getppid
	stop_bg "$(sonde_pid)" TERM
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.partial\..*getppid.count$')" = 77 ]
	# The slot's start, a multiple of the interval.
	awk '$3 % 60 { exit 1 }' "$BATS_TEST_TMPDIR/out"
	run -0 "$SONDE" run --probes syscalls --duration 1s --interval 1
	[ "${#lines[@]}" -gt 10 ]
}

# bats test_tags=user
@test "more operations than the budget: the rest is folded, nothing is lost" {
	sonde_start --probes syscalls --interval 1 --max-series 500
	for i in {1..15}; do
		cp "$WORK/calls" "$BATS_TEST_TMPDIR/budget$i"
		for call in getppid read openat-fail; do
			"$BATS_TEST_TMPDIR/budget$i" -n 1000 $call
		done
	done
	sonde_stop
	# No slot has more lines than the budget.
	awk '{ n[$3]++ } END { for (k in n) if (n[k] > 500) exit 1 }' "$BATS_TEST_TMPDIR/out"
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.self\.budget\.folded')" -gt 0 ]
	# What the services' headlines lost to the service _other is there.
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.(budget[0-9]+|_other)\..*\._all\.count$')" -ge 45000 ]
}

# bats test_tags=user
@test "metric names hold no character that a store could mistake" {
	# A letter of two bytes, and a byte that is no letter: for one of those carbon ends the connection.
	local name=$'we ird~(\xc3\xa9)\xff;='
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/$name"
	sonde_start --probes syscalls --interval 1
	"$BATS_TEST_TMPDIR/$name" -n 9 getppid
	sonde_stop
	run ! grep -vE '^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+ [0-9.]+ [0-9]+$' "$BATS_TEST_TMPDIR/out"
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.we_ird.*getppid.count$')" = 9 ]
}
