#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
bats_require_minimum_version 1.5.0
# Programs that do exactly N calls are counted exactly N times.

load helpers

setup() {
	require root btf
	join_root_cgroups
}

# A copy of the program under a name of its own, which in the root cgroup is the service's name.
named() {
	cp "$WORK/calls" "$BATS_TEST_TMPDIR/$1"
	echo "$BATS_TEST_TMPDIR/$1"
}

sum() {
	graphite_sum "$BATS_TEST_TMPDIR/out" "^sonde\\.$1\\.[^.]*\\.syscalls\\.$2\$"
}

@test "1,000,000 calls over 16 threads, over interval boundaries" {
	prog=$(named exact-a)
	sonde_start --probes syscalls --interval 1
	n=$((62500 / SLOW))
	"$prog" -t 16 -n $n getppid
	"$prog" -t 4 -n 250 -d 10000 read
	sonde_stop
	equal getppid "$(sum exact-a getppid.count)" $((16 * n))
	[ "$(sum exact-a getppid.errors)" = 0 ]
	equal read "$(sum exact-a read.count)" 1000
	# The paced reads took more than two seconds: they are in more than two slots.
	[ "$(grep -c '\.exact-a\..*\.syscalls\.read\.p50_us ' "$BATS_TEST_TMPDIR/out")" -gt 2 ]
	nothing_lost
}

@test "processes, failing calls, exec in between" {
	prog=$(named exact-b)
	again=$(named exact-x)
	sonde_start --probes syscalls --interval 1
	"$prog" -p 7 -t 3 -n 101 openat-fail
	"$again" -p 5 -n 100 --exec getppid
	"$again" -p 3 -n 33 --exec write
	sonde_stop
	[ "$(sum exact-b openat.count)" = 2121 ]
	[ "$(sum exact-b openat.errors)" = 2121 ]
	[ "$(sum exact-x getppid.count)" = 500 ]
	[ "$(sum exact-x write.count)" = 99 ]
	nothing_lost
}

# bats test_tags=user
@test "the buckets add up to the count, in each slot" {
	prog=$(named exact-c)
	sonde_start --probes syscalls --interval 1
	"$prog" -t 2 -n 1000 -d 1000 getppid
	sonde_stop
	awk '{ n = split($1, part, ".") }
		part[2] == "exact-c" && part[5] == "getppid" {
			key = $3
			if (part[6] == "count") count[key] += $2
			if (part[6] == "le_ns") buckets[key] += $2
		}
		END { for (k in count) { slots++; if (count[k] != buckets[k]) exit 1 } exit slots < 2 }' \
		"$BATS_TEST_TMPDIR/out"
	[ "$(sum exact-c 'getppid.le_ns\.[0-9]+')" = 2000 ]
}

# bats test_tags=user
@test "known sleeps land in the right bucket, and waiting is not the headline" {
	prog=$(named exact-d)
	sonde_start --probes syscalls --interval 1
	"$prog" -n 20 -d 30000 nanosleep
	sonde_stop
	run -0 grep -cE '\.exact-d\..*\.syscalls\.(clock_)?nanosleep\.count ' "$BATS_TEST_TMPDIR/out"
	[ "$(sum exact-d '(clock_)?nanosleep.count')" = 20 ]
	run ! grep -E '\.exact-d\..*nanosleep\.le_ns\.([0-9]{1,7}|[12][0-9]{7}) ' "$BATS_TEST_TMPDIR/out"
	# 30 ms and what the timer adds: at or below the bound 31.25 ms or the next one, 37.16 ms.
	[ "$(sum exact-d '(clock_)?nanosleep.le_ns.(31250000|37162722)')" -ge $((20 / SLOW)) ]
	[ "$(sum exact-d _all.sum_us | cut -d. -f1)" -lt 300000 ]
}

@test "a call that has not returned is visible, with its age" {
	sonde_start --probes syscalls --interval 1
	cp "$WORK/storm" "$BATS_TEST_TMPDIR/stuck"
	start_gated stuck "$BATS_TEST_TMPDIR/stuck" -a 50
	wait_for grep -qE '\.stuck\..*\.syscalls\.[a-z_]+\.inflight 50 ' "$BATS_TEST_TMPDIR/out"
	wait_for grep -qE '\.stuck\..*\.inflight_max_age_us [0-9]{7}' "$BATS_TEST_TMPDIR/out"
	release stuck
	sonde_stop
}

# bats test_tags=user
@test "who is dead and not yet waited for is in no call" {
	sonde_start --probes syscalls --interval 1
	# Its child ends when the shell is gone, which would wait for it.
	cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/careless"
	start_bg bash -c 'sleep 0.3 & exec "$0" 1000' "$BATS_TEST_TMPDIR/careless"
	wait_for grep -qE '\.careless\..*\.syscalls\.(clock_)?nanosleep\.inflight_max_age_us [0-9]{7}' "$BATS_TEST_TMPDIR/out"
	[[ $(ps -o stat= --ppid "$BG_PID") == Z* ]]
	sonde_stop
	! grep -E '\.exit(_group)?\.inflight' "$BATS_TEST_TMPDIR/out"
}

# bats test_tags=user
@test "thresholds are counted exactly" {
	prog=$(named exact-e)
	limit=$((20 * SLOW))ms
	sonde_start --probes syscalls --interval 1 --slo clock_nanosleep:$limit --slo nanosleep:$limit
	"$prog" -n 11 -d 5000 nanosleep
	"$prog" -n 7 -d $((40000 * SLOW)) nanosleep
	sonde_stop
	[ "$(sum exact-e '(clock_)?nanosleep.slo_ok')" = 11 ]
	[ "$(sum exact-e '(clock_)?nanosleep.slo_miss')" = 7 ]
}

# bats test_tags=user
@test "an operation seen before is sent as 0 when idle, without percentiles" {
	prog=$(named exact-f)
	sonde_start --probes syscalls --interval 1
	"$prog" -n 5 getppid
	wait_for grep -qE '\.exact-f\..*\.getppid\.count 5 ' "$BATS_TEST_TMPDIR/out"
	wait_for grep -qE '\.exact-f\..*\.getppid\.count 0 ' "$BATS_TEST_TMPDIR/out"
	sonde_stop
	[ "$(grep -cE '\.exact-f\..*\.getppid\.p99_us ' "$BATS_TEST_TMPDIR/out")" = 1 ]
	[ "$(grep -cE '\.exact-f\..*\.getppid\.max_us ' "$BATS_TEST_TMPDIR/out")" = 1 ]
}

# bats test_tags=user
@test "counts and errors equal strace -c" {
	require strace
	prog=$(named exact-g)
	sonde_start --probes syscalls --interval 1
	strace -f -c -o "$BATS_TEST_TMPDIR/strace" "$prog" -p 2 -n 50 openat-fail
	sonde_stop
	for call in openat mmap wait4 exit_group; do
		want=$(awk -v call=$call '$NF == call { print $4 }' "$BATS_TEST_TMPDIR/strace")
		[ $call != exit_group ] || want=0 # It never returns.
		[ "$(sum exact-g $call.count)" = "${want:-0}" ]
	done
}
