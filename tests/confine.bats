#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A run under way has given up what it does not need, and misses none of it.

bats_require_minimum_version 1.5.0
# bats file_tags=user
load helpers

DAC_READ_SEARCH=2 SYS_PTRACE=19 SYS_NICE=23 BPF=39

setup() {
	require root btf
	join_root_cgroups
	# Others than root come here.
	DIR=$(mktemp -d)
	chmod 755 "$DIR"
}

teardown() {
	helpers_teardown
	rm -rf "$DIR"
}

# capabilities BIT...: as /proc has a set of them.
capabilities() {
	local set=0 bit
	for bit; do
		set=$((set | 1 << bit))
	done
	printf '%016x\n' $set
}

# Those that depend on the kernel: kernels before 5.19 ask for one wherever maps are read, and maps are read with priority
# where programs can be interrupted.
by_kernel() {
	local version
	version=$(uname -r)
	[ "$(printf '5.19\n%s\n' "$version" | sort -V | head -n 1)" = 5.19 ] || echo $BPF
	! "$SONDE" check --json | jq -e '.notes.preemptible' >/dev/null || echo $SYS_NICE
}

# status FIELD: of all threads of sonde, each value once.
status() {
	sed -n "s/^$1:[[:space:]]*//p" "/proc/$(sonde_pid)/task/"*/status | sort -u
}

# confined BIT...: all threads have these capabilities and no others.
confined() {
	local field expected
	# shellcheck disable=SC2046
	expected=$(capabilities "$@" $(by_kernel))
	for field in CapEff CapPrm CapBnd; do
		[ "$(status $field)" = "$expected" ] || fail "$field: $(status $field), expected $expected"
	done
	for field in CapInh CapAmb; do
		[ "$(status $field)" = "$(capabilities)" ] || fail "$field: $(status $field)"
	done
	[ "$(status NoNewPrivs)" = 1 ]
	[ "$(status Seccomp)" = 2 ]
}

@test "each thread keeps only the capabilities that the options ask for" {
	require jq
	sonde_start --confine --interval 1 --socket none
	confined
	sonde_stop
	sonde_start --confine --interval 1 --probes all --socket none --service 'x=exe:/x$'
	confined $SYS_PTRACE
	sonde_stop
	sonde_start --confine --interval 1 --probes all --socket "$DIR/socket" --spool "$DIR/spool" --graphite 127.0.0.1:1 --statsd 127.0.0.1:1 \
		--output "json:$DIR/json" --prometheus 19435
	[ "$(find "/proc/$(sonde_pid)/task" -mindepth 1 -maxdepth 1 | wc -l)" -ge 6 ]
	confined $SYS_PTRACE $DAC_READ_SEARCH
	sonde_stop
}

@test "a file in a directory of somebody else is written to, and renamed" {
	mkdir "$DIR/foreign"
	chown 65534:65534 "$DIR/foreign"
	chmod 700 "$DIR/foreign"
	sonde_start --confine --interval 1 --probes block --socket none --output "json:$DIR/foreign/json" --output-size 4k
	wait_for test -e "$DIR/foreign/json.2"
	sonde_stop
	equal "lines on standard error" "$(grep -vc '^sonde: attached' "$BATS_TEST_TMPDIR/err")" 0
}

@test "all is kept unless it is told otherwise" {
	sonde_start --interval 1 --probes block --socket none
	[ "$(status CapEff)" = "$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)" ]
	[ "$(status NoNewPrivs)" = 0 ]
	[ "$(status Seccomp)" = 0 ]
	sonde_stop
}

@test "a process that had next to no privileges keeps what it had" {
	local caps=+bpf,+perfmon
	install -m 0755 "$SONDE" "$DIR/sonde"
	ulimit -l unlimited 2>/dev/null || true
	: >"$BATS_TEST_TMPDIR/err"
	start_bg setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set "-all,$caps" --inh-caps "-all,$caps" \
		--ambient-caps "-all,$caps" "$DIR/sonde" run --confine --interval 1 >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	echo "$BG_PID" >"$BATS_TEST_TMPDIR/.sonde"
	wait_for said_or_dead "$BATS_TEST_TMPDIR/err" '^sonde: attached' "$BG_PID"
	[ "$(status CapAmb)" = "$(capabilities)" ]
	[ "$(status NoNewPrivs)" = 1 ]
	[ "$(status Seccomp)" = 2 ]
	sonde_stop
	equal "lines on standard error" "$(grep -vc '^sonde: attached' "$BATS_TEST_TMPDIR/err")" 0
}
