#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What sonde says of the kernel that it runs on, and that it runs as well without what newer kernels have.

bats_require_minimum_version 1.5.0
# bats file_tags=beside
load helpers

setup() {
	require root btf jq
	join_root_cgroups
}

# Lines "SET OPERATION" of docs/kernels.md for what a kernel older than the version in the last column lacks.
documented() {
	local release=${1%%[-+]*} set op since
	sed -n '/What cannot be measured/,$p' "$ROOT/docs/kernels.md" |
		sed -n -E 's/^\| ([a-z]+) ([a-z_ ()]+) \| .* \| ([0-9.]+) \|$/\3 \1 \2/p' |
		while read -r since set op; do
			[ "$(printf '%s\n' "$release" "$since" | sort -V | head -n 1)" = "$since" ] || echo "$set $op"
		done
}

@test "every set runs here, and what is missing is what the documentation says" {
	require unlocked
	run -0 --separate-stderr "$SONDE" check
	[ -z "$stderr" ]
	[ "$(grep -c '^BAD' <<<"$output")" = 0 ]
	"$SONDE" probes --json | jq -r '.[] | .name as $set | .operations[] | select(.available | not) | "\($set) \(.name)"' |
		diff - <(documented "$(uname -r)")
	# The table is not empty, or this would prove nothing.
	[ "$(documented 5.10.0-1)" = $'tcp resets_sent (no socket)\nblock flush_total' ]
}

# bats test_tags=user
@test "check and probes say the same, as text and as JSON" {
	"$SONDE" check --json >"$BATS_TEST_TMPDIR/check"
	[ "$(jq -r '.sets | to_entries[] | select(.value.ok) | .key' "$BATS_TEST_TMPDIR/check" | sort)" = \
		"$("$SONDE" probes --json | jq -r '.[] | select(.available) | .name' | sort)" ]
	[ "$(jq -r '.sets | length' "$BATS_TEST_TMPDIR/check")" = "$("$SONDE" check | grep -c 'loaded and attached')" ]
	jq -e '.host.privileges.ok and .host.kernel.ok' "$BATS_TEST_TMPDIR/check"
}

# bats test_tags=user
@test "an operation that is missing is named with what it needs" {
	export SONDE_WITHOUT=io_start
	run -0 "$SONDE" check
	[[ $output == *"not here: flush_total: this kernel has no tracepoint block_io_start"* ]]
	run -0 "$SONDE" probes
	[[ $output == *"  flush_total   NOT HERE"*"no tracepoint block_io_start"* ]]
	"$SONDE" probes --json | jq -e '.[] | select(.name == "block").operations[] |
		select(.name == "flush_total") | (.available | not) and (.reason | contains("block_io_start"))'
}

# bats test_tags=user
@test "in a PID namespace of its own: what is not found there, also by who asks for it" {
	require unlocked
	local inside=(unshare --pid --fork --mount-proc --kill-child "$SONDE")
	run -0 "${inside[@]}" check
	[[ $output == *"BAD  processes"*"PID namespace"*"remedy: "*"--pid=host"* ]]
	run -0 "${inside[@]}" run --socket none --probes syscalls --duration 100ms --output graphite:/dev/null --service 'x=exe:/x$'
	[[ $output == *"warning: rules exe: and cmdline: match nothing"*"--pid=host"* ]]
	run -3 "${inside[@]}" trace -c true
	[[ $output == "sonde: true: sonde is in a PID namespace"* ]]
	# The host's /proc has both numbers.
	mkdir -p "$BATS_TEST_TMPDIR/root/proc"
	mount --bind /proc "$BATS_TEST_TMPDIR/root/proc"
	local rc=0
	"${inside[@]}" trace -c --root "$BATS_TEST_TMPDIR/root" true >"$BATS_TEST_TMPDIR/trace" 2>&1 || rc=$?
	umount "$BATS_TEST_TMPDIR/root/proc"
	equal status $rc 0
	grep -q ' execve$' "$BATS_TEST_TMPDIR/trace"
}

# bats test_tags=user
@test "without privileges: why, for each set, and status 3" {
	run -3 setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all "$SONDE" check
	[[ $output == *"BAD  privileges"*"CAP_BPF"*"remedy: "* ]]
	[ "$(grep -cE '^BAD +(syscalls|tcp|block|sched) .*CAP_BPF' <<<"$output")" = 4 ]
}

# What a program does, counted exactly in each of the ways that kernels need.
counts_without() {
	export SONDE_WITHOUT=$1
	sonde_start --probes syscalls,tcp --interval 1 --service 'exact=exe:/calls$'
	"$WORK/calls" -t 4 -n 5000 getppid
	sonde_stop
	[ "$(graphite_sum "$BATS_TEST_TMPDIR/out" '\.exact\..*\.syscalls\.getppid\.count$')" = 20000 ]
}

# bats test_tags=user
@test "calls are counted exactly by thread address" {
	require unlocked
	counts_without storage
}

# bats test_tags=user
@test "calls are counted exactly without tail calls" {
	counts_without tail_calls
}

# bats test_tags=user
@test "calls are counted exactly as under lockdown" {
	counts_without probe_read
	SONDE_WITHOUT=probe_read run -0 "$SONDE" check
	[[ $output == *"not here: accept_wait: programs may not read the kernel's memory"* ]]
}

# bats test_tags=user
@test "calls are counted exactly on perf's events" {
	# It would warn in its log.
	"$SONDE" check --json | jq -e '.notes.storage | not' || kernel_lacks "programs on perf's events that may allocate"
	counts_without preemptible
}
