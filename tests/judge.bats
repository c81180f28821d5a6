#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is made of the console of a virtual machine: only one that proves all of it has passed.

bats_require_minimum_version 1.5.0
# bats file_tags=host
load helpers

setup() {
	CONSOLE=$BATS_TEST_TMPDIR/x86_64-6.1.log
	RESULT=$BATS_TEST_TMPDIR/x86_64-6.1.result
	# Tests may print what a kernel must not.
	cat >"$CONSOLE" <<-'END'
		guest: x86_64 6.1.0-50-cloud-amd64
		test_hist: 32570 passed, 0 failed
		1..3
		suite /sonde/tests/block.bats
		begin 1 sizes, in ms
		# WARNING: no BUG: only words
		ok 1 sizes, in ms in 16471ms
		begin 2 flushes
		ok 2 flushes in 3ms # skip this kernel has no flushes
		suite /sonde/tests/tcp.bats
		begin 3 resets
		# tried again: resets
		ok 3 resets in 12ms
		guest: status 0
		guest: kernel log
		[    0.724601] mtrr: your CPUs had inconsistent fixed MTRR settings
		guest: end
	END
}

judge() {
	"$ROOT/scripts/guest/judge" "$CONSOLE" >"$RESULT"
	printf 'seconds\t9\n' >>"$RESULT"
}

# says LINE: with blanks for tabs.
says() {
	tr '\t' ' ' <"$RESULT" | grep -qxE -- "$1" || fail "no '$1' in: $(cat "$RESULT")"
}

# spoilt SED_SCRIPT LINE: a console changed like that has failed, for that reason.
spoilt() {
	cp "$CONSOLE" "$CONSOLE.good"
	sed -i "$1" "$CONSOLE"
	judge
	cp "$CONSOLE.good" "$CONSOLE"
	says "verdict failed"
	says "$2"
}

@test "a console with all that is due has passed" {
	judge
	says "verdict passed"
	says "release 6.1.0-50-cloud-amd64"
	says "set block 1 0 1"
	says "set unit 1 0 0"
	says "skip block flushes this kernel has no flushes"
	says "again tcp resets"
}

@test "what is missing or wrong fails, and says why" {
	spoilt '/^guest: end/d' "why it did not come to its end"
	spoilt '/^begin 3/q' "why it did not come to its end, but to: tcp: resets"
	spoilt '1,$d' "why it did not boot"
	spoilt 's/status 0/status 1/' "why status 1"
	spoilt '/^ok 2/d' "why 2 of 3 tests were run"
	spoilt '/^1\.\.3/d' "why no test was begun"
	spoilt 's/^ok \([13]\) .*/& # skip no/' "why no test passed"
	spoilt 's/^ok 3/not ok 3/' "failure tcp resets"
	spoilt 's/^test_hist:.*/test_hist: FAILED/' "failure unit test_hist"
	for line in 'BUG: kernel NULL pointer dereference' 'WARNING: CPU: 0 PID: 1 at kernel/bpf/core.c' \
		'rcu: INFO: rcu_preempt self-detected stall on CPU' 'watchdog: BUG: soft lockup - CPU#0 stuck' \
		'INFO: task bash:12 blocked for more than 120 seconds.' 'UBSAN: array-index-out-of-bounds' \
		'Oops: int3: 0000' 'Internal error: Oops: 96000004' 'general protection fault: 0000' ' Call Trace:' \
		'unregister_netdevice: waiting for lo to become free' 'BUG: scheduling while atomic: bash'; do
		spoilt "s,^guest: end,[   12.345678] $line\n&," "why the kernel complained \(1 lines\): .*"
	done
}

@test "the table counts kernels, and too few of them are a failure" {
	printf 'missing\tno such suite\nverdict\tskipped\n' >"$BATS_TEST_TMPDIR/none.result"
	judge
	table() { "$ROOT/scripts/guest/table" -v least="$1" "$BATS_TEST_TMPDIR"/*.result; }
	run -0 table 1
	[[ $output == *"SKIPPED: none: no such suite"* ]]
	[[ $output == *"skipped: this kernel has no flushes: x86_64-6.1/block"* ]]
	[[ $output == *"tried again: x86_64-6.1 tcp: resets"* ]]
	[ "${lines[-1]}" = "1 passed, 0 failed, 1 skipped" ]
	run -1 table 2
	[[ $output == *"1 kernels ran, and 2 must"* ]]
	sed -i 's/^ok 3/not ok 3/' "$CONSOLE"
	judge
	run -1 table 1
	[[ $output == *"failed: x86_64-6.1 tcp: resets"*"console: $CONSOLE"* ]]
	[ "${lines[-1]}" = "0 passed, 1 failed, 1 skipped" ]
}
